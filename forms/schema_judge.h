// JSON Schema (draft 7) by valijson, behind one class: its headers cost 14 s of compilation, so
// they are read by one .cpp and nowhere else.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace aiguillage::forms {

// Paths ("lines.0.amount", "" for the whole) at which the answers break the schema. The schema is a
// Form's: no `pattern` (std::regex crashes on long texts), no `format`, depth already bounded.
class SchemaJudge {
 public:
  explicit SchemaJudge(const nlohmann::json& schema);  // reads it once, for every answer to come
  ~SchemaJudge();
  std::vector<std::string> BrokenPaths(const nlohmann::json& answers) const;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace aiguillage::forms
