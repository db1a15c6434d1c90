// Everything we tell DS beside a bare decision, said to the independent peer that executes the real
// schema: the file of a decision, labels, groupe, correction requests, annotations, a conflict.
#include <gtest/gtest.h>

#include "connectors/demarches_simplifiees/compare.h"
#include "connectors/demarches_simplifiees/file_store.h"
#include "connectors/demarches_simplifiees/push.h"
#include "connectors/demarches_simplifiees/sync.h"
#include "storage/conflicts.h"
#include "storage/documents.h"
#include "tests/support/ds_exchange.h"
#include "tests/support/ds_peer.h"
#include "tests/support/mended_rails.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;
using test::DsPeer;
using test::Exchange;

constexpr const char* kNumberChamp = "4130";   // « Référence Aiguillage », text
constexpr const char* kStateChamp = "4131";    // « Synthèse de la commission », long text
constexpr const char* kVerdictChamp = "4132";  // « Avis de la commission », a choice
constexpr const char* kMarkChamp = "4134";     // « Note globale », a whole number
constexpr const char* kMeanChamp = "4135";     // « Note moyenne », a decimal
constexpr std::int64_t kDefaultGroup = 901, kEcology = 902;

class PeerPlaces : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    peer_ = DsPeer::Start({"--dossiers", "4", "--seed", "3", "--rate-limit", "0"}).release();
  }
  static void TearDownTestSuite() { delete std::exchange(peer_, nullptr); }

  void SetUp() override {
    if (peer_ == nullptr) GTEST_SKIP() << DsPeer::Why();
    peer_->Admin("POST", "reset", {{"dossiers", 4}});
    catalog_ = test::MendedRails(exchange_.directory / "rails", [](json& mapping) {
      mapping["annotations"] = {
          {{"champ", "Q2hhbXAtNDEzMA=="}, {"label", "Référence Aiguillage"}, {"from", "number"}},
          {{"champ", "Q2hhbXAtNDEzMQ=="}, {"label", "Synthèse"}, {"from", "state"}},
          {{"champ", "Q2hhbXAtNDEzMg=="},
           {"label", "Avis de la commission"},
           {"from", "score_sheet.recommendation"},
           {"choices", "recommendation"}},
          {{"champ", "Q2hhbXAtNDEzNA=="}, {"label", "Note"}, {"from", "score_sheet.total"}},
          {{"champ", "Q2hhbXAtNDEzNQ=="}, {"label", "Moyenne"}, {"from", "score_sheet.total"}}};
      mapping["choices"]["recommendation"] = {{"Favorable", "yes"}, {"Défavorable", "no"}};
      mapping["labels"] = {{"admissibility_check", "À examiner"}, {"selected", "Complet"}};
      mapping["groups"] = {{"transition-ecologique", kEcology}};
    });
    const json state = peer_->Admin("GET", "state");
    auto& options = exchange_.context.options;
    options.endpoint = peer_->endpoint();
    options.token = peer_->token();
    options.demarche = peer_->demarche();
    options.instructeur = state["instructeurs"][0]["email"].get<std::string>();
    second_agent_ = state["instructeurs"][1]["email"].get<std::string>();
  }
  SyncContext Mended() {
    return {*exchange_.database,       exchange_.desk,         *catalog_, *http_,
            exchange_.context.options, exchange_.context.world};
  }
  PushReport Push() {
    exchange_.now += 3'600'000;
    SyncContext context = Mended();
    return PushDue(context, exchange_.now);
  }
  // A new dossier of the peer, pulled.
  std::int64_t New(const json& wanted) {
    const json made = peer_->Admin("POST", "dossiers", wanted);
    const std::int64_t number = made["dossiers"][0]["number"];
    SyncContext context = Mended();
    Pull(context, false);
    return number;
  }
  std::int64_t Row(std::int64_t number, const std::string& effect, const json& more = {}) {
    const auto id = exchange_.Queue(exchange_.ProjectOf(number), effect, "Parce que.");
    exchange_.database->Write([&](storage::Session& session) {
      auto row = *storage::FindOutbox(session, id);
      if (more.is_object()) row.payload.update(more);
      storage::UpdateOutbox(session, row);
    });
    return id;
  }
  json There(std::int64_t number) {
    return peer_->Admin("GET", "dossiers/" + std::to_string(number));
  }
  // What DS itself shows: not all is in the peer's view.
  json Shown(std::int64_t number) {
    SyncContext context = Mended();
    Client client(*http_, context.ForClient(), context.world);
    return client.Ask(Operation::kDossierOne, {{"number", number}}).data["dossier"];
  }
  std::vector<std::string> Told(std::int64_t number) {
    std::vector<std::string> told;
    const json log = peer_->Admin("GET", "log");
    for (const json& entry : log["mutations"]) {
      if (entry["dossier"] == number && entry["ok"] == true) told.push_back(entry["field"]);
    }
    return told;
  }
  std::string Drifts(std::int64_t number) {
    SyncContext context = Mended();
    const std::string name = exchange_.ProjectOf(number).number;
    std::string text;
    for (const Drift& drift : Compare(context)) {
      if (drift.number == name) text += drift.what + ": " + drift.here + " / " + drift.there + "\n";
    }
    return text;
  }
  void Judged(std::int64_t number, int first, int second) {
    const auto project = exchange_.ProjectOf(number);
    exchange_.database->Write([&](storage::Session& session) {
      for (const int total : {first, second}) {
        storage::Person reviewer;
        reviewer.email = project.number + std::to_string(total) + "@x.invalid";
        storage::Document sheet;
        sheet.project = project.id;
        sheet.form = "score_sheet";
        sheet.person = storage::InsertPerson(session, reviewer);
        sheet.answers = {{"total", total}, {"recommendation", "yes"}};
        storage::InsertDocument(session, sheet);
      }
    });
  }

  static inline DsPeer* peer_ = nullptr;
  std::unique_ptr<HttpClient> http_ = MakeCurlHttpClient();
  Exchange exchange_{{.dossiers = 0}};
  std::unique_ptr<workflows::Catalog> catalog_;
  std::string second_agent_;
};

TEST_F(PeerPlaces, TheFileOfADecisionIsThereAndVerified) {
  const auto number = New({{"state", "en_instruction"}, {"groupe", kDefaultGroup}});
  FileArrival arrival(exchange_.context.options.files_dir);
  const std::string bytes = "%PDF la lettre, avec des é";
  arrival.Add(bytes);
  storage::File file;
  file.project = exchange_.ProjectOf(number).id;
  file.hash = arrival.Keep();
  file.name = "lettre de refus.pdf";
  file.type = "application/pdf";
  file.size = static_cast<std::int64_t>(bytes.size());
  file.source = "upload";
  file.field = "letter";
  exchange_.database->Write([&](storage::Session& session) { storage::InsertFile(session, file); });
  const auto row = Row(number, "refuse", {{"justificatif", "letter"}});
  Push();
  ASSERT_EQ(exchange_.Row(row).status, "sent") << exchange_.Row(row).detail;
  const json shown = Shown(number);
  EXPECT_EQ(shown["state"], "refuse");
  EXPECT_EQ(shown["motivationAttachment"]["filename"], "lettre de refus.pdf");
  EXPECT_EQ(shown["motivationAttachment"]["byteSizeBigInt"], std::to_string(bytes.size()));
  EXPECT_EQ(Told(number), (std::vector<std::string>{"createDirectUpload", "dossierRefuser"}));
  SyncContext context = Mended();
  Pull(context, true);
  EXPECT_EQ(Drifts(number), "") << "its own file is no news";
}

TEST_F(PeerPlaces, LabelsFollowTheStageAndTheGroupeTheCollection) {
  const auto number = New({{"state", "en_construction"},
                           {"groupe", kDefaultGroup},
                           {"champs", {{"collection", "Transition écologique"}}}});
  ASSERT_EQ(exchange_.ProjectOf(number).collection, "transition-ecologique");
  const json before = There(number)["labels"];
  Row(number, "annotate", {{"states", "running admissibility_check"}});
  Push();
  const auto names = [&] {
    std::set<std::string> worn;
    const json shown = Shown(number);
    for (const json& label : shown["labels"]) worn.insert(label["name"]);
    return worn;
  };
  EXPECT_TRUE(names().contains("À examiner"));
  EXPECT_FALSE(names().contains("Complet"));
  EXPECT_EQ(There(number)["groupe"], kEcology);
  EXPECT_EQ(Drifts(number), "");
  const auto told = Told(number).size();
  const auto again = Row(number, "annotate", {{"states", "running selected"}});
  Push();
  EXPECT_EQ(exchange_.Row(again).status, "sent") << exchange_.Row(again).detail;
  EXPECT_FALSE(names().contains("À examiner"));
  EXPECT_TRUE(names().contains("Complet"));
  EXPECT_EQ(Told(number).size(), told + 2) << "a label on, a label off, nothing else";
  peer_->Admin("POST", "dossiers/" + std::to_string(number), {{"groupe", kDefaultGroup}});
  EXPECT_EQ(Drifts(number), "groupe: 902 / 901\n");
}

TEST_F(PeerPlaces, AnnotationsOfEachTypeAreWrittenOnceAndShown) {
  const auto number = New({{"state", "en_instruction"}, {"groupe", kDefaultGroup}});
  Judged(number, 80, 87);
  const auto row = Row(number, "annotate", {{"label", "Comité"}});
  Push();
  ASSERT_EQ(exchange_.Row(row).status, "sent") << exchange_.Row(row).detail;
  const json there = There(number)["annotations"];
  EXPECT_EQ(there[kNumberChamp], exchange_.ProjectOf(number).number);
  EXPECT_EQ(there[kStateChamp], "Comité");
  EXPECT_EQ(there[kVerdictChamp], "Favorable");
  EXPECT_EQ(there[kMarkChamp], "84") << "a whole number in DS";
  EXPECT_EQ(there[kMeanChamp], "83.5");
  const auto told = Told(number).size();
  Row(number, "annotate", {{"label", "Comité"}});
  Push();
  EXPECT_EQ(Told(number).size(), told) << "what is equal is not written again";
  EXPECT_EQ(Drifts(number), "");
  peer_->Admin("POST", "dossiers/" + std::to_string(number),
               {{"champs", {{kStateChamp, "Récrit par quelqu’un"}}}});
  EXPECT_EQ(Drifts(number),
            "annotation « Synthèse de la commission »: Comité / Récrit par quelqu’un\n");
}

TEST_F(PeerPlaces, WhetherDsMadeACorrectionRequestIsKnown) {
  const auto number = New({{"state", "en_instruction"}, {"groupe", kDefaultGroup}});
  const auto first = Row(number, "correction", {{"body", "Il manque le budget."}});
  const auto second = Row(number, "correction", {{"body", "Et la note."}});
  Push();
  EXPECT_EQ(There(number)["state"], "en_construction");
  EXPECT_EQ(exchange_.Row(first).payload["correction_made"], true);
  EXPECT_EQ(exchange_.Row(second).payload["correction_made"], false);
  EXPECT_NE(exchange_.Row(second).detail.find("simple message"), std::string::npos);
  EXPECT_EQ(Told(number).size(), 2U);
  peer_->Admin("POST", "dossiers/" + std::to_string(number) + "/resubmit", json::object());
  SyncContext context = Mended();
  Pull(context, false);
  const auto third = Row(number, "correction", {{"body", "Encore un point."}});
  Push();
  EXPECT_EQ(exchange_.Row(third).payload["correction_made"], true) << "the first is resolved";
}

TEST_F(PeerPlaces, AConflictWaitsForThePilotAndLeavesOnceSettled) {
  const auto number = New({{"state", "en_instruction"}, {"groupe", kDefaultGroup}});
  const auto pilot = exchange_.database->Write([&](storage::Session& session) {
    storage::Person person;
    person.email = "pilote@dgafp.invalid";
    person.id = storage::InsertPerson(session, person);
    storage::InsertGrant(session, {0, person.id, "program_admin", "", exchange_.now, 0});
    return person.id;
  });
  const auto accept = Row(number, "accept");
  const auto message = Row(number, "message");
  peer_->Admin("POST", "dossiers/" + std::to_string(number),
               {{"state", "refuse"}, {"motivation", "Hors sujet."}, {"par", second_agent_}});
  Push();
  EXPECT_EQ(exchange_.Row(accept).status, "failed");
  EXPECT_EQ(exchange_.Row(message).status, "pending");
  const auto project = exchange_.ProjectOf(number);
  const auto open = [&] {
    return exchange_.database->Read(
        [&](storage::Session& session) { return storage::OpenConflict(session, project.id); });
  };
  ASSERT_TRUE(open());
  EXPECT_EQ(open()->there["state"], "refuse");
  EXPECT_EQ(open()->there["motivation"], "Hors sujet.");
  EXPECT_EQ(open()->there["by"], second_agent_);
  EXPECT_TRUE(Told(number).empty());
  peer_->Admin("POST", "dossiers/" + std::to_string(number),
               {{"state", "en_instruction"}, {"motivation", nullptr}});
  ASSERT_TRUE(exchange_.desk.Settle(
      {project.number, open()->id, "again", "Remis en instruction.", {pilot, ""}, exchange_.now}));
  Push();
  EXPECT_EQ(exchange_.Row(accept).status, "sent");
  EXPECT_EQ(exchange_.Row(message).status, "sent");
  EXPECT_EQ(Told(number), (std::vector<std::string>{"dossierAccepter", "dossierEnvoyerMessage"}));
}

}  // namespace
}  // namespace aiguillage::connectors
