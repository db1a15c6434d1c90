// Which roles a person has for a project on a day: own grants by scope, and those lent by an absent
// colleague. One place, so that pages, tasks and acts cannot disagree.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "storage/tasks.h"

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

// Who looks at a list: what one person holds and was lent, read once for all its lines.
//
//   const Onlooker onlooker(session, person, now);
//   for (const auto& project : projects) if (onlooker.MaySee(project)) …
class Onlooker {
 public:
  Onlooker(storage::Session& session, std::int64_t person, std::int64_t now);
  bool MaySee(const storage::Project& project) const;

 private:
  // Of the person themselves, or of an absent one who lends what they hold there.
  struct Eyes {
    std::int64_t person = 0;
    std::optional<std::string> lent;  // the scope of the loan
    std::set<std::string> scopes;     // of grants that show every project they cover
    std::vector<std::string> pools;   // « any reviewer »: only what is asked of them
  };
  void Add(std::int64_t person, std::optional<std::string> lent);

  storage::Session& session_;
  std::vector<Eyes> eyes_;
};

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
// What tasks of this project are filed under when they wait for that person: "person:17",
// "case_officer@", "collection_lead@collection:numerique", "project_holder@project:AIG-2026-0042",
// those of the absent they stand in for there included.
std::vector<std::string> AssigneesIn(storage::Session& session, std::int64_t person,
                                     const storage::Project& project, std::int64_t now);
// Everything that waits for that person, by due date, none last; each task once, as one's own
// first.
struct AskedTask {
  storage::TaskLine line;
  std::int64_t on_behalf_of = 0;  // the absent person, 0 for oneself
};
std::vector<AskedTask> WorklistOf(storage::Session& session, std::int64_t person, std::int64_t now,
                                  int limit = 200);

}  // namespace aiguillage::workflows
