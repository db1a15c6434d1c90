// What the exchange with Démarches Simplifiées works with, and what it tells afterwards.
//
//   SyncContext context{database, desk, catalog, *http, {.endpoint = …, .token = …,
//                       .demarche = 98765, .instructeur = "a@dgafp.gouv.fr", …}, RealWorld()};
//   SyncReport report = Sync(context, /*full=*/false);      // sync.h
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "connectors/demarches_simplifiees/client.h"
#include "connectors/http_client.h"
#include "storage/database.h"
#include "storage/exchange_runs.h"
#include "workflows/catalog.h"
#include "workflows/desk.h"

namespace aiguillage::connectors {

struct SyncOptions {
  std::string endpoint;
  std::string token;
  std::int64_t demarche = 0;
  std::string instructeur;  // e-mails or ids, the first that belongs to the dossier's groupe acts
  std::string files_dir;    // bytes of stored files, under their SHA-256
  std::string public_url;   // of our pages, for the link we annotate with
  std::string definition = "mentor";  // of the call that a first sync makes
  std::int64_t at = 0;                // date acts are given, 0 = the world's clock
};

struct SyncContext {
  storage::Database& database;
  workflows::Desk& desk;
  workflows::Catalog& catalog;
  HttpClient& http;
  SyncOptions options;
  World world;
  std::function<void(const storage::ExchangeRun&)> progress = {};  // told after each page

  std::int64_t Now() const { return options.at != 0 ? options.at : world.now(); }
  ClientOptions ForClient() const {
    ClientOptions client;
    client.endpoint = options.endpoint;
    client.token = options.token;
    return client;
  }
};

struct SyncReport {
  std::int64_t seen = 0, created = 0, updated = 0, unchanged = 0, quarantined = 0, files = 0,
               pushed = 0, failed = 0;
  std::int64_t drifted = 0;        // fields where mapping and démarche disagree (drift.h)
  bool stopped = false;            // before its end: `words` say why; the next run resumes
  std::vector<std::string> words;  // French, for a human
};
nlohmann::json ToJson(const SyncReport& report);

}  // namespace aiguillage::connectors
