#include "web/project_head.h"

#include <algorithm>
#include <set>

#include "storage/calls.h"
#include "storage/tasks.h"
#include "web/rails.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/conflict.h"
#include "workflows/reminders.h"

namespace aiguillage::web {

namespace {

// « au chef de file », « à l’instructeur », « à la présidence »: French wants its articles.
std::string ToRole(const std::string& label) {
  static const std::set<std::string> kFeminine = {"présidence du comité"};
  if (kFeminine.count(label) > 0) return "à la " + label;
  const bool vowel = !label.empty() && std::string("aeiou").find(label[0]) != std::string::npos;
  return vowel ? "à l’" + label : "au " + label;
}

// Where the rails lead next when all goes well: the first main action that moves.
std::string NextLabel(const engine::Chart& chart, const std::string& states, bool inside) {
  const Rails rails(chart);
  for (const auto& id : rails.Atomic(states)) {
    const auto* state = engine::FindState(chart, id);
    for (const int index : state->transitions) {
      const auto& transition = chart.transitions[static_cast<std::size_t>(index)];
      const std::string& style = engine::Attribute(transition, "style");
      if (transition.targets.empty() || style == "secondary" || style == "danger") continue;
      if (engine::Attribute(transition, "label").empty() && !transition.events.empty()) continue;
      const auto& target = chart.states[static_cast<std::size_t>(transition.targets.front())];
      if (target.id != id) return rails.Label(target.id, inside);
    }
  }
  return "";
}

}  // namespace

std::string SentenceOf(Visit& visit, storage::Session& session, const Sight& sight,
                       const workflows::Definition& definition) {
  const auto& project = *visit.project;
  const Rails rails(definition.chart);
  if (project.ended_at != 0 || rails.IsFinal(project.states)) {
    return "Ce projet est terminé : " + rails.Labels(project.states, sight.inside) +
           (project.ended_at != 0 ? ", le " + workflows::FrenchDate(project.ended_at) : "") + ".";
  }
  std::string turn;
  for (const auto& role : rails.Turn(project.states)) {
    const std::string names = HoldersWords(session, sight, role, project);
    const bool you = sight.Holds(role);
    turn += (turn.empty() ? "" : " et ") + (you ? "à vous" : ToRole(RoleLabel(role))) +
            (names.empty() || you ? "" : " (" + names + ")");
  }
  // A sub-step has waited since its own tasks were opened, not since the whole step began.
  std::int64_t since_at = project.since_at;
  for (const auto& task : storage::OpenTasks(session, project.id)) {
    if (!task.OfRails()) continue;
    since_at = std::max(since_at, task.since_at);
  }
  const std::string since = SinceWords(since_at, visit.now);
  if (turn.empty()) return since.empty() ? "" : "En cours " + since + ".";
  std::string sentence = "C’est " + turn + " d’agir" + (since.empty() ? "" : ", " + since);
  if (project.due_at != 0) {
    sentence +=
        project.due_at < visit.now ? " ; réponse attendue depuis le " : " ; réponse attendue le ";
    sentence += workflows::FrenchDate(project.due_at);
  }
  return sentence + ".";
}

void AddProjectHead(View& view, Visit& visit, storage::Session& session, const Sight& sight,
                    const workflows::Definition& definition,
                    const std::vector<storage::JournalRow>& journal) {
  const auto& project = *visit.project;
  const Rails rails(definition.chart);
  const auto collection = storage::FindCollection(session, project.collection);
  const auto call = storage::FindCall(session, project.call);
  const std::string next = NextLabel(definition.chart, project.states, sight.inside);
  view.Set("number", project.number)
      .Set("project_title", project.title)
      .Set("collection", collection ? collection->label : "sans collection")
      .Set("call_title", call ? call->title : project.call)
      .Set("administration", project.administration)
      .Set("state_label", rails.Labels(project.states, sight.inside))
      .Set("sentence", SentenceOf(visit, session, sight, definition))
      .Set("next_label", next)
      .Set("due_words", project.ended_at == 0 ? DueWords(project.due_at, visit.now) : "")
      .Set("due_tone", DueTone(project.due_at, visit.now));
  std::vector<std::string> visited;
  for (const auto& row : journal) visited.push_back(row.states);
  view.SetList("phases");
  for (const auto& phase : rails.Phases(project.states, visited)) {
    view.AddRow("phases")
        .Set("phase_label", phase.label)
        .Set("phase_past", phase.past)
        .Set("phase_now", phase.now);
  }
}

std::string ActLabel(const workflows::Definition& definition, const storage::JournalRow& row) {
  if (row.action == "intake") return "Dossier reçu";
  if (row.action == "take_back") return "Dernier acte annulé";
  if (row.action == workflows::kSettled) return "Désaccord avec Démarches Simplifiées tranché";
  if (row.action == workflows::kReminded) return "Rappel d’échéance";
  if (row.action == workflows::kNudged) return "Relance";
  if (row.action == workflows::kExtended) return "Échéance prolongée";
  if (row.action == workflows::kMoved) return "Échéances recomptées, le calendrier a changé";
  if (row.action == "call.closed") return "Clôture de l’appel";
  const Rails rails(definition.chart);
  const std::string label = rails.ActionLabel(row.action);
  if (!label.empty()) return label;
  if (row.role == "timer") return "Échéance atteinte";
  if (row.role == "ds") return "Nouvelle de Démarches Simplifiées";
  return row.action;
}

}  // namespace aiguillage::web
