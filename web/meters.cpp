#include "web/meters.h"

namespace aiguillage::web {

void Meters::Count(const std::string& route, int status, std::int64_t micros) {
  const std::lock_guard lock(mutex_);
  Sum& sum = sums_[{route, status}];
  ++sum.count;
  sum.micros += micros;
}

std::string Meters::Print(const std::map<std::string, std::int64_t>& extra) const {
  std::string text;
  for (const auto& [name, value] : extra) {
    text += "# TYPE " + name + " gauge\n" + name + " " + std::to_string(value) + "\n";
  }
  const std::lock_guard lock(mutex_);
  std::string seconds = "# TYPE aiguillage_http_seconds_total counter\n";
  text += "# TYPE aiguillage_http_requests_total counter\n";
  for (const auto& [key, sum] : sums_) {
    const std::string labels =
        "{route=\"" + key.first + "\",status=\"" + std::to_string(key.second) + "\"} ";
    text += "aiguillage_http_requests_total" + labels + std::to_string(sum.count) + "\n";
    seconds += "aiguillage_http_seconds_total" + labels +
               std::to_string(static_cast<double>(sum.micros) / 1e6) + "\n";
  }
  return text + seconds;
}

}  // namespace aiguillage::web
