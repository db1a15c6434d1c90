// `aiguillage sync --compare --json` as cron runs it, against the independent peer: « [] » and 0
// when all is well, the list and 1 when something differs.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/ds_peer.h"
#include "tests/support/temp_directory.h"
#include "tests/support/test_record.h"

namespace aiguillage::web {
namespace {

using nlohmann::json;

struct Ran {
  int code = -1;
  std::string out;
};

Ran Aiguillage(const std::string& config, const std::string& words) {
  const std::string command =
      std::string(AIGUILLAGE_BINARY) + " --config " + config + " --json " + words + " 2>/dev/null";
  Ran spoken;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> piece;
  for (std::size_t n = 0; (n = fread(piece.data(), 1, piece.size(), pipe)) > 0;) {
    spoken.out.append(piece.data(), n);
  }
  spoken.code = WEXITSTATUS(pclose(pipe));
  return spoken;
}

TEST(CompareCli, IsEmptyAndZeroUntilSomethingDiffers) {
  ONLY_ON_SQLITE("the exchange is the same on any record");
  auto peer = test::DsPeer::Start({"--dossiers", "8", "--rate-limit", "0"});
  if (!peer) GTEST_SKIP() << test::DsPeer::Why();
  const test::TempDirectory folder;
  const std::string config = folder / "a.conf";
  std::ofstream(config) << "database.url = sqlite:" << folder / "record.db"
                        << "\ndata.dir = " << folder.path().string()
                        << "\nworkflows.dir = " AIGUILLAGE_SOURCE_DIR "/workflows/definitions"
                        << "\nds.endpoint = " << peer->endpoint()
                        << "\nds.token = " << peer->token()
                        << "\nds.demarche = " << peer->demarche() << "\n";
  ASSERT_EQ(Aiguillage(config, "migrate").code, 0);
  const Ran first = Aiguillage(config, "sync");
  EXPECT_EQ(first.code, 0) << first.out;
  const json seen = json::parse(first.out);
  ASSERT_GT(seen["created"], 3) << seen;
  const Ran well = Aiguillage(config, "sync --compare");
  EXPECT_EQ(well.code, 0);
  EXPECT_EQ(json::parse(well.out), json::array());

  const json made = peer->Admin("POST", "dossiers", {{"state", "en_instruction"}});
  const std::string number = made["dossiers"][0]["number"].dump();
  const Ran differs = Aiguillage(config, "sync --compare");
  EXPECT_EQ(differs.code, 1);
  EXPECT_EQ(json::parse(differs.out), json({{{"number", number},
                                             {"what", "dossier"},
                                             {"here", "absent"},
                                             {"there", "en instruction"}}}));
  EXPECT_EQ(Aiguillage(config, "sync").code, 0);
  EXPECT_EQ(Aiguillage(config, "sync --compare").code, 0);
}

}  // namespace
}  // namespace aiguillage::web
