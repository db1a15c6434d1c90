// `tick` as a program: what falls due at an instant, told beforehand and then done, once.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <set>

#include "tests/support/temp_directory.h"
#include "tests/web/figures_world.h"
#include "workflows/calendar.h"

namespace aiguillage::web {
namespace {

class TickCli : public testing::Test {
 protected:
  TickCli() {
    std::ofstream(folder_ / "a.conf")
        << "database.url = sqlite:" << world_.counter.record_path()
        << "\ndata.dir = " << folder_.path().string()
        << "\nworkflows.dir = " AIGUILLAGE_SOURCE_DIR "/workflows/definitions\n"
        << "smtp.url = spool:" << (folder_ / "mails") << "\n";
  }

  json Tick(std::int64_t at, const std::string& words, int expected = 0) {
    const std::string command = std::string(AIGUILLAGE_BINARY) + " --config " +
                                (folder_ / "a.conf") + " --json --at " + workflows::IsoInstant(at) +
                                " tick " + words;
    FILE* pipe = popen(command.c_str(), "r");
    std::string out;
    std::array<char, 4096> some;
    for (std::size_t size; (size = fread(some.data(), 1, some.size(), pipe)) > 0;) {
      out.append(some.data(), size);
    }
    EXPECT_EQ(WEXITSTATUS(pclose(pipe)), expected) << out;
    return json::parse(out, nullptr, false);
  }

  // Every byte of the record, as a copy of one instant has it.
  std::string Record() {
    const std::string copy = folder_ / "copy.db";
    world_.counter.database().Backup(copy);
    std::ifstream in(copy, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

  static std::set<std::pair<std::string, std::string>> Fallen(const json& report) {
    std::set<std::pair<std::string, std::string>> events;
    for (const auto& one : report["firings"]) {
      if (one["told"].empty()) events.emplace(one["project"], one["event"]);
    }
    return events;
  }

  FiguresWorld world_;
  test::TempDirectory folder_;
};

TEST_F(TickCli, ADryRunTellsWhatWouldFallDueAndWritesNothing) {
  const std::int64_t later = Counter::kNow + 30LL * 24 * 3'600'000;
  Tick(Counter::kNow, "");  // what was due before
  const std::string before = Record();
  EXPECT_EQ(Tick(Counter::kNow, "--dry-run")["fired"], 0);
  const json told = Tick(later, "--dry-run");
  EXPECT_EQ(told["dry_run"], true);
  EXPECT_GT(told["fired"], 0);
  EXPECT_EQ(Record(), before);

  const json done = Tick(later, "");
  EXPECT_EQ(done["dry_run"], false);
  EXPECT_NE(Record(), before);
  // What fell may have started what fell as well.
  const auto fallen = Fallen(done);
  for (const auto& [project, event] : Fallen(told)) {
    EXPECT_TRUE(fallen.contains({project, event})) << project << " " << event;
  }
  EXPECT_EQ(Tick(later, "")["fired"], 0);  // once
}

}  // namespace
}  // namespace aiguillage::web
