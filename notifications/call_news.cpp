#include "notifications/call_news.h"

#include <algorithm>
#include <map>
#include <sstream>

#include "notifications/call_mail.h"
#include "notifications/mail_link.h"
#include "storage/call_subscribers.h"
#include "storage/dossiers.h"
#include "storage/hash.h"
#include "workflows/calendar.h"
#include "workflows/collections.h"
#include "workflows/mail_pace.h"

namespace aiguillage::notifications {
namespace {

constexpr int kAsksADay = 3, kNewsHour = 8, kNewsBatch = 200;
constexpr std::int64_t kDayLength = 86'400'000;
constexpr std::int64_t kLeadsFirst = -1;  // nobody is told yet: leads come before subscribers

// What there is to tell of a call, in order.
struct News {
  const char* event;
  const char* topic;
  int days_before;  // its closing; 0: when it opens
};
constexpr News kNews[] = {{"call.published", kCallPublishedTemplate, 0},
                          {"call.closing_15", kCallClosingTemplate, 15},
                          {"call.closing_3", kCallClosingTemplate, 3}};
constexpr int kNewsCount = 3;
constexpr std::int64_t kOldNewsMs = 15 * kDayLength;  // that a call opened so long ago is none

// How far a call's news went: « 2 1 all 2027-05-31 », « 1 0 4217 2027-05-31 ».
struct Told {
  int count = 0;                    // what was due then and needs no more telling
  int news = 0;                     // which one was told
  std::int64_t last = kLeadsFirst;  // the last subscriber told of it
  bool all = true;
  std::string closes;
};

std::string SettingOf(const storage::Call& call) { return "call.news." + call.id; }

Told ReadTold(const std::string& text) {
  Told told;
  std::string last;
  std::istringstream(text) >> told.count >> told.news >> last >> told.closes;
  told.all = last.empty() || last == "all";
  if (!told.all) told.last = std::stoll(last);
  return told;
}

std::string Written(const Told& told) {
  return std::to_string(told.count) + " " + std::to_string(told.news) + " " +
         (told.all ? "all" : std::to_string(told.last)) + " " + told.closes;
}

std::int64_t DueOf(const News& news, const storage::Call& call) {
  if (news.days_before == 0) return workflows::ParisHour(call.opens, kNewsHour);
  const workflows::DeadlineRule days{workflows::DeadlineUnit::kDays, news.days_before, ""};
  const std::string day = workflows::DayBefore(days, call.closes, {});
  return workflows::ParisHour(day, kNewsHour);
}

// How many pieces of news are due; 0 for a call there is nothing to tell of.
int CountDue(const storage::Call& call, std::int64_t now) {
  const std::int64_t end = workflows::EndOfParisDay(call.closes);
  if (call.status != "published" || (end != 0 && now > end)) return 0;
  int count = DueOf(kNews[0], call) <= now ? 1 : 0;
  for (int i = 1; end != 0 && i < kNewsCount; ++i) {
    if (DueOf(kNews[i], call) <= now) count = i + 1;
  }
  return count;
}

// What is to be told now, from its beginning or from where it was left; nothing when all is said.
std::optional<Told> ToTell(const storage::Call& call, Told told, std::int64_t now) {
  const int due = CountDue(call, now);
  if (told.count > 1 && told.closes != call.closes) told = {1, 0, kLeadsFirst, true, ""};
  if (due > 0 && !told.all) return told;
  if (due <= told.count) return std::nullopt;
  const std::int64_t opened = DueOf(kNews[0], call);
  const bool unheard = told.count == 0 && (opened == 0 || now < opened + kOldNewsMs);
  if (due == 1 && !unheard) return std::nullopt;
  // Who never heard of the call is told that it is published; its closing date is said there too.
  return Told{due, unheard ? 0 : due - 1, kLeadsFirst, false, call.closes};
}

// Calls of one kind share their collections, as the two orders of the Mentor call do.
bool SameKind(const workflows::Catalog& catalog, const storage::Call& one,
              const storage::Call& other) {
  if (one.definition == other.definition) return true;
  const auto names = catalog.Names();
  for (const auto& call : {one, other}) {
    if (std::find(names.begin(), names.end(), call.definition) == names.end()) return false;
  }
  const auto& collections = catalog.KitOf(one.definition).collections;
  return !collections.is_null() && collections == catalog.KitOf(other.definition).collections;
}

// By id, each address once.
std::map<std::int64_t, storage::CallSubscriber> Subscribers(storage::Session& session,
                                                            const workflows::Catalog& catalog,
                                                            const storage::Call& call) {
  std::map<std::string, storage::CallSubscriber> by_address;
  for (const auto& other : storage::Calls(session)) {
    if (!SameKind(catalog, call, other)) continue;
    for (auto& one : storage::SubscribersOf(session, other.id)) {
      const auto known = by_address.find(one.address);
      if (known != by_address.end() && known->second.id < one.id) continue;
      by_address[one.address] = std::move(one);
    }
  }
  std::map<std::int64_t, storage::CallSubscriber> by_id;
  for (auto& [address, one] : by_address) by_id[one.id] = std::move(one);
  return by_id;
}

std::vector<CallReader> LeadsOfCall(storage::Session& session, const workflows::Catalog& catalog,
                                    const storage::Call& call, std::int64_t now) {
  const auto names = catalog.Names();
  const bool known = std::find(names.begin(), names.end(), call.definition) != names.end();
  const auto slugs = known ? workflows::SlugsOf(catalog.KitOf(call.definition).collections)
                           : std::set<std::string>();
  return CallReaders(session, PeopleOfCall(session, "collection_lead", call.id, slugs),
                     ScopesOfCall(call.id, slugs), now);
}

std::string DayWords(const std::string& iso_date) {
  return iso_date.empty() ? "" : workflows::FrenchDate(workflows::EndOfParisDay(iso_date));
}

storage::OutboxRow RowOf(const News& news, const storage::Call& call) {
  storage::OutboxRow row;
  row.kind = "mail";
  row.topic = news.topic;
  row.key = std::string(news.event) + "-" + call.id + "-" + call.closes;
  row.payload = {{"call", call.title},
                 {"call_id", call.id},
                 {"date", DayWords(call.opens)},
                 {"due", DayWords(call.closes)},
                 {"news", true}};
  row.status = "pending";
  return row;
}

void QueueForSubscriber(storage::Session& session, storage::OutboxRow row,
                        const storage::CallSubscriber& subscriber, std::int64_t now) {
  row.key += "-s" + std::to_string(subscriber.id);
  row.address = subscriber.address;
  row.payload["subscriber"] = subscriber.id;
  row.created_at = row.not_before = now;
  storage::InsertOutbox(session, row);
}

// One batch of those who are still to be told. False when all are, or another process does it:
// `seen` is what the setting said when this one last looked.
bool TellMore(storage::Session& session, const workflows::Catalog& catalog,
              const storage::Call& call, Told& told, std::string& seen, std::int64_t now) {
  const std::string name = SettingOf(call);
  if (storage::FindSetting(session, name).value_or("") != seen) return false;
  const auto row = RowOf(kNews[told.news], call);
  if (told.last == kLeadsFirst) {
    for (const auto& lead : LeadsOfCall(session, catalog, call, now)) {
      QueueCallMail(session, row, lead, true, now);
    }
    told.last = 0;
  }
  const auto subscribers = Subscribers(session, catalog, call);
  auto next = subscribers.upper_bound(told.last);
  for (int i = 0; i < kNewsBatch && next != subscribers.end(); ++i, ++next) {
    QueueForSubscriber(session, row, next->second, now);
    told.last = next->first;
  }
  told.all = next == subscribers.end();
  seen = Written(told);
  storage::SaveSetting(session, name, seen);
  return !told.all;
}

Firing Telling(storage::Session& session, const workflows::Catalog& catalog,
               const storage::Call& call, const News& news, std::int64_t now) {
  Firing firing;
  firing.event = std::string(news.event) + " " + call.id;
  firing.due_at = DueOf(news, call) == 0 ? now : DueOf(news, call);
  firing.mails = {news.topic};
  for (const auto& lead : LeadsOfCall(session, catalog, call, now)) {
    firing.told.push_back(lead.person.email);
  }
  const auto count = Subscribers(session, catalog, call).size();
  if (count > 0) firing.told.push_back(std::to_string(count) + " abonnés");
  return firing;
}

}  // namespace

void AskForNews(storage::Session& session, const storage::Call& call, const std::string& address,
                std::int64_t now) {
  storage::ForgetUnconfirmed(session, now - kConfirmWithinMs);
  const std::string who = storage::Sha256("call news " + call.id + " " + address);
  if (storage::CountRequest(session, who, kDayLength, now) > kAsksADay) return;
  const std::string token = storage::RandomHex(32), hash = storage::Sha256(token);
  if (storage::AskSubscription(session, call.id, address, hash, now) == 0) return;
  storage::OutboxRow row;
  row.kind = "mail";
  row.topic = kSubscribeTemplate;
  row.key = "call-news-" + hash.substr(0, 32);
  row.address = address;
  row.payload = {{"call", call.title},
                 {"call_id", call.id},
                 {"due", workflows::FrenchInstant(now + kConfirmWithinMs)},
                 {"token", token}};
  row.status = "pending";
  row.created_at = row.not_before = now;
  storage::InsertOutbox(session, row);
}

std::optional<std::string> AskedNews(storage::Session& session, const std::string& token,
                                     std::int64_t now) {
  const auto found = storage::FindSubscription(session, storage::Sha256(token));
  if (!found) return std::nullopt;
  const bool late = found->confirmed_at == 0 && found->asked_at + kConfirmWithinMs < now;
  return late ? std::nullopt : std::optional(found->call);
}

std::optional<std::string> ConfirmNews(storage::Session& session, const std::string& token,
                                       std::int64_t now) {
  const auto call = AskedNews(session, token, now);
  if (!call) return std::nullopt;
  const auto found = storage::FindSubscription(session, storage::Sha256(token));
  storage::ConfirmSubscription(session, found->id, now);
  return call;
}

std::optional<std::string> NewsOfToken(storage::Session& session, const std::string& token) {
  const auto id = workflows::SubscriberOfToken(session, token);
  const auto found = id ? storage::FindSubscriber(session, *id) : std::nullopt;
  return found ? std::optional(found->call) : std::nullopt;
}

std::optional<std::string> EndNews(storage::Session& session, const std::string& token) {
  const auto call = NewsOfToken(session, token);
  if (!call) return std::nullopt;
  const auto address =
      storage::FindSubscriber(session, *workflows::SubscriberOfToken(session, token))->address;
  // The mail said « des appels »: whoever was told because of another call ends that too.
  for (const auto& other : storage::Calls(session)) {
    for (const auto& one : storage::SubscribersOf(session, other.id)) {
      if (one.address == address) storage::EndSubscription(session, one.id);
    }
  }
  return call;
}

std::vector<Firing> TellOfCalls(storage::Database& database, const workflows::Catalog& catalog,
                                std::int64_t now, bool dry_run) {
  std::vector<Firing> firings;
  for (const auto& call : database.Read([](storage::Session& s) { return storage::Calls(s); })) {
    std::string seen = database.Read([&](storage::Session& session) {
      return storage::FindSetting(session, SettingOf(call)).value_or("");
    });
    auto told = ToTell(call, ReadTold(seen), now);
    if (!told) continue;
    firings.push_back(database.Read([&](storage::Session& session) {
      return Telling(session, catalog, call, kNews[told->news], now);
    }));
    if (dry_run) continue;
    while (database.Write([&](storage::Session& session) {
      return TellMore(session, catalog, call, *told, seen, now);
    })) {
    }
  }
  return firings;
}

}  // namespace aiguillage::notifications
