// The roles people can hold, whose ids are a contract (rails, grants, command line), and what a
// French page calls them: the field's standard ones, and those that rails declare (aap:roles).
// A declared role behaves in every rule as the standard one that it is like.
//
//   RoleLabel("collection_lead")   « chef de file de collection »
//   IsRole("chef")                 false
//   DeclareRoles("relay:relais de branche:collection_lead")   now a role, told by its own label
#pragma once

#include <string>
#include <vector>

namespace aiguillage::workflows {

struct Role {
  std::string id;
  std::string label;   // lower case, inside a sentence
  bool of_project;     // normally held for one project: assigned, named or invited
  std::string like;    // the standard role whose rules it follows: itself for a standard one
  std::string plural;  // « chefs de file de collection »
};

// In the order of the domain's table, then as declared. A copy: rails may be read meanwhile.
std::vector<Role> Roles();
// « id:label:like » separated by bars; what is wrong, in French, or "" when all are known now.
std::string DeclareRoles(const std::string& declared);
// The ids that rails declaring this may name: the standard ones and their own.
std::vector<std::string> RolesOfRails(const std::string& declared);
// The standard role whose rules this one follows; an unknown id follows its own.
std::string RoleLike(const std::string& id);
bool IsRole(const std::string& id);
bool IsOfProject(const std::string& id);  // false for an unknown one
// The label, or the id itself when it is unknown; machines have one too: system, timer, ds.
std::string RoleLabel(const std::string& id);
std::string RolePlural(const std::string& id);
// « chef de file de collection ou administrateur pilote (DGAFP) »
std::string RoleLabels(const std::vector<std::string>& ids);

// "", "collection:SLUG", "call:ID" or "project:NUMBER".
bool IsScope(const std::string& scope);
std::string ProjectScope(const std::string& number);   // "project:AIG-2026-0042"
std::string CollectionScope(const std::string& slug);  // "collection:numerique"
std::string CallScope(const std::string& call);        // "call:mentor-2026"
std::string AssigneeKey(const std::string& role, const std::string& scope);  // "ROLE@SCOPE"

}  // namespace aiguillage::workflows
