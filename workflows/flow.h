// How a project moved, read from its journal: its stays in the states that have a label, in whose
// hands it was meanwhile, how far along the phases of its rails it came.
//
//   StaysOf(chart, {intake 2 Nov -> "active lead_review", approve 12 Nov -> "active
//   expert_review"})
//     -> {lead_review: entered 2 Nov, left 12 Nov, next expert_review, 10 days of the lead}
//        {expert_review: entered 12 Nov, lasts}
//
// An act that was taken back never was. Coming back to a state is a new stay there, its `pass` one
// more; a project that was suspended resumes the one it left. A clock that went backwards makes a
// stay of no time, never a negative one.
//
// FollowMoves brings storage/flow.h up to date after the acts, in the background: nothing of it is
// in the way of an act, and a page of figures says when it is behind.
#pragma once

#include <vector>

#include "engine/chart.h"
#include "storage/flow.h"
#include "storage/journal.h"
#include "workflows/catalog.h"

namespace aiguillage::workflows {

// `rows`: the whole journal of the project, in order. `charts`: of each row, none null.
std::vector<storage::Stay> StaysOf(const std::vector<storage::JournalRow>& rows,
                                   const std::vector<const engine::Chart*>& charts);

// A state that leads back by a history into the one it interrupted: what it left is resumed.
bool GivesBack(const engine::Chart& chart, const std::string& state);

// What counts as looking at a training again, by figures.json beside the rails:
//   "review": {"acts": ["review.keep", "review.update"], "within": "18 mois"}
struct ReviewRule {
  std::vector<std::string> acts;
  std::string within;  // after so long without one it is due; "" where the rails ask for none
};
ReviewRule ReviewRuleOf(const nlohmann::json& figures);
// The day it was published or, if later, of its last such act; 0 unless it is online now. A pause
// publishes nothing again.
std::int64_t ReviewedDay(const engine::Chart& chart, const std::vector<storage::Stay>& stays,
                         const std::vector<storage::JournalRow>& rows, const ReviewRule& rule);

// The phases of the rails in their order, and those from one of them on (none when they lack it).
std::vector<std::string> PhasesOf(const engine::Chart& chart);
std::vector<std::string> PhasesFrom(const engine::Chart& chart, const std::string& phase);

// Days since 1970-01-01 of that instant's day in Paris.
std::int64_t ParisDay(std::int64_t at);
std::string IsoDay(std::int64_t day);             // "2026-11-23"
std::int64_t DayOf(const std::string& iso_date);  // 0 if not a date

// Follows `limit` projects at most; true when more are left.
bool FollowMoves(storage::Database& database, Catalog& catalog, int limit = 200);

}  // namespace aiguillage::workflows
