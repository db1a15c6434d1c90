// A whole exchange in a temporary folder: an empty record, the shipped rails, a desk, a stand-in
// for DS (or another network), and a clock that only moves when somebody sleeps.
//
//   Exchange exchange({.dossiers = 3, .seed = 1});
//   SyncReport report = Pull(exchange.context, false);
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "connectors/demarches_simplifiees/context.h"
#include "storage/calls.h"
#include "storage/dossiers.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "tests/support/ds_standin.h"
#include "tests/support/temp_directory.h"

namespace aiguillage::test {

// The shipped rails are read once a program.
inline workflows::Catalog& ShippedCatalog() {
  static const std::unique_ptr<workflows::Catalog> catalog = [] {
    auto loaded = workflows::Catalog::Load(AIGUILLAGE_SOURCE_DIR "/workflows/definitions");
    if (!loaded) throw std::runtime_error(loaded.refusal().sentence);
    return std::move(loaded).value();
  }();
  return *catalog;
}

class Exchange {
 public:
  explicit Exchange(const StandInOptions& options, connectors::HttpClient* network = nullptr)
      : database(storage::Database::Open("sqlite:" + directory / "record.db")),
        desk(*database, ShippedCatalog(), DeskWith()),
        ds(options),
        context{*database, desk,   ShippedCatalog(), network == nullptr ? ds : *network,
                {},        World()} {
    context.options.endpoint = DsStandIn::kEndpoint;
    context.options.token = "secret";
    context.options.demarche = DsStandIn::kDemarche;
    context.options.instructeur = DsStandIn::kInstructeur;
    context.options.files_dir = directory / "files";
    context.options.public_url = "https://aiguillage.invalid";
    ShippedCatalog().TakeInto(*database, now);
  }

  // A project on a dossier of the stand-in, written as rows: for tests of the push alone.
  storage::Project Hold(std::int64_t number) {
    return database->Write([&](storage::Session& session) {
      if (!storage::FindCall(session, "c")) {
        storage::Call call;
        call.id = "c";
        call.title = "Appel";
        call.definition = "mentor";
        call.demarche = DsStandIn::kDemarche;
        call.status = "published";
        storage::SaveCall(session, call);
        storage::Person person;
        person.email = "porteuse@ministere.invalid";
        holder = storage::InsertPerson(session, person);
      }
      storage::Dossier dossier;
      dossier.number = number;
      dossier.demarche = DsStandIn::kDemarche;
      dossier.node = "Dossier-" + std::to_string(number);
      dossier.hash = "h";
      dossier.ds_state = ds.At(number).state;
      dossier.raw = "{}";
      dossier.status = "project";
      dossier.reasons = "[]";
      storage::SaveDossier(session, dossier);
      storage::Project project;
      project.call = "c";
      project.definition = ShippedCatalog().Newest("mentor")->hash;
      project.title = "Projet";
      project.holder = holder;
      project.dossier = number;
      project.states = project.state = "admissibility_check";
      project.created_at = now;
      project.snapshot = nlohmann::json::object();
      return storage::InsertProject(session, project, 2026);
    });
  }

  // A row as the desk writes it.
  std::int64_t Queue(const storage::Project& project, const std::string& effect,
                     const std::string& text) {
    storage::OutboxRow row;
    row.kind = "ds";
    row.key = "act" + std::to_string(++rows_) + ":ds:1";
    row.project = project.id;
    row.act = "act" + std::to_string(rows_);
    row.topic = effect;
    row.status = "pending";
    row.created_at = row.not_before = now;
    row.payload = {{"effect", effect},
                   {"text", text},
                   {"motivation", text},
                   {"body", text},
                   {"number", project.number},
                   {"dossier", project.dossier},
                   {"label", "Recevabilité"},
                   {"public_label", "Votre dossier est vérifié"},
                   {"url", "/projets/" + project.number},
                   {"definition", "mentor"}};
    return database->Write(
        [&](storage::Session& session) { return storage::InsertOutbox(session, row); });
  }

  storage::OutboxRow Row(std::int64_t id) {
    return *database->Read(
        [&](storage::Session& session) { return storage::FindOutbox(session, id); });
  }
  std::vector<storage::Project> Projects() {
    storage::ProjectFilter filter;
    filter.limit = 10'000;
    filter.sort = "number";
    return database->Read(
        [&](storage::Session& session) { return storage::ListProjects(session, filter); });
  }
  storage::Project ProjectOf(std::int64_t dossier) {
    return *database->Read(
        [&](storage::Session& session) { return storage::FindProjectByDossier(session, dossier); });
  }
  // What DS was told of a dossier, in order: "PasserEnInstruction Accepter".
  std::string Told(std::int64_t dossier) const {
    std::string told;
    for (const StandInMutation& mutation : ds.log()) {
      if (mutation.dossier == dossier) told += (told.empty() ? "" : " ") + mutation.operation;
    }
    return told;
  }

  TempDirectory directory;
  std::int64_t now = 1'772'000'000'000;  // 25 February 2026
  std::unique_ptr<storage::Database> database;
  workflows::Desk desk;
  DsStandIn ds;
  connectors::SyncContext context;
  std::int64_t holder = 0;

 private:
  workflows::DeskOptions DeskWith() {
    workflows::DeskOptions options;
    options.grace_minutes = 0;
    options.ds_configured = true;
    options.new_id = [this] {
      const std::string digits = std::to_string(++ids_);
      return std::string(32 - digits.size(), '0') + digits;
    };
    return options;
  }
  connectors::World World() {
    return {[this] { return now; }, [this](std::int64_t ms) { now += ms; }, {}};
  }

  int ids_ = 0, rows_ = 0;
};

}  // namespace aiguillage::test
