// A decision in the making: who is here, on which project, for which action, with which form.
//
//   const Scene scene = SetScene(visit, session);      // of {action}, inside one reading
//   if (!IsOpen(scene)) return ShowLocked(scene);
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/drafts.h"
#include "web/form_view.h"
#include "web/points.h"
#include "web/sight.h"
#include "web/visit.h"
#include "workflows/desk.h"

namespace aiguillage::web {

struct Scene {
  Visit& visit;
  storage::Session& session;
  Sight sight;
  std::shared_ptr<const workflows::Definition> definition;
  std::vector<workflows::ActionFor> actions;
  const workflows::ActionFor* action =
      nullptr;                          // null: the project does not wait for it (any more)
  const forms::Form* form = nullptr;    // of the action, waited for or not
  std::optional<storage::Draft> draft;  // the visitor's own, of this form
};
Scene SetScene(Visit& visit, storage::Session& session);

bool IsOpen(const Scene& scene);
// May the visitor's role do this when the project waits for it? Then what they typed is kept, even
// though somebody was faster.
bool IsTheirs(const Scene& scene);
// What the form begins with: the draft; else, for a long form, its last version, one's own or a
// public one. A short opinion starts blank.
nlohmann::json FirstAnswers(const Scene& scene);
// « Anne Martin (chef de file) a fait « Valider le cadrage » il y a 2 minutes. »
std::string LastActSentence(const Scene& scene);
FormContext ContextOf(const Scene& scene, const std::optional<Checklist>& checklist);

}  // namespace aiguillage::web
