// How projects have moved: their stays in the states that have a label, and the sums that the
// figures are read from. Made from the journal by workflows/flow.h, a project at a time, and never
// by hand: rows and sums of one project change together.
//
//   FlowFilter filter{.calls = {"mentor-2026"}, .states = {"lead_review"}};
//   StayCounts(session, filter)     {"lead_review" -> "expert_review", 12 days, 3 stays} …
//   CountStays(session, filter) == the sum of their totals;  ListStays(session, filter, 50, 0)
//
// Days are counted from 1970-01-01 in Paris; a stay lasts as many days as lie between its two.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "storage/facts.h"

namespace aiguillage::storage {

class Session;

inline constexpr std::size_t kSides = 5;  // holder, lead, reviewer, office, nobody: workflows::Side
using BySide = std::array<std::int64_t, kSides>;  // milliseconds

inline constexpr char kAllCollections[] = "*";  // in sums; no slug

struct Stay {
  std::string state;
  bool whole = false;  // the column of the pipeline: these follow one another without a hole
  int pass = 1;        // the how-many-eth stay there; a resumed one keeps its number
  std::string next;    // where it went, "" while it lasts
  std::int64_t entered_at = 0, left_at = 0;  // left_at 0 while it lasts
  std::int64_t entered_day = 0, left_day = 0;
  BySide sides{};  // of a finished stay
  bool operator==(const Stay&) const = default;
};

struct Moves {  // of one project
  std::int64_t project = 0;
  std::string call, collection, administration;
  std::int64_t month = 0;         // of its application, by its first day
  std::string phase, outcome;     // the furthest it came, the final state it ended in
  std::int64_t reviewed_day = 0;  // published or last reviewed; 0 unless it is online now
  std::vector<Stay> stays;
  std::vector<Fact> facts;
};
// Projects that an act moved since they were last followed, oldest first.
std::vector<std::int64_t> Unfollowed(Session&, int limit);
std::int64_t CountUnfollowed(Session&, int limit);  // stops counting at `limit`
void Unfollow(Session&);                            // all of them: everything is made again
void Unfollow(Session&, std::int64_t project);      // its documents changed, and no act told so
// Puts these in the place of what was known of each, and the sums right.
void Follow(Session&, const std::vector<Moves>& projects);

// One predicate for sums and rows. Empty fields do not filter.
struct FlowFilter {
  std::vector<std::string> calls;
  std::vector<std::string> collections;  // slugs, "" for none
  std::vector<std::string> states;
  std::vector<std::string> nexts, but_nexts;        // of finished stays: where they went, did not
  std::int64_t from_day = 0, to_day = 0;            // both included, 0 = no bound
  int days_min = 0, pass = 0;                       // of stays; pass 0: any
  bool whole = false, first = false, open = false;  // of rows: only those
  std::int64_t on_day = 0;                          // of rows: standing there at its end
};
std::int64_t FirstOfMonth(std::int64_t day);
// With its bounds moved apart to whole months, as StayCounts and Reached take them.
FlowFilter WholeMonths(FlowFilter filter);

struct DayFlow {
  std::string state;
  std::int64_t day = 0;
  std::int64_t arrived = 0, entered = 0, gone = 0;  // arrived: the first stay of its project
  std::int64_t still = 0;                           // of those entered that day, not left yet
};
std::vector<DayFlow> FlowByDay(Session&, const FlowFilter&);  // of whole stays; by state, then day

// The same of the stays that last, whole ones or not: `still` by state and day, nothing else.
std::vector<DayFlow> LastingByDay(Session&, const FlowFilter&);

// The same of those that are late now: whose project is due before `now`. The predicate of a list
// of late projects, by the day that each came to where it stands.
std::vector<DayFlow> LateByDay(Session&, const FlowFilter&, std::int64_t now);

// In whose hands those late projects are, the most first.
struct LateHolder {
  std::string role;
  std::int64_t projects = 0;
};
std::vector<LateHolder> LateHolders(Session&, const FlowFilter&, std::int64_t now);

struct Standing {
  std::string collection, state;
  std::int64_t projects = 0;
};
// How many stood where at the end of the filter's `on_day`, in the columns of the pipeline: who
// entered by then, without those gone. Under the collection of today. By collection, then state.
std::vector<Standing> StandingOn(Session&, const FlowFilter&);

struct StayCount {
  std::string state, next;
  int days = 0, pass = 1;
  std::int64_t total = 0;
  BySide sides{};
};
// Finished in those whole months; by state, then days.
std::vector<StayCount> StayCounts(Session&, const FlowFilter&);

// What forecasts learn from and start from.
struct StepCount {
  std::string call, collection, state;
  std::string next;       // "" while it lasts
  std::int64_t days = 0;  // that it took; while it lasts, the day it began
  std::int64_t total = 0;
};
// Of the filter's calls, collections (kAllCollections: all of them together) and states; those that
// last are whole stays.
enum class StepKind { kFinished, kLasting };
std::vector<StepCount> StepCounts(Session&, const FlowFilter&, StepKind);

struct StayRow {
  std::string number, title, call, collection;
  Stay stay;
};
enum class StayEnd { kEntered, kLeft };  // which of its two days the filter's bounds are about
std::int64_t CountStays(Session&, const FlowFilter&, StayEnd);
std::vector<StayRow> ListStays(Session&, const FlowFilter&, StayEnd, int limit, int offset);

// The stays in columns of some projects, each one's in their order.
struct Life {
  std::string call;
  std::vector<Stay> stays;
};
// Of the filter's calls and collections: all of them, or `most` spread evenly over the record.
std::vector<Life> SampledLives(Session&, const FlowFilter&, std::int64_t most);

struct ReachCount {
  std::string call, collection, administration, phase, outcome;
  std::int64_t total = 0;
};
// Of the projects whose application came in those whole months; `collection` is "*" unless they are
// told apart.
std::vector<ReachCount> Reached(Session&, const FlowFilter&, bool by_collection = false);

// What is wrong with the sums, in words; one line each. Empty is right.
std::vector<std::string> FlowFaults(Session&);

}  // namespace aiguillage::storage
