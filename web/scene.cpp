#include "web/scene.h"

#include <algorithm>
#include <map>

#include "storage/journal.h"
#include "web/project_head.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

constexpr std::size_t kPrefilledFieldsMin = 5;

// « il y a 2 minutes » while that says more than the instant.
std::string AgoWords(std::int64_t at, std::int64_t now) {
  const std::int64_t minutes = (now - at) / 60'000;
  if (minutes < 1) return "à l’instant";
  if (minutes < 60) return "il y a " + Plural(minutes, "minute", "minutes");
  return "le " + workflows::FrenchInstant(at);
}

}  // namespace

Scene SetScene(Visit& visit, storage::Session& session) {
  Scene scene{
      visit, session, SightOf(session, *visit.visitor, *visit.project, visit.now),
      visit.services.catalog.Pinned(session, visit.project->definition),
      visit.services.desk.ActionsFor(session, *visit.project, visit.visitor->person.id, visit.now)};
  const std::string& asked = visit.Parameter("action");
  for (const auto& offered : scene.actions) {
    if (offered.action.id == asked) scene.action = &offered;
  }
  scene.form = scene.action != nullptr ? FormOf(*scene.definition, scene.action->action.form)
                                       : FormOfAction(*scene.definition, asked);
  scene.draft = storage::FindDraft(session, visit.project->id, asked, scene.sight.person);
  if (scene.draft && (scene.form == nullptr || scene.draft->form != scene.form->id)) {
    scene.draft.reset();
  }
  return scene;
}

bool IsOpen(const Scene& scene) {
  return scene.action != nullptr && scene.action->mine && !scene.action->action.locked &&
         scene.action->reason.empty();
}

bool IsTheirs(const Scene& scene) {
  for (const auto& transition : scene.definition->chart.transitions) {
    const auto& events = transition.events;
    if (std::find(events.begin(), events.end(), scene.visit.Parameter("action")) == events.end()) {
      continue;
    }
    for (const auto& role : SplitWords(engine::Attribute(transition, "by"))) {
      if (scene.sight.Holds(role)) return true;
    }
  }
  return false;
}

nlohmann::json FirstAnswers(const Scene& scene) {
  if (scene.form == nullptr) return nlohmann::json::object();
  if (scene.draft) return scene.draft->answers;
  if (scene.form->fields.size() < kPrefilledFieldsMin) return nlohmann::json::object();
  const auto last = storage::LatestDocument(scene.session, scene.visit.project->id, scene.form->id);
  const bool mine = last && (last->person == scene.sight.person ||
                             (scene.form->is_public && scene.action->action.roles.size() > 1));
  if (!mine) return nlohmann::json::object();
  nlohmann::json answers = last->answers;
  // What was ticked then answered another request.
  if (const auto* list = forms::ChecklistField(*scene.form)) answers.erase(list->name);
  return answers;
}

std::string LastActSentence(const Scene& scene) {
  const auto last = storage::LastJournal(scene.session, scene.visit.project->id);
  if (!last) return "";
  const std::string who =
      ActorWords(scene.session, scene.sight, last->person, last->on_behalf_of, last->role);
  return "Dernier acte : « " + ActLabel(*scene.definition, *last) + " », par " + who + ", " +
         AgoWords(last->at, scene.visit.now) + ".";
}

FormContext ContextOf(const Scene& scene, const std::optional<Checklist>& checklist) {
  FormContext context;
  if (scene.form == nullptr) return context;
  if (checklist) context.points = checklist->lines;
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

}  // namespace aiguillage::web
