#include "tests/web/counter.h"

#include <fstream>
#include <sstream>

#include "storage/calls.h"
#include "storage/committee.h"
#include "storage/dossiers.h"
#include "storage/exchange.h"
#include "storage/hash.h"
#include "storage/people.h"
#include "tests/support/stand_in_npm.h"
#include "web/pipeline.h"

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
      assets_(AIGUILLAGE_SOURCE_DIR "/web/assets", test::StandInNpm(record_.directory())),
      pages_(AIGUILLAGE_SOURCE_DIR "/web/templates"),
      health_([this] { record_->SchemaVersion(); }),
      house_{services_, pages_, attendance_, health_, assets_, drawings_} {
  services_.options.templates_dir = AIGUILLAGE_SOURCE_DIR "/web/templates";
  services_.options.assets_dir = AIGUILLAGE_SOURCE_DIR "/web/assets";
  services_.options.npm_dir = record_.directory() / "node_modules";
  services_.options.login_answer_ms = 0;
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

void Counter::AddPerson(const std::string& who) {
  record_->Write([&](storage::Session& session) {
    storage::Person person;
    person.email = who + "@exemple.invalid";
    person.name = "Dominique " + who + " " + kCanary;
    person.created_at = now;
    people_[who] = storage::InsertPerson(session, person);
    storage::InsertWebSession(
        session, {storage::Sha256("token-" + who), people_[who], "test", "csrf-" + who, now, now});
  });
}

void Counter::AddSecondCall() {
  record_->Write([&](storage::Session& session) {
    storage::Call call;
    call.id = "fep-2026";
    call.title = "FEP 2026";
    call.definition = "fep";
    call.demarche = kOtherDemarche;
    call.status = "published";
    storage::SaveCall(session, call);
    storage::SaveCollection(session, {"ailleurs", "", "Ailleurs", "DGCL", "", 3});
    storage::Dossier dossier;
    dossier.number = kOtherHeld;
    dossier.demarche = kOtherDemarche;
    dossier.hash = "h";
    dossier.ds_state = "en_construction";
    dossier.raw = "{}";
    dossier.at = now;
    dossier.status = "quarantined";
    dossier.reasons = "[]";
    storage::SaveDossier(session, dossier);
  });
  AddPerson("foreign_holder");
  AddProject("Projet d’un autre appel", "ailleurs", "foreign_holder", 4003, "fep-2026");
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
  });
  for (const auto& who : Everybody()) AddPerson(who);
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
                         const std::string& holder, std::int64_t dossier, const std::string& call) {
  workflows::IntakeRequest request;
  request.call = call;
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

}  // namespace aiguillage::web
