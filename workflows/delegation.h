// Absence: somebody declares dates and who stands in, and « X pour Y » is written wherever X acts.
//
//   DeclareAbsence(session, {.person = 17, .delegate = 23, .scope = "collection:numerique",
//                            .from_at = monday, .until_at = friday}, now)
//   ActedBy(session, 23, 17)      « Anne Martin pour Bruno Petit »
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "engine/outcome.h"
#include "storage/database.h"
#include "storage/people.h"
#include "storage/projects.h"

namespace aiguillage::workflows {

// Refused in words: same person, unknown or inactive delegate, one who is away on one of these days
// (a loan is not lent on), dates upside down or past, a scope that is none. Answers the
// delegation's id.
engine::Outcome<std::int64_t> DeclareAbsence(storage::Session& session,
                                             const storage::Delegation& delegation,
                                             std::int64_t now);

// Active colleagues who stand in for that person on this project now; a mail to the one goes to
// them too.
std::vector<storage::Person> StandInsOf(storage::Session& session, std::int64_t person,
                                        const storage::Project& project, std::int64_t now);

// The same where something is about several projects, or about none: in one of these scopes.
std::vector<storage::Person> StandInsWithin(storage::Session& session, std::int64_t person,
                                            const std::set<std::string>& scopes, std::int64_t now);
// Whether somebody is absent from this project now.
bool IsAway(storage::Session& session, std::int64_t person, const storage::Project& project,
            std::int64_t now);

std::string NameOf(storage::Session& session, std::int64_t person);  // name, else e-mail, else ""
std::string ActedBy(storage::Session& session, std::int64_t person, std::int64_t on_behalf_of);

}  // namespace aiguillage::workflows
