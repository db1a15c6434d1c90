// The messages of a call, for its pilot: where the rails send each, and its words, which may be the
// call's own. Saved in versions; an earlier one, or the text of the rails, can come back.
#include <algorithm>
#include <map>

#include "storage/hash.h"
#include "storage/people.h"
#include "web/mail_text_page.h"
#include "web/mail_uses.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/words.h"

namespace aiguillage::web {

namespace {

constexpr std::int64_t kTrialWindow = 3'600'000;
constexpr int kTrialsAnHour = 10;

TypedText TypedIn(const Request& request) {
  const auto lines = [&](const char* field) {
    std::string text = request.Field(field);
    std::erase(text, '\r');  // forms end lines by CR LF
    if (!text.empty() && text.back() != '\n') text += '\n';
    return text;
  };
  return {Trim(request.Field("subject")), lines("text"), lines("html")};
}

Problems ProblemsOf(const OwnTextScene& scene, const TypedText& typed) {
  // A second line in it would be text.
  if (typed.subject.find('\n') != std::string::npos) {
    return {{"text", 1, "l’objet tient sur une ligne"}};
  }
  return notifications::CheckOwnText(*scene.of.rails, scene.message, SourceFrom(typed));
}

// Only while nobody else saved: looked at again in the very transaction that writes.
bool SaveOwnText(Visit& visit, const OwnTextScene& scene, const notifications::MailSource& source,
                 bool removed, int expected) {
  return visit.services.database.Write([&](storage::Session& session) {
    const auto versions =
        storage::MailTextsOf(session, scene.of.call.id, scene.message, scene.collection);
    if ((versions.empty() ? 0 : versions.front().version) != expected) return false;
    storage::InsertMailText(
        session, {scene.of.call.id, scene.message, scene.collection, 0, removed, source.text,
                  source.html, visit.visitor->person.id, visit.now});
    return true;
  });
}

Response ShowMeanwhile(Visit& visit, const TypedText& typed) {
  const OwnTextScene scene = ReadOwnText(visit);
  const auto name =
      scene.versions.empty() ? scene.names.end() : scene.names.find(scene.versions.front().person);
  const std::string who = name == scene.names.end() ? "Quelqu’un" : name->second;
  return ShowOwnText(visit, scene, typed, ProblemsOf(scene, typed), 409,
                     {who + " a enregistré une autre version entre-temps. Votre saisie est "
                            "conservée : relisez-la, puis enregistrez de nouveau pour la garder.",
                      true});
}

// To whoever asks and nobody else, through the outbox like any other mail.
Response SendTrial(Visit& visit, const OwnTextScene& scene, const TypedText& typed) {
  if (!scene.project) {
    return ShowOwnText(visit, scene, typed, {}, 422,
                       {"Un essai se fait sur un projet de l’appel, et il n’y en a pas.", true});
  }
  const auto source = SourceFrom(typed);
  const bool sent = visit.services.database.Write([&](storage::Session& session) {
    const std::string who = "mail trial " + std::to_string(visit.visitor->person.id);
    if (storage::CountRequest(session, storage::Sha256(who), kTrialWindow, visit.now) >
        kTrialsAnHour) {
      return false;
    }
    storage::OutboxRow row = scene.sample;
    row.payload["trial"] = {{"text", source.text}, {"html", source.html}, {"mark", true}};
    row.key = "essai/" + storage::RandomHex(16);
    row.status = "pending";
    row.created_at = row.not_before = visit.now;
    storage::InsertOutbox(session, row);
    return true;
  });
  if (!sent) {
    return ShowOwnText(
        visit, scene, typed, {}, 429,
        {"Dix essais sont déjà partis depuis moins d’une heure : attendez un peu.", true});
  }
  return ShowOwnText(visit, scene, typed, {}, 200,
                     {"Un essai part à votre adresse, " + visit.visitor->person.email +
                          ", et à personne d’autre. Rien n’est enregistré.",
                      false});
}

void AddMessageRow(View& view, const CallTexts& of, const std::string& message,
                   const std::vector<const MailUse*>& uses) {
  View& row = view.AddRow("messages");
  row.Set("m_title", TitleOf(notifications::SourceOf(*of.rails, message)))
      .Set("m_id", message)
      .Set("m_href", of.address() + "/" + message)
      .SetList("m_uses")
      .SetList("m_own");
  for (const MailUse* use : uses) {
    row.AddRow("m_uses").Set("u_where", use->where).Set("u_to", use->to).Set("u_copy", use->copy);
  }
  for (const auto& head : of.in_force) {
    if (head.message != message) continue;
    row.AddRow("m_own")
        .Set("own_label", FirstUpper(of.LabelOf(head.collection)))
        .Set("own_href", of.address() + "/" + message + QueryOf({{"collection", head.collection}}));
  }
}

}  // namespace

Response MailTextsPage(Visit& visit) {
  const CallTexts of = visit.services.database.Read(
      [&](storage::Session& session) { return ReadCallTexts(visit, session); });
  const auto uses = MailUses(of.definition->chart);
  std::vector<std::string> order;
  std::map<std::string, std::vector<const MailUse*>> by_message;
  for (const MailUse& use : uses) {
    if (!notifications::MayBeOwn(use.message)) continue;
    if (!by_message.contains(use.message)) order.push_back(use.message);
    by_message[use.message].push_back(&use);
  }
  View view;
  view.SetList("messages").Set("call_title", of.call.title);
  for (const auto& message : order) AddMessageRow(view, of, message, by_message[message]);
  return Page(visit, 200, "mail_texts", "Textes des courriels", std::move(view), of.call.title);
}

Response MailTextPage(Visit& visit) {
  const OwnTextScene scene = ReadOwnText(visit);
  const TypedText typed = TypedOf(scene.source);
  const Problems problems = ProblemsOf(scene, typed);
  return ShowOwnText(visit, scene, typed, problems, 200,
                     problems.empty()
                         ? TextNotice{}
                         : TextNotice{"Ce texte ne peut plus servir : celui des règles part "
                                      "à sa place tant qu’il n’est pas corrigé.",
                                      true});
}

Response MailTextLook(Visit& visit) {
  const OwnTextScene scene = ReadOwnText(visit);
  const bool typed_now = visit.request.method == "POST";
  const TypedText typed = typed_now ? TypedIn(visit.request) : TypedOf(scene.source);
  return ShowLook(visit, scene, typed, ProblemsOf(scene, typed),
                  visit.request.Field("forme") == "texte");
}

Response ChangeMailText(Visit& visit) {
  const OwnTextScene scene = ReadOwnText(visit);
  const TypedText typed = TypedIn(visit.request);
  const Problems problems = ProblemsOf(scene, typed);
  const std::string gesture = visit.request.Field("geste");
  const bool project_wrong = !scene.project_error.empty() && gesture == "essai";
  if (!problems.empty() || project_wrong) {
    return ShowOwnText(visit, scene, typed, problems, 422, {});
  }
  if (gesture == "essai") return SendTrial(visit, scene, typed);
  if (gesture != "enregistrer") return ShowOwnText(visit, scene, typed, {}, 200, {});
  const auto version = IdIn(visit.request.Field("version"));
  const int expected = version && *version < 1'000'000 ? static_cast<int>(*version) : -1;
  if (!SaveOwnText(visit, scene, SourceFrom(typed), false, expected)) {
    return ShowMeanwhile(visit, typed);
  }
  return SeeOther(scene.address());
}

Response RestoreMailText(Visit& visit) {
  const OwnTextScene scene = ReadOwnText(visit);
  const auto wanted = IdIn(visit.Parameter("version"));
  notifications::MailSource source;
  bool removed = wanted == 0, found = removed;
  for (const auto& one : scene.versions) {
    if (wanted != one.version) continue;
    found = true;
    removed = one.removed;
    source = {one.text, one.html};
  }
  if (!found) throw HttpError(404, "Cette version n’existe pas.");
  if (!removed) {
    const auto typed = TypedOf(source);
    const auto problems = ProblemsOf(scene, typed);
    if (!problems.empty()) {
      return ShowOwnText(visit, scene, typed, problems, 422,
                         {"Cette version ne va plus avec les règles : corrigez-la avant de "
                          "l’enregistrer.",
                          true});
    }
  }
  if (removed && !scene.IsOwn()) return SeeOther(scene.address());  // it already is so
  if (!SaveOwnText(visit, scene, source, removed, scene.version())) {
    return ShowMeanwhile(visit, TypedOf(scene.source));
  }
  return SeeOther(scene.address());
}

}  // namespace aiguillage::web
