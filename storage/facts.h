// What projects' documents tell in numbers, and the sums of it by collection and month of the
// application: what figures of a call, of its quality and of its evaluation are made of.
//
//   {"satisfaction", 8650, 40}      86.5 % of 40 people who answered
//   {"interministerial", 100, 1}    yes; 0 would be no
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;
struct FlowFilter;
struct Moves;

struct Fact {
  std::string name;
  std::int64_t value = 0;   // hundredths
  std::int64_t weight = 1;  // how many answers it stands for
  bool operator==(const Fact&) const = default;
};

struct FactSum {
  std::string collection, name;  // collection "*": all of them
  std::int64_t total = 0;        // projects that tell it
  std::int64_t weight = 0;       // their answers
  double value = 0;              // the sum of their values
  double weighted = 0;           // … each times its weight
};
// Of the filter's calls, collections and whole months of the application.
std::vector<FactSum> FactSums(Session&, const FlowFilter&, bool by_collection = false);

// The projects behind the sums of one name, the last taken in first.
struct FactRow {
  std::string number, title, collection;
  std::int64_t value = 0, weight = 1;  // value in hundredths
};
std::vector<FactRow> ListFacts(Session&, const FlowFilter&, const std::string& name, int limit,
                               int offset);
// The weight from which a row may be told, so that those which are not stand for `least` answers
// together or for none: whoever takes what is told from the whole learns nothing of a few people.
//   weights 3, 4, 9   -> 5: seven answers stay hidden, together
//   weights 3, 9, 20  -> 10: the nine are hidden too, or the three could be worked out
std::int64_t WeightToldFrom(Session&, const FlowFilter&, const std::string& name,
                            std::int64_t least);

// By Follow, before it forgets in which collection and month a project was counted.
void FollowFacts(Session&, const std::vector<Moves>& projects);
// What is wrong with the sums, one line each.
std::vector<std::string> FactFaults(Session&);

}  // namespace aiguillage::storage
