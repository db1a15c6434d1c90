// The rails drawn, once per definition and kind of label: `dot` takes a while, a page must not.
// What was drawn is kept in a folder under the hash of its text for dot, so that a restart does not
// draw it again and another way of drawing does.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "web/page.h"
#include "workflows/catalog.h"
#include "workflows/diagram.h"

namespace aiguillage::web {

class Drawings {
 public:
  explicit Drawings(std::string folder = "");  // "": kept in memory only

  // The SVG, "" when it cannot be drawn here (`dot` is not installed): the page goes without.
  std::string Of(const workflows::Definition& definition, bool inside);

 private:
  std::string Draw(const engine::Chart& chart, workflows::LabelKind labels) const;

  std::string folder_;
  std::mutex mutex_;
  std::map<std::string, std::string> drawn_;
};

// The same in words, a row each state: where the project stands and has been, where one goes next.
// `visited` are the states columns of the journal.
void AddRailLines(View& view, const engine::Chart& chart, bool inside, const std::string& states,
                  const std::vector<std::string>& visited);

}  // namespace aiguillage::web
