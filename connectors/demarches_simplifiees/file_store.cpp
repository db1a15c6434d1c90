#include "connectors/demarches_simplifiees/file_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

namespace aiguillage::connectors {
namespace {

[[noreturn]] void Fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

FileArrival::FileArrival(const std::string& directory) : directory_(directory) {
  std::filesystem::create_directories(directory);
  path_ = directory + "/.arriving-XXXXXX";
  file_ = ::mkostemp(path_.data(), O_CLOEXEC);
  if (file_ < 0) Fail("a file cannot be created");
}

FileArrival::~FileArrival() {
  if (file_ < 0) return;
  ::close(file_);
  ::unlink(path_.c_str());
}

void FileArrival::Add(std::string_view piece) {
  md5_.Add(piece);
  sha256_.Add(piece);
  size_ += static_cast<std::int64_t>(piece.size());
  while (!piece.empty()) {
    const ssize_t written = ::write(file_, piece.data(), piece.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) Fail("a file cannot be written");
    piece.remove_prefix(static_cast<std::size_t>(written));
  }
}

bool FileArrival::Matches(std::int64_t size, const std::string& md5) {
  return size_ == size && (md5.empty() || md5_.Base64() == md5);
}

std::string FileArrival::Keep() {
  const std::string hash = sha256_.Hex();
  if (::fsync(file_) != 0) Fail("a file cannot be flushed");
  ::close(file_);
  file_ = -1;
  const std::string kept = directory_ + "/" + hash;
  if (std::rename(path_.c_str(), kept.c_str()) != 0) Fail("a file cannot be renamed");
  return hash;
}

void SweepArrivals(const std::string& directory) {
  std::error_code none;  // no folder yet: nothing to sweep
  std::filesystem::directory_iterator entry(directory, none);
  for (; !none && entry != std::filesystem::directory_iterator(); entry.increment(none)) {
    const std::filesystem::path path = entry->path();
    if (!path.filename().string().starts_with(".arriving-")) continue;
    const auto touched = std::filesystem::last_write_time(path, none);
    if (touched < std::filesystem::file_time_type::clock::now() - std::chrono::hours(1)) {
      std::filesystem::remove(path, none);
    }
  }
}

bool IsStored(const std::string& directory, const std::string& hash) {
  std::error_code error;
  return std::filesystem::is_regular_file(std::filesystem::path(directory) / hash, error);
}

bool ReadStored(const std::string& directory, const std::string& hash, std::string& bytes) {
  std::ifstream file(directory + "/" + hash, std::ios::binary);
  if (!file) return false;
  bytes.assign(std::istreambuf_iterator<char>(file), {});
  return !file.bad();
}

std::string Md5OfStored(const std::string& directory, const std::string& hash) {
  std::ifstream file(directory + "/" + hash, std::ios::binary);
  if (!file) return "";
  Md5 sum;
  std::vector<char> piece(64 * 1024);
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())), file.gcount() > 0) {
    sum.Add({piece.data(), static_cast<std::size_t>(file.gcount())});
  }
  return sum.Base64();
}

}  // namespace aiguillage::connectors
