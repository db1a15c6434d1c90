// The dates one may expect: the road the rails lead through, what each step may take, and what it
// took for the projects before.
//
//   Median({{"lead_review", days 3}, …})
//   AddExpected(view, visit, session, sight, *definition)      fills the list `road`
#pragma once

#include <map>
#include <string>
#include <vector>

#include "storage/journal.h"
#include "web/page.h"
#include "web/sight.h"

namespace aiguillage::web {

inline constexpr int kStaysMin = 5;  // fewer say nothing of the next one

struct Stays {
  int count = 0;
  std::int64_t median_days = 0;
};
// How long each innermost state was stood in by projects that have left it since.
std::map<std::string, Stays> StaysOf(const engine::Chart& chart,
                                     const std::vector<storage::Passage>& passages);

void AddExpected(View& view, const Visit& visit, storage::Session& session, const Sight& sight,
                 const workflows::Definition& definition);

}  // namespace aiguillage::web
