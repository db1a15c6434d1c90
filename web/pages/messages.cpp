// Writing a message: to the project's people, or a note between those who decide.
#include "web/exchanges.h"
#include "web/pages/handlers.h"
#include "web/project_mail.h"
#include "web/rails.h"
#include "web/session.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/delegation.h"
#include "workflows/mail_pace.h"

namespace aiguillage::web {

namespace {

constexpr int kMessagesAnHour = 30;
constexpr std::int64_t kHourMs = 3'600'000;

// One row a reader, named after the message: told once, however often it is sent.
void TellReaders(storage::Session& session, const Visit& visit, const storage::Message& message,
                 const workflows::Definition& definition) {
  auto payload = ProjectVariables(session, Rails(definition.chart), *visit.project, message.at);
  payload["actor"] = workflows::ActedBy(session, message.person, message.on_behalf_of) + " (" +
                     RoleLabel(message.role) + ")";
  payload["reason"] = message.body;
  payload["tab"] = "echanges";
  const ProjectMail mail{"message_posted", "message:" + std::to_string(message.id), payload,
                         workflows::kMessages};
  for (const auto& reader : PublicReaders(session, *visit.project, message.person, visit.now)) {
    QueueProjectMail(session, *visit.project, mail, reader, visit.now);
  }
}

std::string WhyNotSent(Visit& visit, const std::string& text) {
  if (text.empty()) return "Écrivez votre message avant de l’envoyer.";
  if (CharactersIn(text) > kMessageCharactersMax) {
    return "Raccourcissez ce message : " + std::to_string(kMessageCharactersMax) +
           " caractères au plus.";
  }
  const std::string author = "message " + std::to_string(visit.visitor->person.id);
  if (!visit.house.attendance.Allow(author, kMessagesAnHour, kHourMs, visit.now)) {
    return "Vous avez envoyé beaucoup de messages en une heure : réessayez un peu plus tard.";
  }
  return "";
}

}  // namespace

Response PostMessage(Visit& visit) {
  const std::string kind = visit.request.Field("genre") == "interne" ? "internal" : "public";
  std::string text = visit.request.Field("texte");
  std::erase(text, '\r');
  text = Trim(text);
  const auto [as, definition] = visit.services.database.Read([&](storage::Session& session) {
    const Sight sight = SightOf(session, *visit.visitor, *visit.project, visit.now);
    return std::pair(WritesAs(sight, kind),
                     visit.services.catalog.Pinned(session, visit.project->definition));
  });
  if (as.role.empty()) {
    throw HttpError(403, kind == "internal"
                             ? "Les notes internes sont réservées à ceux qui décident du projet."
                             : "Vous pouvez lire ce projet, mais pas y écrire de message.");
  }
  const std::string error = WhyNotSent(visit, text);
  if (!error.empty()) return ShowProject(visit, 422, {kind, text, error});
  // The page's key makes one message of a form that was sent twice; without one, each is new.
  const std::string key = visit.request.Field("cle").substr(0, 64);
  storage::Message message{
      0,         visit.project->id, visit.visitor->person.id, as.role, kind, text,
      visit.now, visit.id,          as.on_behalf_of};
  if (!key.empty()) message.key = std::to_string(message.person) + ":" + key;
  visit.services.database.Write([&](storage::Session& session) {
    message.id = storage::InsertMessage(session, message);
    if (message.id != 0 && kind == "public") TellReaders(session, visit, message, *definition);
  });
  return SeeOther("/projets/" + visit.project->number + "?onglet=echanges#onglets");
}

}  // namespace aiguillage::web
