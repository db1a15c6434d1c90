// Counts how deep the parser calls itself, so that no source can exhaust the stack.
#pragma once

#include "engine/evaluator/parser.h"

namespace aiguillage::engine::evaluator {

struct Parser::Deeper {
  explicit Deeper(Parser& parser) : depth(parser.depth_) {
    if (++depth > 2 * kNesting) {
      --depth;
      parser.Fail("it is nested too deep");
    }
  }
  ~Deeper() { --depth; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;
  int& depth;
};

}  // namespace aiguillage::engine::evaluator
