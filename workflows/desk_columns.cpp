// What pages and lists need of a project, written by the act beside its snapshot.
#include <algorithm>

#include "storage/people.h"
#include "workflows/desk_rows.h"

namespace aiguillage::workflows {
namespace {

std::string JoinedStates(const engine::Snapshot& snapshot) {
  std::string text;
  for (const std::string& state : snapshot.ActiveStates()) {
    if (!text.empty()) text += ' ';
    text += state;
  }
  return text;
}

// The first role in turn that has something to do; the first in turn when none has.
std::string FileHolder(const Definition& definition, const engine::Snapshot& snapshot,
                       const std::vector<WantedTask>& wanted) {
  if (snapshot.finished) return "";
  if (!wanted.empty()) return wanted[0].role;
  for (const std::string& id : snapshot.ActiveStates()) {
    const auto turn = Words(engine::Attribute(*engine::FindState(definition.chart, id), "turn"));
    if (!turn.empty()) return turn[0];
  }
  return "";
}

// Every text inside answers, for full-text search.
void Collect(const nlohmann::json& answers, std::string& text) {
  if (answers.is_string()) {
    text += answers.get_ref<const std::string&>();
    text += '\n';
  } else if (answers.is_structured()) {
    for (const auto& part : answers) Collect(part, text);
  }
}

}  // namespace

std::string ColumnState(const engine::Chart& chart, const std::vector<std::string>& active) {
  for (const std::string& id : active) {  // document order: the outermost comes first
    const auto* state = engine::FindState(chart, id);
    if (state != nullptr && !engine::Attribute(*state, "label").empty()) return id;
  }
  return active.empty() ? "" : active[0];
}

std::string StateLabels(const engine::Chart& chart, const engine::Snapshot& snapshot,
                        const std::string& attribute) {
  std::string text;
  for (const std::string& id : snapshot.ActiveStates()) {
    const auto* state = engine::FindState(chart, id);
    if (!engine::IsAtomic(*state)) continue;
    const std::string& label = engine::Attribute(*state, attribute);
    if (label.empty()) continue;
    if (!text.empty()) text += " · ";
    text += label;
  }
  return text;
}

std::int64_t NearestDue(storage::Session& session, std::int64_t project,
                        const engine::Snapshot& snapshot) {
  std::int64_t due = 0;
  for (const auto& timer : CurrentDeadlines(session, project, snapshot)) {
    if (due == 0 || timer.due_at < due) due = timer.due_at;
  }
  return due;
}

void FillColumns(Work& work, const std::vector<WantedTask>& wanted) {
  const auto& snapshot = work.step.snapshot;
  auto& project = work.project;
  project.snapshot = snapshot.ToJson();
  project.states = JoinedStates(snapshot);
  const std::string state = ColumnState(work.definition.chart, snapshot.ActiveStates());
  if (state != project.state) project.since_at = work.now;
  project.state = state;
  project.file_holder = FileHolder(work.definition, snapshot, wanted);
  project.due_at = snapshot.finished ? 0 : NearestDue(work.session, project.id, snapshot);
  if (snapshot.finished && project.ended_at == 0) project.ended_at = work.now;
}

void IndexForSearch(storage::Session& session, const storage::Project& project,
                    const nlohmann::json& answers) {
  std::string open = project.title + "\n" + project.number + "\n" + project.administration + "\n";
  for (const char* told : {"domain", "skills"}) {  // as the register tells them to everybody
    if (answers.is_object() && answers.contains(told)) Collect(answers[told], open);
  }
  std::string body;
  if (const auto holder = storage::FindPerson(session, project.holder)) body += holder->name + "\n";
  Collect(answers, body);
  storage::IndexProject(session, project.id, open, body);
}

}  // namespace aiguillage::workflows
