#include "web/cli/workplace.h"

#include <filesystem>
#include <random>

#include "storage/error.h"

namespace aiguillage::web {

Workplace::Workplace(const Config& config, std::int64_t now) : config_(config) {
  std::error_code failure;
  std::filesystem::create_directories(files_dir(), failure);
  if (failure) throw storage::Trouble("dossier de données impossible à créer (data.dir)");
  catalog_ = OrRefuse(workflows::Catalog::Load(RailsDir(config_)));
  database_ = storage::Database::Open(config_.database_url);
  catalog_->TakeInto(*database_, now);
  workflows::DeskOptions options;
  options.grace_minutes = config_.desk_grace_minutes;
  options.new_id = RandomId;
  options.ds_configured = !config_.ds_endpoint.empty();
  options.seen = [meters = meters_.get()](const std::string& outcome, std::int64_t micros) {
    meters->Act(outcome, micros);
  };
  desk_ = std::make_unique<workflows::Desk>(*database_, *catalog_, options);
}

storage::Person Workplace::PersonOf(const std::string& email) {
  auto person =
      database_->Read([&](storage::Session& s) { return storage::FindPersonByEmail(s, email); });
  if (!person) {
    throw Refused({"unknown_person",
                   "Personne n’a l’adresse « " + email + " » ; l’ajouter par « user add ».",
                   {}});
  }
  return *person;
}

storage::Project Workplace::ProjectOf(const std::string& number) {
  auto project =
      database_->Read([&](storage::Session& s) { return storage::FindProject(s, number); });
  if (!project) {
    throw Refused({"unknown_project",
                   "Aucun projet ne porte le numéro « " + number + " » ; voir « project list ».",
                   {}});
  }
  return *project;
}

storage::Call Workplace::CallOf(const std::string& id) {
  const auto calls = database_->Read([](storage::Session& s) { return storage::Calls(s); });
  std::vector<storage::Call> found;
  for (const auto& call : calls) {
    if (id.empty() ? call.status == "published" : call.id == id) found.push_back(call);
  }
  if (found.size() == 1) return found.front();
  if (!id.empty()) {
    throw Refused({"unknown_call", "Aucun appel « " + id + " » ; voir « call list ».", {}});
  }
  throw Refused({"which_call",
                 found.empty() ? "Aucun appel n’est ouvert ; en ajouter un par « call add »."
                               : "Plusieurs appels sont ouverts ; préciser lequel par --call.",
                 {}});
}

std::string ShareDir() {
  // Installed, the program stands in bin/ and its data in share/ beside it; built, in its sources.
  std::error_code failure;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failure);
  const auto installed = self.parent_path().parent_path() / "share/aiguillage";
  if (!failure && std::filesystem::is_directory(installed, failure)) return installed.string();
  return AIGUILLAGE_SOURCE_SHARE;
}

std::string RailsDir(const Config& config) {
  return config.workflows_dir.empty() ? ShareDir() + "/workflows/definitions"
                                      : config.workflows_dir;
}

std::string RandomId() {
  static const char* kDigits = "0123456789abcdef";
  std::random_device source;
  std::string id;
  for (int word = 0; word < 4; ++word) {
    auto bits = source();
    for (int digit = 0; digit < 8; ++digit, bits >>= 4) id += kDigits[bits & 15U];
  }
  return id;
}

}  // namespace aiguillage::web
