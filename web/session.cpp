#include "web/session.h"

#include <algorithm>
#include <utility>

#include "storage/api_keys.h"
#include "storage/hash.h"

namespace aiguillage::web {

std::int64_t Attendance::LastSeen(const std::string& session_hash, std::int64_t recorded) {
  const std::lock_guard lock(mutex_);
  const auto found = seen_.find(session_hash);
  return found == seen_.end() ? recorded : std::max(found->second, recorded);
}

void Attendance::Seen(const std::string& session_hash, std::int64_t now) {
  const std::lock_guard lock(mutex_);
  if (seen_.size() > 20'000) {
    std::erase_if(seen_, [&](const auto& row) { return row.second + kSessionIdleMs < now; });
  }
  seen_[session_hash] = news_[session_hash] = now;
}

std::int64_t Attendance::LastSeenKey(const std::string& key_hash, std::int64_t recorded) {
  return LastSeen(std::string(kKeyMark) + key_hash, recorded);
}

void Attendance::SeenKey(const std::string& key_hash, std::int64_t now) {
  Seen(std::string(kKeyMark) + key_hash, now);
}

std::map<std::string, std::int64_t> Attendance::News() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, {});
}

void Attendance::Forget(const std::string& session_hash) {
  const std::lock_guard lock(mutex_);
  seen_.erase(session_hash);
  news_.erase(session_hash);
}

bool Attendance::Allow(const std::string& key, int limit, std::int64_t window_ms,
                       std::int64_t now) {
  const std::lock_guard lock(mutex_);
  if (counts_.size() > 20'000) {
    std::erase_if(counts_, [&](const auto& row) { return row.second.since + window_ms < now; });
  }
  Count& count = counts_[key];
  if (count.since + window_ms <= now) count = {now, 0};
  return ++count.count <= limit;
}

void PutDown(storage::Database& database, Attendance& attendance) {
  const auto news = attendance.News();
  if (news.empty()) return;
  database.Write([&](storage::Session& session) {
    for (const auto& [hash, at] : news) {
      if (hash.starts_with(Attendance::kKeyMark)) {
        storage::TouchApiKey(session, hash.substr(Attendance::kKeyMark.size()), at);
      } else {
        storage::TouchWebSession(session, hash, at);
      }
    }
  });
}

bool IsOpen(const storage::WebSession& row, std::int64_t last_seen, std::int64_t now) {
  return now - last_seen <= kSessionIdleMs && now - row.created_at <= kSessionLifeMs;
}

void RecogniseVisitor(Visit& visit) {
  const std::string token = visit.request.Cookie(std::string("__Host-") + kSessionCookie);
  if (!token.empty() && token.size() < 100) {
    const std::string hash = storage::Sha256(token);
    auto visitor = visit.services.database.Read([&](storage::Session& session)
                                                    -> std::optional<Visitor> {
      const auto row = storage::FindWebSession(session, hash);
      if (!row) return std::nullopt;
      const std::int64_t seen = visit.house.attendance.LastSeen(hash, row->seen_at);
      if (!IsOpen(*row, seen, visit.now)) return std::nullopt;
      auto person = storage::FindPerson(session, row->person);
      if (!person || !person->active) return std::nullopt;
      return Visitor{*person, workflows::RolesOf(session, person->id, visit.now), row->csrf, hash};
    });
    if (visitor) {
      visit.house.attendance.Seen(hash, visit.now);
      visit.form_token = visitor->csrf;
      visit.visitor = std::move(visitor);
      return;
    }
  }
  visit.form_token = visit.request.Cookie(std::string("__Host-") + kVisitCookie);
  if (visit.form_token.size() != 64) {
    visit.form_token = storage::RandomHex(32);
    visit.fresh_form_token = true;
  }
}

bool HasFormToken(const Visit& visit) {
  const std::string site = visit.request.Header("sec-fetch-site");
  if (site == "cross-site") return false;
  if (visit.fresh_form_token) return false;  // no cookie came: nothing to compare with
  return storage::SameSecret(visit.request.Field("csrf"), visit.form_token);
}

void BeginSession(Visit& visit, Response& response, std::int64_t person,
                  const std::string& method) {
  const std::string token = storage::RandomHex(32);
  const storage::WebSession row{storage::Sha256(token), person,    method,
                                storage::RandomHex(32), visit.now, visit.now};
  visit.services.database.Write(
      [&](storage::Session& session) { storage::InsertWebSession(session, row); });
  visit.services.log(
      {LogLevel::kInfo, "logged_in", {{"person", person}, {"method", method}, {"id", visit.id}}});
  response.Cookie(kSessionCookie, token);
  response.Cookie(kVisitCookie, "", 0);
}

void EndSession(Visit& visit, Response& response) {
  if (visit.visitor) {
    const std::string hash = visit.visitor->session_hash;
    visit.services.database.Write(
        [&](storage::Session& session) { storage::EndWebSession(session, hash); });
    visit.house.attendance.Forget(hash);
  }
  response.Cookie(kSessionCookie, "", 0);
}

}  // namespace aiguillage::web
