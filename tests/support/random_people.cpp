#include "tests/support/random_people.h"

#include "tests/support/desk_world.h"

namespace aiguillage::test {

nlohmann::json DataFor(const std::string& action, Random& random) {
  if (action == "review.submit") return {{"interest", "none"}, {"mark", random.Below(6)}};
  if (action == "review.assign") {
    return {{"reviewers", {DeskWorld::Email("rita"), DeskWorld::Email("remi")}}};
  }
  if (action == "team.assign") return {{"designers", {DeskWorld::Email("dora")}}};
  if (action == "collection.reassign") return {{"collection", random.Below(2) ? "achat" : "cyber"}};
  if (action == "withdraw" && random.Below(4) != 0) return {{"reason", 7}};  // rarely the end
  return {{"reason", "Au hasard."}};
}

}  // namespace aiguillage::test
