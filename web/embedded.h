// Texts of the source tree that the program carries within itself (cmake/texts.cmake).
//
//   EmbeddedText("web/figures/figures.json")    std::out_of_range for one that is not in the list
#pragma once

#include <string>

namespace aiguillage::web {

const std::string& EmbeddedText(const std::string& path);

}  // namespace aiguillage::web
