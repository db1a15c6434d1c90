// Rails of a test's own, one chart and the mail « late », in a folder that a DeskWorld reads.
//
//   const DrawnRails rails("<scxml … name=\"drawn\" …>");
//   DeskWorld world({.rails = rails.path(), .definition = "drawn"});
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/temp_directory.h"

namespace aiguillage::test {

class DrawnRails {
 public:
  explicit DrawnRails(const std::string& text) {
    const std::filesystem::path folder = directory_.path() / "drawn";
    std::filesystem::create_directories(folder / "mails");
    std::filesystem::create_directories(folder / "forms");
    std::ofstream(folder / "drawn.scxml") << text;
    std::ofstream(folder / "mails/late.txt.mustache") << "Objet : [{{number}}] Essai\n\nEssai.\n";
  }
  std::string path() const { return directory_.path().string(); }

 private:
  TempDirectory directory_;
};

}  // namespace aiguillage::test
