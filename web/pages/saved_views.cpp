// Keeping a list under a name, and letting go of it.
#include "web/saved_views.h"

#include "storage/saved_views.h"
#include "web/text.h"

namespace aiguillage::web {

namespace {

// Asked again, with what was typed.
Response AskName(Visit& visit, const std::string& address, const std::string& name,
                 const std::string& error) {
  View view;
  view.Set("address", address)
      .Set("name", name.substr(0, 4 * kViewNameMax))
      .Set("error", error)
      .Set("name_max", std::to_string(kViewNameMax));
  return Page(visit, 422, "saved_view", "Erreur : Garder une vue", std::move(view));
}

}  // namespace

Response KeepView(Visit& visit) {
  const std::string address = visit.request.Field("adresse");
  const std::string name = Trim(visit.request.Field("nom"));
  if (!IsListAddress(address))
    return ErrorPage(visit, 422,
                     "Cette adresse n’est pas celle d’une liste ou de chiffres qui se gardent.");
  if (name.empty() || CharactersIn(name) > kViewNameMax) {
    return AskName(visit, address, name,
                   "Donnez un nom de 60 caractères au plus, par exemple « En retard "
                   "chez moi ».");
  }
  const bool kept = visit.services.database.Write([&](storage::Session& session) {
    const auto person = visit.visitor->person.id;
    if (storage::ViewsOf(session, person).size() >= kSavedViewsMax) return false;
    storage::SaveView(session, {0, person, name, address, visit.now});
    return true;
  });
  if (!kept) {
    return AskName(visit, address, name,
                   "Vous gardez déjà 30 vues : oubliez-en une avant d’en ajouter.");
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
