// Deciding: what was typed on the page of a decision becomes an act, or comes back with why not.
#include <algorithm>

#include "storage/drafts.h"
#include "storage/hash.h"
#include "web/decision_page.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/points.h"
#include "web/queue.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

constexpr const char* kDraftTooLarge =
    "Ce brouillon est trop volumineux pour être gardé (2\u00a0Mo au plus). Votre saisie est encore "
    "à "
    "l’écran.";

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
  const auto texts = rehearsal ? MailTextsOf(visit, *rehearsal) : ChangedTexts(visit);
  return visit.services.database.Read([&](storage::Session& session) {
    const Scene scene = SetScene(visit, session);
    if (!IsOpen(scene)) return ShowLocked(scene);
    plan = rehearsal ? PlanFromAnswer(visit, session, *scene.definition, *rehearsal)
                     : PlanFromRails(*scene.definition, *visit.project, scene.action->action);
    return ShowDecision(scene, typed, plan, texts);
  });
}

// Back where one came from: the sheet of opinions, the next task when that was asked, the list.
Response AfterAct(Visit& visit, const std::string& act) {
  const std::string number = visit.project->number, done = "fait=" + act + "&projet=" + number;
  if (visit.request.Field("retour") == "consolidation") {
    return SeeOther("/projets/" + number + "/consolidation?fait=" + act);
  }
  if (visit.request.Field("do") == "act_next") {
    const std::string next = visit.services.database.Read(
        [&](storage::Session& session) { return NextTask(visit, session); });
    if (!next.empty()) return SeeOther(next + "&" + done);
  }
  return SeeOther("/taches?" + done);
}

Response Commit(Visit& visit, const forms::Form* form, Typed typed) {
  const auto words = WordsFrom(visit);
  if (!words) {
    typed.told = words.refusal().sentence;
    typed.status = 422;
    return ShowAgain(visit, std::move(typed), false);
  }
  auto request = RequestOf(visit, typed);
  request.words = words.value();
  const auto answer = visit.services.desk.Act(request);
  if (answer) return AfterAct(visit, answer.value().act);
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
  if (good && !typed.key.empty() && visit.request.Field("do").starts_with("act")) {
    const auto answer = visit.services.desk.Act(RequestOf(visit, typed));
    if (answer) return AfterAct(visit, answer.value().act);
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
