// The pipeline as it was: how many projects stood in each state at a past instant, rebuilt from the
// journal alone.
//
//   PipelineAt(session, catalog, ParseInstant("2026-05-01").value())
//     -> {{"mentor-2026", "numerique", "lead_review", 12}, …}    sorted
//
// States come from the journal's clear columns, which outlive erasing. A collection that changed
// since is read in the first act after that instant; once that act is erased, it is today's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/database.h"
#include "workflows/catalog.h"

namespace aiguillage::workflows {

struct PastCount {
  std::string call, collection, state;
  std::int64_t projects = 0;
  bool operator==(const PastCount&) const = default;
};
std::vector<PastCount> PipelineAt(storage::Session& session, Catalog& catalog, std::int64_t at);

}  // namespace aiguillage::workflows
