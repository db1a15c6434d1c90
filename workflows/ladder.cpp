#include "workflows/ladder.h"

#include <algorithm>
#include <sstream>

#include "workflows/desk_rows.h"

namespace aiguillage::workflows {
namespace {

constexpr int kHour = 8;  // of the day, in Paris: mails come before work begins
constexpr std::size_t kRungsMax = 20;

engine::Refusal BadLadder(const std::string& step) {
  return {"bad_ladder",
          "Étape de rappel attendue sous la forme « 3 jours ouvrés avant: turn », « le jour même: "
          "turn » ou « 7 jours ouvrés après: program_admin », dans l’ordre des jours, reçu « " +
              step + " ».",
          {}};
}

std::string Trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \n\t");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \n\t") - first + 1);
}

std::string OneSpaced(const std::string& text) {
  std::string joined;
  for (const auto& word : Words(text)) joined += (joined.empty() ? "" : " ") + word;
  return joined;
}

// « 3 jours ouvrés avant » -> way and rule; false when it is none.
bool ReadWhen(const std::string& when, Rung& rung) {
  if (when == "le jour même") return true;
  const auto space = when.rfind(' ');
  if (space == std::string::npos) return false;
  const std::string way = when.substr(space + 1);
  if (way != "avant" && way != "après") return false;
  rung.way = way == "avant" ? -1 : 1;
  const auto rule = ParseDeadlineRule(when.substr(0, space));
  if (!rule || rule.value().unit == DeadlineUnit::kCallDate) return false;
  rung.by = rule.value();
  return true;
}

const engine::Instruction* FindIn(const engine::Block& block, const std::string& event) {
  for (const auto& instruction : block) {
    if (instruction.kind == engine::InstructionKind::kForeign && instruction.name == "deadline" &&
        engine::Attribute(instruction, "event") == event) {
      return &instruction;
    }
    if (const auto* inner = FindIn(instruction.children, event)) return inner;
  }
  return nullptr;
}

}  // namespace

engine::Outcome<Ladder> ParseLadder(const std::string& text) {
  Ladder ladder;
  if (Trimmed(text).empty() || Trimmed(text) == "none") return ladder;
  std::istringstream steps(text);
  for (std::string step; std::getline(steps, step, '|');) {
    const auto colon = step.find(':');
    Rung rung;
    if (colon == std::string::npos || !ReadWhen(OneSpaced(step.substr(0, colon)), rung)) {
      return BadLadder(Trimmed(step));
    }
    rung.to = Words(step.substr(colon + 1));
    const bool ordered = ladder.empty() || ladder.back().way < rung.way ||
                         (ladder.back().way == rung.way && rung.way != 0);
    if (rung.to.empty() || !ordered || ladder.size() >= kRungsMax) {
      return BadLadder(Trimmed(step));
    }
    ladder.push_back(std::move(rung));
  }
  return ladder;
}

const engine::Instruction* FindDeadline(const engine::Chart& chart, const std::string& state,
                                        const std::string& event) {
  const auto* node = engine::FindState(chart, state);
  if (node == nullptr) return nullptr;
  for (const auto& block : node->on_entry) {
    if (const auto* found = FindIn(block, event)) return found;
  }
  for (const int index : node->transitions) {
    const auto& transition = chart.transitions[static_cast<std::size_t>(index)];
    if (const auto* found = FindIn(transition.content, event)) return found;
  }
  return nullptr;
}

Ladder LadderOf(const engine::Chart& chart, const std::string& state, const std::string& event) {
  std::string text;
  const auto* deadline = FindDeadline(chart, state, event);
  if (deadline != nullptr) text = engine::Attribute(*deadline, "ladder");
  const auto all = chart.attributes.find("ladder");
  if (text.empty() && all != chart.attributes.end()) text = all->second;
  auto ladder = ParseLadder(text);
  return ladder ? std::move(ladder).value() : Ladder{};
}

std::int64_t RungAt(const Rung& rung, std::int64_t due_at, const Calendar& calendar) {
  const std::string day = ParisDate(due_at);
  if (rung.way < 0) return ParisHour(DayBefore(rung.by, day, calendar), kHour);
  if (rung.way == 0) return ParisHour(day, kHour);
  return ParisHour(ParisDate(DueAt(rung.by, due_at, calendar, {})), kHour);
}

void SetRung(storage::Timer& timer, const Ladder& ladder, int first, std::int64_t from,
             const Calendar& calendar) {
  for (auto at = static_cast<std::size_t>(first); at < ladder.size(); ++at) {
    const std::int64_t instant = RungAt(ladder[at], timer.due_at, calendar);
    if (instant == 0 || instant < from) continue;
    timer.rung = static_cast<int>(at);
    timer.rung_at = instant;
    return;
  }
  timer.rung = static_cast<int>(ladder.size());
  timer.rung_at = 0;
}

std::string DueWordsAt(std::int64_t due_at, std::int64_t now) {
  if (due_at < now) return "en retard depuis le " + FrenchDate(due_at);
  const auto left = DaysLeft(DeadlineUnit::kDays, now, due_at, {});
  const std::string date = "échéance le " + FrenchDate(due_at);
  if (left == 0) return date + ", aujourd’hui";
  return date + (left == 1 ? ", demain" : ", dans " + std::to_string(left) + " jours");
}

}  // namespace aiguillage::workflows
