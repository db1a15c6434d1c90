// The definitions found in workflows.dir and those that projects pin, parsed once and shared.
//
//   auto catalog = Catalog::Load("workflows/definitions");   // refused: file, line, what was
//   expected catalog.value()->Newest("mentor")->chart
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
  std::string title;  // aap:title
  engine::Chart chart;
  std::map<std::string, forms::Form> forms;  // by id
  std::map<std::string, std::string> files;  // path -> content, as hashed
};

// What is mended while projects run.
struct Kit {
  std::map<std::string, std::string> mails;  // file name -> text, common ones included
  nlohmann::json mapping;
  nlohmann::json resources;
  nlohmann::json collections;
  nlohmann::json figures;  // what documents tell in numbers: workflows/facts.h
};

// Reads a definition from its files ("NAME.scxml", "forms/ID.json"); findings say why it cannot be.
std::shared_ptr<const Definition> ReadDefinition(const std::string& name,
                                                 const std::map<std::string, std::string>& files,
                                                 std::vector<struct Finding>& findings);
// The SHA-256 of the manifest: a line « digest path » per file, in the order of the paths.
std::string ManifestHash(const std::map<std::string, std::string>& files);

struct Finding {  // of a definition that cannot be taken
  std::string file;
  int line = 0, column = 0;
  std::string code, message;
};

class Catalog {
 public:
  // Refusal code "definitions": its sentence holds every finding, a line each.
  static engine::Outcome<std::unique_ptr<Catalog>> Load(const std::string& directory);
  // What keeps the definitions of a directory, or one .scxml file, from being taken.
  static std::vector<Finding> Check(const std::string& path);

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
