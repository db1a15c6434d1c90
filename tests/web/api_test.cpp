// What programs read: by whose key, what of it, in which shape; the command line prints the same.
#include "web/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <regex>

#include "storage/api_keys.h"
#include "storage/hash.h"
#include "tests/support/node.h"
#include "tests/web/figures_world.h"
#include "workflows/calendar.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kPipeline = "/api/v1/pipeline";
const std::string kSpec = "web/openapi.json";

Response Ask(Counter& counter, const std::string& address, const std::string& key,
             const std::string& method = "GET") {
  RequestHead head{method, address, {}, "127.0.0.1"};
  if (method == "POST") head.headers.emplace_back("Content-Length", "0");
  if (!key.empty()) head.headers.emplace_back("Authorization", "Bearer " + key);
  return counter.Send(head);
}

// As somebody does it in their account.
std::string KeyOf(Counter& counter, const std::string& who, const std::string& name = "Tableur") {
  static const std::regex kSecret("<code class=\"breakable\">(aig_[0-9a-f]{64})</code>");
  const auto made = counter.Post("/compte/cles", {{"nom", name}}, who);
  EXPECT_EQ(made.status, 200) << who;
  std::smatch found;
  return std::regex_search(made.body, found, kSecret) ? found[1].str() : "";
}

std::string EndAddress(Counter& counter, const std::string& who) {
  static const std::regex kEnd("/compte/cles/[0-9]+/fin");
  const std::string page = counter.Get("/compte", who).body;
  std::smatch found;
  return std::regex_search(page, found, kEnd) ? found[0].str() : "";
}

// 401 and the like: a problem told in French, and how to come in.
void ExpectProblem(const Response& answer, int status, const std::string& words) {
  EXPECT_EQ(answer.status, status);
  EXPECT_EQ(answer.type, "application/problem+json");
  const auto problem = json::parse(answer.body, nullptr, false);
  ASSERT_TRUE(problem.is_object()) << answer.body;
  EXPECT_EQ(problem["status"], status);
  EXPECT_THAT(problem["detail"].get<std::string>(), HasSubstr(words));
  EXPECT_EQ(answer.FindHeader("WWW-Authenticate") != nullptr, status == 401);
  EXPECT_TRUE(answer.cookies.empty());
}

std::string JudgedBySpec(const std::string& schema, const std::string& document) {
  const test::TempDirectory folder;
  std::ofstream(folder / "answer.json") << document;
  return test::SaidByNode("tests/web/openapi.mjs", {kSpec, schema, folder / "answer.json"});
}

TEST(Api, IsDescribedByAValidDocumentThatItsAnswersKeepTo) {
  if (!test::HasNode("ajv")) GTEST_SKIP() << "no node, or no tests/node_modules";
  EXPECT_EQ(test::SaidByNode("tests/web/openapi.mjs", {kSpec}), "3.1\n");
  FiguresWorld world;
  const auto served = Ask(world.counter, "/api/v1/openapi.json", "");
  std::ifstream file(AIGUILLAGE_SOURCE_DIR "/web/openapi.json");
  EXPECT_EQ(json::parse(served.body), json::parse(file));
  const std::string key = KeyOf(world.counter, "pilot");
  for (const char* query : {"", "?appel=fep-2026&collection=ia", "?panneau=maintenant",
                            "?de=2026-01-01&a=2026-12-31"}) {
    const auto answer = Ask(world.counter, kPipeline + query, key);
    ASSERT_EQ(answer.status, 200) << query;
    EXPECT_EQ(JudgedBySpec("Pipeline", answer.body), "ok\n") << query;
  }
  EXPECT_EQ(JudgedBySpec("Problem", Ask(world.counter, kPipeline, "").body), "ok\n");
  EXPECT_NE(JudgedBySpec("Pipeline", "{}"), "ok\n") << "the judge judges nothing";
}

TEST(Api, GivesTheNumbersOfThePage) {
  FiguresWorld world;
  const auto answer =
      Ask(world.counter, kPipeline + "?appel=mentor-2026", KeyOf(world.counter, "pilot"));
  const auto document = json::parse(answer.body);
  EXPECT_EQ(document["calls"], json({"mentor-2026"}));
  EXPECT_EQ(document["at"], workflows::IsoInstant(Counter::kNow));
  const auto& figure = document["panels"][0]["figures"][0];
  EXPECT_EQ(figure["id"], "now_states");
  const auto page =
      world.counter.Get("/pilotage/chiffres/maintenant?appel=mentor-2026", "pilot").body;
  int seen = 0;
  for (const auto& row : figure["rows"]) {
    for (const char* column : {"count", "overdue"}) {
      EXPECT_THAT(page, HasSubstr("data-value=\"" + row[column]["value"].dump() + "\""));
      ++seen;
    }
  }
  EXPECT_GE(seen, 4);
}

TEST(Api, OpensByAKeyOnlyAndWithTheRightsOfToday) {
  Counter counter;
  counter.AddSecondCall();
  ExpectProblem(Ask(counter, kPipeline, ""), 401, "Il faut montrer une clé");
  ExpectProblem(Ask(counter, kPipeline, "aig_inconnue"), 401, "Cette clé n’ouvre rien");
  ExpectProblem(counter.Get(kPipeline, "pilot"), 401, "Il faut montrer une clé");
  const std::string key = KeyOf(counter, "auditor");
  EXPECT_EQ(Ask(counter, kPipeline, key).status, 200);
  EXPECT_EQ(counter.Get("/pilotage", "").status, 303) << "a key opens no page";
  RequestHead page{"GET", "/pilotage", {{"Authorization", "Bearer " + key}}, "127.0.0.1"};
  EXPECT_EQ(counter.Send(page).status, 303);
  ExpectProblem(Ask(counter, "/api/v1/autre", key), 404, "n’existe pas");
  ExpectProblem(Ask(counter, kPipeline, key, "POST"), 405, "");
  ExpectProblem(Ask(counter, kPipeline + "?appel=%ff", key), 400, "");
  ExpectProblem(Ask(counter, kPipeline + "?appel=inconnu", key), 422, "Cet appel n’existe pas");
  ExpectProblem(Ask(counter, kPipeline + "?de=2026-02-01&a=2026-01-01", key), 422, "La période");
  ExpectProblem(Ask(counter, kPipeline + "?panneau=inconnu", key), 422, "Ce panneau");

  const auto person = counter.PersonId("auditor");
  const auto grant = counter.database().Read(
      [&](storage::Session& session) { return storage::GrantsOf(session, person).at(0); });
  counter.database().Write(
      [&](storage::Session& session) { storage::EndGrant(session, grant.id, counter.now); });
  ExpectProblem(Ask(counter, kPipeline, key), 403, "réservée au pilotage");
  counter.services().desk.GrantRole(person, "auditor", "call:fep-2026", counter.now);
  const auto own = Ask(counter, kPipeline, key);
  EXPECT_EQ(json::parse(own.body)["calls"], json({"fep-2026"}));
  EXPECT_THAT(own.body, Not(HasSubstr("mentor-2026")));
  ExpectProblem(Ask(counter, kPipeline + "?appel=mentor-2026", key), 403, "n’est pas de ceux");
  counter.database().Write([&](storage::Session& session) {
    auto row = *storage::FindPerson(session, person);
    row.active = false;
    storage::UpdatePerson(session, row);
  });
  ExpectProblem(Ask(counter, kPipeline, key), 401, "Cette clé n’ouvre rien");
}

TEST(Api, WritesNothingAndIsRationed) {
  Counter counter;
  const std::string key = KeyOf(counter, "pilot");
  const std::string before = counter.RecordDigest();
  for (int i = 0; i < kApiRequestsAnHour; ++i) {
    ASSERT_NE(Ask(counter, "/api/v1/openapi.json", key).status, 429) << i;
  }
  ExpectProblem(Ask(counter, kPipeline, key), 429, "Trop de demandes");
  EXPECT_EQ(counter.RecordDigest(), before);
  counter.now += 3'600'000;
  EXPECT_EQ(Ask(counter, kPipeline, key).status, 200);
}

TEST(ApiKeys, AreMadeSeenOnceUsedAndEnded) {
  Counter counter;
  const std::string key = KeyOf(counter, "pilot", "Tableur " + kCanary.substr(0, 30));
  ASSERT_EQ(key.size(), 68U);
  auto page = counter.Get("/compte", "pilot").body;
  EXPECT_THAT(page, Not(HasSubstr(key))) << "shown once";
  EXPECT_THAT(page, HasSubstr("Tableur &lt;script&gt;"));
  EXPECT_THAT(page, HasSubstr("jamais utilisée"));
  EXPECT_FALSE(HoldsCanary(page));
  counter.now += 60'000;
  EXPECT_EQ(Ask(counter, kPipeline, key).status, 200);
  EXPECT_THAT(counter.Get("/compte", "pilot").body, HasSubstr("utilisée pour la dernière fois le"));
  PutDown(counter.database(), counter.house().attendance);
  const auto row = counter.database().Read([&](storage::Session& session) {
    return storage::FindApiKey(session, storage::Sha256(key));
  });
  ASSERT_TRUE(row);
  EXPECT_EQ(row->used_at, counter.now);

  const std::string end = EndAddress(counter, "pilot");
  ASSERT_FALSE(end.empty());
  EXPECT_EQ(counter.Post(end, {}, "officer").status, 404) << "somebody else’s";
  EXPECT_EQ(Ask(counter, kPipeline, key).status, 200);
  EXPECT_EQ(counter.Post(end, {}, "pilot").status, 303);
  ExpectProblem(Ask(counter, kPipeline, key), 401, "Cette clé n’ouvre rien");
  EXPECT_EQ(counter.Post(end, {}, "pilot").status, 404) << "it has ended already";
  EXPECT_EQ(EndAddress(counter, "pilot"), "");
}

TEST(ApiKeys, AreForWhoeverSteersNamedAndFew) {
  Counter counter;
  EXPECT_EQ(counter.Post("/compte/cles", {{"nom", "x"}}, "lead").status, 403);
  EXPECT_THAT(counter.Get("/compte", "lead").body, Not(HasSubstr("Mes clés")));
  const auto nameless = counter.Post("/compte/cles", {{"nom", "  "}}, "pilot");
  EXPECT_EQ(nameless.status, 422);
  EXPECT_THAT(nameless.body, HasSubstr("Donnez-lui un nom"));
  EXPECT_THAT(nameless.body, HasSubstr("<title>Erreur : Mon compte"));
  const auto longest = counter.Post("/compte/cles", {{"nom", std::string(81, 'x')}}, "pilot");
  EXPECT_THAT(longest.body, HasSubstr("Ce nom est trop long"));
  for (std::size_t i = 0; i < kApiKeysMax; ++i) EXPECT_FALSE(KeyOf(counter, "pilot").empty());
  EXPECT_THAT(counter.Post("/compte/cles", {{"nom", "onzième"}}, "pilot").body,
              HasSubstr("Vous avez déjà 10 clés"));
}

std::string PrintedBy(const std::string& words, int& code) {
  FILE* pipe = popen((std::string(AIGUILLAGE_BINARY) + " " + words + " 2>/dev/null").c_str(), "r");
  std::array<char, 4096> piece{};
  std::string said;
  for (std::size_t n = 0; (n = fread(piece.data(), 1, piece.size(), pipe)) > 0;) {
    said.append(piece.data(), n);
  }
  code = WEXITSTATUS(pclose(pipe));
  return said;
}

TEST(PipelineCli, PrintsWhatTheApiAnswers) {
  FiguresWorld world;
  const std::string key = KeyOf(world.counter, "pilot");
  const test::TempDirectory folder;
  const std::string config = folder / "a.conf";
  std::ofstream(config) << "database.url = sqlite:" << world.counter.record_path()
                        << "\ndata.dir = " << folder.path().string()
                        << "\nworkflows.dir = " AIGUILLAGE_SOURCE_DIR "/workflows/definitions\n";
  const std::string common =
      "--config " + config + " --at " + workflows::IsoInstant(Counter::kNow) + " pipeline ";
  const std::vector<std::pair<std::string, std::string>> asked = {
      {"", ""},
      {"--call fep-2026", "?appel=fep-2026"},
      {"--collection numerique --from 2026-08-01 --to 2026-09-01 --panel maintenant",
       "?collection=numerique&de=2026-08-01&a=2026-09-01&panneau=maintenant"},
      {"--on 2026-09-01 --panel maintenant", "?le=2026-09-01&panneau=maintenant"}};
  int code = -1;
  for (const auto& [words, query] : asked) {
    const auto printed = json::parse(PrintedBy(common + "--json " + words, code), nullptr, false);
    EXPECT_EQ(code, 0) << words;
    EXPECT_EQ(printed, json::parse(Ask(world.counter, kPipeline + query, key).body)) << words;
  }
  EXPECT_THAT(PrintedBy(common, code), HasSubstr("Projets par étape\n  Recevabilité ; Projets : "));
  const auto refused = json::parse(PrintedBy(common + "--json --call inconnu", code));
  EXPECT_EQ(code, 1);
  EXPECT_EQ(refused["refused"], "unknown_call");
  const auto then = json::parse(PrintedBy(common + "--json --on 2026-09-01", code));
  EXPECT_EQ(then["on"], "2026-09-01");
  EXPECT_FALSE(then["panels"][0]["figures"][0]["rows"][0].contains("overdue"));
  EXPECT_EQ(json::parse(PrintedBy(common + "--json --on 2030-01-01", code))["refused"], "bad_on");
  PrintedBy(common + "--from hier", code);
  EXPECT_EQ(code, 1);
}

}  // namespace
}  // namespace aiguillage::web
