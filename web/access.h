// Who may open a page. One word a route, decided here and nowhere else; what somebody may *do* to a
// project is the desk's to say.
//
//   Rule::kSeesProject on "/projets/{number}": staff of its collection or call, its own people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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
  kStaff,        // holds a role beyond single projects
  kCommittee,    // DGAFP at work, and the committee: members, chair
  kDecides,      // who decides for the committee: chair, pilot
  kSteering,     // DGAFP and those who look on: pilot, case officer, auditor
  kOffice,       // DGAFP at work: pilot, case officer
  kPilot,        // program_admin
  kHoldsLink,    // whoever holds the secret in the address; nobody is recognised, no cookie counts
  kMeters,       // loopback, or the token of metrics.token
};
const char* NameOf(Rule rule);

// Somebody logged in, with every role held anywhere today.
struct Visitor {
  storage::Person person;
  std::vector<workflows::HeldRole> roles;
  std::string csrf;          // of the session
  std::string session_hash;  // its row's key

  bool Holds(const std::string& role) const;
  bool HoldsLike(const std::string& standard) const;  // a role that follows that one's rules
  bool IsStaff() const;                               // some role that is not of a single project
  bool IsOffice() const { return Holds("program_admin") || Holds("case_officer"); }
};

struct Refused403 {
  int status = 403;
  std::string sentence;
};
// What the rule says of this visitor, apart from objects (project, file): those are looked up by
// the pipeline. nullopt: may enter.
std::optional<Refused403> CheckRule(Rule rule, const std::optional<Visitor>& visitor);
// French sentence for someone who may not see a project, naming whom to ask.
std::string ForeignProjectSentence(storage::Session& session, const storage::Project& project);

}  // namespace aiguillage::web
