#include "workflows/catalog.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <stdexcept>

#include "forms/points.h"
#include "storage/hash.h"
#include "workflows/collections.h"
#include "workflows/reader.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

namespace fs = std::filesystem;
using Files = std::map<std::string, std::string>;

// JSON of a definition nests as deep as its forms do; deeper is an accident or an attack.
constexpr int kJsonDepthMax = 64;
constexpr std::uintmax_t kFileBytesMax = 4 * 1024 * 1024;

std::string ReadText(const fs::path& path) {
  if (fs::file_size(path) > kFileBytesMax) {
    throw std::runtime_error("Expected at most 4 MiB in " + path.string());
  }
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw std::runtime_error("Expected a readable file: " + path.string());
  return text.str();
}

// Every form that a transition names, once: the one filled in, the one that keeps what was read;
// and every questionnaire that a state names.
std::set<std::string> FormsOf(const engine::Chart& chart) {
  std::set<std::string> forms;
  for (const auto& transition : chart.transitions) {
    for (const char* name : {"form", "freeze"}) {
      const std::string& form = engine::Attribute(transition, name);
      if (!form.empty()) forms.insert(form);
    }
  }
  for (const auto& state : chart.states) {
    const std::string& survey = engine::Attribute(state, "survey");
    if (!survey.empty()) forms.insert(survey);
  }
  return forms;
}

// Which of our attributes names it.
std::string FormAttribute(const engine::Chart& chart, const std::string& form) {
  for (const auto& transition : chart.transitions) {
    if (engine::Attribute(transition, "form") == form) return "form";
    if (engine::Attribute(transition, "freeze") == form) return "freeze";
  }
  return "survey";
}

engine::Position WhereFormIsNamed(const engine::Chart& chart, const std::string& form) {
  for (const auto& transition : chart.transitions) {
    if (engine::Attribute(transition, "form") == form) return transition.at;
    if (engine::Attribute(transition, "freeze") == form) return transition.at;
  }
  for (const auto& state : chart.states) {
    if (engine::Attribute(state, "survey") == form) return state.at;
  }
  return {1, 1};
}

Finding FindingOf(const ReadProblem& problem) {
  return {problem.file, problem.line, problem.column, problem.code, problem.sentence};
}

nlohmann::json ReadJson(const fs::path& path, std::vector<Finding>& findings) {
  if (!fs::exists(path)) return nullptr;
  bool too_deep = false;
  const auto limit = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    too_deep = too_deep || depth > kJsonDepthMax;
    return !too_deep;
  };
  const std::string text = ReadText(path);
  auto json = nlohmann::json::parse(text, limit, /*allow_exceptions=*/false);
  if (too_deep || json.is_discarded()) {
    findings.push_back({path.string(), 1, 1, "json", "JSON attendu, bien formé et peu profond"});
    return nullptr;
  }
  return json;
}

// Mails of the definition's folder and the common ones; the folder's own come first.
void ReadMails(const fs::path& folder, Files& mails) {
  if (!fs::is_directory(folder)) return;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".mustache") {
      mails.emplace(entry.path().filename().string(), ReadText(entry.path()));
    }
  }
}

Kit ReadKit(const fs::path& folder, const fs::path& common, std::vector<Finding>& findings) {
  Kit kit;
  ReadMails(folder / "mails", kit.mails);
  ReadMails(common / "mails", kit.mails);
  const auto either = [&](const char* name) {
    auto own = ReadJson(folder / name, findings);
    return own.is_null() ? ReadJson(common / name, findings) : own;
  };
  kit.mapping = either("mapping.json");
  kit.resources = either("resources.json");
  kit.collections = either("collections.json");
  kit.figures = either("figures.json");
  return kit;
}

// The chart's text, and that of the forms it names: those beside it, else the common ones.
Files FilesOf(const fs::path& chart_path, const fs::path& common, std::vector<Finding>& findings) {
  const std::string text = ReadText(chart_path);
  Files files{{chart_path.filename().string(), text}};
  std::vector<ReadProblem> problems;
  const auto chart =
      ReadChart(text, chart_path.string(), {.preloaded = {}, .product = true}, &problems);
  for (const auto& problem : problems) findings.push_back(FindingOf(problem));
  if (!chart) {
    if (problems.empty()) {
      findings.push_back({chart_path.string(), 1, 1, "chart", chart.refusal().sentence});
    }
    return files;
  }
  for (const std::string& form : FormsOf(*chart.value())) {
    for (const fs::path& folder : {chart_path.parent_path(), common}) {
      const fs::path path = folder / "forms" / (form + ".json");
      if (!fs::exists(path)) continue;
      files["forms/" + form + ".json"] = ReadText(path);
      break;
    }
  }
  return files;
}

std::vector<fs::path> ChartsIn(const fs::path& path) {
  if (fs::is_regular_file(path)) return {path};
  std::vector<fs::path> charts;
  if (!fs::is_directory(path)) return charts;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.path().extension() == ".scxml") charts.push_back(entry.path());
  }
  std::sort(charts.begin(), charts.end());
  return charts;
}

std::string InWords(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    if (!text.empty()) text += "\n";
    text += finding.file + ":" + std::to_string(finding.line) + ":" +
            std::to_string(finding.column) + " : " + finding.message;
  }
  return text;
}

}  // namespace

std::string ManifestHash(const Files& files) {
  std::string manifest;
  for (const auto& [path, content] : files) {
    manifest += storage::Sha256(content) + " " + path + "\n";
  }
  return storage::Sha256(manifest);
}

std::shared_ptr<const Definition> ReadDefinition(const std::string& name, const Files& files,
                                                 std::vector<Finding>& findings) {
  const auto before = findings.size();
  const auto text = files.find(name + ".scxml");
  if (text == files.end()) {
    findings.push_back({name + ".scxml", 1, 1, "missing", "le graphe manque à la définition"});
    return nullptr;
  }
  const auto chart = ReadChart(text->second, text->first, {.preloaded = {}, .product = true});
  if (!chart) {
    findings.push_back({text->first, 1, 1, "chart", chart.refusal().sentence});
    return nullptr;
  }
  auto definition = std::make_shared<Definition>();
  definition->name = name;
  definition->chart = *chart.value();
  definition->files = files;
  definition->hash = ManifestHash(files);
  const auto title = definition->chart.attributes.find("title");
  definition->title = title == definition->chart.attributes.end() ? name : title->second;
  const auto roles = definition->chart.attributes.find("roles");
  const std::string wrong =
      roles == definition->chart.attributes.end() ? "" : DeclareRoles(roles->second);
  if (!wrong.empty()) findings.push_back({text->first, 1, 1, "roles", wrong});
  for (const std::string& id : FormsOf(definition->chart)) {
    const std::string path = "forms/" + id + ".json";
    const auto found = files.find(path);
    if (found == files.end()) {
      const auto at = WhereFormIsNamed(definition->chart, id);
      findings.push_back(
          {text->first, at.line, at.column, "unknown_form",
           "formulaire « " + id + " » : écrire le fichier " + path +
               ", qui manque, ou corriger aap:" + FormAttribute(definition->chart, id) + "."});
      continue;
    }
    auto form = forms::ParseForm(id, found->second, path);
    if (form) {
      definition->forms.emplace(id, std::move(form).value());
    } else {
      findings.push_back({path, 1, 1, "form", form.refusal().sentence});
    }
  }
  forms::LinkParts(definition->forms);
  return findings.size() == before ? definition : nullptr;
}

struct Catalog::Impl {
  struct Entry {
    std::shared_ptr<const Definition> definition;
    Kit kit;
  };
  std::map<std::string, Entry> newest;
  std::mutex mutex;                                                 // guards pinned
  std::map<std::string, std::shared_ptr<const Definition>> pinned;  // by hash

  void Take(const fs::path& chart, const fs::path& root, std::vector<Finding>& findings) {
    const fs::path common =
        fs::is_directory(root / "common") ? root / "common" : chart.parent_path() / "../common";
    const std::string name = chart.stem().string();
    const auto before = findings.size();
    const Files files = FilesOf(chart, common, findings);
    if (findings.size() != before) return;
    auto definition = ReadDefinition(name, files, findings);
    if (!definition) return;
    if (newest.contains(name)) {
      findings.push_back(
          {chart.string(), 1, 1, "duplicate", "deux définitions portent le nom « " + name + " »"});
      return;
    }
    pinned[definition->hash] = definition;
    newest[name] = {definition, ReadKit(chart.parent_path(), common, findings)};
  }
};

engine::Outcome<std::unique_ptr<Catalog>> Catalog::Load(const std::string& directory) {
  std::vector<Finding> findings;
  auto catalog = std::unique_ptr<Catalog>(new Catalog());
  catalog->impl_ = std::make_shared<Impl>();
  const auto charts = ChartsIn(directory);
  if (charts.empty()) {
    findings.push_back({directory, 1, 1, "missing", "au moins un fichier .scxml attendu"});
  }
  for (const auto& chart : charts) catalog->impl_->Take(chart, directory, findings);
  if (!findings.empty()) return engine::Refusal{"definitions", InWords(findings), {}};
  return catalog;
}

std::vector<Finding> Catalog::Check(const std::string& path) {
  std::vector<Finding> findings;
  Impl impl;
  const auto charts = ChartsIn(path);
  if (charts.empty()) {
    findings.push_back({path, 1, 1, "missing", "au moins un fichier .scxml attendu"});
  }
  for (const auto& chart : charts) impl.Take(chart, path, findings);
  return findings;
}

std::vector<std::string> Catalog::Names() const {
  std::vector<std::string> names;
  for (const auto& [name, entry] : impl_->newest) names.push_back(name);
  return names;
}

std::shared_ptr<const Definition> Catalog::Newest(const std::string& name) const {
  const auto found = impl_->newest.find(name);
  return found == impl_->newest.end() ? nullptr : found->second.definition;
}

const Kit& Catalog::KitOf(const std::string& name) const {
  static const Kit kEmpty;
  const auto found = impl_->newest.find(name);
  return found == impl_->newest.end() ? kEmpty : found->second.kit;
}

void Catalog::TakeInto(storage::Database& database, std::int64_t now) {
  database.Write([&](storage::Session& session) {
    for (const auto& [name, entry] : impl_->newest) {
      const Definition& definition = *entry.definition;
      storage::SaveDefinition(session, {definition.hash, name, now, definition.files});
      TakeCollections(session, entry.kit.collections);
    }
  });
}

std::shared_ptr<const Definition> Catalog::Pinned(storage::Session& session,
                                                  const std::string& hash) {
  {
    const std::lock_guard<std::mutex> lock(impl_->mutex);
    const auto found = impl_->pinned.find(hash);
    if (found != impl_->pinned.end()) return found->second;
  }
  const auto stored = storage::FindDefinition(session, hash);
  if (!stored) throw std::runtime_error("Expected definition " + hash + " in the record");
  std::vector<Finding> findings;
  auto definition = ReadDefinition(stored->name, stored->files, findings);
  if (!definition) {
    throw std::runtime_error("Expected a readable definition " + hash + ": " + InWords(findings));
  }
  const std::lock_guard<std::mutex> lock(impl_->mutex);
  return impl_->pinned.emplace(hash, std::move(definition)).first->second;
}

}  // namespace aiguillage::workflows
