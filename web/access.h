// Who may open a page. One word a route, decided here by the table of rights.h and nowhere else;
// what somebody may *do* to a project is the desk's to say.
//
//   Rule::kSeesProject on "/projets/{number}": staff of its collection or call, its own people.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "storage/calls.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "workflows/access.h"

namespace aiguillage::web {

enum class Rule {
  kPublic,       // everybody
  kLoggedIn,     // anybody with an account
  kSeesProject,  // {number}: workflows::MaySee
  kSeesPanel,    // {number}: who may read its reviewers' opinions (web/panel.h)
  kSeesFile,     // {file}: whoever sees its project
  kReadsMail,    // {mail}: whom it is for, and who reads others' mails there
  kStaff,        // holds a role beyond single projects
  kCommittee,    // DGAFP at work, and the committee: members, chair
  kDecides,      // who decides for the committee: chair, pilot
  kSteering,     // DGAFP and those who look on: pilot, case officer, auditor
  kOffice,       // DGAFP at work: pilot, case officer
  kPilot,        // program_admin
  kHoldsLink,    // whoever holds the secret in the address; nobody is recognised, no cookie counts
  kDirectory,    // DGAFP at work, for all calls: whoever may look people up
  kPeople,       // program_admin of all calls: whoever may change people and their roles
  kMeters,       // loopback, or the token of metrics.token
};
const char* NameOf(Rule rule);

// Somebody logged in, with every role held anywhere today.
struct Visitor {
  storage::Person person;
  std::vector<workflows::HeldRole> roles;
  std::string csrf;          // of the session
  std::string session_hash;  // its row's key

  bool IsStaff() const;  // some role that is not of a single project
};

struct Refused403 {
  int status = 403;
  std::string sentence;
};
// What the rule says of this visitor, apart from objects (project, file): those are looked up by
// the pipeline. nullopt: may enter.
std::optional<Refused403> CheckRule(Rule rule, const std::optional<Visitor>& visitor);
// Does one of the rule's roles cover what lies in these scopes ("" for what is of no call)?
bool Covers(Rule rule, const Visitor& visitor, const std::vector<std::string>& scopes);

// The calls whose things a page of this rule shows: all, or those the visitor has a role for.
struct CallsShown {
  bool all = false;
  std::set<std::string> ids;
  bool Has(const std::string& call) const { return all || ids.contains(call); }
  std::optional<std::vector<std::string>> Listed() const;  // nullopt for all: storage's filters
  bool HasDemarche(storage::Session& session, std::int64_t demarche) const;
  std::optional<std::vector<std::int64_t>> DemarchesListed(storage::Session& session) const;
  std::vector<storage::Call> Demarches(storage::Session& session) const;  // one call for each
};
CallsShown CallsFor(Rule rule, const Visitor& visitor);

// French sentence for someone who may not see a project, naming whom to ask.
std::string ForeignProjectSentence(storage::Session& session, const storage::Project& project);

}  // namespace aiguillage::web
