// How a simulation ends: the power goes (the world goes on after a restart), or the product broke
// one of its promises (the test has failed).
#pragma once

namespace aiguillage::simulation {

// No std::exception: nothing in the product may hold it, as nothing holds a power cut.
struct PowerCut {};

class Broken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The words are put together only when they are needed.
template <typename... Words>
void Expect(bool holds, const Words&... otherwise) {
  if (holds) return;
  std::ostringstream words;
  (words << ... << otherwise);
  throw Broken(words.str());
}

}  // namespace aiguillage::simulation
