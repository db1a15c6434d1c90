// libFuzzer: any JSON as a snapshot of one chart; what is accepted takes an event and sleeps again.
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "engine/interpreter.h"
#include "workflows/reader.h"

namespace {

using namespace aiguillage;  // NOLINT: a program of one function

const engine::Chart& Chart() {
  static const auto chart = workflows::ReadChart(R"(
    <scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0' datamodel='ecmascript'>
      <datamodel><data id='n' expr='0'/></datamodel>
      <state id='a'><history id='h' type='deep'><transition target='b'/></history>
        <state id='b'><transition event='e' cond='n &lt; 2' target='p'><assign location='n' expr='n + 1'/></transition></state>
      </state>
      <parallel id='p'><state id='x'/><state id='y'><transition event='e' target='h'/></state></parallel>
    </scxml>)",
                                                 "fuzz")
                                .value();
  return *chart;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto shallow = [](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    if (depth > 64) throw std::invalid_argument("too deep");
    return true;
  };
  nlohmann::json json;
  try {
    json = nlohmann::json::parse(data, data + size, shallow);
  } catch (const std::invalid_argument&) {
    return 0;
  } catch (const nlohmann::json::exception&) {  // parse_error; out_of_range for 2e311
    return 0;
  }
  try {
    const engine::Snapshot snapshot = engine::Snapshot::FromJson(Chart(), json);
    const auto next = engine::Step(Chart(), snapshot, {.name = "e"}, {});
    (void)next.snapshot.ToJson().dump();
  } catch (const std::invalid_argument&) {  // the one refusal FromJson may make
  }
  return 0;
}
