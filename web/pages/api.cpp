// What programs read, and one's keys to it.
#include "web/api.h"

#include "storage/api_keys.h"
#include "web/embedded.h"
#include "web/figures/shown.h"
#include "web/figures/tables.h"

namespace aiguillage::web {

Response PipelineApi(Visit& visit) {
  const std::string wanted = visit.request.Query("panneau");
  const Panel* only = wanted.empty() ? nullptr : FindPanel(wanted);
  if (!wanted.empty() && only == nullptr) {
    throw HttpError(422, "Ce panneau n’existe pas : sans « panneau », ils viennent tous.");
  }
  const auto document = visit.services.database.Read([&](storage::Session& session) {
    const auto question = QuestionOf(session, AskedBy(visit).words,
                                     CallsFor(Rule::kSteering, *visit.visitor), visit.now);
    if (!question) ThrowRefused(question.refusal());
    return FiguresDocument(session, visit.services.catalog, question.value(), only);
  });
  return Json(200, document.dump() + "\n");
}

Response OpenApiDocument(Visit&) { return Json(200, EmbeddedText("web/openapi.json")); }

Response EndApiKeyAct(Visit& visit) {
  const auto id = IdIn(visit.Parameter("key")).value_or(0);
  const bool ended = visit.services.database.Write([&](storage::Session& session) {
    return storage::EndApiKey(session, id, visit.visitor->person.id, visit.now);
  });
  if (!ended) throw HttpError(404, "Cette clé n’est pas des vôtres, ou n’ouvre déjà plus rien.");
  return SeeOther("/compte#cles");
}

}  // namespace aiguillage::web
