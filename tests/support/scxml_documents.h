// The SCXML documents of the npm package @scion-scxml/test-framework: the W3C's (w3c-ecma) and
// SCION's own, and how each is to be run.
//
//   W3cFolder() / "test144.txml.scxml"   NameOf(path) -> "test144"   OptionsFor(path).events
//
// AIGUILLAGE_W3C_DIR names another folder for w3c-ecma.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/support/shipped_rails.h"
#include "workflows/scxml_run.h"

namespace aiguillage::workflows {

inline std::filesystem::path W3cFolder() {
  if (const char* set = std::getenv("AIGUILLAGE_W3C_DIR")) return set;
  return std::filesystem::path(AIGUILLAGE_SOURCE_DIR) /
         "tests/node_modules/@scion-scxml/test-framework/test/w3c-ecma";
}
inline std::filesystem::path ScionFolder() { return W3cFolder().parent_path(); }

// "test553_" for test553.txml.scxml_, which is beside test553.txml.scxml.
inline std::string NameOf(const std::filesystem::path& path) {
  const std::string file = path.filename().string();
  return file.substr(0, file.find('.')) + (file.ends_with("_") ? "_" : "");
}

// Optional in the Recommendation (C.2).
inline const std::set<std::string> kBasicHttp = {"test201", "test509", "test510", "test518",
                                                 "test519", "test520", "test522", "test531",
                                                 "test532", "test534", "test567", "test577"};
// Invoked by the test of the same number.
inline const std::set<std::string> kSubDocuments = {"test216sub1", "test226sub1", "test239sub1",
                                                    "test242sub1", "test276sub1"};

inline std::vector<std::filesystem::path> AllW3cDocuments() {
  std::vector<std::filesystem::path> documents;
  if (!std::filesystem::exists(W3cFolder())) return documents;
  for (const auto& entry : std::filesystem::directory_iterator(W3cFolder())) {
    const std::string extension = entry.path().extension().string();
    if (extension == ".scxml" || extension == ".scxml_") documents.push_back(entry.path());
  }
  std::sort(documents.begin(), documents.end());
  return documents;
}

inline std::vector<std::filesystem::path> W3cDocuments() {
  auto documents = AllW3cDocuments();
  std::erase_if(documents, [](const auto& path) {
    return kBasicHttp.contains(NameOf(path)) || kSubDocuments.contains(NameOf(path));
  });
  return documents;
}

inline std::vector<std::filesystem::path> ScionDocuments() {
  std::vector<std::filesystem::path> documents;
  if (!std::filesystem::exists(ScionFolder())) return documents;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(ScionFolder())) {
    if (entry.path().parent_path().filename() == "w3c-ecma") continue;
    if (entry.path().extension() == ".scxml") documents.push_back(entry.path());
  }
  std::sort(documents.begin(), documents.end());
  return documents;
}

// What the package expects of a document; null where it ships no .json.
inline nlohmann::json ExpectedOf(const std::filesystem::path& path) {
  std::filesystem::path script = path;
  if (!std::filesystem::exists(script.replace_extension(".json"))) {
    script = path.parent_path() / (NameOf(path) + ".json");
  }
  if (!std::filesystem::exists(script)) return nullptr;
  return nlohmann::json::parse(TextOf(script));
}

// With the files that it loads and the events that the package sends it. The W3C's documents run by
// themselves; their .json only sends them something to wait for the clock.
inline RunOptions OptionsFor(const std::filesystem::path& path, const nlohmann::json& expected) {
  RunOptions options{.preloaded = FilesBeside(path.string(), TextOf(path)), .trace = true};
  if (path.parent_path() == W3cFolder() || expected.is_null()) return options;
  for (const auto& event : expected.at("events")) {
    options.events.push_back({.after_ms = event.value("after", 0),
                              .name = event.at("event").at("name").get<std::string>(),
                              .data = event.at("event").value("data", nlohmann::json())});
  }
  return options;
}

inline std::string Joined(const std::vector<std::string>& lines, const char* by = "\n") {
  std::string all;
  for (const std::string& line : lines) all += line + by;
  return all;
}

// For GoogleTest: letters, digits and underscores.
inline std::string TestName(const std::filesystem::path& path) {
  std::string name = NameOf(path);
  if (path.parent_path().filename() != "w3c-ecma") {
    name = path.parent_path().filename().string() + "_" + path.stem().string();
  }
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
}

}  // namespace aiguillage::workflows
