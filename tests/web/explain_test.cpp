// `project show` and `project act --dry-run`, as a program: why an action is locked, who can unlock
// it, what happens if it is taken; nothing is written for it.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "tests/support/desk_world.h"

namespace aiguillage::web {
namespace {

using nlohmann::json;
using test::DeskWorld;

struct Said {
  int code = -1;
  json document;
};

class Explain : public testing::Test {
 protected:
  Explain() : number_(world_.Intake("Accueil", "en_construction")) {
    std::ofstream(folder_ / "a.conf")
        << "data.dir = " << folder_.path().string() << "\ndatabase.url = " << world_.record().url()
        << "\nworkflows.dir = " << AIGUILLAGE_SOURCE_DIR << "/tests/workflows/rails\n"
        << "smtp.url = spool:" << folder_ / "mails"
        << "\n";
  }

  void SetUp() override { ONLY_ON_SQLITE("it compares copies of the file"); }

  Said Run(const std::string& words) {
    const std::string command =
        std::string(AIGUILLAGE_BINARY) + " --config " + (folder_ / "a.conf") + " --json " + words;
    FILE* pipe = popen(command.c_str(), "r");
    std::string out;
    std::array<char, 4096> some;
    for (std::size_t size; (size = fread(some.data(), 1, some.size(), pipe)) > 0;) {
      out.append(some.data(), size);
    }
    const int status = pclose(pipe);
    return {WEXITSTATUS(status), json::parse(out, nullptr, false)};
  }

  // Every byte of the record, as a copy of one instant has it.
  std::string Record() {
    const std::string copy = folder_ / "copy.db";
    world_.database().Backup(copy);
    std::ifstream in(copy, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

  std::string Act(const std::string& action, const std::string& who) {
    return "--at 2026-11-24T10:00:00 project act " + number_ + " " + action + " --as " +
           DeskWorld::Email(who);
  }

  DeskWorld world_;
  test::TempDirectory folder_;
  std::string number_;
};

TEST_F(Explain, ADryRunTellsWhatTheActDoesAndWritesNothing) {
  const std::string before = Record();
  const Said rehearsed = Run(Act("check.accept", "olga") + " --dry-run");
  ASSERT_EQ(rehearsed.code, 0);
  EXPECT_EQ(Record(), before);
  const json& told = rehearsed.document;
  EXPECT_EQ(told["states"], json({"active", "lead_review"}));
  EXPECT_EQ(told["version"], 2);
  EXPECT_EQ(told["ds"], json({"instruct"}));
  ASSERT_FALSE(told["mails"].empty());
  EXPECT_EQ(told["mails"][0]["template"], "lead_asked");
  EXPECT_EQ(told["mails"][0]["address"], DeskWorld::Email("lea"));
  EXPECT_EQ(told["tasks"], json({"Valider le cadrage"}));
  ASSERT_EQ(told["deadlines"].size(), 1U);
  EXPECT_EQ(told["deadlines"][0]["event"], "lead_review.late");
  EXPECT_EQ(told["deadlines"][0]["state"], "lead_review");
  EXPECT_TRUE(told["deadlines"][0]["due"].get<std::string>().starts_with("2026-12-15T"));

  json done = Run(Act("check.accept", "olga")).document;
  EXPECT_NE(Record(), before);
  json wanted = told;
  done.erase("act");
  wanted.erase("act");
  EXPECT_EQ(done, wanted);
}

TEST_F(Explain, ALockSaysWhyAndWhoCanOpenIt) {
  const json reason = {{"reason", "À revoir."}};
  world_.Do(number_, "olga", "check.accept");
  for (int round = 0; round < 2; ++round) {
    world_.Do(number_, "lea", "framing.change", reason);
    world_.Do(number_, "hugo", "resubmit");
    world_.Do(number_, "olga", "check.accept");
  }
  const std::string before = Record();
  const Said shown = Run("project show " + number_ + " --as " + DeskWorld::Email("lea"));
  ASSERT_EQ(shown.code, 0);
  json change;
  for (const auto& action : shown.document["actions"]) {
    if (action["id"] == "framing.change") change = action;
  }
  EXPECT_EQ(change["locked"], true);
  EXPECT_EQ(change["reason"], "Deux allers-retours ont eu lieu.");
  EXPECT_FALSE(change["who"].empty());

  std::ofstream(folder_ / "data.json") << reason;
  const Said refused =
      Run(Act("framing.change", "lea") + " --dry-run --data " + (folder_ / "data.json"));
  EXPECT_EQ(refused.code, 1) << refused.document;
  EXPECT_EQ(refused.document.value("refused", ""), "locked");
  EXPECT_EQ(refused.document.value("reason", ""), change["reason"]);
  EXPECT_EQ(refused.document.value("who", json()), change["who"]);

  const Said not_yours = Run(Act("framing.validate", "hugo") + " --dry-run");
  EXPECT_EQ(not_yours.code, 1);
  EXPECT_EQ(not_yours.document.value("refused", ""), "not_yours");
  EXPECT_FALSE(not_yours.document.value("who", json()).empty());
  EXPECT_EQ(Record(), before);
}

}  // namespace
}  // namespace aiguillage::web
