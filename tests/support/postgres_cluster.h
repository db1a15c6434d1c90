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

#include <functional>
#include <string>

#include "tests/support/temp_directory.h"

namespace aiguillage::test {

class PostgresCluster {
 public:
  static std::string Missing();      // why there can be none here; "" when there can
  static PostgresCluster& Shared();  // without fsync: quick
  explicit PostgresCluster(bool fsync);
  ~PostgresCluster();
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  std::string NewDatabase();
  // A copy of one that `fill` made once: quicker than making each.
  std::string NewDatabaseLike(const std::function<void(const std::string& url)>& fill);
  void Drop(const std::string& url);
  std::string Ask(const std::string& sql);  // as superuser; the first cell of the answer
  static std::string Program(const std::string& name);  // initdb, pg_dump …

  void StopAtOnce();  // as a power cut does: « pg_ctl stop -m immediate »
  void Start();       // returns when it answers

 private:
  std::string ask_url() const;
  std::string Create(const std::string& name, const std::string& like);

  TempDirectory directory_;
  bool fsync_;
  pid_t owner_, server_ = -1;
  int databases_ = 0;
  bool has_model_ = false;
};

}  // namespace aiguillage::test
