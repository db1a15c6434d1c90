// Figures beside rows that a test counted in plain C++: who is asked about, and that each number of
// the one is that of the other.
//
//   Recounting recounting(history, question);
//   recounting.Expect("reviews", ReviewsByCollection(recounting.Asked()));
#pragma once

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/web/facts_history.h"
#include "web/figures/figure.h"

namespace aiguillage::web {

// What names a row, then its numbers.
using PlainRow = std::pair<std::string, std::vector<double>>;
using PlainRows = std::vector<PlainRow>;
inline constexpr double kNotTold = -2e9;     // nothing to say
inline constexpr double kTooFewTold = -1e9;  // of fewer than five answers

inline double AsReal(std::size_t count) { return static_cast<double>(count); }

// The collections of the history, as figures call and order them.
extern const std::vector<std::pair<std::string, std::string>> kHistoryPlaces;

class Recounting {
 public:
  Recounting(FactsHistory& history, const FigureQuestion& question);

  // The projects that the question is about; of the months of its period, or of any.
  std::vector<HistoryProject> Asked(bool period = true) const;
  const FigureQuestion& question() const { return question_; }
  const Figure& Named(const std::string& id) const;

  void Expect(const std::string& id, const PlainRows& plain);
  void ExpectInAnyOrder(const std::string& id, PlainRows plain);
  int compared = 0;  // numbers

 private:
  PlainRows ToldBy(const std::string& id) const;
  void Same(const std::string& id, const PlainRows& told, const PlainRows& plain);

  FigureQuestion question_;
  const std::vector<HistoryProject>& all_;
  std::vector<Figure> figures_;
};

// Calls, collections and periods, some of them drawn.
std::vector<FigureQuestion> HistoryQuestions(std::uint64_t seed);

}  // namespace aiguillage::web
