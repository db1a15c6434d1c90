#include "web/router.h"

namespace aiguillage::web {

namespace {

std::vector<std::string> Parts(const std::string& path) {
  std::vector<std::string> parts;
  std::string part;
  for (std::size_t i = 1; i <= path.size(); ++i) {
    if (i == path.size() || path[i] == '/') {
      parts.push_back(part);
      part.clear();
    } else {
      part += path[i];
    }
  }
  return parts;
}

}  // namespace

std::optional<Parameters> MatchPattern(const std::string& pattern, const std::string& path) {
  const auto wanted = Parts(pattern);
  const auto given = Parts(path);
  if (wanted.size() != given.size()) return std::nullopt;
  Parameters parameters;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!wanted[i].empty() && wanted[i].front() == '{') {
      if (given[i].empty() || given[i].size() > 200) return std::nullopt;
      parameters[wanted[i].substr(1, wanted[i].size() - 2)] = given[i];
    } else if (wanted[i] != given[i]) {
      return std::nullopt;
    }
  }
  return parameters;
}

Found FindRoute(const std::string& method, const std::string& path) {
  Found found;
  for (const Route& route : Routes()) {
    auto parameters = MatchPattern(route.pattern(), path);
    if (!parameters) continue;
    if (route.IsPost() != (method == "POST")) {
      found.other_method = true;
      continue;
    }
    found.route = &route;
    found.parameters = std::move(*parameters);
    return found;
  }
  return found;
}

}  // namespace aiguillage::web
