// Trainings that are online by the day somebody last looked at them: that of their publication or,
// if later, of their last review (Moves::reviewed_day).
//
//   ReviewedBy(session, filter, day)     {"numerique" -> 3}: 3 that nobody looked at since that day
//
// The register lists the same projects by ReachFilter::reviewed_to.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;
struct FlowFilter;
struct Moves;

// Of the filter's calls and collections, by collection; that day included.
std::map<std::string, std::int64_t> ReviewedBy(Session&, const FlowFilter&, std::int64_t day);

// By Follow, before it forgets where a project was counted.
void FollowReviews(Session&, const std::vector<Moves>& projects);
// What is wrong with the sums, one line each.
std::vector<std::string> ReviewFaults(Session&);

}  // namespace aiguillage::storage
