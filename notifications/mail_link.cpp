#include "notifications/mail_link.h"

#include "notifications/compose.h"
#include "storage/call_subscribers.h"
#include "workflows/mail_pace.h"

namespace aiguillage::notifications {
namespace {

constexpr const char* kLoginPath = "/connexion/";
constexpr const char* kAccountPath = "/compte#courriels";

bool IsWord(const std::string& text) {
  return !text.empty() && text.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"
                              "WXYZ0123456789-_.") == std::string::npos;
}

std::int64_t SubscriberOf(const storage::OutboxRow& row) {
  return row.payload.is_object() ? row.payload.value("subscriber", std::int64_t{0}) : 0;
}

std::string EndOfNews(storage::Session& session, std::int64_t subscriber,
                      const std::string& public_url) {
  const std::string token = workflows::SubscriberToken(session, subscriber);
  return token.empty() ? "" : public_url + "/annonces/" + token + "/fin";
}

std::string LinkOfTopic(storage::Session& session, const storage::OutboxRow& row,
                        const std::string& public_url) {
  if (row.topic == kLoginTemplate) {
    const std::string url = TextIn(row.payload, "url");
    return url.starts_with(public_url + kLoginPath) ? url : "";
  }
  if (row.topic == kSubscribeTemplate) {
    const std::string token = TextIn(row.payload, "token");
    return IsWord(token) ? public_url + "/annonces/" + token : public_url + "/";
  }
  if (row.topic == kCallPublishedTemplate || row.topic == kCallClosingTemplate) {
    const auto subscriber = SubscriberOf(row);
    return subscriber == 0 ? public_url + kAccountPath : EndOfNews(session, subscriber, public_url);
  }
  if (row.topic == kConvenedTemplate) {
    const std::string sitting = TextIn(row.payload, "sitting");
    return IsWord(sitting) ? public_url + "/comite/" + sitting : public_url + "/comite";
  }
  return public_url + (row.topic == kSteeringTemplate ? "/pilotage" : "/");
}

}  // namespace

std::string TextIn(const nlohmann::json& payload, const char* name) {
  const auto found = payload.is_object() ? payload.find(name) : payload.end();
  if (found == payload.end()) return "";
  return found->is_string() ? found->get<std::string>() : found->is_number() ? found->dump() : "";
}

std::string MailLink(storage::Session& session, const storage::OutboxRow& row,
                     const std::string& number, const std::string& public_url) {
  if (number.empty() || row.topic == kLoginTemplate) return LinkOfTopic(session, row, public_url);
  const std::string action = TextIn(row.payload, "action"), tab = TextIn(row.payload, "tab");
  return public_url + "/projets/" + number +
         (IsWord(action) ? "/actions/" + action
          : IsWord(tab)  ? "?onglet=" + tab + "#onglets"
                         : "");
}

std::string CallLink(const storage::OutboxRow& row, const std::string& call,
                     const std::string& public_url) {
  const std::string id = call.empty() ? TextIn(row.payload, "call_id") : call;
  return IsWord(id) ? public_url + "/appels/" + id : "";
}

std::string UnsubscribeLink(storage::Session& session, const storage::OutboxRow& row,
                            const std::string& public_url) {
  if (SubscriberOf(row) != 0) return EndOfNews(session, SubscriberOf(row), public_url);
  const std::string token = workflows::UnsubscribeToken(session, row.person);
  return token.empty() ? "" : public_url + "/desabonnement/" + token;
}

bool HasEnded(storage::Session& session, const storage::OutboxRow& row) {
  const auto subscriber = SubscriberOf(row);
  return subscriber != 0 && !storage::FindSubscriber(session, subscriber);
}

}  // namespace aiguillage::notifications
