// What is asked of the desk, a value each: who acts, on what, and when it is.
//
//   ActRequest{.project = "AIG-2026-0042", .action = "framing.validate", .actor = {.person = 17},
//   …}
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::workflows {

inline constexpr std::size_t kReasonMax = 1000;  // bytes of why somebody acts beside the rails

struct Actor {
  std::int64_t person = 0;  // 0: the machine, then `role` says which: system | timer | ds
  std::string role;         // "" = the desk finds the one that allows the act
};

struct ActRequest {
  std::string project;
  std::string action;
  Actor actor;
  nlohmann::json data = nlohmann::json::object();  // the form's answers
  std::optional<std::int64_t> expected_version;    // strict
  std::optional<std::int64_t> task;                // pages: the task they were opened for …
  std::optional<std::int64_t> task_version;        // … and its version then
  std::string key;                                 // idempotency, "" = none
  // What the actor put in place of a mail's own words: {subject, text, by}, by template; clean.
  std::map<std::string, nlohmann::json> words;
  std::int64_t now = 0;
  bool dry_run = false;  // everything but writing
};

// A dossier that becomes a project: intake is an act too.
struct IntakeRequest {
  std::string call;
  std::string title, collection;  // collection "" = « sans collection »
  std::string holder_email, holder_name, siret, administration;
  std::vector<std::string> co_holders;  // e-mails
  std::int64_t dossier = 0;
  std::string ds_state;    // en_construction | en_instruction | accepte | refuse | sans_suite | ""
  std::string filed_on;    // ISO date of the deposit, "" unknown; the rails read it in `intake`
  nlohmann::json answers;  // of the form `application`
  std::string key;
  std::int64_t now = 0;
};

// DS decided otherwise (conflict.h): which conflict the page showed, what counts, and why.
struct SettleRequest {
  std::string project;
  std::int64_t conflict = 0;
  std::string choice, reason;  // theirs | again
  Actor actor;                 // a person
  std::int64_t now = 0;
};

// « Relancer »: a mail to those whose task still waits, once a day and person (reminders.h).
struct NudgeRequest {
  std::string project;
  std::int64_t task = 0;
  Actor actor;
  std::int64_t now = 0;
};

// « Relancer » for a cell of the pipeline: every late task there at once, in one mail a person
// (reminders.h). Those told today are passed over.
struct NudgeCellRequest {
  std::string call, collection, state;  // call "": every call
  Actor actor;
  std::string key;  // asked again with the same key: the first answer
  std::int64_t now = 0;
};
struct NudgedCell {  // projects
  std::int64_t nudged = 0, already = 0;
  std::int64_t nobody = 0;  // late, and nobody else waits, or nobody one may nudge
  std::int64_t left = 0;    // not looked at: too many at once
  std::int64_t people = 0;  // who were told
  std::int64_t person = 0;  // who asked
};

// « Prolonger »: once, so many of the unit and no more than the rails allow, by whom they say.
struct ExtendRequest {
  std::string project, state, event;  // the deadline
  int count = 0;
  std::string reason;
  Actor actor;
  std::int64_t now = 0;
};

// A step of a ladder: who is told, by address.
struct Reminder {
  std::string project, event;
  std::int64_t at = 0;
  std::vector<std::string> told;
};

}  // namespace aiguillage::workflows
