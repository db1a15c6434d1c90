// libFuzzer: any text as an SCXML document; what is read is started and sent one event.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/interpreter.h"
#include "workflows/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aiguillage;  // NOLINT: a program of one function
  const auto chart =
      workflows::ReadChart(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz");
  if (!chart) return 0;
  engine::StepInput input{.session_id = "s"};
  input.limits.microsteps = 50;
  input.limits.steps = 2'000;
  const auto first = engine::Start(*chart.value(), input);
  (void)engine::Step(*chart.value(), first.snapshot, {.name = "e"}, input);
  return 0;
}
