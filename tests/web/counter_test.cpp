// The fixture itself, and what the whole counter promises: roles, tokens, readings that never
// write.
#include "tests/web/counter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "storage/calls.h"
#include "storage/committee.h"
#include "storage/dossiers.h"
#include "storage/exchange.h"
#include "storage/hash.h"
#include "storage/people.h"
#include "web/pipeline.h"
#include "web/rails.h"
#include "web/router.h"

namespace aiguillage::web {

namespace {

std::string ReadBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

std::unique_ptr<workflows::Catalog> ShippedCatalog() {
  auto catalog = workflows::Catalog::Load(AIGUILLAGE_SOURCE_DIR "/workflows/definitions");
  if (!catalog) throw std::runtime_error(catalog.refusal().sentence);
  return std::move(catalog).value();
}

// The real one comes from npm, which these tests do without.
std::string StandInBootstrap(const test::TempDirectory& directory) {
  const std::string path = directory / "bootstrap.min.css";
  std::ofstream(path) << "body {}";
  return path;
}

}  // namespace

std::size_t TextBody::Read(char* into, std::size_t size) {
  const std::size_t got = text_.copy(into, std::min(size, text_.size() - at_), at_);
  at_ += got;
  return got;
}

Counter::Counter()
    : catalog_(ShippedCatalog()),
      desk_(std::make_unique<workflows::Desk>(*record_, *catalog_, workflows::DeskOptions())),
      services_{*record_, *desk_, *catalog_, meters_, {}},
      assets_(AIGUILLAGE_SOURCE_DIR "/web/assets", StandInBootstrap(record_.directory())),
      pages_(AIGUILLAGE_SOURCE_DIR "/web/templates"),
      health_([this] { record_->SchemaVersion(); }),
      house_{services_, pages_, attendance_, health_, assets_, drawings_} {
  services_.options.templates_dir = AIGUILLAGE_SOURCE_DIR "/web/templates";
  services_.options.assets_dir = AIGUILLAGE_SOURCE_DIR "/web/assets";
  services_.options.bootstrap_css = record_.directory() / "bootstrap.min.css";
  services_.options.files_dir = record_.directory() / "files";
  std::filesystem::create_directories(services_.options.files_dir);
  services_.clock = [this] { return now; };
  services_.log = [this](const LogEvent& event) { logged.push_back(LogLine(event, now)); };
  pages_.SetStrict(true);
  catalog_->TakeInto(*record_, now);
  AddPeople();
  AddExchange();
  AddProject("Écrire clair " + kCanary, "numerique", "holder", 4001);
  AddProject("Dire bonjour", "langues", "other_holder", 4002);
  desk_->GrantRole(PersonId("reviewer"), "reviewer", "project:" + number(1), now);
  AddSitting();
}

// A sitting with both projects, one decision held, all of it hostile.
void Counter::AddSitting() {
  record_->Write([&](storage::Session& session) {
    const auto id = storage::InsertCommitteeSession(
        session, {0, "mentor-2026", "2026-12-01", "Salle " + kCanary, people_.at("pilot"), now});
    for (int project : {1, 2}) {
      const auto found = storage::FindProject(session, number(project));
      storage::AddToAgenda(session, id, found->id);
      if (project == 2) continue;
      storage::CommitteeItem item{id, found->id, "committee.reject", {{"reason", kCanary}}, "k"};
      item.person = people_.at("pilot");
      item.at = now;
      storage::HoldDecision(session, item);
    }
  });
}

std::vector<std::string> Counter::Everybody() {
  return {"pilot",    "officer", "lead",         "other_lead",
          "reviewer", "holder",  "other_holder", "auditor"};
}

void Counter::AddPeople() {
  record_->Write([&](storage::Session& session) {
    storage::Call call;
    call.id = "mentor-2026";
    call.title = "AAP Mentor 2026 " + kCanary;
    call.definition = "mentor";
    call.demarche = kDemarche;
    call.status = "published";
    call.opens = "2026-09-01";
    call.closes = "2026-10-30";
    storage::SaveCall(session, call);
    storage::SaveCollection(session, {"numerique", "", "Numérique " + kCanary, "DINUM", "", 1});
    storage::SaveCollection(session, {"langues", "", "Langues", "MEAE", "", 2});
    for (const auto& who : Everybody()) {
      storage::Person person;
      person.email = who + "@exemple.invalid";
      person.name = "Dominique " + who + " " + kCanary;
      person.created_at = now;
      people_[who] = storage::InsertPerson(session, person);
      storage::InsertWebSession(session, {storage::Sha256("token-" + who), people_[who], "test",
                                          "csrf-" + who, now, now});
    }
  });
  const auto grant = [&](const char* who, const char* role, const char* scope) {
    desk_->GrantRole(PersonId(who), role, scope, now);
  };
  grant("pilot", "program_admin", "");
  grant("officer", "case_officer", "");
  grant("lead", "collection_lead", "collection:numerique");
  grant("other_lead", "collection_lead", "collection:langues");
  grant("auditor", "auditor", "");
}

namespace {

nlohmann::json TextChamp(const std::string& id, const std::string& text) {
  return {{"__typename", "TextChamp"},
          {"champDescriptorId", id},
          {"text", text},
          {"stringValue", text}};
}

}  // namespace

// The démarche as last read, a dossier of it that is held, what was completed of it: all hostile.
void Counter::AddExchange() {
  const auto& mapping = catalog_->KitOf("mentor").mapping;
  nlohmann::json champs = nlohmann::json::array(), descriptors = nlohmann::json::array();
  for (const auto& rule : mapping.at("fields")) {
    const std::string to = rule.at("to");
    const std::string type = rule.at("type");
    if (type != "files" && type != "rows")
      champs.push_back(TextChamp(rule.at("champ"), to == "objectives" ? kCanary : ""));
    descriptors.push_back(
        {{"__typename", to == "partners" ? "RepetitionChampDescriptor" : "TextChampDescriptor"},
         {"id", rule.at("champ")},
         {"label", rule.at("label").get<std::string>() + (to == "objectives" ? kCanary : "")}});
  }
  descriptors.push_back({{"__typename", "TextChampDescriptor"},
                         {"id", "Q2hhbXAtOTk5OQ=="},
                         {"label", "Contexte " + kCanary}});
  const nlohmann::json raw = {{"number", kHeld},
                              {"dateDepot", "2026-09-14T10:00:00+02:00"},
                              {"usager", {{"email", "depot@exemple.invalid"}}},
                              {"demandeur", {{"nom", kCanary}, {"prenom", "Camille"}}},
                              {"champs", champs}};
  record_->Write([&](storage::Session& session) {
    storage::Dossier dossier;
    dossier.number = kHeld;
    dossier.demarche = kDemarche;
    dossier.hash = "h";
    dossier.ds_state = "en_construction";
    dossier.raw = raw.dump();
    dossier.at = now;
    dossier.status = "quarantined";
    dossier.reasons = nlohmann::json::array({"Motif " + kCanary}).dump();
    storage::SaveDossier(session, dossier);
    storage::InsertCorrection(session, {0, kHeld, "acronym", kCanary, people_.at("officer"), now});
    storage::SaveDescriptor(session, {kDemarche, {{"champDescriptors", descriptors}}, now});
    nlohmann::json hostile = mapping;
    for (auto& rule : hostile["fields"]) {
      if (rule["to"] == "context") rule["label"] = kCanary;
    }
    storage::InsertMapping(session, {"mentor-2026", 0, hostile, people_.at("pilot"), now});
    storage::SaveComparison(
        session, kDemarche, now,
        nlohmann::json::array(
            {{{"number", kCanary}, {"what", "état"}, {"here", kCanary}, {"there", kCanary}}}));
  });
}

void Counter::AddProject(const std::string& title, const std::string& collection,
                         const std::string& holder, std::int64_t dossier) {
  workflows::IntakeRequest request;
  request.call = "mentor-2026";
  request.title = title;
  request.collection = collection;
  request.holder_email = holder + "@exemple.invalid";
  request.holder_name = "Dominique " + holder;
  request.administration = "DGAFP " + kCanary;
  request.dossier = dossier;
  request.ds_state = "en_construction";
  request.answers = {{"title", title},
                     {"collection", collection},
                     {"holder_name", "Dominique " + holder},
                     {"holder_email", holder + "@exemple.invalid"},
                     {"context", kCanary}};
  request.key = "intake-" + std::to_string(dossier);
  request.now = now;
  const auto answer = desk_->Intake(request);
  if (!answer) throw std::runtime_error(answer.refusal().sentence);
  numbers_.push_back(answer.value().project);
}

Response Counter::Send(RequestHead head, const std::string& body) {
  TextBody source(body);
  return Answer(house_, head, source);
}

Response Counter::Get(const std::string& uri, const std::string& who) {
  RequestHead head{"GET", uri, {}, "127.0.0.1"};
  if (!who.empty()) head.headers.emplace_back("Cookie", "__Host-session=token-" + who);
  return Send(head);
}

Response Counter::Post(const std::string& uri, const Fields& fields, const std::string& who,
                       const std::string* token) {
  Fields all = fields;
  const std::string anonymous(64, 'a');
  const std::string right = who.empty() ? anonymous : "csrf-" + who;
  all.emplace_back("csrf", token == nullptr ? right : *token);
  std::string body;  // empty values too, as browsers do
  for (const auto& [name, value] : all) {
    body += (body.empty() ? "" : "&") + PercentEncode(name) + "=" + PercentEncode(value);
  }
  RequestHead head{
      "POST",
      uri,
      {{"Content-Type", "application/x-www-form-urlencoded"},
       {"Content-Length", std::to_string(body.size())},
       {"Cookie", who.empty() ? "__Host-visite=" + anonymous : "__Host-session=token-" + who}},
      "127.0.0.1"};
  return Send(head, body);
}

Response Counter::PostFiles(const std::string& uri, const Fields& fields,
                            const std::string& file_field, const std::string& file_name,
                            const std::string& bytes, const std::string& who) {
  std::string body;
  const auto part = [&](const std::string& disposition, const std::string& content) {
    body += "--limite\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content +
            "\r\n";
  };
  for (const auto& [name, value] : fields) part("name=\"" + name + "\"", value);
  part("name=\"csrf\"", "csrf-" + who);
  if (!file_field.empty()) {
    part("name=\"" + file_field + "\"; filename=\"" + file_name + "\"", bytes);
  }
  body += "--limite--\r\n";
  RequestHead head{"POST",
                   uri,
                   {{"Content-Type", "multipart/form-data; boundary=limite"},
                    {"Content-Length", std::to_string(body.size())},
                    {"Cookie", "__Host-session=token-" + who}},
                   "127.0.0.1"};
  return Send(head, body);
}

std::string Counter::RecordDigest() const {
  return storage::Sha256(ReadBytes(record_.path())) +
         storage::Sha256(ReadBytes(record_.path() + "-wal"));
}

bool HoldsCanary(const std::string& page) {
  return page.find("<script>alert") != std::string::npos ||
         page.find("<img src=x") != std::string::npos || page.find("\"'>") != std::string::npos;
}

namespace {

// Every address of the route table, made concrete for project 1 of the fixture.
std::string Concrete(Counter& counter, const std::string& pattern, int project) {
  std::string address = pattern;
  const auto fill = [&](const std::string& name, const std::string& value) {
    const auto at = address.find(name);
    if (at != std::string::npos) address.replace(at, name.size(), value);
  };
  fill("{number}", counter.number(project));
  fill("{sitting}", "1");
  fill("{action}", "admissibility.accept");
  fill("{act}", "0123");
  fill("{form}", pattern.rfind("/projets", 0) == 0 ? "application" : "framing_note");
  fill("{version}", "1");
  fill("{file}", "1");
  fill("{call}", "mentor-2026");
  fill("{token}", "inconnu");
  fill("{incident}", "1");
  fill("{survey}", "1");
  fill("{dossier}", std::to_string(Counter::kHeld));
  fill("{mail}", "1");
  fill("{person}", std::to_string(counter.PersonId("holder")));
  fill("{grant}", "999");
  return address;
}

// What the table promises: may this person enter this route for that project?
bool Expected(Rule rule, const std::string& who, int project) {
  const bool staff = who == "pilot" || who == "officer" || who == "auditor";
  switch (rule) {
    case Rule::kPublic:
    case Rule::kHoldsLink:
    case Rule::kMeters:
      return true;
    case Rule::kLoggedIn:
      return !who.empty();
    case Rule::kStaff:
      return staff || who == "lead" || who == "other_lead";
    case Rule::kCommittee:
      return who == "pilot" || who == "officer";
    case Rule::kSteering:
      return staff;
    case Rule::kOffice:
      return who == "pilot" || who == "officer";
    case Rule::kPilot:
    case Rule::kDecides:
      return who == "pilot";
    case Rule::kSeesPanel:  // the reviewer has not given their marks
      return staff || who == (project == 1 ? "lead" : "other_lead");
    case Rule::kSeesFile:
    case Rule::kSeesProject:
      if (project == 1) return staff || who == "lead" || who == "reviewer" || who == "holder";
      return staff || who == "other_lead" || who == "other_holder";
  }
  return false;
}

}  // namespace

TEST(Routes, NobodyEntersWhereTheirRuleSaysNo) {
  Counter counter;
  auto people = Counter::Everybody();
  people.emplace_back("");
  int checked = 0;
  for (const Route& route : Routes()) {
    if (route.rule() == Rule::kSeesFile) continue;    // there is no file yet
    if (route.pattern() == "/deconnexion") continue;  // it ends the session the rest needs
    for (const auto& who : people) {
      for (const int project : {1, 2}) {
        const std::string address = Concrete(counter, route.pattern(), project);
        const auto answer =
            route.IsPost() ? counter.Post(address, {}, who) : counter.Get(address, who);
        const bool entered =
            answer.status != 401 && answer.status != 403 &&
            !(answer.status == 303 && answer.FindHeader("Location")->rfind("/connexion", 0) == 0);
        // A page may still refuse what its rule lets in (an action that is not one's own, a mail
        // to somebody else): then with its own words. Never the other way round.
        if (!Expected(route.rule(), who, project)) {
          EXPECT_FALSE(entered) << route.pattern() << " by " << who << " project " << project;
        } else {
          const bool own_words = route.pattern().find("{action}") != std::string::npos ||
                                 route.pattern().find("{mail}") != std::string::npos ||
                                 route.pattern().ends_with("/echanges") ||  // who only reads
                                 route.pattern().find("/enquetes") != std::string::npos ||
                                 answer.status == 404;
          EXPECT_TRUE(entered || own_words) << route.pattern() << " by " << who << " project "
                                            << project << " status " << answer.status;
        }
        EXPECT_NE(answer.status, 500) << route.pattern() << " by " << who;
        ++checked;
      }
    }
  }
  EXPECT_GE(checked, 600);
}

TEST(Routes, AReadingNeverWrites) {
  ONLY_ON_SQLITE("it compares the bytes of the file");
  Counter counter;
  for (const Route& route : Routes()) {
    if (route.IsPost()) continue;
    for (const auto& who : {"pilot", "lead", "holder", ""}) {
      const std::string before = counter.RecordDigest();
      counter.now += 1000;
      counter.Get(Concrete(counter, route.pattern(), 1), who);
      EXPECT_EQ(counter.RecordDigest(), before) << route.pattern() << " by " << who;
    }
  }
}

TEST(Routes, EveryPostWantsTheTokenOfItsOwnSession) {
  ONLY_ON_SQLITE("it compares the bytes of the file");
  Counter counter;
  for (const Route& route : Routes()) {
    if (!route.IsPost()) continue;
    if (route.rule() == Rule::kHoldsLink) continue;  // no session counts there: surveys_test.cpp
    const std::string address = Concrete(counter, route.pattern(), 1);
    const std::string before = counter.RecordDigest();
    for (const std::string token : {"", "csrf-lead", "csrf-pilo"}) {
      const auto answer = counter.Post(address, {}, "pilot", &token);
      EXPECT_EQ(answer.status, 403) << route.pattern() << " with « " << token << " »";
    }
    EXPECT_EQ(counter.RecordDigest(), before) << route.pattern();
  }
}

TEST(Routes, EveryAnswerCarriesTheSecurityHeaders) {
  Counter counter;
  const auto check = [](const Response& answer, const std::string& what) {
    for (const char* name : {"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy",
                             "Cross-Origin-Resource-Policy", "Cache-Control"}) {
      EXPECT_NE(answer.FindHeader(name), nullptr) << what << " lacks " << name;
    }
    const std::string* csp = answer.FindHeader("Content-Security-Policy");
    EXPECT_EQ(csp->find("script-src 'unsafe-inline'"), std::string::npos) << what;
  };
  for (const Route& route : Routes()) {
    const std::string address = Concrete(counter, route.pattern(), 1);
    check(route.IsPost() ? counter.Post(address, {}, "pilot") : counter.Get(address, "pilot"),
          route.pattern());
  }
  check(counter.Get("/nulle-part"), "404");
  check(counter.Send({"BREW", "/", {}, "127.0.0.1"}), "405");
  check(counter.Send({"GET", "/%zz", {}, "127.0.0.1"}), "400");
}

TEST(Routes, HostileTextStaysTextAndEveryNameOfATemplateIsGiven) {
  Counter counter;
  for (const Route& route : Routes()) {
    if (route.IsPost()) continue;
    for (const auto& who : {"pilot", "officer", "lead", "holder", "reviewer", ""}) {
      const auto page = counter.Get(Concrete(counter, route.pattern(), 1), who);
      const bool file = page.FindHeader("Content-Disposition") != nullptr;  // never shown
      EXPECT_TRUE(file || !HoldsCanary(page.body)) << route.pattern() << " by " << who;
    }
  }
  for (const char* tab : {"documents", "journal", "courriels", "fichiers", "dossier", "echanges",
                          "dates", "inconnu"}) {
    for (const auto& who : {"pilot", "holder", "reviewer"}) {
      const auto page = counter.Get("/projets/" + counter.number(1) + "?onglet=" + tab, who);
      EXPECT_EQ(page.status, 200) << tab;
      EXPECT_FALSE(HoldsCanary(page.body)) << tab << " by " << who;
    }
  }
  const std::string hostile = PercentEncode(kCanary);
  for (const auto& address :
       {"/projets?q=" + hostile, "/projets?etat=" + hostile, "/courriels?q=" + hostile,
        "/personnes?q=" + hostile, "/connexion?suite=" + hostile, "/pilotage?appel=" + hostile,
        "/pilotage/incidents?projet=" + hostile, "/pilotage/incidents?genre=" + hostile}) {
    const auto page = counter.Get(address, "pilot");
    EXPECT_FALSE(HoldsCanary(page.body)) << address;
    EXPECT_LT(page.status, 500) << address;
  }
  EXPECT_THAT(counter.house().pages.Missing(), ::testing::IsEmpty());
}

// A second call is told in its own words, with its own collections, and none of Mentor's.
TEST(SecondCall, HasAPublicPageOfItsOwn) {
  Counter counter;
  counter.database().Write([](storage::Session& session) {
    storage::Call call;
    call.id = "fep-2026";
    call.title = "FEP 2026";
    call.definition = "fep";
    call.status = "published";
    storage::SaveCall(session, call);
  });
  const auto fep = counter.Get("/appels/fep-2026").body;
  EXPECT_THAT(fep, ::testing::HasSubstr("reversement, fiche de bonne pratique"));
  EXPECT_THAT(fep, ::testing::HasSubstr("Fonction publique hospitalière (DGOS)"));
  for (const char* word : {"Mentor", "cadrage", "chef de file", "Langues"})
    EXPECT_EQ(fep.find(word), std::string::npos) << word;
  const auto mentor = counter.Get("/appels/mentor-2026").body;
  EXPECT_THAT(mentor, ::testing::HasSubstr("validation du cadrage par le chef de file"));
  EXPECT_THAT(mentor, ::testing::HasSubstr("Langues"));
  EXPECT_EQ(mentor.find("DGOS"), std::string::npos);
  // Each call's collections stand under its own name.
  const auto collections = counter.Get("/collections").body;
  const auto fep_at = collections.find("<h2>FEP 2026</h2>");
  const auto mentor_at = collections.find("<h2>AAP Mentor 2026 ");
  ASSERT_LT(fep_at, mentor_at);
  EXPECT_LT(fep_at, collections.find("DGOS"));
  EXPECT_LT(collections.find("DGOS"), mentor_at);
  EXPECT_LT(mentor_at, collections.find("Langues"));
}

// The columns of the pipeline are states that projects can stand in: groups are seen through.
TEST(SecondCall, HasAColumnForEachStateThatHasALabel) {
  Counter counter;
  for (const char* name : {"mentor", "mentor-cadrage-apres", "fep"}) {
    const auto definition = counter.services().catalog.Newest(name);
    ASSERT_NE(definition, nullptr);
    std::set<std::string> ids;
    for (const auto& [id, label] : Rails(definition->chart).Columns()) {
      EXPECT_NE(id, label) << name << ": a column without words";
      EXPECT_TRUE(ids.insert(id).second) << id;
    }
    EXPECT_TRUE(ids.contains("admissibility_check")) << name;
    EXPECT_TRUE(ids.contains("committee")) << name;
    EXPECT_FALSE(ids.contains("active") || ids.contains("selection")) << name;
  }
}

}  // namespace aiguillage::web
