// Calls (campaigns), their collections, and the definitions that projects pin.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct Call {
  std::string id;  // slug: "mentor-2026"
  std::string title;
  std::string definition;     // name of the rails: "mentor"
  std::int64_t demarche = 0;  // DS number, 0 without
  std::string opens;          // ISO dates, "" unknown
  std::string closes;
  std::string status;                                  // draft | published | closed | archived
  nlohmann::json settings = nlohmann::json::object();  // dates, deadline overrides, …
};
void SaveCall(Session&, const Call&);  // insert or replace by id
std::optional<Call> FindCall(Session&, const std::string& id);
std::vector<Call> Calls(Session&);
// Of those on a démarche, one for each: the first.
std::vector<Call> CallsByDemarche(Session&);

struct Collection {
  std::string slug;
  std::string parent;  // "" for the first level
  std::string label;
  std::string entity;  // the service that leads it
  std::string orientation;
  int position = 0;
};
void SaveCollection(Session&, const Collection&);
std::optional<Collection> FindCollection(Session&, const std::string& slug);
std::vector<Collection> Collections(Session&);  // by position, children after their parent

// A definition whole: the chart and every form it names, found by the SHA-256 of its manifest.
struct Definition {
  std::string hash;
  std::string name;
  std::int64_t taken_at = 0;
  std::map<std::string, std::string> files;  // path inside the definition -> content
};
void SaveDefinition(Session&, const Definition&);  // nothing when the hash is known
bool HoldsDefinition(Session&, const std::string& hash);
std::optional<Definition> FindDefinition(Session&, const std::string& hash);
// The one taken before it, of the same name and not the same hash; nothing when there was none.
std::optional<Definition> DefinitionBefore(Session&, const std::string& name,
                                           const std::string& hash);             // files left empty
std::optional<std::string> NewestDefinition(Session&, const std::string& name);  // its hash
std::vector<std::string> DefinitionHashes(Session&);  // of all of them, the newest first

}  // namespace aiguillage::storage
