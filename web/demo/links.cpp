// Who of the demo has most to do in each role, declared in web/demo/seed.h.
#include <map>

#include "storage/tasks.h"
#include "web/demo/seed.h"
#include "web/login.h"
#include "workflows/access.h"

namespace aiguillage::web {

std::vector<DemoLink> DemoLinks(Workplace& workplace, std::int64_t now) {
  std::map<std::string, std::pair<std::int64_t, storage::Person>> busiest;
  workplace.database().Read([&](storage::Session& s) {
    for (const auto& person : storage::People(s)) {
      const auto asked = workflows::WorklistOf(s, person.id, now);
      const auto count = static_cast<std::int64_t>(asked.size());
      for (const auto& one : asked) {
        auto& best = busiest[one.line.task.role];
        if (count > best.first) best = {count, person};
      }
    }
  });
  std::vector<DemoLink> links;
  for (const auto& [role, best] : busiest) {
    links.push_back({role, best.second.email,
                     IssueLoginLink(workplace.database(), workplace.config().public_url,
                                    best.second.id, "/taches", now, true)});
  }
  return links;
}

}  // namespace aiguillage::web
