// The technical log: one line of JSON an event. Identifiers and figures only: never a name, an
// address, what a form holds, or a library's own words (SOCI's hold the bound values).
//
//   log({LogLevel::kInfo, "page", {{"id", id}, {"person", 17}, {"status", 200}}});
//     -> {"at":"2026-11-27T10:05:00.123Z","event":"page","id":"9f…","level":"info","person":17,…}
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace aiguillage::web {

enum class LogLevel { kError, kWarning, kInfo, kDebug };

struct LogEvent {
  LogLevel level = LogLevel::kInfo;
  std::string event;
  nlohmann::json fields = nlohmann::json::object();
};
using Log = std::function<void(const LogEvent&)>;

std::string LogLine(const LogEvent& event, std::int64_t at);
// Lines on stderr, those of `level` ("error", "warning", "info", "debug") and graver.
Log LogToStderr(const std::string& level);

// {what: our own sentence} for trouble of ours, {kind: the exception's type} for anything else,
// whose text may hold what a person wrote.
nlohmann::json DescribeFailure(const std::exception& failure);

}  // namespace aiguillage::web
