// What the office does with one mail by hand: discard it, send it now or again, put it otherwise.
#include "notifications/outbox_hand.h"
#include "storage/outbox.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

using notifications::Hand;
using notifications::HandOutcome;

std::string AddressOf(std::int64_t mail) { return "/courriels/" + std::to_string(mail); }

Hand HandOf(const Visit& visit) {
  const auto& person = visit.visitor->person;
  return {person.id, NameOf(person), visit.now};
}

std::int64_t MailAsked(const Visit& visit) {
  const auto id = IdIn(visit.Parameter("mail"));
  if (!id) throw HttpError(404, "Ce courriel n’existe pas.");
  return *id;
}

int StatusOf(const engine::Refusal& refusal) {
  if (refusal.code == "unknown_mail") return 404;
  return refusal.code == "secret" ? 403 : refusal.code == "bad_input" ? 422 : 409;
}

// Back to the mail that came out of it, or the refusal in its words.
template <typename Gesture>
Response Done(Visit& visit, Gesture&& gesture) {
  const HandOutcome done =
      visit.services.database.Write([&](storage::Session& session) { return gesture(session); });
  if (!done) throw HttpError(StatusOf(done.refusal()), done.refusal().sentence);
  return SeeOther(AddressOf(done.value().id));
}

std::string GestureWords(const std::string& what) {
  if (what == "discarded") return "écarté";
  if (what == "sent_now") return "envoi avancé";
  if (what == "rewritten") return "récrit";
  if (what == "sent_again") return "renvoyé";
  return "copie d’un courriel déjà parti";
}

Response RewriteForm(Visit& visit, int status, std::int64_t mail, const notifications::Words& words,
                     const std::string& error) {
  View view;
  view.Set("mail_href", AddressOf(mail))
      .Set("subject", words.subject)
      .Set("text", words.text)
      .Set("error", error);
  const std::string title = "Récrire le courriel " + std::to_string(mail);
  return Page(visit, status, "mail_rewrite", error.empty() ? title : "Erreur : " + title,
              std::move(view));
}

}  // namespace

void AddHand(View& view, const Visit& visit, const storage::OutboxRow& row) {
  const bool office = Covers(Rule::kOffice, *visit.visitor, visit.scopes);
  view.Set("may_change", office && notifications::MayChange(row))
      .Set("may_send_again", office && notifications::MaySendAgain(row))
      .Set("hand_href", AddressOf(row.id))
      .Set("again_of", row.payload.contains("again_of")
                           ? AddressOf(row.payload["again_of"].get<std::int64_t>())
                           : "");
  view.SetList("hands").Set("has_hands", false);
  const auto notes = row.payload.value("hand", nlohmann::json::array());
  for (const auto& note : office ? notes : nlohmann::json::array()) {
    view.Set("has_hands", true);
    view.AddRow("hands")
        .Set("hand_words",
             FirstUpper(GestureWords(note.value("what", ""))) + " par " + note.value("name", ""))
        .Set("hand_when", workflows::FrenchInstant(note.value("at", std::int64_t{0})))
        .Set("hand_why", note.value("why", ""));
  }
}

Response DiscardMail(Visit& visit) {
  const std::int64_t mail = MailAsked(visit);
  const HandOutcome done = visit.services.database.Write([&](storage::Session& session) {
    return notifications::Discard(session, mail, HandOf(visit), visit.request.Field("reason"));
  });
  if (done) return SeeOther(AddressOf(mail));
  const auto& refusal = done.refusal();
  if (refusal.code != "bad_input") throw HttpError(StatusOf(refusal), refusal.sentence);
  return ShowMail(visit, 422, refusal.sentence);
}

Response SendMailNow(Visit& visit) {
  const std::int64_t mail = MailAsked(visit);
  return Done(visit, [&](storage::Session& session) {
    return notifications::SendNow(session, mail, HandOf(visit));
  });
}

Response SendMailAgain(Visit& visit) {
  const std::int64_t mail = MailAsked(visit);
  return Done(visit, [&](storage::Session& session) {
    return notifications::SendAgain(session, mail, HandOf(visit));
  });
}

Response RewriteMailPage(Visit& visit) {
  const std::int64_t mail = MailAsked(visit);
  const auto row = visit.services.database.Read(
      [&](storage::Session& session) { return storage::FindOutbox(session, mail); });
  if (!row || row->kind != "mail") throw HttpError(404, "Ce courriel n’existe pas.");
  if (notifications::HoldsSecret(*row)) {
    throw HttpError(403, "Ce lien est personnel : ce courriel ne se récrit pas.");
  }
  if (!notifications::MayChange(*row)) {
    throw HttpError(409, "Ce courriel n’attend plus : il peut être renvoyé, pas changé.");
  }
  notifications::Words words;
  if (visit.services.draft_mail) words = visit.services.draft_mail(*row);
  return RewriteForm(visit, 200, mail, words, "");
}

Response RewriteMail(Visit& visit) {
  const std::int64_t mail = MailAsked(visit);
  const notifications::Words words{visit.request.Field("subject"), visit.request.Field("text")};
  const HandOutcome done = visit.services.database.Write([&](storage::Session& session) {
    return notifications::Rewrite(session, mail, HandOf(visit), words,
                                  visit.services.options.public_url);
  });
  if (done) return SeeOther(AddressOf(mail));
  const auto& refusal = done.refusal();
  if (refusal.code != "bad_input") throw HttpError(StatusOf(refusal), refusal.sentence);
  return RewriteForm(visit, 422, mail, words, refusal.sentence);
}

}  // namespace aiguillage::web
