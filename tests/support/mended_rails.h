// The shipped rails with another mapping.json of Mentor's, in a folder of their own.
//
//   auto catalog = MendedRails(directory / "rails", [](json& m) { m["labels"] = …; });
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "workflows/catalog.h"

namespace aiguillage::test {

inline std::unique_ptr<workflows::Catalog> MendedRails(
    const std::filesystem::path& rails, const std::function<void(nlohmann::json&)>& change) {
  namespace fs = std::filesystem;
  fs::copy(AIGUILLAGE_SOURCE_DIR "/workflows/definitions", rails, fs::copy_options::recursive);
  nlohmann::json mapping = nlohmann::json::parse(std::ifstream(rails / "mentor/mapping.json"));
  change(mapping);
  std::ofstream(rails / "mentor/mapping.json") << mapping;
  auto loaded = workflows::Catalog::Load(rails.string());
  if (!loaded) throw std::runtime_error(loaded.refusal().sentence);
  return std::move(loaded).value();
}

}  // namespace aiguillage::test
