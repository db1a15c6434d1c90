// The shipped rails, read from the disk, for the tests that walk them and those that read them.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "engine/chart.h"
#include "workflows/reader.h"

namespace aiguillage::workflows {

inline const std::vector<std::string> kRails = {"mentor", "mentor-cadrage-apres", "fep"};

// The folder of their forms, mails and guides.
inline std::string FolderOf(const std::string& rails) { return rails == "fep" ? "fep" : "mentor"; }

// For the names of tests.
inline std::string TestNameOf(const std::string& rails) {
  if (rails == "fep") return "Fep";
  return rails == "mentor" ? "Mentor" : "MentorCadrageApres";
}

inline std::filesystem::path DefinitionsDir() {
  return std::filesystem::path(AIGUILLAGE_SOURCE_DIR) / "workflows/definitions";
}

inline std::string TextOf(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// null, and a failed test, when it cannot be read.
inline std::shared_ptr<const engine::Chart> ReadRails(const std::string& name) {
  const auto path = DefinitionsDir() / FolderOf(name) / (name + ".scxml");
  const auto chart =
      ReadChart(TextOf(path), path.filename().string(), {.preloaded = {}, .product = true});
  if (!chart) ADD_FAILURE() << chart.refusal().sentence;
  return chart ? chart.value() : nullptr;
}

inline std::vector<std::string> WordsOf(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

inline void VisitBlock(const engine::Block& block,
                       const std::function<void(const engine::Instruction&)>& visit) {
  for (const auto& instruction : block) {
    visit(instruction);
    VisitBlock(instruction.children, visit);
  }
}

// Every element of executable content of a chart.
inline void VisitContent(const engine::Chart& chart,
                         const std::function<void(const engine::Instruction&)>& visit) {
  for (const auto& state : chart.states) {
    for (const auto& block : state.on_entry) VisitBlock(block, visit);
    for (const auto& block : state.on_exit) VisitBlock(block, visit);
  }
  for (const auto& transition : chart.transitions) VisitBlock(transition.content, visit);
}

// The transitions somebody or something takes: not the initial ones, not a history's default.
inline std::vector<const engine::Transition*> Takeable(const engine::Chart& chart) {
  std::vector<const engine::Transition*> all;
  for (const auto& state : chart.states) {
    if (engine::IsHistory(state)) continue;
    for (const int index : state.transitions)
      all.push_back(&chart.transitions[static_cast<std::size_t>(index)]);
  }
  return all;
}

}  // namespace aiguillage::workflows
