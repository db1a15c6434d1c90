// Writing a message: to the project's people, or a note between those who decide.
#include "storage/calls.h"
#include "storage/outbox.h"
#include "web/exchanges.h"
#include "web/pages/handlers.h"
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

// The variables of the template, for one reader.
nlohmann::json PayloadFor(storage::Session& session, const Visit& visit, const Rails& rails,
                          const storage::Message& message, const storage::Person& reader) {
  const auto& project = *visit.project;
  const auto collection = storage::FindCollection(session, project.collection);
  const auto call = storage::FindCall(session, project.call);
  return {{"number", project.number},
          {"title", project.title},
          {"collection", collection ? collection->label : "Sans collection"},
          {"call", call ? call->title : project.call},
          {"state", rails.Labels(project.states, true)},
          {"public_state", rails.Labels(project.states, false)},
          {"actor", workflows::ActedBy(session, message.person, message.on_behalf_of) + " (" +
                        RoleLabel(message.role) + ")"},
          {"reason", message.body},
          {"date", workflows::FrenchDate(message.at)},
          {"recipient", NameOf(reader)},
          {"tab", "echanges"}};
}

// One row a reader, named after the message: told once, however often it is sent.
void TellReaders(storage::Session& session, const Visit& visit, const storage::Message& message,
                 const workflows::Definition& definition) {
  const Rails rails(definition.chart);
  for (const auto& reader : PublicReaders(session, *visit.project, message.person, visit.now)) {
    storage::OutboxRow row;
    row.kind = "mail";
    row.key = "message:" + std::to_string(message.id) + ":" + std::to_string(reader.id);
    row.project = visit.project->id;
    row.topic = "message_posted";
    row.person = reader.id;
    row.address = reader.email;
    row.payload = PayloadFor(session, visit, rails, message, reader);
    row.status = "pending";
    row.created_at = visit.now;
    const std::string pace = workflows::PaceFor(session, reader.id, workflows::kMessages);
    row.not_before = workflows::LeavesAt(pace, visit.now);
    if (pace != workflows::kNow) row.pace = pace;
    storage::InsertOutbox(session, row);
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
