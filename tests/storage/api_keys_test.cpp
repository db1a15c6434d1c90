// Whose key opens, until when, and when it last did.
#include "storage/api_keys.h"

#include <gtest/gtest.h>

#include "storage/error.h"
#include "storage/people.h"
#include "tests/support/test_record.h"

namespace aiguillage::storage {
namespace {

TEST(ApiKeys, OpenUntilTheirOwnerEndsThem) {
  test::TestRecord record;
  record.Seed();
  const auto first = record->Write([](Session& s) {
    return InsertApiKey(s, {0, 1, "Tableur", "h1", 10});
  });
  record->Write([](Session& s) { InsertApiKey(s, {0, 1, "Écran", "h2", 20}); });
  record->Write([](Session& s) { InsertApiKey(s, {0, 2, "Autre", "h3", 30}); });
  EXPECT_THROW(record->Write([](Session& s) {
    InsertApiKey(s, {0, 2, "Double", "h1", 40});
  }),
               Conflict);
  const auto labels = [&](std::int64_t person) {
    std::string said;
    record->Read([&](Session& s) {
      for (const auto& key : ApiKeysOf(s, person)) {
        said += key.label + " " + std::to_string(key.made_at) + " " + std::to_string(key.used_at) +
                "; ";
      }
    });
    return said;
  };
  EXPECT_EQ(labels(1), "Tableur 10 0; Écran 20 0; ");
  record->Write([](Session& s) {
    TouchApiKey(s, "h1", 50);
    TouchApiKey(s, "h1", 45);
    TouchApiKey(s, "unknown", 60);
  });
  EXPECT_EQ(labels(1), "Tableur 10 50; Écran 20 0; ") << "never back";
  const auto end = [&](std::int64_t person) {
    return record->Write([&](Session& s) { return EndApiKey(s, first, person, 70); });
  };
  EXPECT_FALSE(end(2)) << "not theirs";
  EXPECT_TRUE(end(1));
  EXPECT_FALSE(end(1)) << "over already";
  record->Read([](Session& s) {
    EXPECT_FALSE(FindApiKey(s, "h1"));
    EXPECT_EQ(FindApiKey(s, "h3")->person, 2);
  });
  EXPECT_EQ(labels(1), "Écran 20 0; ");
}

}  // namespace
}  // namespace aiguillage::storage
