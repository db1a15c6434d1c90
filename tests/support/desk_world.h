// A desk at work on the small rails of tests/workflows/rails: people with roles, a clock one can
// set, and what happened as text.
//
//   DeskWorld world;
//   const std::string number = world.Intake("Accueil");
//   world.Do(number, "olga", "check.accept")     -> "lead_review"
//   world.Look(number)
//     -> v2 active lead_review | collection_lead | due 2026-12-14
//        task Valider le cadrage -> collection_lead@collection:numerique, due 2026-12-14
//        mail pending lead_asked -> lea
//
// People are first names at exemple.invalid: paul (pilot), olga (case officer), lea (lead of
// numerique), hugo (holder), rita, remi and rosa (to be reviewers), nobody is committee chair.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/temp_directory.h"
#include "tests/support/test_record.h"
#include "workflows/catalog.h"
#include "workflows/desk.h"

namespace aiguillage::test {

struct WorldOptions {
  int grace_minutes = 10;
  bool ds_configured = true;
  std::string rails = "tests/workflows/rails";  // under the source, or absolute
  std::string definition = "demo";
  Kind kind = KindAsked();
  PostgresCluster* cluster = nullptr;  // one of the test's own, to be stopped and started
  std::uint64_t seed = 0;              // of act ids and salts; 0: those of the system's generator
};

class DeskWorld {
 public:
  explicit DeskWorld(const WorldOptions& options = {});

  storage::Database& database() { return *record_; }
  workflows::Desk& desk() { return *desk_; }
  workflows::Catalog& catalog() { return *catalog_; }
  TestRecord& record() { return record_; }

  std::int64_t now = 0;
  void At(const std::string& instant);  // "2026-11-23T10:00"
  void Days(int count) { now += std::int64_t{count} * 86'400'000; }
  void Minutes(int count) { now += std::int64_t{count} * 60'000; }

  std::int64_t Person(const std::string& name, const std::string& siret = "");
  static std::string Email(const std::string& name) { return name + "@exemple.invalid"; }
  std::int64_t Grant(const std::string& name, const std::string& role,
                     const std::string& scope = "");

  std::string Intake(const std::string& title, const std::string& ds_state = "",
                     const std::string& collection = "numerique");
  // The states after, or "CODE: sentence". Who: a first name, or system, timer, ds.
  std::string Do(const std::string& number, const std::string& who, const std::string& action,
                 const nlohmann::json& data = nlohmann::json::object());
  workflows::ActRequest Request(const std::string& number, const std::string& who,
                                const std::string& action,
                                const nlohmann::json& data = nlohmann::json::object());
  std::string Said(const engine::Outcome<workflows::ActAnswer>& answer);  // also keeps last_act
  std::string TakeBack(const std::string& number, const std::string& who, const std::string& act);
  // Fires what is due, in due order, as the clockwork does; one line each.
  std::string Tick();

  std::string Look(const std::string& number);
  std::string LookTasks(const std::string& number);
  storage::Project Project(const std::string& number);
  std::string Broken();  // what verify finds, a line each

  std::string last_act;

 private:
  TempDirectory directory_;
  TestRecord record_;
  std::unique_ptr<workflows::Catalog> catalog_;
  std::unique_ptr<workflows::Desk> desk_;
  std::map<std::string, std::int64_t> people_;
  std::int64_t acts_ = 0, dossiers_ = 1000;
};

}  // namespace aiguillage::test
