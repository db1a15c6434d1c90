// libFuzzer: any text as an expression and as a script, parsed and evaluated within small limits.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/expression.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aiguillage::engine;  // NOLINT: a program of one function
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Limits limits{.steps = 5'000};
  if (const auto parsed = ParseExpression(text)) {
    (void)Evaluate(parsed.value(), {{"a", {1, "é", nullptr}}, {"o", {{"k", 2}}}}, limits);
  }
  (void)ParseScript(text);
  return 0;
}
