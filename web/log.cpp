#include "web/log.h"

#include <cxxabi.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <memory>
#include <typeinfo>

#include "storage/error.h"
#include "workflows/desk.h"

namespace aiguillage::web {
namespace {

constexpr const char* kLevels[] = {"error", "warning", "info", "debug"};

std::string InstantInLog(std::int64_t at) {
  const std::time_t seconds = at / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  const std::string millis = std::to_string(1000 + at % 1000).substr(1);
  return std::string(text, size) + "." + millis + "Z";
}

std::string NameOfType(const std::exception& failure) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(
      abi::__cxa_demangle(typeid(failure).name(), nullptr, nullptr, &status), std::free);
  return status == 0 ? name.get() : typeid(failure).name();
}

}  // namespace

std::string LogLine(const LogEvent& event, std::int64_t at) {
  nlohmann::json line = event.fields;
  line["at"] = InstantInLog(at);
  line["level"] = kLevels[static_cast<int>(event.level)];
  line["event"] = event.event;
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Log LogToStderr(const std::string& level) {
  int most = 2;
  for (int i = 0; i < 4; ++i) {
    if (level == kLevels[i]) most = i;
  }
  return [most](const LogEvent& event) {
    if (static_cast<int>(event.level) > most) return;
    const std::int64_t at = std::chrono::duration_cast<std::chrono::milliseconds>(
                                std::chrono::system_clock::now().time_since_epoch())
                                .count();
    std::cerr << LogLine(event, at) + "\n" << std::flush;  // one write: lines of threads stay whole
  };
}

nlohmann::json DescribeFailure(const std::exception& failure) {
  const bool ours = dynamic_cast<const storage::Trouble*>(&failure) != nullptr ||
                    dynamic_cast<const workflows::InvariantBroken*>(&failure) != nullptr;
  if (ours) return {{"what", failure.what()}};
  return {{"kind", NameOfType(failure)}};
}

}  // namespace aiguillage::web
