// The roles people can hold: a fixed list whose ids are a contract (rails, grants, command line),
// and what a French page calls them.
//
//   RoleLabel("collection_lead")   « chef de file de collection »
//   IsRole("chef")                 false
#pragma once

#include <string>
#include <vector>

namespace aiguillage::workflows {

struct Role {
  std::string id;
  std::string label;  // lower case, inside a sentence
  bool of_project;    // normally held for one project: assigned, named or invited
};

const std::vector<Role>& Roles();  // in the order of the domain's table
bool IsRole(const std::string& id);
// The label, or the id itself when it is unknown; machines have one too: system, timer, ds.
std::string RoleLabel(const std::string& id);
// « chef de file de collection ou administrateur pilote (DGAFP) »
std::string RoleLabels(const std::vector<std::string>& ids);

// "", "collection:SLUG", "call:ID" or "project:NUMBER".
bool IsScope(const std::string& scope);
std::string ProjectScope(const std::string& number);   // "project:AIG-2026-0042"
std::string CollectionScope(const std::string& slug);  // "collection:numerique"
std::string CallScope(const std::string& call);        // "call:mentor-2026"
std::string AssigneeKey(const std::string& role, const std::string& scope);  // "ROLE@SCOPE"

}  // namespace aiguillage::workflows
