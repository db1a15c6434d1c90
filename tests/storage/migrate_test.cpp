#include "storage/migrate.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "storage/hash.h"

namespace aiguillage::storage {
namespace {

TEST(MigrateTest, StatementsAreSplitOutsideTextAndComments) {
  auto statements =
      SplitStatements("-- one; two\ncreate a ';' \";\";\n\n insert 'it''s; b' ; -- end");
  ASSERT_EQ(statements.size(), 2u);
  EXPECT_EQ(statements[0], "\ncreate a ';' \";\"");
  EXPECT_EQ(statements[1], "\n\n insert 'it''s; b' ");
  EXPECT_THROW(SplitStatements("select 1"), std::logic_error);
  EXPECT_THROW(SplitStatements("select 'a;"), std::logic_error);
}

TEST(MigrateTest, EachDialectTakesItsOwnSteps) {
  std::vector<Migration> all = {{"0001_a.sql", ""},
                                {"0002_b.postgresql.sql", ""},
                                {"0002_b.sqlite.sql", ""},
                                {"0003_c.sql", ""}};
  auto steps = StepsFor(all, "sqlite");
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_EQ(steps[1].migration.name, "0002_b.sqlite.sql");
  EXPECT_EQ(steps[2].number, 3);
  EXPECT_THROW(StepsFor({{"0001_a.sql", ""}, {"0003_c.sql", ""}}, "sqlite"), std::logic_error);
}

TEST(HashTest, Sha256IsTheStandardsOwn) {
  EXPECT_EQ(Sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  Sha256Stream stream;
  stream.Add("a");
  stream.Add("bc");
  EXPECT_EQ(stream.Hex(), Sha256("abc"));
}

TEST(HashTest, RandomTextDiffersAndSecretsCompare) {
  EXPECT_EQ(RandomHex(16).size(), 32u);
  EXPECT_NE(RandomHex(16), RandomHex(16));
  EXPECT_TRUE(SameSecret("abc", "abc"));
  EXPECT_FALSE(SameSecret("abc", "abd"));
  EXPECT_FALSE(SameSecret("abc", "ab"));
}

}  // namespace
}  // namespace aiguillage::storage
