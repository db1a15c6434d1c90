// People of the small rails who do things at random, from one seed: what they may, and what they
// may not.
//
//   Random random{std::mt19937_64(Seed())};
//   random.Of(kPeople), random.Of(kActions), DataFor("review.submit", random)
#pragma once

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace aiguillage::test {

struct Random {
  std::mt19937_64 engine;
  std::size_t Below(std::size_t limit) { return static_cast<std::size_t>(engine() % limit); }
  template <typename List>
  auto Of(const List& list) {
    return list[Below(list.size())];
  }
};

inline const std::vector<const char*> kPeople = {"paul", "olga", "lea",  "hugo",
                                                 "rita", "remi", "dora", "nobody"};
inline const std::vector<const char*> kActions = {
    "check.accept",     "check.ask",          "check.note",     "resubmit",
    "framing.validate", "framing.change",     "review.submit",  "review.assign",
    "committee.select", "pilot.sign",         "design.deliver", "suspend",
    "resume",           "withdraw",           "team.assign",    "nonsense",
    "check.late",       "collection.reassign"};

class DeskWorld;
// A person and an action: mostly something that is offered to somebody, sometimes anything by
// anybody.
std::pair<std::string, std::string> Choose(DeskWorld& world, Random& random,
                                           const std::string& number);
nlohmann::json DataFor(const std::string& action, Random& random);

}  // namespace aiguillage::test
