// Everything a verb or the server works with, opened from the configuration: the record, the rails
// and the desk.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "engine/outcome.h"
#include "storage/database.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "web/config.h"
#include "web/meters.h"
#include "workflows/catalog.h"
#include "workflows/desk.h"

namespace aiguillage::web {

// A refusal on its way to the command line's last line.
struct Refused : std::runtime_error {
  explicit Refused(engine::Refusal why)
      : std::runtime_error(why.sentence), refusal(std::move(why)) {}
  engine::Refusal refusal;
};

// The value, or Refused thrown.
template <typename T>
T OrRefuse(engine::Outcome<T> outcome) {
  if (!outcome) throw Refused(outcome.refusal());
  return std::move(outcome).value();
}

class Workplace {
 public:
  // Opens the record (made when absent) and takes the definitions in. Throws Trouble or Refused.
  Workplace(const Config& config, std::int64_t now);

  storage::Database& database() { return *database_; }
  workflows::Catalog& catalog() { return *catalog_; }
  workflows::Desk& desk() { return *desk_; }
  const Config& config() const { return config_; }
  Meters& meters() { return *meters_; }
  std::string files_dir() const { return config_.files_dir(); }

  // The person of that address, or Refused saying how to add them.
  storage::Person PersonOf(const std::string& email);
  storage::Project ProjectOf(const std::string& number);
  // The call named, or the only open one when `id` is empty.
  storage::Call CallOf(const std::string& id);

 private:
  Config config_;
  std::unique_ptr<Meters> meters_ = std::make_unique<Meters>();
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<workflows::Catalog> catalog_;
  std::unique_ptr<workflows::Desk> desk_;
};

// Where the program's own data are: templates, assets, definitions. The folder given at build time
// in a source tree, else the installed share folder.
std::string ShareDir();
// Where the rails are: workflows.dir, else those of the program.
std::string RailsDir(const Config& config);
// 32 hex characters from the system's random source.
std::string RandomId();

}  // namespace aiguillage::web
