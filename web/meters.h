// What the server counted since it started, in the text format of Prometheus. No personal data: the
// pattern of the route, never the address asked for.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace aiguillage::web {

class Meters {
 public:
  void Count(const std::string& route, int status, std::int64_t micros);
  // Lines of figures; `extra` are gauges by name ("aiguillage_projects" -> 48).
  std::string Print(const std::map<std::string, std::int64_t>& extra) const;

 private:
  struct Sum {
    std::int64_t count = 0, micros = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, Sum> sums_;
};

}  // namespace aiguillage::web
