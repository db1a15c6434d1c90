// One act in the making, inside its database transaction: what it starts from, what the law
// answered, and the rows it becomes. Private to the desk (desk*.cpp).
//
//   permission -> Step -> invariants -> EffectWork (grants, timers …) -> tasks -> project -> mails
//
// Whoever finds that the act cannot be throws Refused: the transaction rolls back, the answer is
// the refusal.
#pragma once

#include <cstdint>
#include <exception>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/actions.h"
#include "engine/interpreter.h"
#include "storage/calls.h"
#include "storage/database.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "storage/tasks.h"
#include "storage/timers.h"
#include "workflows/desk.h"

namespace aiguillage::workflows {

struct Refused : std::exception {
  engine::Refusal refusal;
  explicit Refused(engine::Refusal what) : refusal(std::move(what)) {}
};

// What makes an act possible: the action as offered now, and in which role it is done.
struct Permit {
  engine::Action action;
  std::string role;
  std::int64_t on_behalf_of = 0;
};

// What TakeBack needs to put rows back as they were: see desk_undo.cpp.
struct Undo {
  nlohmann::json tasks = nlohmann::json::array();  // rows as they were
  nlohmann::json timers = nlohmann::json::array();
  std::vector<std::int64_t> new_tasks, new_timers, new_grants;
  nlohmann::json ended_grants = nlohmann::json::array();
  nlohmann::json replaced = nlohmann::json::array();  // mails that waited, with their words
};

struct Work {
  Work(storage::Session& the_session, const Definition& the_definition,
       const DeskOptions& the_options, std::int64_t the_now, const storage::Project& the_project)
      : session(the_session),
        definition(the_definition),
        options(the_options),
        now(the_now),
        before(the_project),
        project(the_project) {}

  storage::Session& session;
  const Definition& definition;
  const DeskOptions& options;
  std::int64_t now = 0;
  storage::Project before;
  storage::Project project;  // becomes the row
  engine::Event event;
  engine::StepResult step;
  Permit permit;                        // of a person; for machines only the role
  std::int64_t person = 0;              // who acts, 0 for a machine
  std::string act;                      // id
  std::string form;                     // of the action, "" without
  const ActRequest* request = nullptr;  // of an act; none at intake
  nlohmann::json answers;               // of its document: the event's data, or the application
  int grace_minutes = 0;
  storage::Call call;
  std::map<std::string, std::vector<storage::Person>> granted;  // by role, in this act
  std::vector<std::string> notes;                               // French, for the journal
  nlohmann::json documents = nlohmann::json::array();           // {form, version}
  Undo undo;
  ActAnswer answer;
  int rows = 0;  // written so far: bounded

  // Person in whose name the act is done: the absent one when a delegate acts.
  std::int64_t InTheNameOf() const {
    return permit.on_behalf_of != 0 ? permit.on_behalf_of : person;
  }
  bool IsActive(const std::string& state) const { return step.snapshot.IsActive(state); }
};

}  // namespace aiguillage::workflows
