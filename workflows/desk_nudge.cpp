// The nudge by hand: of one task, or of every late task of a cell of the pipeline at once.
#include <algorithm>
#include <set>

#include "storage/hash.h"
#include "storage/journal.h"
#include "workflows/access.h"
#include "workflows/delegation.h"
#include "workflows/desk_beside.h"
#include "workflows/desk_run.h"
#include "workflows/ladder.h"
#include "workflows/reminder_mail.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Task;

constexpr const char* kNudgeTemplate = "nudge";
const std::string kNudgeKey = "nudge:";  // before the key, so that no other act has it
const std::vector<std::string> kNudgers = {"program_admin", "case_officer", "collection_lead"};

// The role in which somebody follows the file here; "" when they do not.
HeldRole NudgesAs(storage::Session& session, const storage::Project& project, std::int64_t person,
                  std::int64_t now) {
  for (auto& held : RolesIn(session, person, project, now)) {
    if (Contains(kNudgers, RoleLike(held.role))) return std::move(held);
  }
  return {};
}

std::vector<Recipient> OthersOf(storage::Session& session, const storage::Project& project,
                                const Task& task, std::int64_t person, std::int64_t now) {
  std::vector<Recipient> readers;
  for (auto& one : PeopleOf(session, project, task)) {
    AddReader(readers, {task.role, std::move(one), false, ""});
  }
  AddStandInsOf(session, project, now, readers);
  std::erase_if(readers, [&](const Recipient& one) { return one.person.id == person; });
  return readers;
}

// Task and person, of the nudges of that day in Paris: the journal's last rows say them, whatever
// mail they were told in.
using Nudged = std::set<std::pair<std::int64_t, std::int64_t>>;
Nudged NudgedToday(storage::Session& session, std::int64_t project, std::int64_t now) {
  Nudged nudged;
  const std::string today = ParisDate(now);
  auto row = storage::LastJournal(session, project);
  while (row && ParisDate(row->at) >= today) {
    if (row->action == kNudged && row->body.is_object()) {
      const json& data = row->body.at("event").at("data");
      for (const json& person : data.at("people")) {
        nudged.emplace(data.at("task_id").get<std::int64_t>(), person.get<std::int64_t>());
      }
    }
    row = row->seq > 1 ? storage::FindJournal(session, project, row->seq - 1) : std::nullopt;
  }
  return nudged;
}

void Spare(std::vector<Recipient>& readers, const Task& task, const Nudged& nudged) {
  std::erase_if(readers, [&](const Recipient& one) {
    return nudged.contains({task.id, one.person.id});
  });
}

engine::Refusal NudgedAlready(const std::string& names) {
  return {"nudged",
          names + " : déjà relancé aujourd’hui pour cette tâche. Une relance par jour, pas plus.",
          {}};
}

// Those of the task who may be told now; Refused when there is none.
std::vector<Recipient> ReadersOfNudge(storage::Session& session, const storage::Project& project,
                                      const Task& task, std::int64_t person, std::int64_t now) {
  auto readers = OthersOf(session, project, task, person, now);
  if (readers.empty()) {
    throw Refused{
        {"not_yours", "Cette tâche n’attend que vous : il n’y a personne à relancer.", {}}};
  }
  const std::string names = ReaderNames(session, readers);
  Spare(readers, task, NudgedToday(session, project.id, now));
  if (readers.empty()) throw Refused{NudgedAlready(names)};
  return readers;
}

// `mails`: where each is told, when it is in a mail that gathers several.
void AppendNudge(Work& work, const Task& task, const std::vector<Recipient>& readers,
                 const std::string& role, const json& mails) {
  json people = json::array();
  for (const Recipient& reader : readers) people.push_back(reader.person.id);
  AppendBeside(work, {kNudged,
                      "Relance",
                      role,
                      {{"task", task.label},
                       {"task_id", task.id},
                       {"people", people},
                       {"mails", mails},
                       {"message", task.label + " : " + ReaderNames(work.session, readers)}}});
}

ActAnswer NudgeIn(storage::Session& session, Catalog& catalog, const DeskOptions& options,
                  const NudgeRequest& request) {
  const storage::Project project = ProjectNamed(session, request.project);
  const auto task = storage::FindTask(session, request.task);
  const bool waits = task && task->project == project.id && task->status == "open";
  if (!waits || !task->OfRails()) {
    throw Refused{{"not_now", "Cette tâche n’attend plus : il n’y a personne à relancer.", {}}};
  }
  const HeldRole held = NudgesAs(session, project, request.actor.person, request.now);
  if (held.role.empty()) {
    throw Refused{{"not_yours", "Relancer revient à " + RoleLabels(kNudgers) + ".", kNudgers}};
  }
  const auto readers = ReadersOfNudge(session, project, *task, request.actor.person, request.now);
  const auto definition = catalog.Pinned(session, project.definition);
  Work work = WorkBeside(session, *definition, options, project, request.actor, request.now);
  work.permit.on_behalf_of = held.on_behalf_of;
  OutboxWriter writer{work, nullptr, {}, 0};
  WriteMailTo(work, writer, kNudgeTemplate, readers,
              {{"task", task->id},
               {"action", task->action},
               {"next", task->label},
               {"due", task->due_at == 0 ? std::string() : FrenchDate(task->due_at)}});
  AppendNudge(work, *task, readers, held.role, json::array());
  return std::move(work.answer);
}

// Every late task of a cell, each an act of its own project, told in one mail a person.
class CellNudge {
 public:
  CellNudge(storage::Session& session, Catalog& catalog, const DeskOptions& options,
            const NudgeCellRequest& request)
      : session_(session), catalog_(catalog), options_(options), request_(request) {}

  NudgedCell Run() {
    storage::ProjectFilter filter;
    filter.call = request_.call;
    filter.collection = request_.collection;
    filter.state = request_.state;
    filter.overdue = true;
    filter.now = request_.now;
    filter.limit = kNudgeLookedAt;
    NudgedCell done;
    std::int64_t seen = 0;
    for (const auto& project : storage::ListProjects(session_, filter)) {
      if (done.nudged == kNudgedAtOnce) break;
      ++seen;
      const Told told = Tell(*storage::FindProjectById(session_, project.id));
      ++(told == Told::kNow ? done.nudged : told == Told::kAlready ? done.already : done.nobody);
    }
    done.people = static_cast<std::int64_t>(people_.size());
    done.left = storage::CountProjects(session_, filter) - seen;
    return done;
  }

 private:
  enum class Told { kNow, kAlready, kNobody };

  Told Tell(const storage::Project& project) {
    Told told = Told::kNobody;
    const bool over = project.ended_at != 0 || project.snapshot.is_null();
    const HeldRole held = NudgesAs(session_, project, request_.actor.person, request_.now);
    if (over || held.role.empty()) return told;
    const Nudged nudged = NudgedToday(session_, project.id, request_.now);
    for (const Task& task : storage::OpenTasks(session_, project.id)) {
      if (!task.OfRails() || task.due_at == 0 || task.due_at >= request_.now) continue;
      auto readers = OthersOf(session_, project, task, request_.actor.person, request_.now);
      const bool nobody = readers.empty();
      Spare(readers, task, nudged);
      if (!readers.empty()) {
        Write(project, task, readers, held);
        told = Told::kNow;
      } else if (!nobody && told == Told::kNobody) {
        told = Told::kAlready;
      }
    }
    return told;
  }

  void Write(const storage::Project& project, const Task& task,
             const std::vector<Recipient>& readers, const HeldRole& held) {
    const auto definition = catalog_.Pinned(session_, project.definition);
    Work work = WorkBeside(session_, *definition, options_, project, request_.actor, request_.now);
    work.permit.on_behalf_of = held.on_behalf_of;
    const std::string line = task.label + " : " + DueWordsAt(task.due_at, request_.now) +
                             ", relance de " +
                             ActedBy(session_, request_.actor.person, held.on_behalf_of);
    json mails = json::array();
    for (const Recipient& reader : readers) {
      const std::string instead =
          reader.standing_for.empty() ? "" : ", à la place de " + reader.standing_for;
      mails.push_back({{"key", TellOf(work, reader, {"task", task.id, line + instead})},
                       {"to", reader.person.email}});
      people_.insert(reader.person.id);
    }
    AppendNudge(work, task, readers, held.role, mails);
  }

  storage::Session& session_;
  Catalog& catalog_;
  const DeskOptions& options_;
  const NudgeCellRequest& request_;
  std::set<std::int64_t> people_;
};

std::string DigestOf(const NudgeCellRequest& request) {
  return storage::Sha256(
      json({"nudge", request.actor.person, request.call, request.collection, request.state})
          .dump());
}

NudgedCell NudgedFromJson(const json& answer) {
  NudgedCell done;
  done.person = answer.at("person");
  done.nudged = answer.at("nudged");
  done.already = answer.at("already");
  done.nobody = answer.at("nobody");
  done.people = answer.at("people");
  done.left = answer.at("left");
  return done;
}

// The first answer again, to whoever sends the same once more.
std::optional<NudgedCell> FirstNudge(storage::Session& session, const NudgeCellRequest& request) {
  const auto first = storage::FindActKey(session, kNudgeKey + request.key);
  if (!first) return std::nullopt;
  if (first->digest != DigestOf(request)) {
    throw Refused{{"key_reused", "Cette clé a déjà servi pour une autre relance.", {}}};
  }
  return NudgedFromJson(first->answer);
}

NudgedCell NudgeCellIn(storage::Session& session, Catalog& catalog, const DeskOptions& options,
                       const NudgeCellRequest& request) {
  if (auto first = FirstNudge(session, request)) return *first;
  NudgedCell done = CellNudge(session, catalog, options, request).Run();
  done.person = request.actor.person;
  storage::InsertActKey(session,
                        {kNudgeKey + request.key,
                         DigestOf(request),
                         {{"person", done.person},
                          {"nudged", done.nudged},
                          {"already", done.already},
                          {"nobody", done.nobody},
                          {"people", done.people},
                          {"left", done.left}}},
                        request.now);
  return done;
}

}  // namespace

std::optional<NudgedCell> FindNudgedCell(storage::Session& session, const std::string& key) {
  const auto first = storage::FindActKey(session, kNudgeKey + key);
  if (!first) return std::nullopt;
  return NudgedFromJson(first->answer);
}

std::vector<TaskToNudge> TasksToNudge(storage::Session& session, const storage::Project& project,
                                      std::int64_t person, std::int64_t now) {
  std::vector<TaskToNudge> list;
  if (project.ended_at != 0 || NudgesAs(session, project, person, now).role.empty()) return list;
  for (auto& task : storage::OpenTasks(session, project.id)) {
    if (!task.OfRails()) continue;
    TaskToNudge one;
    for (const auto& reader : OthersOf(session, project, task, person, now)) {
      one.names.push_back(NameOf(session, reader.person.id));
    }
    if (one.names.empty()) continue;
    try {
      ReadersOfNudge(session, project, task, person, now);
    } catch (const Refused& refused) {
      one.refused = refused.refusal.sentence;
    }
    one.task = std::move(task);
    list.push_back(std::move(one));
  }
  return list;
}

engine::Outcome<ActAnswer> Desk::Nudge(const NudgeRequest& request) {
  return RunAct(
      database_, options_, request.project, request.now, /*dry_run=*/false,
      [&](storage::Session& session) { return NudgeIn(session, catalog_, options_, request); });
}

engine::Outcome<NudgedCell> Desk::NudgeCell(const NudgeCellRequest& request) {
  const auto run = [&]() -> engine::Outcome<NudgedCell> {
    if (request.key.empty()) {
      return engine::Refusal{"bad_input", "Une relance groupée se demande avec sa clé.", {}};
    }
    try {
      return database_.Write([&](storage::Session& session) {
        return NudgeCellIn(session, catalog_, options_, request);
      });
    } catch (const Refused& refused) {
      return refused.refusal;
    }
  };
  // Each project told is an act of its own, in the journal and so in the meters.
  return RunSeen(
      options_, run,
      +[](const NudgedCell& done) { return std::max<std::int64_t>(done.nudged, 1); });
}

}  // namespace aiguillage::workflows
