#include "web/figures/passages.h"

#include "storage/calls.h"
#include "storage/projects.h"
#include "web/text.h"
#include "workflows/flow.h"

namespace aiguillage::web {

namespace {

std::vector<std::string> SlugsBelow(storage::Session& session, const std::string& collection) {
  if (collection.empty()) return {};
  if (collection == storage::kNoCollection) return {""};
  std::vector<std::string> slugs = {collection};
  for (const auto& one : storage::Collections(session)) {
    if (one.parent == collection) slugs.push_back(one.slug);
  }
  return slugs;
}

std::string Words(int number) { return number == 0 ? "" : std::to_string(number); }

void AddOutcome(storage::FlowFilter& filter, const CallRails& rails, const PassagesAsked& asked) {
  const auto take = [&](std::vector<std::string>& list, StayOutcome wanted) {
    for (const auto& step : rails.steps()) {
      if (rails.OutcomeOf(asked.state, step.id) == wanted) list.push_back(step.id);
    }
  };
  using enum StayOutcome;
  if (asked.outcome == "reprise") take(filter.nexts, kSentBack);
  if (asked.outcome == "fin") take(filter.nexts, kEnded);
  if (!filter.nexts.empty()) return;
  take(filter.but_nexts, kPaused);
  if (asked.outcome == "lus") return;
  take(filter.but_nexts, kSentBack);
  take(filter.but_nexts, kEnded);
}

}  // namespace

std::string PassagesAddress(const PassagesAsked& asked, int page) {
  const auto flag = [](bool set) { return set ? std::string("1") : std::string(); };
  return "/pilotage/passages" + QueryOf({{"appel", asked.call},
                                         {"collection", asked.collection},
                                         {"etape", asked.state},
                                         {"phase", asked.phase},
                                         {"fins", flag(asked.finals)},
                                         {"suite", asked.outcome},
                                         {"de", asked.from},
                                         {"a", asked.to},
                                         {"entree", flag(asked.entered)},
                                         {"arrivee", flag(asked.first)},
                                         {"en_cours", flag(asked.open)},
                                         {"principales", flag(asked.columns)},
                                         {"jours", Words(asked.days_min)},
                                         {"passage", Words(asked.pass)},
                                         {"le", asked.on},
                                         {"seule", flag(asked.alone)},
                                         {"chemin", flag(asked.underway)},
                                         {"rails", asked.rails},
                                         {"en_ligne", flag(asked.publishing)},
                                         {"page", page > 1 ? std::to_string(page) : ""}});
}

storage::FlowFilter FilterOf(storage::Session& session, const CallRails& rails,
                             const PassagesAsked& asked, const std::vector<std::string>& calls) {
  storage::FlowFilter filter;
  filter.calls = asked.call.empty() ? calls : std::vector{asked.call};
  filter.collections = SlugsBelow(session, asked.collection);
  if (asked.alone && !filter.collections.empty()) filter.collections.resize(1);
  if (!asked.state.empty()) {
    filter.states = SplitList(asked.state);
  } else if (!asked.phase.empty()) {
    for (const auto& phase : SplitList(asked.phase)) {
      for (auto& state : rails.ColumnsOfPhase(phase == "-" ? "" : phase)) {
        filter.states.push_back(std::move(state));
      }
    }
  } else if (asked.finals) {
    filter.states = rails.Finals();
  } else if (asked.underway) {
    filter.states = rails.Underway();
  }
  if (!asked.rails.empty()) {
    for (const auto& call : storage::Calls(session)) {
      if (call.definition != asked.rails) std::erase(filter.calls, call.id);
    }
    if (filter.calls.empty()) filter.calls = {""};
  }
  const bool named = !asked.phase.empty() || asked.finals || asked.underway;
  if (named && filter.states.empty()) filter.states = {""};  // a phase without columns: nothing
  if (!asked.outcome.empty()) AddOutcome(filter, rails, asked);
  filter.from_day = workflows::DayOf(asked.from);
  filter.to_day = workflows::DayOf(asked.to);
  filter.days_min = asked.days_min;
  filter.pass = asked.pass;
  filter.whole = asked.columns || named;
  filter.first = asked.first;
  filter.open = asked.open;
  filter.on_day = workflows::DayOf(asked.on);
  return filter;
}

storage::FlowFilter FilterOf(storage::Session& session, const FigureQuestion& question) {
  storage::FlowFilter filter;
  filter.calls = question.calls;
  filter.collections = SlugsBelow(session, question.collection);
  filter.from_day = workflows::DayOf(question.from);
  filter.to_day = workflows::DayOf(question.to);
  return filter;
}

PassagesAsked PassagesOf(const FigureQuestion& question) {
  PassagesAsked asked;
  if (question.calls.size() == 1) asked.call = question.calls.front();
  asked.collection = question.collection;
  asked.from = question.from;
  asked.to = question.to;
  return asked;
}

}  // namespace aiguillage::web
