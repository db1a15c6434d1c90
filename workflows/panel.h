// What the reviewers of a project said, read together: for the page, the committee and the record.
//
//   const auto panel = ReadPanel(session, *definition, project.id);
//   panel.sheets.size() 2   panel.scores.total 71.5   panel.synthesis "2 avis. Note pondérée : …"
//
// An action with aap:freeze="FORM" keeps what was decided upon: a document of that form, written by
// the act itself, names the versions of the sheets and carries the synthesis as it stood. From then
// on the panel is read from there, and nothing written later changes it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "forms/scores.h"
#include "storage/documents.h"
#include "workflows/catalog.h"

namespace aiguillage::storage {
class Session;
}

namespace aiguillage::workflows {

inline constexpr char kSynthesis[] = "review_synthesis";  // the form it is written with

struct Panel {
  const forms::Form* form = nullptr;      // the score sheet, null where these rails have none
  std::vector<storage::Document> sheets;  // the last one of each reviewer, in order of arrival
  std::vector<storage::Document> abstentions;
  forms::Consolidation scores;
  std::string synthesis;                     // as written, else as proposed
  std::optional<storage::Document> written;  // its version, when somebody wrote one
  std::optional<storage::Document> frozen;   // what the last decision was taken upon
};
Panel ReadPanel(storage::Session& session, const Definition& definition, std::int64_t project);

// The answers of the document that keeps a panel as it is.
nlohmann::json Frozen(const Panel& panel);

}  // namespace aiguillage::workflows
