// The table of routes: method, pattern, who may, what answers, one line each (routes.cpp).
//
//   Route{kGet, "/projets/{number}", Rule::kSeesProject, ProjectPage}
//
// The rule is a constructor argument without a default: a route that says nothing about who may
// enter does not compile. Whoever reads the table knows what is open to whom.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "web/access.h"
#include "web/response.h"
#include "web/visit.h"

namespace aiguillage::web {

enum class Method { kGet, kPost, kPostFiles };  // kPostFiles: a multipart body is read

using Handler = Response (*)(Visit&);

class Route {
 public:
  constexpr Route(Method method, const char* pattern, Rule rule, Handler answer)
      : method_(method), pattern_(pattern), rule_(rule), handler_(answer) {}

  Method method() const { return method_; }
  bool IsPost() const { return method_ != Method::kGet; }
  std::string pattern() const { return pattern_; }
  Rule rule() const { return rule_; }
  Handler handler() const { return handler_; }

 private:
  Method method_;
  const char* pattern_;
  Rule rule_;
  Handler handler_;
};

using Parameters = std::map<std::string, std::string>;

const std::vector<Route>& Routes();  // routes.cpp
// What `{x}` stood for, or nothing when the path is not of this pattern.
std::optional<Parameters> MatchPattern(const std::string& pattern, const std::string& path);

struct Found {
  const Route* route = nullptr;  // null: no such page
  bool other_method = false;     // the page exists, but not asked for this way
  Parameters parameters;
};
Found FindRoute(const std::string& method, const std::string& path);

}  // namespace aiguillage::web
