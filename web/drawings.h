// The rails drawn, once per definition and kind of label: `dot` takes a while, a page must not.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "workflows/catalog.h"
#include "workflows/diagram.h"

namespace aiguillage::web {

class Drawings {
 public:
  // The SVG, "" when it cannot be drawn here (`dot` is not installed): the page goes without.
  std::string Of(const workflows::Definition& definition, bool inside);

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> drawn_;
};

}  // namespace aiguillage::web
