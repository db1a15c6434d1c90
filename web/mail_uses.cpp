#include "web/mail_uses.h"

#include <set>

#include "web/text.h"
#include "web/words.h"

namespace aiguillage::web {

namespace {

using engine::Attribute;

void CollectDeadlines(const engine::Block& block, std::set<std::string>& events) {
  for (const auto& instruction : block) {
    if (instruction.name == "deadline") events.insert(Attribute(instruction, "event"));
    CollectDeadlines(instruction.children, events);
  }
}

// Its own label, or that of what it stands in; "" for a chart without words.
std::string LabelAround(const engine::Chart& chart, int index) {
  for (; index >= 0; index = engine::StateAt(chart, index).parent) {
    const std::string& label = Attribute(engine::StateAt(chart, index), "label");
    if (!label.empty()) return label;
  }
  return "";
}

std::string RolesTo(const std::string& roles) {
  std::string told;
  for (const auto& role : SplitWords(roles)) {
    told += (told.empty() ? "" : ", ") + (role == "actor" ? "qui agit" : RoleLabel(role));
  }
  return told;
}

class UseCollector {
 public:
  explicit UseCollector(const engine::Chart& chart) : chart_(chart) {
    for (const auto& state : chart.states) {
      for (const auto& block : state.on_entry) CollectDeadlines(block, deadlines_);
    }
    for (const auto& transition : chart.transitions) {
      CollectDeadlines(transition.content, deadlines_);
    }
    for (const auto& state : chart.states) Look(state);
  }
  std::vector<MailUse> uses;

 private:
  void Look(const engine::StateNode& state) {
    const std::string step = LabelAround(chart_, state.index);
    for (const auto& block : state.on_entry) Add(block, "à l’entrée : " + step);
    for (const int index : state.transitions) {
      const auto& transition = chart_.transitions[static_cast<std::size_t>(index)];
      Add(transition.content, WhenOf(transition) + (step.empty() ? "" : ", étape " + step));
    }
    for (const auto& block : state.on_exit) Add(block, "à la sortie : " + step);
  }

  std::string WhenOf(const engine::Transition& transition) const {
    const std::string& label = Attribute(transition, "label");
    if (!label.empty()) return "action « " + label + " »";
    for (const auto& event : transition.events) {
      if (deadlines_.contains(event)) return "échéance";
    }
    return "sans action de personne";
  }

  void Add(const engine::Block& block, const std::string& where) {
    for (const auto& instruction : block) {
      if (instruction.name == "mail") {
        uses.push_back({Attribute(instruction, "template"), where,
                        RolesTo(Attribute(instruction, "to")),
                        RolesTo(Attribute(instruction, "copy"))});
      }
      Add(instruction.children, where);
    }
  }

  const engine::Chart& chart_;
  std::set<std::string> deadlines_;
};

}  // namespace

std::vector<MailUse> MailUses(const engine::Chart& chart) {
  auto uses = UseCollector(chart).uses;
  uses.push_back({"message_posted", "message écrit dans « Échanges »", "ceux qu’il vise", ""});
  uses.push_back({"nudge", "relance à la main", "qui doit agir", ""});
  uses.push_back({"deadline_extended", "échéance prolongée", "qui doit agir", ""});
  uses.push_back(
      {"survey_opened", "enquête ouverte", RolesTo("project_holder"), RolesTo("collection_lead")});
  return uses;
}

}  // namespace aiguillage::web
