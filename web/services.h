// What the counter works with. Made once by whoever starts the server (main, a test), lent to all.
//
//   Meters meters;
//   Services services{database, desk, catalog, meters};
//   services.options.public_url = "http://127.0.0.1:8080";
//   Server server(services, "127.0.0.1", 0);
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "notifications/outbox_hand.h"
#include "storage/database.h"
#include "storage/outbox.h"
#include "web/log.h"
#include "web/meters.h"
#include "web/virus_scanner.h"
#include "workflows/catalog.h"
#include "workflows/desk.h"

namespace aiguillage::web {

struct WebOptions {
  std::string public_url = "http://127.0.0.1:8080";
  std::string metrics_token;      // "" = /metrics answers to loopback only
  std::string trusted_proxy;      // its X-Forwarded-For is believed, nobody else's
  std::string ds_address;         // "https://demarche.numerique.gouv.fr", "" without DS
  std::string files_dir;          // bytes of stored files, by hash
  std::string drawings_dir;       // rails already drawn; "" = drawn again at each start
  std::string templates_dir;      // web/templates
  std::string assets_dir;         // web/assets: our own css and js
  std::string npm_dir;            // "" = assets_dir/node_modules
  int login_answer_ms = 150;      // asking for a link takes that long for anybody, known or not
  int grace_minutes = 10;         // how long an act may be taken back: the desk’s own figure
  bool strict_templates = false;  // tests: names that a view forgot are collected
  bool https() const { return public_url.rfind("https://", 0) == 0; }
};

// A mail as it will look, or looked.
struct MailLook {
  std::string subject, text, html;  // html: a whole document, shown in a sandboxed frame only
};

struct Services {
  storage::Database& database;
  workflows::Desk& desk;
  workflows::Catalog& catalog;
  Meters& meters;
  WebOptions options;
  std::function<std::int64_t()> clock = [] {
    return static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                         std::chrono::system_clock::now().time_since_epoch())
                                         .count());
  };
  std::function<MailLook(const storage::OutboxRow&)>
      preview_mail;  // reads by itself, so never inside a reading; absent: the row alone is shown
  // Its words without frame, to begin rewriting from; reads by itself too.
  std::function<notifications::Words(const storage::OutboxRow&)> draft_mail;
  Log log = [](const LogEvent&) {};
  const VirusScanner* scanner =
      nullptr;  // null without clamd.address: files are taken as they come
};

}  // namespace aiguillage::web
