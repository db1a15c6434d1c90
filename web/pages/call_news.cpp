// To be told of calls without an account: the form of a call's page, the link that confirms an
// address, the one that ends it.
#include "notifications/call_news.h"

#include <chrono>
#include <thread>

#include "storage/calls.h"
#include "web/call_news.h"
#include "web/login.h"
#include "web/page.h"

namespace aiguillage::web {

namespace {

// What: asked, confirmed, end_asked, ended, unknown.
Response SayOfNews(Visit& visit, const std::optional<std::string>& call, const std::string& what) {
  View view;
  const std::string said = call ? what : "unknown";
  for (const char* each : {"asked", "confirmed", "end_asked", "ended", "unknown"}) {
    view.Set(each, said == each);
  }
  std::string title;
  visit.services.database.Read([&](storage::Session& session) {
    const auto found = storage::FindCall(session, call.value_or(""));
    title = found ? found->title : "";
  });
  view.Set("action", visit.request.path)
      .Set("news_call", title)
      .Set("call_href", call ? "/appels/" + *call : "/");
  const bool ends = what == "end_asked" || what == "ended";
  return Page(
      visit, call ? 200 : 404, "call_news",
      ends ? "Ne plus être prévenu des appels à projets" : "Être prévenu des appels à projets",
      std::move(view));
}

}  // namespace

Response AskCallNews(Visit& visit) {
  NewsAsked asked;
  asked.address = Lower(Trim(visit.request.Field("adresse"))).substr(0, 254);
  if (!LooksLikeEmail(asked.address)) {
    asked.status = 422;
    asked.error = "Cette adresse n’est pas complète : elle s’écrit comme prenom.nom@exemple.fr.";
    return ShowCall(visit, asked);
  }
  if (AskedTooOften(visit)) {
    throw HttpError(429, "Trop de demandes en une heure : réessayez plus tard.");
  }
  const std::string id = visit.Parameter("call");
  // As for log-in links: who listens to the clock does not hear who is known already.
  const auto answer_at = std::chrono::steady_clock::now() +
                         std::chrono::milliseconds(visit.services.options.login_answer_ms);
  visit.services.database.Write([&](storage::Session& session) {
    const auto call = storage::FindCall(session, id);
    if (!call || call->status == "draft") {
      throw HttpError(404, "Cet appel n’existe pas, ou n’est pas encore publié.");
    }
    notifications::AskForNews(session, *call, asked.address, visit.now);
  });
  std::this_thread::sleep_until(answer_at);
  asked.sent = true;
  return ShowCall(visit, asked);
}

// Mail scanners follow links: only the button confirms, or ends it.
Response ConfirmNewsPage(Visit& visit) {
  return SayOfNews(visit, visit.services.database.Read([&](storage::Session& session) {
    return notifications::AskedNews(session, visit.Parameter("token"), visit.now);
  }),
                   "asked");
}

Response ConfirmCallNews(Visit& visit) {
  return SayOfNews(visit, visit.services.database.Write([&](storage::Session& session) {
    return notifications::ConfirmNews(session, visit.Parameter("token"), visit.now);
  }),
                   "confirmed");
}

Response EndNewsPage(Visit& visit) {
  return SayOfNews(visit, visit.services.database.Read([&](storage::Session& session) {
    return notifications::NewsOfToken(session, visit.Parameter("token"));
  }),
                   "end_asked");
}

// The reader's own POST (RFC 8058) comes here too.
Response EndCallNews(Visit& visit) {
  return SayOfNews(visit, visit.services.database.Write([&](storage::Session& session) {
    return notifications::EndNews(session, visit.Parameter("token"));
  }),
                   "ended");
}

}  // namespace aiguillage::web
