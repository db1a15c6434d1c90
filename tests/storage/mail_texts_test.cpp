// The words of a call: in versions, by collection, the closest first.
#include "storage/mail_texts.h"

#include <gtest/gtest.h>

#include "storage/calls.h"
#include "tests/support/test_record.h"

namespace aiguillage::storage {
namespace {

class MailTexts : public testing::Test {
 protected:
  MailTexts() { record_.Seed(); }
  int Save(const std::string& collection, const std::string& html, bool removed = false) {
    return record_->Write([&](Session& s) {
      return InsertMailText(
                 s, {"demo-2026", "selected", collection, 0, removed, "Objet : x", html, 1, 1000})
          .version;
    });
  }
  // Which version a project of that collection gets: « numerique 2 », « - » for the rails' own.
  std::string Closest(const std::string& collection, const std::string& message = "selected") {
    return record_->Read([&](Session& s) -> std::string {
      const auto head = ClosestMailText(s, "demo-2026", message, collection);
      if (!head) return "-";
      return (head->collection.empty() ? "appel" : head->collection) + " " +
             std::to_string(head->version);
    });
  }
  test::TestRecord record_;
};

TEST_F(MailTexts, TheClosestCollectionSpeaksFirst) {
  EXPECT_EQ(Closest("cyber"), "-");
  EXPECT_EQ(Save("", "<p>appel</p>"), 1);
  EXPECT_EQ(Closest("cyber"), "appel 1");
  EXPECT_EQ(Save("numerique", "<p>numerique</p>"), 1);
  EXPECT_EQ(Closest("cyber"), "numerique 1") << "of the collection above";
  EXPECT_EQ(Save("cyber", "<p>cyber</p>"), 1);
  EXPECT_EQ(Save("cyber", "<p>cyber 2</p>"), 2);
  EXPECT_EQ(Closest("cyber"), "cyber 2");
  EXPECT_EQ(Closest("numerique"), "numerique 1");
  EXPECT_EQ(Closest(""), "appel 1") << "a project without collection";
  EXPECT_EQ(Closest("inconnue"), "appel 1");
  EXPECT_EQ(Closest("cyber", "rejected"), "-");
}

TEST_F(MailTexts, ARemovedTextLeavesTheWordToWhatIsWider) {
  Save("", "<p>appel</p>");
  Save("numerique", "<p>numerique</p>");
  EXPECT_EQ(Save("numerique", "", true), 2);
  EXPECT_EQ(Closest("numerique"), "appel 1");
  EXPECT_EQ(Save("", "", true), 2);
  EXPECT_EQ(Closest("numerique"), "-");
  EXPECT_EQ(Save("numerique", "<p>de nouveau</p>"), 3);
  EXPECT_EQ(Closest("numerique"), "numerique 3");
  record_->Read([](Session& s) {
    std::string told;
    for (const auto& one : MailTextsOf(s, "demo-2026", "selected", "numerique")) {
      told += std::to_string(one.version) + (one.removed ? " removed; " : " " + one.html + "; ");
    }
    EXPECT_EQ(told, "3 <p>de nouveau</p>; 2 removed; 1 <p>numerique</p>; ");
    EXPECT_EQ(FindMailText(s, "demo-2026", "selected", "numerique", 1)->html, "<p>numerique</p>");
    EXPECT_FALSE(FindMailText(s, "demo-2026", "selected", "numerique", 9));
  });
}

// Whoever has read before, in another session, is told of a new version.
TEST_F(MailTexts, WhatWasRememberedIsForgottenWhenSomebodyWrites) {
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(Save("", "<p>" + std::to_string(i) + "</p>"), i);
    EXPECT_EQ(Closest("numerique"), "appel " + std::to_string(i));
    EXPECT_EQ(Closest("numerique"), "appel " + std::to_string(i));
  }
  record_->Write([](Session& s) {
    EXPECT_EQ(ClosestMailText(s, "demo-2026", "selected", "")->version, 3);
    InsertMailText(s, {"demo-2026", "selected", "", 0, true, "", "", 1, 1000});
    EXPECT_FALSE(ClosestMailText(s, "demo-2026", "selected", ""));
  });
}

}  // namespace
}  // namespace aiguillage::storage
