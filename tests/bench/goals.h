// The rows of a bench: what was measured beside its goal, a missed one said.
//
//   Goals goals;
//   goals.AtLeast("32 people at once", 2.1, 1.5, "x the floor", "1,900 acts/s beside 900");
//   goals.met()
#pragma once

#include <cstdio>
#include <string>

namespace aiguillage::bench {

class Goals {
 public:
  void AtLeast(const std::string& what, double measured, double goal, const char* unit,
               const std::string& note = "") {
    Line(what, measured, ">=", goal, unit, measured >= goal, note);
  }
  void AtMost(const std::string& what, double measured, double goal, const char* unit,
              const std::string& note = "") {
    Line(what, measured, "<=", goal, unit, measured <= goal, note);
  }
  void Said(const std::string& what, double measured, const char* unit,
            const std::string& note = "") {
    std::printf("%-56s %9.2f %-12s %15s %s\n", what.c_str(), measured, unit, "", note.c_str());
    std::fflush(stdout);
  }
  bool met() const { return met_; }

 private:
  void Line(const std::string& what, double measured, const char* sign, double goal,
            const char* unit, bool met, const std::string& note) {
    std::printf("%-56s %9.2f %-12s %s %8.2f    %s%s\n", what.c_str(), measured, unit, sign, goal,
                note.c_str(), met ? "" : "   GOAL MISSED");
    std::fflush(stdout);
    met_ = met_ && met;
  }

  bool met_ = true;
};

inline std::string Round(double value) {
  return std::to_string(static_cast<long long>(value + 0.5));
}

}  // namespace aiguillage::bench
