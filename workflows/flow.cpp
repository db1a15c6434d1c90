#include "workflows/flow.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "storage/projects.h"
#include "workflows/calendar.h"
#include "workflows/desk_rows.h"
#include "workflows/facts.h"
#include "workflows/holder_time.h"
#include "workflows/road.h"

namespace aiguillage::workflows {
namespace {

using storage::JournalRow;
using storage::Stay;

struct Stand {  // after an act
  const engine::Chart* chart;
  std::int64_t at;
  std::vector<std::string> states;  // those with a label, document order
  std::string column;
  std::optional<Side> side;
};

// The acts that count, by their places: one that was taken back goes with its taking back.
std::vector<std::size_t> ActsThatCount(const std::vector<JournalRow>& rows) {
  std::vector<std::size_t> acts;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].action == "take_back" && !acts.empty()) {
      acts.pop_back();
    } else {
      acts.push_back(i);
    }
  }
  return acts;
}

std::vector<Stand> Stands(const std::vector<JournalRow>& rows,
                          const std::vector<const engine::Chart*>& charts) {
  std::vector<Stand> standings;
  for (const std::size_t i : ActsThatCount(rows)) {
    Stand standing{charts[i], rows[i].at, {}, "", SideAfter(*charts[i], rows[i])};
    const auto active = Words(rows[i].states);
    standing.column = ColumnState(*charts[i], active);
    for (const auto& id : active) {
      const auto* state = engine::FindState(*charts[i], id);
      const bool told = state != nullptr && !engine::Attribute(*state, "label").empty();
      if (told || id == standing.column) standing.states.push_back(id);
    }
    // Clocks may go backwards; what was is not undone by it.
    if (!standings.empty()) standing.at = std::max(standing.at, standings.back().at);
    standings.push_back(std::move(standing));
  }
  return standings;
}

class StayWriter {
 public:
  void Reach(const Stand& now) {
    Leave(now);
    for (const auto& id : now.states) {
      if (open_.count(id) > 0) continue;
      Stay stay;
      stay.state = id;
      stay.whole = id == now.column;
      stay.pass = resumes_ && passes_.count(id) > 0 ? passes_[id] : ++passes_[id];
      stay.entered_at = now.at;
      stay.entered_day = ParisDay(now.at);
      open_[id] = stays_.size();
      stays_.push_back(stay);
    }
    resumes_ = GivesBack(*now.chart, now.column);
    before_ = now;
  }
  std::vector<Stay> Take() { return std::move(stays_); }

 private:
  void Leave(const Stand& now) {
    for (auto entry = open_.begin(); entry != open_.end();) {
      Stay& stay = stays_[entry->second];
      if (before_.side) {
        stay.sides[static_cast<std::size_t>(*before_.side)] += now.at - before_.at;
      }
      const bool stays =
          std::find(now.states.begin(), now.states.end(), entry->first) != now.states.end();
      if (stays && stay.whole == (entry->first == now.column)) {
        ++entry;
        continue;
      }
      stay.left_at = now.at;
      stay.left_day = ParisDay(now.at);
      stay.next = stay.whole || now.states.empty() ? now.column : now.states.back();
      entry = open_.erase(entry);
    }
  }

  std::vector<Stay> stays_;
  std::map<std::string, std::size_t> open_;  // state -> its stay
  std::map<std::string, int> passes_;
  bool resumes_ = false;  // the state it stood in gives back the one before
  Stand before_{};
};

std::string FurthestPhase(const engine::Chart& chart, const std::vector<Stay>& stays) {
  const auto phases = PhasesOf(chart);
  std::size_t furthest = 0;
  std::string found;
  for (const Stay& stay : stays) {
    const auto* state = engine::FindState(chart, stay.state);
    if (state == nullptr || state->kind == engine::StateKind::kFinal) continue;
    const auto place = std::find(phases.begin(), phases.end(), engine::Attribute(*state, "phase"));
    if (place == phases.end()) continue;
    const auto index = static_cast<std::size_t>(place - phases.begin());
    if (!found.empty() && index < furthest) continue;
    furthest = index;
    found = *place;
  }
  return found;
}

storage::Moves MovesOf(storage::Session& session, Catalog& catalog, std::int64_t id) {
  const auto project = *storage::FindProjectById(session, id);
  const auto rows = storage::JournalOf(session, id);
  std::map<std::string, std::shared_ptr<const Definition>> definitions;
  std::vector<const engine::Chart*> charts;
  for (const auto& row : rows) {
    auto& definition = definitions[row.definition];
    if (!definition) definition = catalog.Pinned(session, row.definition);
    charts.push_back(&definition->chart);
  }
  storage::Moves moves;
  moves.project = id;
  moves.call = project.call;
  moves.collection = project.collection;
  moves.administration = project.administration;
  moves.month = storage::FirstOfMonth(ParisDay(rows.empty() ? project.created_at : rows[0].at));
  moves.stays = StaysOf(rows, charts);
  const auto definition = catalog.Pinned(session, project.definition);
  moves.phase = FurthestPhase(definition->chart, moves.stays);
  if (project.ended_at != 0) moves.outcome = project.state;
  const Kit& kit = catalog.KitOf(definition->name);
  if (!kit.figures.is_null()) {
    moves.reviewed_day =
        ReviewedDay(definition->chart, moves.stays, rows, ReviewRuleOf(kit.figures));
    moves.facts = FactsOf(kit.figures, *definition, storage::DocumentsOf(session, id));
  }
  return moves;
}

}  // namespace

bool GivesBack(const engine::Chart& chart, const std::string& id) {
  const auto* state = engine::FindState(chart, id);
  if (state == nullptr) return false;
  return std::any_of(state->transitions.begin(), state->transitions.end(), [&](int index) {
    const auto& targets = chart.transitions[static_cast<std::size_t>(index)].targets;
    return std::any_of(targets.begin(), targets.end(), [&](int target) {
      return engine::IsHistory(chart.states[static_cast<std::size_t>(target)]);
    });
  });
}

std::vector<Stay> StaysOf(const std::vector<JournalRow>& rows,
                          const std::vector<const engine::Chart*>& charts) {
  StayWriter stays;
  for (const auto& standing : Stands(rows, charts)) stays.Reach(standing);
  return stays.Take();
}

ReviewRule ReviewRuleOf(const nlohmann::json& figures) {
  if (!figures.is_object() || !figures.contains("review")) return {};
  const auto& review = figures["review"];
  return {review.value("acts", std::vector<std::string>{}), review.value("within", "")};
}

std::int64_t ReviewedDay(const engine::Chart& chart, const std::vector<Stay>& stays,
                         const std::vector<JournalRow>& rows, const ReviewRule& rule) {
  if (rule.within.empty()) return 0;
  const Goal goal = GoalOf(chart);
  std::int64_t day = 0;
  bool online = false;
  for (const Stay& stay : stays) {
    if (!stay.whole) continue;
    online = goal.online && goal.states.contains(stay.state);
    if (online && day == 0) day = stay.entered_day;
    if (!online && !GivesBack(chart, stay.state)) day = 0;
  }
  if (!online) return 0;
  for (const std::size_t i : ActsThatCount(rows)) {
    if (Contains(rule.acts, rows[i].action)) day = std::max(day, ParisDay(rows[i].at));
  }
  return day;
}

std::vector<std::string> PhasesOf(const engine::Chart& chart) {
  std::vector<std::string> ids;
  const auto declared = chart.attributes.find("phases");
  const std::string list = declared == chart.attributes.end() ? "" : declared->second;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find('|', at), list.size());
    ids.push_back(list.substr(at, std::min(list.find(':', at), end) - at));
    at = end + 1;
  }
  return ids;
}

std::vector<std::string> PhasesFrom(const engine::Chart& chart, const std::string& phase) {
  auto phases = PhasesOf(chart);
  phases.erase(phases.begin(), std::find(phases.begin(), phases.end(), phase));
  return phases;
}

std::int64_t ParisDay(std::int64_t at) { return DayOf(ParisDate(at)); }

std::string IsoDay(std::int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

std::int64_t DayOf(const std::string& iso_date) {
  int year = 0;
  unsigned month = 0, day = 0;
  if (std::sscanf(iso_date.c_str(), "%4d-%2u-%2u", &year, &month, &day) != 3) return 0;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  return date.ok() ? std::chrono::sys_days{date}.time_since_epoch().count() : 0;
}

bool FollowMoves(storage::Database& database, Catalog& catalog, int limit) {
  const auto waiting = [&](storage::Session& session) {
    return storage::Unfollowed(session, limit);
  };
  if (database.Read(waiting).empty()) return false;  // the usual case costs the writer nothing
  return database.Write([&](storage::Session& session) {
    const auto ids = storage::Unfollowed(session, limit);
    std::vector<storage::Moves> all;
    for (const std::int64_t id : ids) all.push_back(MovesOf(session, catalog, id));
    storage::Follow(session, all);
    return ids.size() == static_cast<std::size_t>(limit);
  });
}

}  // namespace aiguillage::workflows
