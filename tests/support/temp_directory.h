// A directory of its own under the system's temporary one, removed with all it holds at the end.
//
//   TempDirectory directory;
//   std::ofstream(directory / "a.txt") << "…";
#pragma once

#include <filesystem>
#include <string>

namespace aiguillage::test {

class TempDirectory {
 public:
  explicit TempDirectory(
      const std::filesystem::path& under = std::filesystem::temp_directory_path());
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace aiguillage::test
