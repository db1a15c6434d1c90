// The numbers that a project's documents tell, by name, as figures.json beside the rails says:
//
//   {"id": "satisfaction", "form": "hot_results", "field": "satisfaction", "weight": "respondents"}
//   {"id": "interministerial", "form": "application", "field": "interministerial"}      yes: 1
//   {"id": "quality_media", "form": "quality_review", "field": "media", "kind": "grid"}
//       the share of its points that conform, a partial one half, in percent; beside it
//       "quality_media.blocking": how many blocking points do not, where some do not
//
// The last version of each form counts. Where the rails have score sheets, they tell `score` (0 to
// 100), `sheets` and `wide_gap` (1 when two reviewers are apart), by forms/scores.h.
#pragma once

#include <vector>

#include "storage/documents.h"
#include "storage/facts.h"
#include "workflows/catalog.h"

namespace aiguillage::workflows {

std::vector<storage::Fact> FactsOf(const nlohmann::json& figures, const Definition& definition,
                                   const std::vector<storage::Document>& documents);

}  // namespace aiguillage::workflows
