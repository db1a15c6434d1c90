// A PostgreSQL of the test program's own, in a temporary folder, on a Unix socket only: made when
// the first test asks, stopped with the program. Nothing of the machine's own cluster is touched.
//
//   if (!PostgresCluster::Missing().empty()) GTEST_SKIP() << PostgresCluster::Missing();
//   auto& cluster = PostgresCluster::Shared();
//   const std::string url = cluster.NewDatabase();      // empty; the role « plain » owns it
//
// root gives way to the user « postgres » of Debian's package: the server refuses to run as root.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/temp_directory.h"

namespace aiguillage::test {

class PostgresCluster {
 public:
  static std::string Missing();      // why there can be none here; "" when there can
  static PostgresCluster& Shared();  // without fsync: quick
  explicit PostgresCluster(bool fsync, const std::filesystem::path& under = Room());
  static std::filesystem::path Room();  // in memory, where there is room
  ~PostgresCluster();
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  std::string NewDatabase();
  // One whose tables `fill` has made, without rows: those that were given back serve again, which
  // is quicker than making each.
  std::string TakeRecord(const std::function<void(const std::string& url)>& fill);
  void GiveBack(const std::string& url);
  std::string CopyOf(const std::string& url);  // whose connections are closed
  void Drop(const std::string& url);
  // As superuser; the first cell of the answer.
  std::string Ask(const std::string& sql, const std::string& database = "postgres");
  static std::string Program(const std::string& name);  // initdb, pg_dump …

  void StopAtOnce();  // as a power cut does: « pg_ctl stop -m immediate »
  void Start();       // returns when it answers

 private:
  std::string UrlOf(const std::string& role, const std::string& database) const;

  TempDirectory directory_;
  bool fsync_;
  pid_t owner_, server_ = -1;
  int databases_ = 0;
  std::vector<std::string> free_;  // URLs
};

}  // namespace aiguillage::test
