// Fills an empty record with the demo call: two campaigns, sixty projects, everybody who has a
// part, fourteen months of acts through the desk under a fixed seed and a clock that ends now.
//
//   SeedDemo(workplace, now)  ->  DemoReport{projects 60, acts 900, refused {}}
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "web/cli/workplace.h"

namespace aiguillage::web {

struct DemoReport {
  int projects = 0, acts = 0, mails = 0;
  std::vector<std::string> refused;  // acts that the desk refused, in words: none is expected
};

DemoReport SeedDemo(Workplace& workplace, std::int64_t now);

// One log-in address per role that has something to do, reusable for twelve hours.
struct DemoLink {
  std::string role, email, url;
};
std::vector<DemoLink> DemoLinks(Workplace& workplace, std::int64_t now);

}  // namespace aiguillage::web
