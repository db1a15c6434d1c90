// The exchange judged by an independent peer that executes DS's real schema
// (tests/support/ds_peer.h).
#include <gtest/gtest.h>

#include <chrono>
#include <map>

#include "connectors/demarches_simplifiees/compare.h"
#include "connectors/demarches_simplifiees/push.h"
#include "connectors/demarches_simplifiees/sync.h"
#include "storage/documents.h"
#include "storage/journal.h"
#include "tests/support/ds_exchange.h"
#include "tests/support/ds_peer.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;
using test::DsPeer;
using test::Exchange;

class Peer : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    peer_ = DsPeer::Start({"--dossiers", "250", "--seed", "1", "--rate-limit", "0"}).release();
  }
  static void TearDownTestSuite() { delete std::exchange(peer_, nullptr); }
  void SetUp() override {
    if (peer_ == nullptr) GTEST_SKIP() << DsPeer::Why();
    peer_->Admin("POST", "reset", {{"dossiers", 250}});
  }

  // An exchange with the peer instead of the stand-in.
  std::unique_ptr<Exchange> With() {
    auto exchange = std::make_unique<Exchange>(test::StandInOptions{.dossiers = 0}, http_.get());
    auto& options = exchange->context.options;
    options.endpoint = peer_->endpoint();
    options.token = peer_->token();
    options.demarche = peer_->demarche();
    options.instructeur =
        peer_->Admin("GET", "state")["instructeurs"][0]["email"].get<std::string>();
    return exchange;
  }
  std::string Told(std::int64_t dossier) {
    std::string told;
    const json log = peer_->Admin("GET", "log");
    for (const json& entry : log["mutations"]) {
      if (entry["dossier"] != dossier || entry["ok"] != true) continue;
      told += (told.empty() ? "" : " ") + entry["field"].get<std::string>();
    }
    return told;
  }

  static inline DsPeer* peer_ = nullptr;
  std::unique_ptr<HttpClient> http_ = MakeCurlHttpClient();
};

TEST_F(Peer, EveryOperationValidatesAgainstTheRealSchema) {
  auto exchange = With();
  Client client(*http_, exchange->context.ForClient(), exchange->context.world);
  const json state = peer_->Admin("GET", "state");
  const std::string agent = state["instructeurs"][0]["id"];
  for (const Operation operation : Operations()) {
    json variables = {{"number", peer_->demarche()}, {"first", 1}};
    if (IsMutation(operation)) {
      json input = {{"dossierId", "x"}, {"instructeurId", agent}};
      if (operation == Operation::kEnvoyerMessage) input["body"] = "x";
      if (operation == Operation::kAnnulerCorrection) {
        input = {{"messageId", "x"}, {"instructeurId", agent}};
      }
      if (operation == Operation::kRefuser || operation == Operation::kClasserSansSuite) {
        input["motivation"] = "x";
      }
      if (operation == Operation::kModifierAnnotations) input["annotations"] = json::array();
      if (operation == Operation::kAjouterLabel || operation == Operation::kSupprimerLabel) {
        input = {{"dossierId", "x"}, {"labelId", "x"}};
      }
      if (operation == Operation::kChangerGroupe) {
        input = {{"dossierId", "x"}, {"groupeInstructeurId", "x"}};
      }
      if (operation == Operation::kDirectUpload) {
        input = {{"dossierId", "x"},
                 {"filename", "x"},
                 {"byteSize", 1},
                 {"checksum", "x"},
                 {"contentType", "x"}};
      }
      variables = {{"input", input}};
    }
    const DsAnswer answer = client.Ask(operation, variables);
    EXPECT_NE(answer.failure, DsFailure::kMisunderstood)
        << Name(operation) << ": " << answer.sentence;
  }
}

TEST_F(Peer, PullsTheVisibleDossiersInUnderTenSecondsThenNothing) {
  auto exchange = With();
  const auto started = std::chrono::steady_clock::now();
  const SyncReport report = Pull(exchange->context, false);
  const auto took = std::chrono::steady_clock::now() - started;
  const std::int64_t visible = peer_->Admin("GET", "state")["visible"];
  EXPECT_FALSE(report.stopped);
  EXPECT_EQ(report.created, visible);
  EXPECT_EQ(report.failed + report.quarantined, 0);
  for (const std::string& word : report.words) ADD_FAILURE() << word;
  RecordProperty(
      "milliseconds",
      static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
#ifdef NDEBUG  // sanitizers and -O0 are no measure
  EXPECT_LT(took, std::chrono::seconds(10));
#endif
  const auto count = [&] {
    return exchange->database->Read([](storage::Session& session) {
      return std::vector<std::int64_t>{
          storage::CountJournal(session), storage::CountOutbox(session, {}),
          static_cast<std::int64_t>(storage::AllFiles(session).size())};
    });
  };
  const auto before = count();
  EXPECT_EQ(Pull(exchange->context, false).created, 0);
  const SyncReport full = Pull(exchange->context, true);
  EXPECT_EQ(full.unchanged, visible);
  EXPECT_EQ(full.created + full.updated + full.files + full.failed, 0);
  EXPECT_EQ(count(), before);
  EXPECT_EQ(ToJson(Compare(exchange->context)).dump(), "[]");
}

TEST_F(Peer, SaysEachThingOnceWhateverFault) {
  peer_->Admin("POST", "reset", {{"dossiers", 10}});
  auto exchange = With();
  Pull(exchange->context, false);
  const std::map<std::string, std::string> expected = {
      {"instruct", "dossierPasserEnInstruction"},
      {"accept", "dossierPasserEnInstruction dossierAccepter"},
      {"correction", "dossierEnvoyerMessage"},
      {"annotate", "dossierModifierAnnotations"}};
  for (const char* kind : {"http500", "html502", "truncated", "reset", "partial",
                           "applied_then_reset", "applied_then_502"}) {
    for (const auto& [effect, told] : expected) {
      for (int at = 0; at < 8; ++at) {
        const json made = peer_->Admin("POST", "dossiers", {{"state", "en_construction"}});
        const std::int64_t number = made["dossiers"][0]["number"];
        const SyncReport pulled = Pull(exchange->context, false);
        ASSERT_EQ(pulled.created, 1) << kind << " at " << at << ", " << effect << ": "
                                     << testing::PrintToString(pulled.words);
        const auto row = exchange->Queue(exchange->ProjectOf(number), effect, "Parce que.");
        peer_->Admin("POST", "faults", {{"kind", kind}, {"after", at}});
        for (int round = 0; round < 6 && exchange->Row(row).status == "pending"; ++round) {
          PushDue(exchange->context, exchange->now);
          exchange->now += 7 * 3'600'000;
        }
        const json armed = peer_->Admin("GET", "faults")["faults"];
        peer_->Admin("DELETE", "faults");
        EXPECT_EQ(exchange->Row(row).status, "sent")
            << kind << " at " << at << ": " << exchange->Row(row).detail;
        EXPECT_EQ(Told(number), told) << kind << " at " << at;
        if (armed[0]["count"] != 0) break;
      }
    }
  }
  const SyncReport after = Pull(exchange->context, false);
  EXPECT_EQ(after.updated, 0) << "the echo of what we said is no news";
  EXPECT_EQ(ToJson(Compare(exchange->context)).dump(), "[]");
}

TEST_F(Peer, FollowsChurn) {
  peer_->Admin("POST", "reset", {{"dossiers", 60}});
  auto exchange = With();
  for (int seed = 0; seed < 3; ++seed) {
    peer_->Admin("POST", "churn", {{"count", 40}, {"seed", seed}});
    const SyncReport report = Pull(exchange->context, false);
    EXPECT_FALSE(report.stopped);
    EXPECT_EQ(report.failed, 0);
    std::string drift;
    for (const Drift& one : Compare(exchange->context)) {
      drift += one.number + " " + one.what + " " + one.here + " / " + one.there + "\n";
    }
    EXPECT_EQ(drift, "") << "seed " << seed;
  }
}

TEST_F(Peer, ABadTokenIsToldInWords) {
  const std::map<std::string, std::string> tokens = {{"peer-token-other", "ne donne pas droit"},
                                                     {"peer-token-expired", "a expiré"},
                                                     {"peer-token-network", "adresse réseau"},
                                                     {"no-such-token", "ne reconnaît pas"}};
  for (const auto& [token, part] : tokens) {
    auto exchange = With();
    exchange->context.options.token = token;
    const SyncReport report = Pull(exchange->context, false);
    EXPECT_TRUE(report.stopped) << token;
    ASSERT_FALSE(report.words.empty()) << token;
    EXPECT_NE(report.words.back().find(part), std::string::npos) << report.words.back();
  }
}

}  // namespace
}  // namespace aiguillage::connectors
