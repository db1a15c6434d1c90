// Nudging somebody whose task waits, and extending a deadline: once, by whom the rails say.
#include "web/deadlines.h"

#include "web/pages/handlers.h"
#include "web/rails.h"
#include "web/text.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/reminders.h"

namespace aiguillage::web {

namespace {

struct TypedExtension {
  int status = 200;
  std::string error, deadline, count, reason;
};

std::string KeyOf(const workflows::ExtensionOffer& offer) {
  return offer.state + " " + offer.event;
}

int StatusOfRefusal(const engine::Refusal& refusal) {
  return refusal.code == "not_yours" ? 403 : 409;
}

Response ShowExtend(Visit& visit, const TypedExtension& typed) {
  View view;
  const auto& project = *visit.project;
  visit.services.database.Read([&](storage::Session& session) {
    const auto definition = visit.services.catalog.Pinned(session, project.definition);
    const Rails rails(definition->chart);
    view.SetList("offers");
    bool first = true;
    for (const auto& offer : workflows::ExtensionsFor(session, *definition, project,
                                                      visit.visitor->person.id, visit.now)) {
      view.AddRow("offers")
          .Set("offer_key", KeyOf(offer))
          .Set("offer_event", offer.event)
          .Set("offer_chosen", typed.deadline.empty() ? first : typed.deadline == KeyOf(offer))
          .Set("offer_label", rails.Label(offer.state, true))
          .Set("offer_due", workflows::FrenchDate(offer.due_at))
          .Set("offer_most", offer.most_text);
      first = false;
    }
  });
  view.Set("number", project.number)
      .Set("project_title", project.title)
      .Set("error", typed.error)
      .Set("count", typed.count)
      .Set("reason", typed.reason);
  const std::string title = "Prolonger une échéance";
  return Page(visit, typed.status, "extend", typed.error.empty() ? title : "Erreur : " + title,
              std::move(view));
}

}  // namespace

Response NudgeAct(Visit& visit) {
  workflows::NudgeRequest request;
  request.project = visit.project->number;
  request.task = IdIn(visit.Parameter("task")).value_or(0);
  request.actor = {visit.visitor->person.id, ""};
  request.now = visit.now;
  const auto answer = visit.services.desk.Nudge(request);
  if (!answer) throw HttpError(StatusOfRefusal(answer.refusal()), answer.refusal().sentence);
  return SeeOther("/projets/" + request.project + "?fait=" + answer.value().act);
}

Response ExtendPage(Visit& visit) { return ShowExtend(visit, {}); }

Response ExtendAct(Visit& visit) {
  const Request& form = visit.request;
  TypedExtension typed{422, "", form.Field("deadline"), Trim(form.Field("count")),
                       Trim(form.Field("reason"))};
  const auto space = typed.deadline.find(' ');
  workflows::ExtendRequest request;
  request.project = visit.project->number;
  request.state = typed.deadline.substr(0, space);
  request.event = space == std::string::npos ? "" : typed.deadline.substr(space + 1);
  request.count = static_cast<int>(IdIn(typed.count.substr(0, 6)).value_or(0));
  request.reason = typed.reason;
  request.actor = {visit.visitor->person.id, ""};
  request.now = visit.now;
  const auto answer = visit.services.desk.Extend(request);
  if (answer) return SeeOther("/projets/" + request.project + "?fait=" + answer.value().act);
  if (answer.refusal().code != "bad_input") {
    throw HttpError(StatusOfRefusal(answer.refusal()), answer.refusal().sentence);
  }
  typed.error = answer.refusal().sentence;
  return ShowExtend(visit, typed);
}

}  // namespace aiguillage::web
