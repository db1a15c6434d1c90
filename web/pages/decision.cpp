// One decision, one page: what is decided on, the form, what will happen, the button.
#include <map>

#include "forms/answers.h"
#include "forms/validate.h"
#include "forms/view.h"
#include "storage/hash.h"
#include "storage/journal.h"
#include "storage/tasks.h"
#include "web/difference.h"
#include "web/form_view.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/panel.h"
#include "web/plan.h"
#include "web/project_head.h"
#include "web/uploads.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

constexpr int kPapersShown = 3;
constexpr std::size_t kPrefilledFieldsMin = 5;

// What the page shows again when it cannot go on: nothing typed is lost.
struct Draft {
  nlohmann::json answers = nlohmann::json::object();
  std::vector<forms::FieldError> errors;
  std::string key, task, task_version, version;
  int blank_rows = 1;
  int status = 200;
  std::string told;        // why not, at the top
  bool changed = false;    // … because the project has moved
  bool rehearsed = false;  // « Vérifier » was pressed and nothing is wrong
};

struct Scene {
  Visit& visit;
  storage::Session& session;
  Sight sight;
  std::shared_ptr<const workflows::Definition> definition;
  std::vector<workflows::ActionFor> actions;
  const workflows::ActionFor* action = nullptr;
  const forms::Form* form = nullptr;
};

Scene SetScene(Visit& visit, storage::Session& session) {
  Scene scene{
      visit, session, SightOf(session, *visit.visitor, *visit.project, visit.now),
      visit.services.catalog.Pinned(session, visit.project->definition),
      visit.services.desk.ActionsFor(session, *visit.project, visit.visitor->person.id, visit.now)};
  for (const auto& offered : scene.actions) {
    if (offered.action.id == visit.Parameter("action")) scene.action = &offered;
  }
  if (scene.action != nullptr) scene.form = FormOf(*scene.definition, scene.action->action.form);
  return scene;
}

// A long form starts from its last version, one's own or a public one; a short opinion starts
// blank.
nlohmann::json FirstAnswers(const Scene& scene) {
  if (scene.form == nullptr) return nlohmann::json::object();
  const std::int64_t project = scene.visit.project->id;
  const auto draft = storage::FindDraft(scene.session, project, scene.form->id, scene.sight.person);
  if (draft) return draft->answers;
  if (scene.form->fields.size() < kPrefilledFieldsMin) return nlohmann::json::object();
  const auto last = storage::LatestDocument(scene.session, project, scene.form->id);
  const bool mine = last && (last->person == scene.sight.person ||
                             (scene.form->is_public && scene.action->action.roles.size() > 1));
  return mine ? last->answers : nlohmann::json::object();
}

std::string LastActSentence(const Scene& scene) {
  const auto last = storage::LastJournal(scene.session, scene.visit.project->id);
  if (!last) return "";
  const std::string who =
      ActorWords(scene.session, scene.sight, last->person, last->on_behalf_of, last->role);
  return "Dernier acte : « " + ActLabel(*scene.definition, *last) + " », par " + who + ", le " +
         workflows::FrenchInstant(last->at) + ".";
}

FormContext ContextOf(const Scene& scene) {
  FormContext context;
  if (scene.form == nullptr) return context;
  context.files = storage::FilesOf(scene.session, scene.visit.project->id);
  for (const auto& field : scene.form->fields) {
    if (field.widget != "people" || field.role.empty()) continue;
    std::map<std::int64_t, storage::Person> people;
    for (const auto& grant : storage::GrantsFor(scene.session, field.role)) {
      const auto person = storage::FindPerson(scene.session, grant.person);
      if (person && person->active) people[person->id] = *person;
    }
    // Names of colleagues are for those who work inside; others type an address they know.
    if (!scene.sight.inside || people.size() > 40) continue;
    auto& listed = context.people.emplace_back(field.role, std::vector<storage::Person>{}).second;
    for (auto& [id, person] : people) listed.push_back(std::move(person));
  }
  return context;
}

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
    AddAnswers(paper, forms::ReadView(*form, document.answers), files);
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

workflows::ActRequest RequestOf(const Visit& visit, const Draft& draft) {
  workflows::ActRequest request;
  request.project = visit.project->number;
  request.action = visit.Parameter("action");
  request.actor = {visit.visitor->person.id, ""};
  request.data = draft.answers;
  request.key = draft.key.empty() ? "" : "web-" + draft.key;
  request.now = visit.now;
  const auto number = [](const std::string& text) -> std::optional<std::int64_t> {
    const bool digits = !text.empty() && text.size() < 16 &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    return digits ? std::optional<std::int64_t>(std::stoll(text)) : std::nullopt;
  };
  request.task = number(draft.task);
  request.task_version = number(draft.task_version);
  if (!request.task || !request.task_version) {
    request.task.reset();
    request.task_version.reset();
    request.expected_version = number(draft.version);
  }
  return request;
}

// The task this visitor has here, so that what others do in parallel does not disturb them.
void FindTask(const Scene& scene, Draft& draft) {
  draft.key = storage::RandomHex(16);
  draft.version = std::to_string(scene.visit.project->version);
  const auto mine = workflows::AssigneesOf(scene.session, scene.sight.person, scene.visit.now);
  for (const auto& task : storage::OpenTasks(scene.session, scene.visit.project->id)) {
    const bool own = std::find(mine.begin(), mine.end(), task.assignee) != mine.end();
    if (!own || task.state != scene.action->action.state) continue;
    draft.task = std::to_string(task.id);
    draft.task_version = std::to_string(task.version);
    return;
  }
}

Response Show(const Scene& scene, const Draft& draft, const Plan& plan) {
  View view;
  Visit& visit = scene.visit;
  AddProjectHead(view, visit, scene.session, scene.sight, *scene.definition, {});
  const auto& action = scene.action->action;
  view.Set("action_label", action.label)
      .Set("action_style", action.style.empty() ? "primary" : action.style)
      .Set("action_href", "/projets/" + visit.project->number + "/actions/" + action.id)
      .Set("key", draft.key)
      .Set("task", draft.task)
      .Set("task_version", draft.task_version)
      .Set("version", draft.version)
      .Set("rows", std::to_string(draft.blank_rows))
      .Set("told", draft.told)
      .Set("changed", draft.changed ? LastActSentence(scene) : "")
      .Set("rehearsed", draft.rehearsed)
      .Set("has_form", scene.form != nullptr)
      .Set("grace", action.grace_minutes == 0
                        ? ""
                        : Plural(action.grace_minutes > 0 ? action.grace_minutes
                                                          : visit.services.options.grace_minutes,
                                 "minute", "minutes"));
  if (scene.form != nullptr) {
    AddForm(view, forms::EditView(*scene.form, draft.answers, draft.errors, draft.blank_rows),
            ContextOf(scene));
  } else {
    AddForm(view, forms::FormView{}, {});
  }
  AddPapers(view, scene);
  AddPanelLink(view, scene.session, scene.sight, *scene.definition, *visit.project);
  AddSiblings(view, scene);
  AddPlan(view, plan);
  const std::string title =
      (draft.errors.empty() && draft.told.empty() ? "" : "Erreur : ") + action.label;
  return Page(visit, draft.status, "decision", title, std::move(view));
}

Response ShowLocked(const Scene& scene) {
  View view;
  const bool known = scene.action != nullptr;
  AddProjectHead(view, scene.visit, scene.session, scene.sight, *scene.definition, {});
  std::string who;
  for (const auto& name : known ? scene.action->who : std::vector<std::string>())
    who += (who.empty() ? "" : ", ") + RoleLabel(name);
  AddSiblings(view, scene);
  view.Set("known", known)
      .Set("locked_label", known ? scene.action->action.label : "")
      .Set("locked_reason", known ? scene.action->reason : "")
      .Set("locked_who", who)
      .Set("changed", LastActSentence(scene));
  return Page(scene.visit, known ? 403 : 409, "locked",
              known ? scene.action->action.label : "Cette action n’est plus possible",
              std::move(view));
}

bool IsOpen(const Scene& scene) {
  return scene.action != nullptr && scene.action->mine && !scene.action->action.locked &&
         scene.action->reason.empty();
}

// Files go to their fields; one that is refused is an error beside its field.
void TakeUploads(Visit& visit, const forms::Form& form, Draft& draft, forms::Posted& posted) {
  for (const auto& upload : visit.request.uploads) {
    const auto* field = forms::FindField(form, upload.field);
    if (field == nullptr || field->widget != "file") continue;
    const auto stored = StoreUpload(visit, *field, upload);
    if (!stored) {
      draft.errors.push_back({upload.field, stored.refusal().sentence});
      continue;
    }
    if (field->kind == forms::Kind::kText) {
      std::erase_if(posted, [&](const auto& pair) { return pair.first == upload.field; });
    }
    posted.emplace_back(upload.field, stored.value());
  }
}

// From what was posted to answers and errors. True: nothing is wrong.
bool ReadAnswers(Visit& visit, const forms::Form* form, Draft& draft) {
  if (form == nullptr) return true;
  forms::Posted posted(visit.request.fields.begin(), visit.request.fields.end());
  TakeUploads(visit, *form, draft, posted);
  auto answers = forms::AnswersFrom(*form, posted);
  if (!answers) {
    draft.errors.push_back({"", answers.refusal().sentence});
    return false;
  }
  draft.answers = std::move(answers).value();
  const std::string today = workflows::ParisDate(visit.now);
  for (auto& error : forms::Validate(*form, draft.answers, today)) draft.errors.push_back(error);
  return draft.errors.empty();
}

Draft DraftFromPost(const Visit& visit) {
  const Request& request = visit.request;
  Draft draft;
  draft.key = request.Field("cle").substr(0, 64);
  draft.task = request.Field("tache");
  draft.task_version = request.Field("tache_version");
  draft.version = request.Field("projet_version");
  const std::string rows = request.Field("lignes");
  draft.blank_rows = rows.size() == 1 || rows == "10" ? std::max(1, std::atoi(rows.c_str())) : 1;
  return draft;
}

Response ShowAgain(Visit& visit, Draft draft, bool rehearse) {
  Plan plan;
  std::optional<workflows::ActAnswer> rehearsal;
  if (rehearse) {
    auto request = RequestOf(visit, draft);
    request.dry_run = true;
    request.key.clear();
    auto answer = visit.services.desk.Act(request);
    if (answer) {
      rehearsal = std::move(answer).value();
    } else {
      draft.told = answer.refusal().sentence;
    }
    draft.rehearsed = rehearsal.has_value();
  }
  return visit.services.database.Read([&](storage::Session& session) {
    const Scene scene = SetScene(visit, session);
    if (scene.action == nullptr || !(IsOpen(scene) || draft.changed)) return ShowLocked(scene);
    plan = rehearsal ? PlanFromAnswer(visit, session, *scene.definition, *rehearsal)
                     : PlanFromRails(*scene.definition, *visit.project, scene.action->action);
    return Show(scene, draft, plan);
  });
}

Response SaveAsDraft(Visit& visit, const forms::Form& form, const Draft& draft) {
  visit.services.database.Write([&](storage::Session& session) {
    storage::SaveDraft(
        session, {visit.project->id, form.id, visit.visitor->person.id, visit.now, draft.answers});
  });
  return SeeOther("/projets/" + visit.project->number + "/actions/" + visit.Parameter("action") +
                  "?brouillon=1");
}

Response Commit(Visit& visit, const forms::Form* form, Draft draft) {
  const auto answer = visit.services.desk.Act(RequestOf(visit, draft));
  if (answer) {
    if (form != nullptr) {
      visit.services.database.Write([&](storage::Session& session) {
        storage::DeleteDraft(session, visit.project->id, form->id, visit.visitor->person.id);
      });
    }
    const std::string number = visit.project->number, act = answer.value().act;
    return SeeOther(visit.request.Field("retour") == "consolidation"
                        ? "/projets/" + number + "/consolidation?fait=" + act
                        : "/taches?fait=" + act + "&projet=" + number);
  }
  const auto& refusal = answer.refusal();
  draft.told = refusal.sentence;
  draft.changed = refusal.code == "stale" || refusal.code == "conflict" || refusal.code == "moved";
  draft.status = draft.changed ? 409 : 422;
  // The key belongs to the refused body: the next try is another act.
  draft.key = storage::RandomHex(16);
  if (draft.changed) {
    draft.task.clear();
    visit.services.database.Read([&](storage::Session& session) {
      visit.project = storage::FindProjectById(session, visit.project->id);
    });
    draft.version = std::to_string(visit.project->version);
  }
  return ShowAgain(visit, std::move(draft), false);
}

}  // namespace

Response DecisionPage(Visit& visit) {
  return visit.services.database.Read([&](storage::Session& session) {
    const Scene scene = SetScene(visit, session);
    if (!IsOpen(scene)) return ShowLocked(scene);
    Draft draft;
    FindTask(scene, draft);
    draft.answers = FirstAnswers(scene);
    if (visit.request.Query("brouillon") == "1") {
      draft.told = "Votre brouillon est enregistré. Personne d’autre ne le voit.";
    }
    return Show(scene, draft,
                PlanFromRails(*scene.definition, *visit.project, scene.action->action));
  });
}

Response Decide(Visit& visit) {
  const auto [open, definition, form_id] =
      visit.services.database.Read([&](storage::Session& session) {
        const Scene scene = SetScene(visit, session);
        return std::tuple(scene.action != nullptr && scene.action->mine, scene.definition,
                          scene.action == nullptr ? "" : scene.action->action.form);
      });
  Draft draft = DraftFromPost(visit);
  const auto* form = FormOf(*definition, form_id);
  const std::string wanted = visit.request.Field("do");
  if (!open) {
    return visit.services.database.Read(
        [&](storage::Session& session) { return ShowLocked(SetScene(visit, session)); });
  }
  const bool good = ReadAnswers(visit, form, draft);
  if (wanted == "draft" && form != nullptr) return SaveAsDraft(visit, *form, draft);
  if (wanted == "rows") {
    draft.errors.clear();
    draft.blank_rows = std::min(10, draft.blank_rows + 3);
    return ShowAgain(visit, std::move(draft), false);
  }
  if (!good) {
    draft.status = 422;
    return ShowAgain(visit, std::move(draft), false);
  }
  if (wanted == "rehearse") return ShowAgain(visit, std::move(draft), true);
  return Commit(visit, form, std::move(draft));
}

}  // namespace aiguillage::web
