// The definitions found in workflows.dir and those that projects pin, parsed once and shared.
//
//   auto catalog = Catalog::Load("workflows/definitions");   // refused: file, line, what was expected
//   catalog.value()->Newest("mentor")->chart
//
// A definition is the chart and every form it names; its identity is the SHA-256 of a manifest of
// them. Mail texts, mapping and resources are beside it, versioned apart: the newest applies.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/chart.h"
#include "engine/outcome.h"
#include "forms/form.h"
#include "storage/calls.h"
#include "storage/database.h"

namespace aiguillage::workflows {

struct Definition {
  std::string name;  // file stem of the chart: "mentor", "mentor-cadrage-apres"
  std::string hash;
  std::string title;                        // aap:title
  engine::Chart chart;
  std::map<std::string, forms::Form> forms; // by id
  std::map<std::string, std::string> files; // path -> content, as hashed
};

// What is mended while projects run.
struct Kit {
  std::map<std::string, std::string> mails;  // file name -> text, common ones included
  nlohmann::json mapping;
  nlohmann::json resources;
  nlohmann::json collections;
};

struct Finding {  // of a definition that cannot be taken
  std::string file;
  int line = 0, column = 0;
  std::string code, message;
};

class Catalog {
 public:
  static engine::Outcome<std::unique_ptr<Catalog>> Load(const std::string& directory);

  std::vector<std::string> Names() const;
  std::shared_ptr<const Definition> Newest(const std::string& name) const;  // null when unknown
  const Kit& KitOf(const std::string& name) const;

  // Stores what is new in the record, so that running projects keep their rails.
  void TakeInto(storage::Database& database, std::int64_t now);
  // The pinned definition of a project: from memory, else from the record (throws when lost).
  std::shared_ptr<const Definition> Pinned(storage::Session& session, const std::string& hash);

  virtual ~Catalog() = default;

 protected:
  Catalog() = default;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace aiguillage::workflows
