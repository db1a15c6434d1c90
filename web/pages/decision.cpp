// One decision, one page: what is decided on, the form, what will happen, the button.
#include <algorithm>

#include "forms/view.h"
#include "storage/drafts.h"
#include "storage/hash.h"
#include "storage/tasks.h"
#include "web/acceptance.h"
#include "web/decision_page.h"
#include "web/difference.h"
#include "web/done.h"
#include "web/form_view.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/panel.h"
#include "web/plan.h"
#include "web/points.h"
#include "web/project_head.h"
#include "web/queue.h"
#include "web/scene.h"
#include "web/typed.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

constexpr int kPapersShown = 3;

// What is decided on: the last papers one may read, the project's own before opinions on it, newest
// first, each folded but the first.
void AddPapers(View& view, const Scene& scene) {
  view.SetList("papers");
  auto documents = storage::DocumentsOf(scene.session, scene.visit.project->id);
  const auto rank = [&](const storage::Document& document) {
    const bool own = document.person == 0 || document.person == scene.visit.project->holder;
    return std::pair(own, document.at);
  };
  std::stable_sort(documents.begin(), documents.end(),
                   [&](const auto& a, const auto& b) { return rank(a) > rank(b); });
  const auto files = storage::FilesOf(scene.session, scene.visit.project->id);
  std::vector<std::string> shown;
  for (const auto& document : documents) {
    const auto* form = FormOf(*scene.definition, document.form);
    const bool again = std::find(shown.begin(), shown.end(), document.form) != shown.end();
    if (form == nullptr || again || document.taken_back || !scene.sight.MayRead(form, document)) {
      continue;
    }
    if (scene.form != nullptr && form->id == scene.form->id) continue;
    if (shown.size() == kPapersShown) break;
    View& paper = view.AddRow("papers");
    paper.Set("paper_title", form->title)
        .Set("paper_open", shown.empty())
        .Set("paper_changes", BaselineOf(documents, document, *form, scene.sight) == nullptr
                                  ? ""
                                  : ChangesAddress(scene.visit.project->number, document))
        .Set("paper_date", workflows::FrenchDate(document.at));
    nlohmann::json answers = document.answers;
    // Points answered are told once, with what was asked.
    if (const auto* list = forms::ChecklistField(*form)) answers.erase(list->name);
    AddAnswers(paper, forms::ReadView(*form, answers), files);
    shown.push_back(document.form);
  }
}

void AddSiblings(View& view, const Scene& scene) {
  view.SetList("siblings");
  if (scene.action == nullptr) return;
  for (const auto& offered : scene.actions) {
    if (!offered.mine || offered.action.locked || &offered == scene.action) continue;
    if (offered.action.state != scene.action->action.state) continue;
    view.AddRow("siblings")
        .Set("sibling_label", offered.action.label)
        .Set("sibling_href",
             "/projets/" + scene.visit.project->number + "/actions/" + offered.action.id);
  }
}

// The task this visitor has here, so that what others do in parallel does not disturb them.
void FindTask(const Scene& scene, Typed& typed) {
  typed.key = storage::RandomHex(16);
  typed.version = std::to_string(scene.visit.project->version);
  const auto mine = workflows::AssigneesIn(scene.session, scene.sight.person, *scene.visit.project,
                                           scene.visit.now);
  for (const auto& task : storage::OpenTasks(scene.session, scene.visit.project->id)) {
    const bool own = std::find(mine.begin(), mine.end(), task.assignee) != mine.end();
    if (!own || task.state != scene.action->action.state) continue;
    typed.task = std::to_string(task.id);
    typed.task_version = std::to_string(task.version);
    return;
  }
}

// One's own draft: since when, and where to throw it away.
void AddDraft(View& view, const Scene& scene, bool shown) {
  const bool kept = shown && scene.draft.has_value();
  view.Set("draft_at", kept ? workflows::FrenchInstant(scene.draft->at) : "")
      .Set("draft_saved", kept && scene.visit.request.Query("brouillon") == "1")
      .Set("draft_href", "/projets/" + scene.visit.project->number + "/actions/" +
                             scene.visit.Parameter("action") + "/brouillon");
}

// The form, what it answers or asks, and what was asked before.
void AddQuestions(View& view, const Scene& scene, const Typed& typed) {
  view.SetList("suggestions").Set("has_suggestions", false);
  if (scene.form == nullptr) {
    AddForm(view, forms::FormView{}, {});
    AddChecklist(view, std::nullopt);
    return;
  }
  const forms::Form& form = *scene.form;
  const auto checklist = ChecklistOf(scene.visit, scene.session, scene.sight, *scene.definition,
                                     {&form, &typed.answers});
  const auto about = AboutOf(*scene.definition, scene.action->action);
  auto shown = forms::EditView(form, typed.answers, typed.errors, typed.blank_rows);
  OfferParts(shown.fields, about);
  AddForm(view, shown, ContextOf(scene, checklist));
  AddChecklist(view, forms::ChecklistField(form) == nullptr ? checklist : std::nullopt);
  for (const auto& one : SuggestionsFor(scene.visit, scene.session, scene.sight, *scene.definition,
                                        form, about, typed.answers)) {
    view.Set("has_suggestions", true);
    view.AddRow("suggestions")
        .Set("sg_label", one.label)
        .Set("sg_sentence", one.sentence)
        .Set("sg_here", one.of_project)
        .Set("sg_value", "suggest:" + one.part + "\n" + one.sentence);
  }
}

}  // namespace

Response ShowDecision(const Scene& scene, const Typed& typed, const Plan& plan,
                      const std::vector<MailText>& texts) {
  View view;
  Visit& visit = scene.visit;
  AddProjectHead(view, visit, scene.session, scene.sight, *scene.definition, {});
  const auto& action = scene.action->action;
  view.Set("action_label", action.label)
      .Set("action_style", action.style.empty() ? "primary" : action.style)
      .Set("action_href", "/projets/" + visit.project->number + "/actions/" + action.id)
      .Set("key", typed.key)
      .Set("task", typed.task)
      .Set("task_version", typed.task_version)
      .Set("version", typed.version)
      .Set("rows", std::to_string(typed.blank_rows))
      .Set("told", typed.told)
      .Set("changed", typed.changed ? LastActSentence(scene) : "")
      .Set("rehearsed", typed.rehearsed)
      .Set("has_form", scene.form != nullptr)
      .Set("grace", action.grace_minutes == 0
                        ? ""
                        : Plural(action.grace_minutes > 0 ? action.grace_minutes
                                                          : visit.services.options.grace_minutes,
                                 "minute", "minutes"));
  AddQuestions(view, scene, typed);
  AddDraft(view, scene, typed.found_draft);
  AddPapers(view, scene);
  AddPanelLink(view, scene.session, scene.sight, *scene.definition, *visit.project);
  AddAcceptance(view, scene.session, scene.sight, *scene.definition, *visit.project);
  AddSiblings(view, scene);
  AddPlan(view, plan);
  AddMailTexts(view, texts);
  AddQueue(view, visit, scene.session);
  AddDoneNotice(view, visit, scene.session);
  const std::string title =
      (typed.errors.empty() && typed.told.empty() ? "" : "Erreur : ") + action.label;
  return Page(visit, typed.status, "decision", title, std::move(view));
}

Response ShowLocked(const Scene& scene) {
  View view;
  const bool known = scene.action != nullptr;
  AddProjectHead(view, scene.visit, scene.session, scene.sight, *scene.definition, {});
  std::string who;
  if (known) {
    for (const auto& name : scene.action->who) who += (who.empty() ? "" : ", ") + RoleLabel(name);
  }
  AddSiblings(view, scene);
  view.Set("known", known)
      .Set("locked_label", known ? scene.action->action.label : "")
      .Set("locked_reason", known ? scene.action->reason : "")
      .Set("locked_who", who)
      .Set("changed", LastActSentence(scene));
  // Somebody was faster, or the moment has passed: what was typed is still here.
  AddDraft(view, scene, true);
  view.SetList("sections").Set("unanswered", "").Set("unanswered_count", "");
  if (scene.draft) {
    AddAnswers(view, forms::ReadView(*scene.form, scene.draft->answers),
               storage::FilesOf(scene.session, scene.visit.project->id));
  }
  return Page(scene.visit, known ? 403 : 409, "locked",
              known ? scene.action->action.label : "Cette action n’est plus possible",
              std::move(view));
}

Response DecisionPage(Visit& visit) {
  return visit.services.database.Read([&](storage::Session& session) {
    const Scene scene = SetScene(visit, session);
    if (!IsOpen(scene)) return ShowLocked(scene);
    Typed typed;
    FindTask(scene, typed);
    typed.found_draft = scene.draft.has_value();
    typed.answers = FirstAnswers(scene);
    if (scene.form != nullptr && forms::ChecklistField(*scene.form) != nullptr) {
      const auto list = ChecklistOf(visit, session, scene.sight, *scene.definition);
      typed.answers = forms::WithPoints(*scene.form, typed.answers,
                                        list ? list->Points() : std::vector<forms::Point>());
    }
    return ShowDecision(scene, typed,
                        PlanFromRails(*scene.definition, *visit.project, scene.action->action), {});
  });
}

}  // namespace aiguillage::web
