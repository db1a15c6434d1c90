#include "connectors/demarches_simplifiees/client.h"

#include <gtest/gtest.h>

#include "tests/support/ds_standin.h"

namespace aiguillage::connectors {
namespace {

using test::DsStandIn;

struct Line {
  std::int64_t now = 1'770'000'000'000;
  std::vector<std::int64_t> slept;
  World world{[this] { return now; },
              [this](std::int64_t ms) {
                slept.push_back(ms);
                now += ms;
              },
              {}};
  DsStandIn ds{{.dossiers = 3, .seed = 1}};
  Client client{ds, {.endpoint = DsStandIn::kEndpoint, .token = "secret"}, world};
};

TEST(Client, AnswersWithData) {
  Line line;
  const auto answer = line.client.Ask(Operation::kDossierStatus, {{"number", 30000001}});
  ASSERT_TRUE(answer.Ok()) << answer.sentence;
  EXPECT_EQ(answer.data["dossier"]["number"], 30000001);
}

TEST(Client, TellsFailuresApartAndSaysWhatToMend) {
  struct Case {
    const char* kind;
    DsFailure failure;
    const char* part;
  };
  for (const Case& c : std::vector<Case>{
           {"http500", DsFailure::kUnreachable, "indisponible (500)"},
           {"html502", DsFailure::kUnreachable, "indisponible (502)"},
           {"reset", DsFailure::kUnreachable, "ne répond pas"},
           {"truncated", DsFailure::kUnreachable, "illisible"},
           {"deep", DsFailure::kUnreachable, "illisible"},
           {"slow", DsFailure::kTimeout, "ne répond pas"},
           {"timeout", DsFailure::kTimeout, "manqué de temps"},
           {"expired_token", DsFailure::kUnauthorised, "a expiré : créez-en un nouveau"},
           {"revoked_token", DsFailure::kUnauthorised, "vérifiez ds.token"},
       }) {
    Line line;
    line.ds.Arm({.kind = c.kind});
    const auto answer = line.client.Ask(Operation::kDossierStatus, {{"number", 30000001}});
    EXPECT_EQ(answer.failure, c.failure) << c.kind;
    EXPECT_NE(answer.sentence.find(c.part), std::string::npos) << c.kind << ": " << answer.sentence;
    EXPECT_FALSE(answer.doubtful) << c.kind;
  }
  Line line;
  EXPECT_EQ(line.client.Ask(Operation::kDossierStatus, {{"number", 1}}).failure,
            DsFailure::kNotFound);
}

TEST(Client, WaitsUntilTheInstantThatDsNames) {
  Line line;
  line.now = 1'799'999'980'000;
  line.ds.Arm({.kind = "http429"});
  EXPECT_TRUE(line.client.Ask(Operation::kDossierStatus, {{"number", 30000001}}).Ok());
  EXPECT_EQ(line.slept, std::vector<std::int64_t>{20'000});
}

TEST(Client, GivesUpWaitingAfterAWhile) {
  Line line;
  line.ds.Arm({.kind = "http429", .count = 100});
  EXPECT_EQ(line.client.Ask(Operation::kDossierStatus, {{"number", 30000001}}).failure,
            DsFailure::kThrottled);
  EXPECT_EQ(line.slept.size(), 3U);
}

TEST(Client, KeepsUnderItsPace) {
  Line line;
  Client slow{line.ds,
              {.endpoint = DsStandIn::kEndpoint, .token = "secret", .posts_per_minute = 5},
              line.world};
  for (int i = 0; i < 12; ++i) {
    ASSERT_TRUE(slow.Ask(Operation::kDossierStatus, {{"number", 30000001}}).Ok());
  }
  EXPECT_EQ(line.slept.size(), 2U);  // at the 6th and at the 11th
}

TEST(Client, TriesAQueryAgainButNeverAMutation) {
  Line line;
  line.ds.Arm({.kind = "reset", .count = 2});
  EXPECT_TRUE(line.client.AskPatiently(Operation::kDossierStatus, {{"number", 30000001}}).Ok());
  EXPECT_EQ(line.ds.posts, 3);
  line.ds.Arm({.kind = "applied_then_reset"});
  const auto answer = line.client.Ask(
      Operation::kEnvoyerMessage,
      {{"input",
        {{"dossierId", "Dossier-30000001"}, {"instructeurId", "Instructeur-1"}, {"body", "x"}}}});
  EXPECT_TRUE(answer.doubtful);
  EXPECT_EQ(line.ds.posts, 4);
  EXPECT_EQ(line.ds.log().size(), 1U);
}

TEST(Client, GivesABusinessRefusalVerbatim) {
  Line line;
  line.ds.At(30000001).state = "accepte";
  const auto answer = line.client.Ask(
      Operation::kPasserEnInstruction,
      {{"input", {{"dossierId", "Dossier-30000001"}, {"instructeurId", "Instructeur-1"}}}});
  EXPECT_EQ(answer.failure, DsFailure::kRefused);
  EXPECT_EQ(answer.sentence, "Le dossier est déjà accepté");
  EXPECT_FALSE(answer.doubtful);
}

TEST(Client, NeverPutsTheTokenInWords) {
  Line line;
  std::string said;
  line.world.log = [&](const std::string& sentence) { said += sentence; };
  line.ds.Arm({.kind = "reset", .count = 10});
  said += line.client.AskPatiently(Operation::kDossierStatus, {{"number", 30000001}}).sentence;
  EXPECT_EQ(said.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace aiguillage::connectors
