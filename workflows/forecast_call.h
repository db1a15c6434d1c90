// The forecast of a call: the walks of all its projects, added up.
//
//   ForecastCall({{&walks_of_langues, {{"review", 12, 3}, {"framing", 0, 1}}}, …}, now)
//     -> 4 projects, 3.1 of them to publish; in 2027-05 two publications or more in one draw of
//     two,
//        one in 85 % of them; half of what will be published is online on 2027-05-20
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workflows/forecast.h"

namespace aiguillage::workflows {

// The projects that have stood in a column for so many days.
struct ColumnCount {
  std::string state;
  int spent = 0;
  std::int64_t count = 0;
};
struct CallPart {  // a collection
  Walks* walks = nullptr;
  std::vector<ColumnCount> standing;
};
struct MonthForecast {
  std::string month;      // "2027-05"
  std::int64_t half = 0;  // so many publications or more in one draw of two
  std::int64_t most = 0;  // … in 85 % of the draws
};
struct CallForecast {
  std::int64_t projects = 0, unknown = 0;  // unknown: nothing says where they go
  double expected = 0;                     // of them will publish, on average
  std::string half_on, most_on;       // when half, 85 % of those that will are online; "" without
  std::vector<MonthForecast> months;  // from this one on, three years at most
};
// At most 500,000 outcomes: fewer draws for more projects and, beyond 10,000, only so many of them,
// each for several. What they vary then is brought back to what the whole does.
CallForecast ForecastCall(const std::vector<CallPart>& parts, std::int64_t now);

}  // namespace aiguillage::workflows
