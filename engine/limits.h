// How much one evaluation and one macrostep may use. Going over is error.execution and an incident,
// never a hang: a definition comes from outside, and outside makes mistakes.
#pragma once

#include <cstddef>

namespace aiguillage::engine {

struct Limits {
  int microsteps = 1000;                       // one Step, its own sends to itself included
  int effects = 500;                           // one Step
  int steps = 100'000;                         // nodes visited by one evaluation
  int depth = 200;                             // calls inside calls, brackets inside brackets
  std::size_t string_bytes = 256 * 1024;       // one string
  std::size_t memory_bytes = 4 * 1024 * 1024;  // all that one evaluation creates
};

}  // namespace aiguillage::engine
