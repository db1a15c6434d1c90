// Which roles a person has for a project on a day: own grants by scope, and those lent by an absent
// colleague. One place, so that pages, tasks and acts cannot disagree.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/people.h"
#include "storage/projects.h"

namespace aiguillage::workflows {

struct HeldRole {
  std::string role;
  std::string scope;              // where it is held: "", "collection:x", "call:y", "project:N"
  std::int64_t on_behalf_of = 0;  // the absent person, 0 for one's own
};

// Scopes that cover a project, closest first: project, collection, its parent, call, "".
std::vector<std::string> ScopesOf(storage::Session& session, const storage::Project& project);

// A lead of a collection leads its sub-collections. The holder of the project has project_holder.
std::vector<HeldRole> RolesIn(storage::Session& session, std::int64_t person,
                              const storage::Project& project, std::int64_t now);
// Every role held anywhere, for menus and first screens.
std::vector<HeldRole> RolesOf(storage::Session& session, std::int64_t person, std::int64_t now);

// May this person see the project at all? Staff by scope, its members, auditors.
bool MaySee(storage::Session& session, std::int64_t person, const storage::Project& project,
            std::int64_t now);

// "ROLE@SCOPE" of the closest scope where somebody holds the role; the pilot's when nobody does.
struct Assignment {
  std::string assignee;
  bool fell_back = false;  // nobody holds the role: the pilot got it
};
Assignment AssigneeFor(storage::Session& session, const std::string& role,
                       const storage::Project& project);
// Active people who hold the role for the project at the closest scope where somebody does.
std::vector<storage::Person> PeopleWith(storage::Session& session, const std::string& role,
                                        const storage::Project& project);
// Their names, joined; the role's French label when nobody holds it.
std::string NamesOf(storage::Session& session, const std::string& role,
                    const storage::Project& project);
// Two administrations are the same when their SIRET share the SIREN (nine digits); "" never is.
bool SameSiren(const std::string& siret, const std::string& other);
// The worklist keys of a person: "person:17", "case_officer@",
// "collection_lead@collection:numerique", "project_holder@project:AIG-2026-0042", those of the
// absent they stand in for included.
std::vector<std::string> AssigneesOf(storage::Session& session, std::int64_t person,
                                     std::int64_t now);

}  // namespace aiguillage::workflows
