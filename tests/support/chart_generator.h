// Legal SCXML documents drawn at random: compound states, regions, finals, histories of both kinds,
// guards, eventless transitions, raised and delayed events, early data, and our own namespace.
//
//   std::mt19937_64 random(Seed());
//   const GeneratedChart drawn = GenerateChart(random);
//   drawn.text        <scxml …>        drawn.events     {"intake", "e0", …, "e5", "late"}
//
// What goes on by itself (eventless, raised) costs `fuel`, so that every macrostep ends. The first
// event is "intake"; there is a top-level <final> "end".
#pragma once

#include <random>
#include <string>
#include <vector>

namespace aiguillage::test {

struct GeneratedChart {
  std::string text;
  std::vector<std::string> events;
};

GeneratedChart GenerateChart(std::mt19937_64& random);

}  // namespace aiguillage::test
