// The configuration: one `key = value` file, each key overridable by the environment.
//
//   http.port = 8080                      AIGUILLAGE_HTTP_PORT=8080
//
// Unknown keys, duplicates and bad values are refused at start with file, line and key; so are
// unknown AIGUILLAGE_* variables. A value is taken as written (no escapes: passwords survive).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/outcome.h"

namespace aiguillage::web {

struct Config {
  std::string http_address = "127.0.0.1";
  int http_port = 8080;
  int http_watch_port = -1;        // second door for /health and /metrics, -1 = none
  std::string http_trusted_proxy;  // address of the TLS proxy in front, "" = none
  std::string public_url = "http://127.0.0.1:8080";
  std::string data_dir = "data";
  std::string workflows_dir;  // "" = the one installed with the program
  std::string database_url;   // "" = sqlite:<data.dir>/aiguillage.db
  std::string smtp_url;       // smtp://host:port, smtps://…, spool:DIR; "" = mails wait
  std::string smtp_user, smtp_password;
  int smtp_per_minute = 300;  // 0 = as fast as the server takes them
  std::string mail_from = "Aiguillage <ne-pas-repondre@localhost.invalid>";
  std::string mail_reply_to;
  std::string ds_endpoint, ds_token;
  long long ds_demarche = 0;
  std::string ds_instructeur;
  int ds_poll_seconds = 60;
  std::string session_secret;
  int desk_grace_minutes = 10;
  int retention_unsuccessful_months = 24;
  int retention_completed_months = 60;
  std::string metrics_token;
  std::string clamd_address;
  std::string log_level = "info";  // error | warning | info | debug

  std::string files_dir() const { return data_dir + "/files"; }
};

using Environment = std::map<std::string, std::string>;

// `file` may be "" (defaults and environment only).
engine::Outcome<Config> ReadConfig(const std::string& file, const Environment& environment);
// The AIGUILLAGE_* variables of this process.
Environment AiguillageEnvironment();

// Every key with its meaning, in order: what the example file and --help print.
struct ConfigKey {
  std::string key, meaning;
};
std::vector<ConfigKey> ConfigKeys();

}  // namespace aiguillage::web
