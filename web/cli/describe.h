// The JSON shapes of the command line (docs: « Interfaces »), one function a thing.
//
//   DescribeProject(p) -> {"number": "AIG-2026-0042", "title": …, "states": ["lead_review"], …}
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "storage/documents.h"
#include "storage/journal.h"
#include "storage/outbox.h"
#include "storage/projects.h"
#include "storage/tasks.h"
#include "workflows/desk.h"

namespace aiguillage::web {

nlohmann::json DescribeProject(const storage::Project& project);
nlohmann::json DescribeAction(const workflows::ActionFor& action);
nlohmann::json DescribeTask(const storage::Task& task);
nlohmann::json DescribeDocument(const storage::Document& document);
nlohmann::json DescribeOutbox(const storage::OutboxRow& row);
nlohmann::json DescribeJournal(const storage::JournalRow& row);

template <typename Row>
nlohmann::json DescribeAll(const std::vector<Row>& rows, nlohmann::json (*describe)(const Row&)) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& row : rows) list.push_back(describe(row));
  return list;
}

std::vector<std::string> SplitWords(const std::string& words);
// ISO 8601 in Paris, or null for 0.
nlohmann::json Instant(std::int64_t at);
// JSON from outside: 64 levels at most, else Refused naming `source`.
nlohmann::json ParseBounded(const std::string& text, const std::string& source);

}  // namespace aiguillage::web
