// What each figure is called, what it counts and how: figures.json, which the method page tells
// word for word.
//
//   MethodOf("now_states").title       « Projets par étape »
//   MethodAddress("now_states")        "/methode#now_states"
#pragma once

#include <string>
#include <vector>

namespace aiguillage::web {

struct FigureMethod {
  std::string id, title;
  std::string definition;           // one sentence, beside the figure
  std::vector<std::string> method;  // paragraphs, on the method page
  std::string chart;                // bar | stack | line | area | funnel, "" for a table alone
  // Ids of the columns that the chart shows, all of one unit; none: those of the first number’s.
  std::vector<std::string> drawn;
};

// In the order of the file, which is that of the method page.
const std::vector<FigureMethod>& FigureMethods();
const FigureMethod& MethodOf(const std::string& figure);  // std::logic_error for one without entry
std::string MethodAddress(const std::string& figure);

}  // namespace aiguillage::web
