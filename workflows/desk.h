// The desk: the one place where somebody's act becomes a durable fact, whoever calls.
//
//   desk.Act({.project = "AIG-2026-0042", .action = "framing.validate", .actor = {.person = 17},
//             .data = answers, .key = "…", .now = now})
//     -> ActAnswer{version 7, states {"expert_review"}, mails, ds, …}   or a Refusal in words
//
// Refusal codes: unknown_project unknown_action not_now not_yours locked conflict_of_interest form
// bad_input stale key_reused ended no_timer too_late sending not_last unknown_call known_dossier
// nudged.
//
// load -> may this person do this -> is the form valid -> Step -> invariants -> write all rows ->
// commit -> answer. A violated invariant throws: nothing is written, an incident is opened.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/actions.h"
#include "engine/outcome.h"
#include "storage/database.h"
#include "storage/projects.h"
#include "storage/timers.h"
#include "workflows/act_answer.h"
#include "workflows/calendar.h"
#include "workflows/catalog.h"
#include "workflows/requests.h"

namespace aiguillage::workflows {

// The record would have become illegal: nothing was written, an incident is open.
class InvariantBroken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What one person may do on one project, for its page and for `project show`.
struct ActionFor {
  engine::Action action;
  bool mine = false;             // this person may (when not locked)
  bool conflict = false;         // … but for a conflict of interest: `reason` says which
  std::string reason;            // why not, in words; "" when mine and open
  std::vector<std::string> who;  // names or roles who can do it or unlock it
};

struct DeskOptions {
  int grace_minutes = 10;
  std::function<std::string()> new_id;  // 32 hex; tests own it, "" = the system's generator
  bool ds_configured = false;           // else DS rows are written as not_configured
  // Told of each act once it is answered, for meters: "" done, "trouble", or the refusal's code.
  std::function<void(const std::string& outcome, std::int64_t micros)> seen;
};

class Desk {
 public:
  Desk(storage::Database& database, Catalog& catalog, DeskOptions options);

  // As {.role = "timer"}: the due timer of that event, fired by the act even where nothing waits.
  engine::Outcome<ActAnswer> Act(const ActRequest& request);
  engine::Outcome<ActAnswer> Intake(const IntakeRequest& request);
  // Several in one transaction, all of them or none: refused or broken by the first that is. What
  // the caller then wants of the others it asks one by one.
  engine::Outcome<std::vector<ActAnswer>> Intake(const std::vector<IntakeRequest>& requests);
  // The actor takes the project's last act back, within its grace period (design: « Taking back »).
  engine::Outcome<ActAnswer> TakeBack(const std::string& project, const std::string& act,
                                      const Actor& actor, std::int64_t now);
  engine::Outcome<ActAnswer> Settle(const SettleRequest& request);
  engine::Outcome<ActAnswer> Nudge(const NudgeRequest& request);
  engine::Outcome<NudgedCell> NudgeCell(const NudgeCellRequest& request);
  engine::Outcome<ActAnswer> Extend(const ExtendRequest& request);
  // The step of a deadline's ladder that is due; none when it is not, or nobody has to be told. A
  // dry run tells of all those that would be due by then, were nobody to act.
  std::vector<Reminder> Remind(std::int64_t timer, std::int64_t now, bool dry_run);
  std::vector<Reminder> Rehearse(storage::Timer timer, std::int64_t now);  // such a dry run
  // Counts the deadlines that wait again by the call's calendar and dates; whether one moved.
  bool Recount(const std::string& project, std::int64_t now);
  std::vector<storage::Timer> Recounted(const std::string& project, std::int64_t now);  // would be
  // New content of a dossier that waits for nothing: a document version, no event.
  void RecordAnswers(const std::string& project, const nlohmann::json& answers, std::int64_t now);

  std::vector<ActionFor> ActionsFor(storage::Session& session, const storage::Project& project,
                                    std::int64_t person, std::int64_t now);

  // Role changes route the open tasks of that role again. Conflict of interest is not checked here.
  std::int64_t GrantRole(std::int64_t person, const std::string& role, const std::string& scope,
                         std::int64_t now);
  void EndGrant(std::int64_t grant, std::int64_t now);
  // Disabled: logged out everywhere, and the tasks of their roles go to whoever else holds them, or
  // to the pilot; let in again, they come back.
  void SetActive(std::int64_t person, bool active, std::int64_t now);

 private:
  storage::Database& database_;
  Catalog& catalog_;
  DeskOptions options_;
};

}  // namespace aiguillage::workflows
