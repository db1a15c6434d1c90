#include "tests/simulation/oracle.h"

#include <algorithm>
#include <map>

#include "storage/tasks.h"
#include "storage/timers.h"
#include "workflows/calendar.h"
#include "workflows/desk_rows.h"
#include "workflows/reminders.h"

namespace aiguillage::simulation {

using engine::Snapshot;
using nlohmann::json;
using storage::JournalRow;

namespace {

constexpr const char* kDomain = "exemple.invalid";

std::string Spaced(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string ValueOf(const engine::CustomEffect& effect, const std::string& name) {
  const auto computed = effect.values.find(name);
  if (computed != effect.values.end() && computed->second.is_string()) return computed->second;
  const auto written = effect.attributes.find(name);
  return written == effect.attributes.end() ? "" : written->second;
}

// What the law asked to be told, from the effects alone.
struct Asked {
  std::set<std::string> mails;
  std::vector<std::string> ds;
};

Asked AskedBy(const std::vector<engine::Effect>& effects, bool has_dossier) {
  Asked asked;
  for (const auto& effect : effects) {
    const auto* custom = std::get_if<engine::CustomEffect>(&effect);
    if (custom == nullptr) continue;
    if (custom->name == "mail") asked.mails.insert(ValueOf(*custom, "template"));
    if (custom->name == "ds" && has_dossier) asked.ds.push_back(ValueOf(*custom, "effect"));
  }
  return asked;
}

// What happened to a project, for whoever reads of a failure.
std::string Story(storage::Session& session, std::int64_t project) {
  std::ostringstream story;
  for (const auto& row : storage::JournalOf(session, project)) {
    story << "\n  " << row.seq << " " << workflows::IsoInstant(row.at) << " " << row.action
          << " by " << row.role << " -> " << row.states;
  }
  for (const auto& timer : storage::TimersOf(session, project)) {
    story << "\n  timer " << timer.id << " " << timer.event << " of « " << timer.owner << " » "
          << timer.status << ", due " << workflows::IsoInstant(timer.due_at);
  }
  return story.str();
}

}  // namespace

int Oracle::Look(storage::Session& session, KnownProject& known) {
  try {
    return Judge(session, known);
  } catch (const Broken& broken) {
    throw Broken(broken.what() + Story(session, known.id));
  }
}

int Oracle::Judge(storage::Session& session, KnownProject& known) {
  const auto project = storage::FindProjectById(session, known.id);
  Expect(project.has_value(), known.number + ": its row is gone");
  const auto last = storage::LastJournal(session, known.id);
  Expect(last && last->seq >= known.seq, known.number + ": rows of its journal are gone");
  std::vector<JournalRow> rows;
  if (last->seq == known.seq + 1) {
    rows.push_back(*last);
  } else if (last->seq > known.seq) {
    rows = storage::JournalOf(session, known.id);
    const std::string chain = storage::VerifyChain(rows);
    Expect(chain.empty(), known.number + ": " + chain);
    rows.erase(rows.begin(), rows.begin() + known.seq);
  } else {
    Expect(last->hash == known.hash, known.number + ": its last row changed");
  }
  for (const auto& row : rows) Row(session, known, row);
  const auto definition = catalog_.Pinned(session, project->definition);
  const auto snapshot = Snapshot::FromJson(definition->chart, known.snapshot);
  Project(*project, known, snapshot);
  Timers(session, *project, snapshot);
  Tasks(session, *project, snapshot);
  known.ended = project->ended_at != 0;
  return static_cast<int>(rows.size());
}

void Oracle::Row(storage::Session& session, KnownProject& known, const JournalRow& row) {
  const std::string place = known.number + ", row " + std::to_string(row.seq);
  Expect(row.seq == known.seq + 1, place + ": expected row " + std::to_string(known.seq + 1));
  Expect(row.previous == known.hash, place + ": it does not follow the row seen before");
  Expect(acts_.insert(row.act).second, place + ": the act is in the journal twice");
  json after = row.body.at("snapshot");
  if (row.action == "take_back") {
    TakenBack(session, known, row);
  } else {
    LiveAgain(session, known, row);
  }
  known.before = std::exchange(known.snapshot, std::move(after));
  known.seq = row.seq;
  known.hash = row.hash;
  known.act = row.act;
  known.version = row.body.at("version");
}

void Oracle::LiveAgain(storage::Session& session, KnownProject& known, const JournalRow& row) {
  const auto definition = catalog_.Pinned(session, row.definition);
  engine::StepInput input;
  input.session_id = known.number;
  std::vector<engine::Effect> effects;
  Snapshot from;
  if (known.seq == 0) {
    auto start = engine::Start(definition->chart, input);
    effects = std::move(start.effects);
    from = std::move(start.snapshot);
  } else {
    from = Snapshot::FromJson(definition->chart, known.snapshot);
  }
  auto step = engine::Step(definition->chart, std::move(from),
                           workflows::EventFromJson(row.body.at("event")), input);
  Expect(step.snapshot.ToJson() == row.body.at("snapshot"),
         known.number + ", row " + std::to_string(row.seq) + " (" + row.action +
             "): the law makes another snapshot of it");
  Expect(Spaced(step.snapshot.ActiveStates()) == row.states,
         known.number + ": its clear columns tell other states");
  effects.insert(effects.end(), step.effects.begin(), step.effects.end());
  Outbox(session, known, row, effects);
  if (row.action != workflows::kReminded) return;
  for (const auto& mail : row.body.at("event").at("data").at("mails")) {  // gathered: of no one act
    const std::string key = mail.at("key");
    relay_.expected[notifications::MessageIdFor(key, kDomain)] = mail.at("to");
  }
}

void Oracle::TakenBack(storage::Session& session, const KnownProject& known,
                       const JournalRow& row) {
  Expect(row.body.at("taken_back") == known.act, known.number + ": an older act was taken back");
  Expect(row.body.at("snapshot") == known.before, known.number + ": taken back to another state");
  for (const auto& left : storage::OutboxOfAct(session, known.act)) {
    Expect(left.status == "withdrawn" || left.status == "skipped",
           known.number + ": " + left.topic + " is " + left.status + " after a take-back");
    if (left.kind == "mail") {
      relay_.withdrawn.insert(notifications::MessageIdFor(left.key, kDomain));
    }
  }
  Expect(storage::OutboxOfAct(session, row.act).empty(),
         known.number + ": a take-back wrote mails");
}

void Oracle::Outbox(storage::Session& session, const KnownProject& known, const JournalRow& row,
                    const std::vector<engine::Effect>& effects) {
  const std::string place = known.number + ", row " + std::to_string(row.seq) + " (" + row.action;
  const Asked asked = AskedBy(effects, known.dossier != 0);
  std::set<std::string> mails;
  std::vector<std::string> ds;
  std::set<std::pair<std::string, std::int64_t>> told;
  std::size_t count = 0;
  for (const auto& left : storage::OutboxOfAct(session, row.act)) {
    Expect(left.project == known.id, place + "): a row of the outbox is another project's");
    if (left.kind == "ds") {
      ds.push_back(left.topic);
      continue;
    }
    ++count;
    mails.insert(left.topic);
    if (left.person == 0) continue;
    Expect(told.insert({left.topic, left.person}).second,
           place + "): « " + left.topic + " » twice to one person");
    relay_.expected[notifications::MessageIdFor(left.key, kDomain)] = left.address;
  }
  Expect(mails == asked.mails, place + "): the outbox has other mails than the law asked for");
  Expect(ds == asked.ds, place + "): the outbox tells DS something else than the law asked for");
  const json& answer = row.body.at("answer");
  Expect(answer.at("mails").size() == count, place + "): the journal tells of other mails");
  Expect(answer.at("ds").size() == ds.size(), place + "): the journal tells DS something else");
}

void Oracle::Project(const storage::Project& project, const KnownProject& known,
                     const Snapshot& snapshot) const {
  Expect(project.snapshot == known.snapshot, known.number + ": its row is not its journal's");
  Expect(project.states == Spaced(snapshot.ActiveStates()), known.number + ": other states");
  Expect(project.version == known.version, known.number + ": another version");
  Expect((project.ended_at != 0) == snapshot.finished, known.number + ": ended, or not");
}

void Oracle::Tasks(storage::Session& session, const storage::Project& project,
                   const Snapshot& snapshot) {
  const auto definition = catalog_.Pinned(session, project.definition);
  std::vector<std::string> wanted, open;
  for (const auto& task : workflows::WantedTasks(session, *definition, snapshot, project)) {
    wanted.push_back(task.state + " " + task.assignee + " " + task.action + " " + task.label + " " +
                     std::to_string(task.due_at));
  }
  for (const auto& task : storage::OpenTasks(session, project.id)) {
    open.push_back(task.state + " " + task.assignee + " " + task.action + " " + task.label + " " +
                   std::to_string(task.due_at));
  }
  std::sort(wanted.begin(), wanted.end());
  std::sort(open.begin(), open.end());
  Expect(wanted == open,
         project.number + ": open tasks\n  " + Spaced(open) + "\nexpected\n  " + Spaced(wanted));
}

void Oracle::Timers(storage::Session& session, const storage::Project& project,
                    const Snapshot& snapshot) {
  const auto definition = catalog_.Pinned(session, project.definition);
  std::map<std::pair<std::string, std::string>, std::string> latest;
  for (const auto& timer : storage::TimersOf(session, project.id)) {
    latest[{timer.owner, timer.event}] = timer.status;  // in the order of their making
    if (timer.status != "waiting") continue;
    const std::string words = project.number + ": the deadline " + timer.event;
    Expect(!snapshot.finished, words + " waits though all is over");
    Expect(timer.kind != "deadline" || snapshot.IsActive(timer.owner),
           words + " waits though " + timer.owner + " was left");
  }
  if (snapshot.finished) return;
  for (const auto& id : snapshot.ActiveStates()) {
    for (const auto& block : engine::FindState(definition->chart, id)->on_entry) {
      for (const auto& one : block) {
        if (one.name != "deadline" || one.kind != engine::InstructionKind::kForeign) continue;
        const auto found = latest.find({id, engine::Attribute(one, "event")});
        Expect(found != latest.end() && (found->second == "waiting" || found->second == "fired"),
               project.number + ": the deadline of " + id + " is " +
                   (found == latest.end() ? "missing" : found->second));
      }
    }
  }
}

}  // namespace aiguillage::simulation
