// The outbox: what must leave (mails, words to DS), a row each, written by the act that caused it.
// Workers deliver rows afterwards, at least once, each under its stable key.
//
//   pending -> sending -> sent | uncertain (maybe gone) | failed; withdrawn by a take-back;
//   skipped (nobody to tell); not_configured (DS without endpoint); not_deliverable
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct OutboxRow {
  std::int64_t id = 0;
  std::string kind;          // mail | ds
  std::string key;           // stable, unique: act id + position; Message-ID is made from it
  std::int64_t project = 0;  // 0 for mails without (log-in links)
  std::string act;           // the act that caused it
  std::string topic;         // mail: template id; ds: effect (instruct, correction, …)
  std::int64_t person = 0;   // mail: the recipient
  std::string address;       // mail: where it went or will go
  bool copy = false;         // mail: in copy rather than addressed
  nlohmann::json payload;    // mail: template variables; ds: {motivation, body, …}
  std::string status;
  std::string detail;  // last answer, in words
  int attempts = 0;
  std::int64_t created_at = 0;
  std::int64_t not_before = 0;
  std::int64_t lease_until = 0;
  std::int64_t done_at = 0;
  std::string pace;       // mail: "" leaves by itself; else with others of its person (mail_pace.h)
  std::int64_t lead = 0;  // the row whose mail carries this one
  bool retaken = false;   // by LeaseOutbox only: an earlier lease ran out, it may have left already
};
std::int64_t InsertOutbox(Session&, const OutboxRow&);
void UpdateOutbox(Session&, const OutboxRow&);
// What became of a try, and nothing else of the row: the indexes of what never changes stay as they
// are, which is half of what a commit writes.
void UpdateTry(Session&, const OutboxRow&);
std::optional<OutboxRow> FindOutbox(Session&, std::int64_t id);
std::optional<OutboxRow> FindOutboxByKey(Session&, const std::string& key);
// Takes up to `limit` due rows of a kind, marks them sending until `lease_until` and counts the
// attempt; rows whose lease ran out (a worker died) come first, marked `retaken`. For kind ds, only
// the oldest row not yet done of each project (one in flight per dossier, in order), and none of a
// project in conflict (conflicts.h).
std::vector<OutboxRow> LeaseOutbox(Session&, const std::string& kind, std::int64_t now,
                                   std::int64_t lease_until, int limit);
// A mail that may leave with others takes those of its person that are due along: they are
// `sending` under its id (`lead`), and are never leased themselves.
std::vector<OutboxRow> CarriedBy(Session&, std::int64_t lead);  // oldest first
// They wait again, each for itself: their mail will not leave.
void ReleaseCarried(Session&, std::int64_t lead);
// What became of the mail became of those it carried.
void EndCarried(Session&, const OutboxRow& lead);
// Uncertain rows of a kind that may have their second time by now wait again, under that detail.
void WaitAgain(Session&, const std::string& kind, std::int64_t now, const std::string& detail);
// Mails that wait for a person and were never tried.
std::vector<OutboxRow> UntriedMailsTo(Session&, std::int64_t person);
inline constexpr const char* kRemindersTopic = "deadline_reminders";
// The mail of reminders that waits for a person: whoever writes may still add to it.
std::optional<OutboxRow> WaitingReminders(Session&, std::int64_t person);
// All of a project, or those of one kind.
std::vector<OutboxRow> OutboxOf(Session&, std::int64_t project, const std::string& kind = "");
std::vector<OutboxRow> OutboxListOf(Session&, std::int64_t project);  // payload left empty
std::vector<OutboxRow> OutboxOfAct(Session&, const std::string& act);
struct OutboxFilter {
  std::string kind, status, text;
  int limit = 50, offset = 0;
  std::optional<std::vector<std::string>> calls;  // of projects of these only; none: everything
};
std::vector<OutboxRow> ListOutbox(Session&, const OutboxFilter&);  // newest first
std::int64_t CountOutbox(Session&, const OutboxFilter&);

}  // namespace aiguillage::storage
