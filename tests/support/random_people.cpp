#include "tests/support/random_people.h"

#include "tests/support/desk_world.h"

namespace aiguillage::test {

std::pair<std::string, std::string> Choose(DeskWorld& world, Random& random,
                                           const std::string& number) {
  const std::string who = random.Of(kPeople);
  if (random.Below(4) == 0) return {who, random.Of(kActions)};
  const auto project = world.Project(number);
  std::vector<std::pair<std::string, std::string>> offered;
  for (const char* name : kPeople) {
    const auto person = world.Person(name);
    for (const auto& one : world.database().Read([&](storage::Session& session) {
           return world.desk().ActionsFor(session, project, person, world.now);
         })) {
      if (one.mine && one.action.id != "withdraw") offered.emplace_back(name, one.action.id);
    }
  }
  return offered.empty() ? std::pair<std::string, std::string>(who, random.Of(kActions))
                         : random.Of(offered);
}

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
