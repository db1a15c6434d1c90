#include "web/config.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <functional>
#include <optional>

#include "web/virus_scanner.h"

namespace aiguillage::web {
namespace {

using engine::Refusal;

// Takes a value, or says what was expected.
using Setter = std::function<std::optional<std::string>(Config&, const std::string&)>;

struct Key {
  std::string name, meaning;
  Setter set;
};

Setter TextKey(std::string Config::*member) {
  return [member](Config& config, const std::string& value) {
    config.*member = value;
    return std::nullopt;
  };
}

template <typename Number>
Setter Between(Number Config::*member, Number low, Number high) {
  return
      [member, low, high](Config& config, const std::string& value) -> std::optional<std::string> {
        Number number{};
        const char* end = value.data() + value.size();
        const auto [stop, error] = std::from_chars(value.data(), end, number);
        if (error != std::errc() || stop != end || number < low || number > high) {
          return "un nombre entier de " + std::to_string(low) + " à " + std::to_string(high);
        }
        config.*member = number;
        return std::nullopt;
      };
}

std::string Listed(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// Empty, or one of the prefixes with something behind it.
Setter StartingWith(std::string Config::*member, std::vector<std::string> prefixes) {
  return
      [member, prefixes](Config& config, const std::string& value) -> std::optional<std::string> {
        bool good = value.empty();
        for (const auto& prefix : prefixes) {
          good = good || (value.starts_with(prefix) && value.size() > prefix.size());
        }
        if (!good) return "une adresse commençant par " + Listed(prefixes);
        config.*member = value;
        return std::nullopt;
      };
}

Setter OneOf(std::string Config::*member, std::vector<std::string> choices) {
  return [member, choices](Config& config, const std::string& value) -> std::optional<std::string> {
    for (const auto& choice : choices) {
      if (value == choice) {
        config.*member = value;
        return std::nullopt;
      }
    }
    return "l’un de : " + Listed(choices);
  };
}

Setter ClamdKey() {
  return [](Config& config, const std::string& value) -> std::optional<std::string> {
    if (!value.empty() && !IsClamdAddress(value)) return "hôte:port, ou un chemin absolu";
    config.clamd_address = value;
    return std::nullopt;
  };
}

const std::vector<Key>& Keys() {
  static const std::vector<Key> keys = {
      {"http.address", "adresse d’écoute", TextKey(&Config::http_address)},
      {"http.port", "port d’écoute, 0 = le premier libre", Between(&Config::http_port, 0, 65535)},
      {"http.watch_port",
       "second port pour la surveillance (/health, /metrics), servi quoi que fassent les visiteurs "
       "; "
       "-1 = aucun",
       Between(&Config::http_watch_port, -1, 65535)},
      {"http.trusted_proxy", "adresse du serveur frontal TLS, seul cru pour l’adresse du client",
       TextKey(&Config::http_trusted_proxy)},
      {"public.url", "adresse publique, celle des liens des courriels",
       StartingWith(&Config::public_url, {"http://", "https://"})},
      {"data.dir", "dossier des données : base, fichiers", TextKey(&Config::data_dir)},
      {"workflows.dir", "dossier des définitions (rails, formulaires, courriels)",
       TextKey(&Config::workflows_dir)},
      {"database.url", "sqlite:CHEMIN ou postgresql://… ; par défaut aiguillage.db dans data.dir",
       StartingWith(&Config::database_url, {"sqlite:", "postgresql://"})},
      {"smtp.url", "serveur de courriel, ou spool:DOSSIER pour écrire des fichiers .eml",
       StartingWith(&Config::smtp_url, {"smtp://", "smtps://", "spool:"})},
      {"smtp.user", "compte du serveur de courriel", TextKey(&Config::smtp_user)},
      {"smtp.password", "mot de passe du serveur de courriel", TextKey(&Config::smtp_password)},
      {"smtp.per_minute", "courriels envoyés par minute au plus, 300 par défaut ; 0 = sans limite",
       Between(&Config::smtp_per_minute, 0, 100'000)},
      {"mail.from", "expéditeur des courriels", TextKey(&Config::mail_from)},
      {"mail.reply_to", "adresse de réponse", TextKey(&Config::mail_reply_to)},
      {"ds.endpoint", "adresse GraphQL de Démarches Simplifiées",
       StartingWith(&Config::ds_endpoint, {"http://", "https://"})},
      {"ds.token", "jeton de l’interface de Démarches Simplifiées", TextKey(&Config::ds_token)},
      {"ds.demarche", "numéro de la démarche", Between(&Config::ds_demarche, 0LL, 2'000'000'000LL)},
      {"ds.instructeur", "courriel ou identifiant de l’instructeur qui agit",
       TextKey(&Config::ds_instructeur)},
      {"ds.poll_seconds", "secondes entre deux relèves de Démarches Simplifiées",
       Between(&Config::ds_poll_seconds, 1, 86400)},
      {"session.secret", "secret des sessions, 32 caractères au moins",
       TextKey(&Config::session_secret)},
      {"desk.grace_minutes", "minutes pendant lesquelles un acte peut être repris",
       Between(&Config::desk_grace_minutes, 0, 1440)},
      {"retention.unsuccessful_months", "mois de conservation des candidatures non abouties",
       Between(&Config::retention_unsuccessful_months, 1, 600)},
      {"retention.completed_months", "mois de conservation des dossiers menés à terme",
       Between(&Config::retention_completed_months, 1, 600)},
      {"metrics.token", "jeton exigé par /metrics hors de la machine",
       TextKey(&Config::metrics_token)},
      {"clamd.address", "adresse de l’antivirus clamd : hôte:port, ou le chemin de sa prise Unix",
       ClamdKey()},
      {"log.level", "détail du journal technique",
       OneOf(&Config::log_level, {"error", "warning", "info", "debug"})},
  };
  return keys;
}

std::string VariableOf(const std::string& key) {
  std::string name = "AIGUILLAGE_";
  for (const char c : key) {
    name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

std::string Trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

Refusal Bad(const std::string& where, const std::string& sentence) {
  return {"configuration", where + " : " + sentence, {}};
}

std::optional<Refusal> ReadFile(const std::string& file, Config& config) {
  std::ifstream in(file);
  if (!in) return Bad(file, "fichier de configuration illisible ou absent.");
  std::map<std::string, int> seen;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const std::string text = Trimmed(line);
    if (text.empty() || text[0] == '#') continue;
    const std::string where = file + ":" + std::to_string(number);
    const auto equals = text.find('=');
    if (equals == std::string::npos) return Bad(where, "attendu « clé = valeur ».");
    const std::string name = Trimmed(text.substr(0, equals));
    const auto key = std::find_if(Keys().begin(), Keys().end(),
                                  [&](const Key& candidate) { return candidate.name == name; });
    if (key == Keys().end()) return Bad(where, "clé inconnue « " + name + " ».");
    if (const auto [first, fresh] = seen.emplace(name, number); !fresh) {
      return Bad(where, "clé « " + name + " » déjà donnée ligne " + std::to_string(first->second) +
                            " ; n’en garder qu’une.");
    }
    if (const auto expected = key->set(config, Trimmed(text.substr(equals + 1)))) {
      return Bad(where, "valeur refusée pour « " + name + " », attendu : " + *expected + ".");
    }
  }
  return std::nullopt;
}

std::optional<Refusal> ReadEnvironment(const Environment& environment, Config& config) {
  for (const auto& entry : environment) {
    const auto& [variable, value] = entry;
    const auto key = std::find_if(Keys().begin(), Keys().end(), [&](const Key& candidate) {
      return VariableOf(candidate.name) == entry.first;
    });
    if (key == Keys().end()) {
      return Bad(variable, "variable d’environnement inconnue ; la retirer.");
    }
    if (const auto expected = key->set(config, value)) {
      return Bad(variable, "valeur refusée, attendu : " + *expected + ".");
    }
  }
  return std::nullopt;
}

bool IsLoopback(const std::string& address) {
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

}  // namespace

engine::Outcome<Config> ReadConfig(const std::string& file, const Environment& environment) {
  Config config;
  if (!file.empty()) {
    if (auto refusal = ReadFile(file, config)) return *refusal;
  }
  if (auto refusal = ReadEnvironment(environment, config)) return *refusal;
  if (config.database_url.empty()) {
    config.database_url = "sqlite:" + config.data_dir + "/aiguillage.db";
  }
  if (!IsLoopback(config.http_address) && config.http_trusted_proxy.empty()) {
    return Bad("http.address",
               "« " + config.http_address +
                   " » n’est pas une adresse locale : les pages y passeraient en clair. Placer un "
                   "serveur frontal TLS et donner son adresse dans http.trusted_proxy.");
  }
  if (!config.session_secret.empty() && config.session_secret.size() < 32) {
    return Bad("session.secret", "trop court, 32 caractères au moins.");
  }
  return config;
}

Environment AiguillageEnvironment() {
  Environment result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    if (text.starts_with("AIGUILLAGE_") && equals != std::string::npos) {
      result[text.substr(0, equals)] = text.substr(equals + 1);
    }
  }
  return result;
}

std::vector<ConfigKey> ConfigKeys() {
  std::vector<ConfigKey> result;
  for (const auto& key : Keys()) result.push_back({key.name, key.meaning});
  return result;
}

}  // namespace aiguillage::web
