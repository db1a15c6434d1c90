// Which database a test program runs on: SQLite, or PostgreSQL where TEST_RECORD=postgresql says
// so.
//
//   ONLY_ON_SQLITE("the file is copied");     // first line of a test that means one of the two
#pragma once

namespace aiguillage::test {

enum class Kind { kSqlite, kPostgresql };
Kind KindAsked();

}  // namespace aiguillage::test

#define ONLY_ON_SQLITE(why)                                             \
  if (aiguillage::test::KindAsked() != aiguillage::test::Kind::kSqlite) \
  GTEST_SKIP() << "SQLite only: " << (why)
