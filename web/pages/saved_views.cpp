// Keeping a list under a name, and letting go of it.
#include "web/saved_views.h"

#include "storage/saved_views.h"
#include "web/pages/handlers.h"
#include "web/text.h"

namespace aiguillage::web {

Response KeepView(Visit& visit) {
  const std::string address = visit.request.Field("adresse");
  const std::string name = Trim(visit.request.Field("nom"));
  if (!IsListAddress(address)) return ErrorPage(visit, 422, "Cette liste ne peut pas être gardée.");
  if (name.empty() || CharactersIn(name) > kViewNameMax) {
    return ErrorPage(
        visit, 422,
        "Donnez à cette liste un nom de 60 caractères au plus, par exemple « En retard "
        "chez moi ». Rien n’est perdu : revenez à la page précédente.");
  }
  const bool kept = visit.services.database.Write([&](storage::Session& session) {
    const auto person = visit.visitor->person.id;
    if (storage::ViewsOf(session, person).size() >= kSavedViewsMax) return false;
    storage::SaveView(session, {0, person, name, address, visit.now});
    return true;
  });
  if (!kept) {
    return ErrorPage(visit, 422, "Vous gardez déjà 30 listes : oubliez-en une avant d’en ajouter.");
  }
  return SeeOther(address);
}

Response ForgetView(Visit& visit) {
  const auto id = IdIn(visit.Parameter("view"));
  const std::string address = visit.request.Field("adresse");
  const bool gone = id && visit.services.database.Write([&](storage::Session& session) {
    return storage::DeleteView(session, *id, visit.visitor->person.id);
  });
  if (!gone) throw HttpError(404, "Cette liste n’est pas parmi celles que vous gardez.");
  return SeeOther(IsListAddress(address) ? address : "/projets");
}

}  // namespace aiguillage::web
