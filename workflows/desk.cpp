#include "workflows/desk.h"

#include "storage/hash.h"
#include "storage/journal.h"
#include "workflows/delegation.h"
#include "workflows/desk_run.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

using engine::Refusal;
using nlohmann::json;

std::string DigestOf(const ActRequest& request) {
  const json said = {{"project", request.project},
                     {"action", request.action},
                     {"person", request.actor.person},
                     {"data", request.data},
                     {"words", request.words}};
  return storage::Sha256(said.dump(-1, ' ', false, json::error_handler_t::replace));
}

bool IsMachine(const Actor& actor) { return actor.person == 0; }

void RefuseStale(storage::Session& session, const ActRequest& request,
                 const storage::Project& project) {
  const auto refuse = [&] {
    throw Refused{{"stale",
                   "Le projet a changé depuis l’ouverture de cette page. " +
                       WhatHappened(session, project.id),
                   {}}};
  };
  if (request.expected_version && *request.expected_version != project.version) refuse();
  if (!request.task) return;
  // Soft: whatever else moved, the act passes as long as this very task is open.
  const auto task = storage::FindTask(session, *request.task);
  if (!task || task->project != project.id || task->status != "open") refuse();
}

// The due timer behind a fired event; marked fired by this act, so that it fires once.
storage::Timer TakeTimer(storage::Session& session, const ActRequest& request,
                         const storage::Project& project) {
  std::optional<storage::Timer> due;
  for (auto& timer : storage::TimersOf(session, project.id)) {
    if (timer.status != "waiting" || timer.event != request.action) continue;
    if (timer.due_at > request.now || (due && due->due_at <= timer.due_at)) continue;
    due = std::move(timer);
  }
  if (!due) {
    throw Refused{{"no_timer", "Aucune échéance « " + request.action + " » n’est due.", {}}};
  }
  due->status = "fired";
  storage::UpdateTimer(session, *due);
  return *due;
}

// What a machine raises: any event, with data taken as it is.
void PrepareMachine(Work& work, const ActRequest& request) {
  const std::string& role = request.actor.role;
  if (role != "system" && role != "timer" && role != "ds") {
    throw Refused{{"not_yours", "Qui agit ? Une personne, ou system, timer, ds.", {}}};
  }
  work.permit.role = role;
  work.event.name = request.action;
  work.event.data = request.data;
  if (role == "timer") {
    const auto timer = TakeTimer(work.session, request, work.before);
    if (!timer.data.empty()) work.event = EventFromJson(json::parse(timer.data));
  }
  work.answers = work.event.data;
}

void PreparePerson(Work& work, const ActRequest& request, const engine::Snapshot& snapshot) {
  auto permit = FindPermit(work.session, work.definition, snapshot, work.before, request.actor,
                           request.action, request.now);
  if (!permit) throw Refused{permit.refusal()};
  work.permit = std::move(permit).value();
  work.person = request.actor.person;
  work.form = work.permit.action.form;
  RefuseConflict(work.session, work.definition, work.before, work.permit, work.person,
                 request.data);
  work.event.name = request.action;
  work.event.data = CheckedData(work.definition, work.form, request.data, work.now);
  work.event.origin = std::to_string(work.InTheNameOf());
  work.answers = work.event.data;
  const int own = work.permit.action.grace_minutes;
  work.grace_minutes = own >= 0 ? own : work.options.grace_minutes;
}

// An event that nothing waited for: a person is told why, a machine leaves no trace.
ActAnswer NothingTaken(const Work& work) {
  if (work.person != 0) {
    const auto& action = work.permit.action;
    std::string words = LockedWords(work.definition.chart, action);
    if (words.empty()) words = "« " + action.label + " » n’est pas possible avec ces réponses.";
    throw Refused{{"locked", words, {}}};
  }
  ActAnswer answer;
  answer.project = work.before.number;
  answer.version = work.before.version;
  answer.states = Words(work.before.states);
  return answer;
}

ActAnswer ActIn(storage::Session& session, Catalog& catalog, const DeskOptions& options,
                const ActRequest& request, const std::string& digest) {
  if (auto first = FirstAnswer(session, request.key, digest)) return *first;
  const storage::Project project = ProjectNamed(session, request.project);
  RefuseStale(session, request, project);
  const bool over = project.ended_at != 0 || project.snapshot.is_null();
  if (over && !IsMachine(request.actor)) {
    throw Refused{{"ended", "Ce projet est terminé : plus rien ne peut y être fait.", {}}};
  }
  const auto definition = catalog.Pinned(session, project.definition);
  Work work(session, *definition, options, request.now, project);
  work.call = CallOf(session, project.call);
  work.request = &request;
  if (over) return NothingTaken(work);
  const auto snapshot = engine::Snapshot::FromJson(definition->chart, project.snapshot);
  if (IsMachine(request.actor)) {
    PrepareMachine(work, request);
  } else {
    PreparePerson(work, request, snapshot);
  }
  engine::StepInput input;
  input.session_id = project.number;
  work.step = engine::Step(definition->chart, snapshot, work.event, input);
  ActAnswer answer;
  if (work.step.taken) {
    work.act = options.new_id();
    CarryOut(work);
    answer = std::move(work.answer);
  } else {
    answer = NothingTaken(work);
  }
  KeepAnswer(session, request.key, digest, answer, request.now);
  return answer;
}

}  // namespace

storage::Project ProjectNamed(storage::Session& session, const std::string& number) {
  auto project = storage::FindProject(session, number);
  if (!project)
    throw Refused{{"unknown_project", "Aucun projet n’a le numéro " + number + ".", {}}};
  return *project;
}

storage::Call CallOf(storage::Session& session, const std::string& id) {
  const auto call = storage::FindCall(session, id);
  return call ? *call : storage::Call{};
}

std::string WhatHappened(storage::Session& session, std::int64_t project) {
  const auto last = storage::LastJournal(session, project);
  if (!last) return "";
  std::string label = last->body.is_object() ? last->body.value("label", "") : "";
  if (label.empty()) label = last->action;
  const std::string who = last->person == 0 ? RoleLabel(last->role)
                                            : ActedBy(session, last->person, last->on_behalf_of);
  return "Dernier acte : « " + label + " », " + who + ", le " + FrenchInstant(last->at) + ".";
}

Desk::Desk(storage::Database& database, Catalog& catalog, DeskOptions options)
    : database_(database), catalog_(catalog), options_(std::move(options)) {
  if (!options_.new_id) options_.new_id = [] { return storage::RandomHex(16); };
}

engine::Outcome<ActAnswer> Desk::Act(const ActRequest& request) {
  const std::string digest = DigestOf(request);  // here: the one writer has enough to do
  return RunAct(database_, options_, request.project, request.now, request.dry_run,
                [&](storage::Session& session) {
                  return ActIn(session, catalog_, options_, request, digest);
                });
}

}  // namespace aiguillage::workflows
