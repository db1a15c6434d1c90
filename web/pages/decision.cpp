// One decision, one page: what is decided on, the form, what will happen, the button.
#include <algorithm>

#include "forms/view.h"
#include "storage/drafts.h"
#include "storage/hash.h"
#include "storage/tasks.h"
#include "web/difference.h"
#include "web/form_view.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/plan.h"
#include "web/points.h"
#include "web/project_head.h"
#include "web/scene.h"
#include "web/typed.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

constexpr int kPapersShown = 3;
constexpr const char* kDraftTooLarge =
    "Ce brouillon est trop volumineux pour être gardé (2\u00a0Mo au plus). Votre saisie est encore "
    "à "
    "l’écran.";

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
  const auto mine = workflows::AssigneesOf(scene.session, scene.sight.person, scene.visit.now);
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

Response Show(const Scene& scene, const Typed& typed, const Plan& plan) {
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
  AddSiblings(view, scene);
  AddPlan(view, plan);
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

Response ShowAgain(Visit& visit, Typed typed, bool rehearse) {
  Plan plan;
  std::optional<workflows::ActAnswer> rehearsal;
  if (rehearse) {
    auto request = RequestOf(visit, typed);
    request.dry_run = true;
    request.key.clear();
    auto answer = visit.services.desk.Act(request);
    if (answer) {
      rehearsal = std::move(answer).value();
    } else {
      typed.told = answer.refusal().sentence;
    }
    typed.rehearsed = rehearsal.has_value();
  }
  return visit.services.database.Read([&](storage::Session& session) {
    const Scene scene = SetScene(visit, session);
    if (!IsOpen(scene)) return ShowLocked(scene);
    plan = rehearsal ? PlanFromAnswer(visit, session, *scene.definition, *rehearsal)
                     : PlanFromRails(*scene.definition, *visit.project, scene.action->action);
    return Show(scene, typed, plan);
  });
}

Response Commit(Visit& visit, const forms::Form* form, Typed typed) {
  const auto answer = visit.services.desk.Act(RequestOf(visit, typed));
  if (answer) {
    return SeeOther("/taches?fait=" + answer.value().act + "&projet=" + visit.project->number);
  }
  const auto& refusal = answer.refusal();
  typed.told = refusal.sentence;
  typed.changed = refusal.code == "stale" || refusal.code == "conflict" || refusal.code == "moved";
  typed.status = typed.changed ? 409 : 422;
  // The key belongs to the refused body: the next try is another act.
  typed.key = storage::RandomHex(16);
  if (form != nullptr && refusal.code != "form") KeepAsDraft(visit, *form, typed);
  if (typed.changed) {
    typed.task.clear();
    visit.services.database.Read([&](storage::Session& session) {
      visit.project = storage::FindProjectById(session, visit.project->id);
    });
    typed.version = std::to_string(visit.project->version);
  }
  return ShowAgain(visit, std::move(typed), false);
}

// Who comes, with what form, to answer which points.
struct Door {
  bool open = false, theirs = false;
  std::shared_ptr<const workflows::Definition> definition;
  const forms::Form* form = nullptr;
  std::vector<forms::Point> points;
};

Door DoorOf(Visit& visit) {
  return visit.services.database.Read([&](storage::Session& session) {
    const Scene scene = SetScene(visit, session);
    Door door{IsOpen(scene), IsTheirs(scene), scene.definition, scene.form, {}};
    if (scene.form == nullptr || forms::ChecklistField(*scene.form) == nullptr) return door;
    const auto list = ChecklistOf(visit, session, scene.sight, *scene.definition);
    if (list) door.points = list->Points();
    return door;
  });
}

Response ShowClosed(Visit& visit) {
  return visit.services.database.Read(
      [&](storage::Session& session) { return ShowLocked(SetScene(visit, session)); });
}

// The action is over, or was never theirs. The same act sent twice gets its first answer again.
Response DecideTooLate(Visit& visit, const Door& door) {
  if (!door.theirs) return ShowClosed(visit);
  Typed typed = TypedFromPost(visit);
  const bool good = ReadAnswers(visit, door.form, door.points, typed);
  if (good && !typed.key.empty() && visit.request.Field("do") == "act") {
    const auto answer = visit.services.desk.Act(RequestOf(visit, typed));
    if (answer) {
      return SeeOther("/taches?fait=" + answer.value().act + "&projet=" + visit.project->number);
    }
  }
  if (door.form != nullptr && !typed.answers.empty()) KeepAsDraft(visit, *door.form, typed);
  return ShowClosed(visit);
}

// « suggest:application.objectives\nUn verbe d’action. »: one more point, in words used before.
void TakeSuggestion(const forms::Form* form, const std::string& wanted, Typed& typed) {
  const auto* table = form == nullptr ? nullptr : forms::AskingField(*form);
  const auto colon = wanted.find(':'), line = wanted.find('\n');
  if (table == nullptr || line == std::string::npos) return;
  std::string part = wanted.substr(colon + 1, line - colon - 1);
  std::erase(part, '\r');
  nlohmann::json row = {{"expected", wanted.substr(line + 1)}};
  if (!part.empty()) row["part"] = part;
  typed.answers[table->name].push_back(std::move(row));
}

}  // namespace

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
    return Show(scene, typed,
                PlanFromRails(*scene.definition, *visit.project, scene.action->action));
  });
}

Response Decide(Visit& visit) {
  const Door door = DoorOf(visit);
  if (!door.open) return DecideTooLate(visit, door);
  Typed typed = TypedFromPost(visit);
  const std::string wanted = visit.request.Field("do");
  const bool good = ReadAnswers(visit, door.form, door.points, typed);
  if (wanted == "draft" && door.form != nullptr) {
    if (KeepAsDraft(visit, *door.form, typed)) {
      return SeeOther("/projets/" + visit.project->number + "/actions/" +
                      visit.Parameter("action") + "?brouillon=1");
    }
    typed.told = kDraftTooLarge;
    typed.status = 413;
    return ShowAgain(visit, std::move(typed), false);
  }
  if (wanted == "rows" || wanted.starts_with("suggest:")) {
    typed.errors.clear();
    if (wanted == "rows") typed.blank_rows = std::min(10, typed.blank_rows + 3);
    if (wanted != "rows") TakeSuggestion(door.form, wanted, typed);
    return ShowAgain(visit, std::move(typed), false);
  }
  if (!good) {
    typed.status = 422;
    return ShowAgain(visit, std::move(typed), false);
  }
  if (wanted == "rehearse") return ShowAgain(visit, std::move(typed), true);
  return Commit(visit, door.form, std::move(typed));
}

Response KeepDraft(Visit& visit) {
  const Door door = DoorOf(visit);
  if (!door.open || door.form == nullptr) {
    return Text(403, "Cette action n’est plus possible : rien n’est enregistré.");
  }
  Typed typed = TypedFromPost(visit);
  ReadAnswers(visit, door.form, door.points, typed);
  if (!typed.errors.empty() && typed.answers.empty() && typed.errors.front().path.empty()) {
    return Text(422, "Brouillon non enregistré : " + typed.errors.front().sentence);
  }
  if (!KeepAsDraft(visit, *door.form, typed)) return Text(413, kDraftTooLarge);
  const std::string at = workflows::FrenchInstant(visit.now);  // « 12 mai 2027 à 14 h 05 »
  return Text(200, "Brouillon enregistré" + at.substr(at.find(" à ")));
}

Response DropDraft(Visit& visit) {
  visit.services.database.Write([&](storage::Session& session) {
    storage::DeleteDraft(session, visit.project->id, visit.Parameter("action"),
                         visit.visitor->person.id);
  });
  return SeeOther("/projets/" + visit.project->number + "/actions/" + visit.Parameter("action"));
}

}  // namespace aiguillage::web
