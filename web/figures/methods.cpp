#include "web/figures/methods.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "web/embedded.h"

namespace aiguillage::web {

const std::vector<FigureMethod>& FigureMethods() {
  static const std::vector<FigureMethod> methods = [] {
    std::vector<FigureMethod> all;
    for (const auto& one : nlohmann::json::parse(EmbeddedText("web/figures/figures.json"))) {
      all.push_back({one.at("id"), one.at("title"), one.at("definition"), one.at("method"),
                     one.at("chart"), one.value("drawn", std::vector<std::string>())});
    }
    return all;
  }();
  return methods;
}

const FigureMethod& MethodOf(const std::string& figure) {
  const auto& methods = FigureMethods();
  const auto found = std::find_if(methods.begin(), methods.end(),
                                  [&](const auto& one) { return one.id == figure; });
  if (found != methods.end()) return *found;
  throw std::logic_error("Expected figure « " + figure + " » in figures.json, but it is not there");
}

std::string MethodAddress(const std::string& figure) { return "/methode#" + figure; }

}  // namespace aiguillage::web
