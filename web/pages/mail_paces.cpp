// The pace of one's mails: chosen in one's account, or by the one click of a mail reader.
#include "web/mail_paces.h"

#include "workflows/mail_pace.h"

namespace aiguillage::web {

namespace {

// One of: the question, that it is done, that the link is nobody's.
Response Say(Visit& visit, int status, const std::string& what) {
  View view;
  view.Set("asked", what == "asked").Set("done", what == "done").Set("unknown", what == "unknown");
  view.Set("action", what == "asked" ? "/desabonnement/" + visit.Parameter("token") : "");
  return Page(visit, status, "unsubscribe", "Courriels pour information", std::move(view));
}

std::optional<std::int64_t> PersonOf(Visit& visit, storage::Session& session) {
  return workflows::PersonOfToken(session, visit.Parameter("token"));
}

}  // namespace

Response KeepMailPaces(Visit& visit) {
  visit.services.database.Write([&](storage::Session& session) {
    for (const auto& kind : workflows::MailKinds()) {
      // A page of ours never sends a pace that is none.
      workflows::ChoosePace(session, visit.visitor->person.id, kind.id,
                            visit.request.Field(kind.id), visit.now);
    }
  });
  return SeeOther("/compte?rythme=1#courriels");
}

// Mail scanners follow links: only the button, or the reader's own POST (RFC 8058), changes it.
Response UnsubscribePage(Visit& visit) {
  const bool known = visit.services.database.Read(
      [&](storage::Session& session) { return PersonOf(visit, session).has_value(); });
  return known ? Say(visit, 200, "asked") : Say(visit, 404, "unknown");
}

Response Unsubscribe(Visit& visit) {
  const bool known = visit.services.database.Write([&](storage::Session& session) {
    const auto person = PersonOf(visit, session);
    if (person) {
      workflows::ChoosePace(session, *person, workflows::kNews, workflows::kNeverSent, visit.now);
    }
    return person.has_value();
  });
  return known ? Say(visit, 200, "done") : Say(visit, 404, "unknown");
}

void AddMailPaces(View& view, const Visit& visit, storage::Session& session) {
  view.SetList("mail_kinds").Set("paces_kept", visit.request.Query("rythme") == "1");
  for (const auto& kind : workflows::MailKinds()) {
    View& row = view.AddRow("mail_kinds");
    row.Set("kind_id", kind.id).Set("kind_label", kind.label);
    const auto chosen = workflows::PaceFor(session, visit.visitor->person.id, kind.id);
    for (const auto& pace : workflows::MailPaces()) {
      if (!workflows::IsPaceOf(kind.id, pace.id)) continue;
      row.AddRow("kind_paces")
          .Set("option_value", pace.id)
          .Set("option_label", pace.label)
          .Set("option_selected", pace.id == chosen);
    }
  }
}

}  // namespace aiguillage::web
