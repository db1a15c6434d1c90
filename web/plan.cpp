#include "web/plan.h"

#include <algorithm>

#include "web/rails.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

using engine::Attribute;
using engine::Chart;
using engine::Instruction;
using engine::InstructionKind;

// The subject line of a mail's text template, without its tags: « Objet : … ».
std::string SubjectOf(const workflows::Kit& kit, const std::string& mail) {
  const auto found = kit.mails.find(mail + ".txt.mustache");
  if (found == kit.mails.end()) return mail;
  std::string line = found->second.substr(0, found->second.find('\n'));
  const auto colon = line.find(':');
  if (line.rfind("Objet", 0) == 0 && colon != std::string::npos)
    line = Trim(line.substr(colon + 1));
  for (std::size_t open = line.find("{{"); open != std::string::npos; open = line.find("{{")) {
    const std::size_t close = line.find("}}", open);
    if (close == std::string::npos) break;
    line = line.substr(0, open) + "…" + line.substr(close + 2);
  }
  return line;
}

std::string RolesOfList(const std::string& list) {
  std::string words;
  for (const auto& role : SplitWords(list)) {
    words +=
        (words.empty() ? "" : ", ") + (role == "actor" ? std::string("vous") : RoleLabel(role));
  }
  return words;
}

void ReadContent(const engine::Block& block, Plan& plan) {
  for (const Instruction& instruction : block) {
    if (instruction.kind == InstructionKind::kForeign && instruction.name == "mail") {
      std::string words = RolesOfList(Attribute(instruction, "to"));
      const std::string copy = RolesOfList(Attribute(instruction, "copy"));
      if (!copy.empty()) words += " (copie : " + copy + ")";
      plan.mails.push_back(words);
    } else if (instruction.kind == InstructionKind::kForeign && instruction.name == "ds") {
      const std::string label = DsEffectLabel(Attribute(instruction, "effect"));
      if (std::find(plan.ds.begin(), plan.ds.end(), label) == plan.ds.end()) {
        plan.ds.push_back(label);
      }
    } else if (instruction.kind == InstructionKind::kIf) {
      for (const auto& branch : instruction.children) ReadContent(branch.children, plan);
    }
  }
}

std::string DeadlineOf(const engine::StateNode& state) {
  for (const auto& block : state.on_entry) {
    for (const auto& instruction : block) {
      if (instruction.name == "deadline") return Attribute(instruction, "in");
    }
  }
  return "";
}

// The innermost state entered by default.
const engine::StateNode* Entered(const Chart& chart, int index) {
  const auto* state = &chart.states[static_cast<std::size_t>(index)];
  while (state->initial >= 0) {
    const auto& first = chart.transitions[static_cast<std::size_t>(state->initial)];
    if (first.targets.empty()) break;
    state = &chart.states[static_cast<std::size_t>(first.targets.front())];
  }
  return state;
}

}  // namespace

Plan PlanFromRails(const workflows::Definition& definition, const storage::Project& project,
                   const engine::Action& action) {
  Plan plan;
  const Chart& chart = definition.chart;
  const auto states = SplitWords(project.states);
  for (const auto& transition : chart.transitions) {
    const bool named = std::find(transition.events.begin(), transition.events.end(), action.id) !=
                       transition.events.end();
    const auto& source = chart.states[static_cast<std::size_t>(transition.source)].id;
    if (!named || std::find(states.begin(), states.end(), source) == states.end()) continue;
    if (Attribute(transition, "label") != action.label) continue;
    ReadContent(transition.content, plan);
    if (!transition.targets.empty()) {
      const auto* target = Entered(chart, transition.targets.front());
      const Rails rails(chart);
      plan.to = engine::IsHistory(*target) ? "retour là où le projet en était"
                                           : rails.Label(target->id, true);
      plan.turn = RolesOfList(Attribute(*target, "turn"));
      plan.due = DeadlineOf(*target);
    }
    break;
  }
  return plan;
}

Plan PlanFromAnswer(Visit& visit, storage::Session& session,
                    const workflows::Definition& definition, const workflows::ActAnswer& answer) {
  Plan plan;
  plan.exact = true;
  std::string states;
  for (const auto& state : answer.states) states += (states.empty() ? "" : " ") + state;
  const Rails rails(definition.chart);
  if (states != visit.project->states) plan.to = rails.Labels(states, true);
  for (const auto& role : rails.Turn(states)) {
    plan.turn += (plan.turn.empty() ? "" : ", ") + RoleLabel(role);
  }
  std::int64_t due = 0;
  for (const auto& deadline : answer.deadlines) {
    if (due == 0 || deadline.due_at < due) due = deadline.due_at;
  }
  if (due != 0) plan.due = "le " + workflows::FrenchDate(due);
  const auto call = storage::FindCall(session, visit.project->call);
  for (const auto& mail : answer.mails) {
    std::string words = mail.to == "actor" ? "vous" : RoleLabel(mail.to);
    if (mail.address.empty()) words += " (personne ne tient ce rôle : pas d’envoi)";
    if (mail.copy) words += " (copie)";
    if (call) {
      words += " : « " +
               SubjectOf(visit.services.catalog.KitOf(call->definition), mail.template_id) + " »";
    }
    // Two officers get the same mail: said once.
    if (std::find(plan.mails.begin(), plan.mails.end(), words) == plan.mails.end()) {
      plan.mails.push_back(words);
    }
  }
  for (const auto& effect : answer.ds) plan.ds.push_back(DsEffectLabel(effect));
  return plan;
}

void AddPlan(View& view, const Plan& plan) {
  view.Set("plan_to", plan.to)
      .Set("plan_turn", plan.turn)
      .Set("plan_due", plan.due)
      .Set("plan_exact", plan.exact)
      .Set("plan_has_mails", !plan.mails.empty())
      .Set("plan_has_ds", !plan.ds.empty());
  view.SetList("plan_mails").SetList("plan_ds");
  for (const auto& mail : plan.mails) view.AddRow("plan_mails").Set("plan_mail", mail);
  for (const auto& word : plan.ds) view.AddRow("plan_ds").Set("plan_word", word);
}

}  // namespace aiguillage::web
