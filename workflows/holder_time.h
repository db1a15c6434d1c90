// Whose hands a file was in, and for how long: holder, lead, reviewers, DGAFP. From the journal
// alone: what the holder takes to correct never counts against the administration, and while a
// project is suspended its time is nobody's.
//
//   TimeOfHolders(chart, project, JournalOf(…), now)   {kHolder: 5 days, kLead: 7 days, …} in ms
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/chart.h"
#include "storage/journal.h"
#include "storage/projects.h"

namespace aiguillage::workflows {

enum class Side { kHolder, kLead, kReviewer, kOffice, kNobody };
const char* SideLabel(Side side);  // « porteur », « chef de file », « relecteurs », « DGAFP », …
const char* SideId(Side side);  // holder lead reviewer office nobody
Side SideOf(const std::string& role);

// Whose it was after that act; nobody's while the clock of the others stops. None: at no one's
// turn.
std::optional<Side> SideAfter(const engine::Chart& chart, const storage::JournalRow& row);

// Only sides that had it at all. `rows` is the whole journal of the project, in order.
std::map<Side, std::int64_t> TimeOfHolders(const engine::Chart& chart,
                                           const storage::Project& project,
                                           const std::vector<storage::JournalRow>& rows,
                                           std::int64_t now);

}  // namespace aiguillage::workflows
