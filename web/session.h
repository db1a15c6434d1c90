// Who is visiting: server-side sessions behind a `__Host-` cookie, and the token of every form.
//
// A reading never writes: when somebody was last seen is remembered in memory (Attendance) and put
// down in the record twice a minute, so that the other processes know it too. A session ends after
// 30 minutes without a visit, 8 hours in all, when the person is disabled, or by logging out.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "storage/people.h"
#include "web/response.h"
#include "web/visit.h"

namespace aiguillage::web {

inline constexpr std::int64_t kSessionIdleMs = 30LL * 60 * 1000;
inline constexpr std::int64_t kSessionLifeMs = 8LL * 60 * 60 * 1000;
inline constexpr const char* kSessionCookie = "session";
inline constexpr const char* kVisitCookie = "visite";

class Attendance {
 public:
  // The later of the two, so that a restart falls back on what the record knows.
  std::int64_t LastSeen(const std::string& session_hash, std::int64_t recorded);
  void Seen(const std::string& session_hash, std::int64_t now);
  void Forget(const std::string& session_hash);
  // The same of a program's key (web/api.h).
  std::int64_t LastSeenKey(const std::string& key_hash, std::int64_t recorded);
  void SeenKey(const std::string& key_hash, std::int64_t now);

  // Who was seen since the last call, and when: what the record has yet to be told. A key is known
  // by kKeyMark in front of its digest.
  std::map<std::string, std::int64_t> News();
  static constexpr std::string_view kKeyMark = "key ";

  // At most `limit` in `window_ms` for a key (an address, a source): false when over. Memory only:
  // what all processes count together is in the record.
  bool Allow(const std::string& key, int limit, std::int64_t window_ms, std::int64_t now);

 private:
  std::mutex mutex_;
  std::map<std::string, std::int64_t> seen_, news_;
  struct Count {
    std::int64_t since = 0;
    int count = 0;
  };
  std::map<std::string, Count> counts_;
};

void PutDown(storage::Database& database, Attendance& attendance);

// Neither idle for too long nor too old.
bool IsOpen(const storage::WebSession& row, std::int64_t last_seen, std::int64_t now);

// Fills visit.visitor and visit.form_token from the cookies. Writes nothing.
void RecogniseVisitor(Visit& visit);
// True when the POST carries the token of its session (or, before log-in, of its visit cookie) and
// the browser does not say that another site sent it.
bool HasFormToken(const Visit& visit);
// A new session, with a new id whatever the browser sent before.
void BeginSession(Visit& visit, Response& response, std::int64_t person, const std::string& method);
void EndSession(Visit& visit, Response& response);

}  // namespace aiguillage::web
