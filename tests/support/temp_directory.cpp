#include "tests/support/temp_directory.h"

#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace aiguillage::test {

TempDirectory::TempDirectory(const std::filesystem::path& under) {
  std::string pattern = (under / "aiguillage-XXXXXX").string();
  if (!mkdtemp(pattern.data()))
    throw std::runtime_error("Expected a temporary directory: " + pattern);
  path_ = pattern;
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace aiguillage::test
