// What the pages take from npm, for tests that do without it: a folder that holds files of those
// names.
//
//   web::Assets assets(AIGUILLAGE_SOURCE_DIR "/web/assets", StandInNpm(directory));
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/temp_directory.h"

namespace aiguillage::test {

inline std::string StandInNpm(const TempDirectory& directory, const std::string& css = "body {}") {
  const std::filesystem::path folder = directory.path() / "node_modules";
  std::filesystem::create_directories(folder / "bootstrap/dist/css");
  std::filesystem::create_directories(folder / "chart.js/dist");
  std::ofstream(folder / "bootstrap/dist/css/bootstrap.min.css") << css;
  std::ofstream(folder / "chart.js/dist/chart.umd.min.js") << "/* no charts here */";
  return folder.string();
}

}  // namespace aiguillage::test
