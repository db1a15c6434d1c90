// Where the bytes of files live: data.dir/files, each under the SHA-256 of its content, so that the
// same file sent twice is kept once. What is announced (size, MD5) is checked before it is kept.
//
//   FileArrival arrival(directory);          // a temporary file beside the others
//   while (…) arrival.Add(piece);
//   arrival.Matches(size, md5) ? arrival.Keep() : …   // "9f86d0…", or gone with the object
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "connectors/md5.h"
#include "storage/hash.h"

namespace aiguillage::connectors {

class FileArrival {
 public:
  explicit FileArrival(const std::string& directory);  // throws std::system_error
  ~FileArrival();
  FileArrival(const FileArrival&) = delete;
  FileArrival& operator=(const FileArrival&) = delete;

  void Add(std::string_view piece);  // throws std::system_error: disk full, …
  // An empty md5 is not checked (DS announces none for what it makes on the fly).
  bool Matches(std::int64_t size, const std::string& md5);
  std::string Keep();  // on disk for good when it returns; the SHA-256

 private:
  std::string directory_, path_;
  int file_ = -1;
  std::int64_t size_ = 0;
  Md5 md5_;
  storage::Sha256Stream sha256_;
};

// Removes what a power cut left half-arrived, an hour ago or more.
void SweepArrivals(const std::string& directory);

// False when it is not there or cannot be read.
bool ReadStored(const std::string& directory, const std::string& hash, std::string& bytes);
bool IsStored(const std::string& directory, const std::string& hash);
// The MD5 of a stored file, "" when it cannot be read.
std::string Md5OfStored(const std::string& directory, const std::string& hash);

}  // namespace aiguillage::connectors
