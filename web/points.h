// What was asked of a project and what became of it, point by point: the checklist of the request
// that stands, with the answers given since and what its parts said before and say now.
//
//   if (const auto list = ChecklistOf(visit, session, sight, *definition)) AddChecklist(view,
//   *list);
//
// It stands as long as the project has not left the phase in which it was asked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "forms/points.h"
#include "storage/documents.h"
#include "web/difference.h"
#include "web/page.h"
#include "web/sight.h"

namespace aiguillage::web {

struct PointLine {
  forms::Point point;
  bool tied = false;     // to a part that has been filled in
  bool changed = false;  // which says something else since
  WordDifference words;
};
struct Checklist {
  std::string title, asked_by, asked_on, href;  // of the request
  std::string answered;                         // « le 12 mai 2027 », "" before the first answer
  std::vector<PointLine> lines;

  std::vector<forms::Point> Points() const;
  std::size_t left() const;  // not ticked
};

// A form that is being filled in tells the present of its own parts.
struct Editing {
  const forms::Form* form = nullptr;
  const nlohmann::json* answers = nullptr;
};
// Nothing when nothing was asked, or of somebody who may not read it.
std::optional<Checklist> ChecklistOf(const Visit& visit, storage::Session& session,
                                     const Sight& sight, const workflows::Definition& definition,
                                     const Editing& editing = {});
// Fills has_points, points_… and the list `points` of the partial `_points`.
void AddChecklist(View& view, const std::optional<Checklist>& checklist);
// before and after of a row: lists `before` and `after` of pieces.
void AddWords(View& row, const WordDifference& words);

// The parts that a request of this action speaks of (aap:about): ids of forms.
std::vector<std::string> AboutOf(const workflows::Definition& definition,
                                 const engine::Action& action);
// What was asked before and is not in `answers` yet: first what this project still owes, then what
// its collection is asked most, for those who read all of it.
struct Suggestion {
  std::string part, label, sentence;
  bool of_project = false;
};
std::vector<Suggestion> SuggestionsFor(const Visit& visit, storage::Session& session,
                                       const Sight& sight, const workflows::Definition& definition,
                                       const forms::Form& form,
                                       const std::vector<std::string>& about,
                                       const nlohmann::json& answers);

}  // namespace aiguillage::web
