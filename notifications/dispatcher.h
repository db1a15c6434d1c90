// Delivers the mails of the outbox: leases what is due by batches, sends each and records it. While
// one is being sent, what became of the one before is recorded and the one after is composed.
//
//   Dispatcher dispatcher(database, composer, *transport, {});
//   DeliveryCounts counts = dispatcher.DeliverOnce(now);     // until nothing is due any more
//
//   taken                -> sent
//   refused (5xx)        -> failed, in the server's words; address marked, incident opened
//   not taken (4xx, net) -> pending again after 5 min, 30 min, 2 h, 6 h, 24 h; then failed
//   taken, perhaps       -> uncertain; sent again once after 30 min under the same Message-ID
//   we died meanwhile    -> its lease runs out: perhaps taken, so it is sent again; uncertain for
//                           good once five processes died on it
//
// The next but one leaves only when a mail is recorded: whoever dies has at most two of those that
// left in doubt, the one in its hands and the one before. These alone may arrive twice.
//
// A row with a pace carries those of its person that are due: one mail, one fate, one Message-ID.
//
// When the server cannot be reached at all, the whole batch goes back untouched and the server is
// left alone for half a minute: however long it is away, no mail loses a try. Any number of
// dispatchers may share a record; each has its own transport, thread and pace.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "notifications/compose.h"
#include "notifications/transport.h"
#include "storage/database.h"
#include "storage/outbox.h"

namespace aiguillage::notifications {

inline constexpr int kDeathsMax = 5;  // a mail that so many processes died on is given up

struct DeliveryCounts {
  int sent = 0, later = 0, uncertain = 0, failed = 0, skipped = 0;
  bool unreachable = false;  // stopped early: try again later
};
nlohmann::json ToJson(const DeliveryCounts& counts);

struct DispatchOptions {
  int batch = 25;
  int per_minute = 0;  // at most so many mails in any minute, 0 = as fast as the server takes them
  // After half of it what has not been sent of a batch goes back: no row is retaken while we hold
  // it.
  std::int64_t lease_ms = 15 * 60'000;
  // Asked before each mail: true gives the rest of the batch back.
  std::function<bool()> stop = [] { return false; };
};

class Dispatcher {
 public:
  Dispatcher(storage::Database& database, const Composer& composer, MailTransport& transport,
             DispatchOptions options);

  DeliveryCounts DeliverOnce(std::int64_t now);

 private:
  // How many may leave now.
  int Allowed(std::int64_t at);
  struct Letter {
    storage::OutboxRow row;
    engine::Outcome<MailMessage> mail;
    std::int64_t leased_at = 0;
    bool refused = false;  // by the server, for good
  };
  void Lease(std::int64_t now, std::int64_t at);                  // the next batch
  std::optional<Letter> Next(std::int64_t now, std::int64_t at);  // composed; none: all left
  void Record(const Letter& letter);  // what became of it, and of those that its mail carried
  // False when the server cannot be reached.
  bool Deliver(Letter& letter, std::int64_t now, DeliveryCounts& counts);
  engine::Outcome<MailMessage> Compose(const storage::OutboxRow& row, std::int64_t now);
  DeliveryResult Send(Letter& letter);
  void GiveBack(storage::OutboxRow first);  // and those that wait behind it

  storage::Database& database_;
  const Composer& composer_;
  MailTransport& transport_;
  const DispatchOptions options_;
  std::deque<std::int64_t> left_;  // when the mails of the last minute did
  std::int64_t silent_until_ = 0;
  std::deque<storage::OutboxRow> waiting_;  // leased, not yet composed
  std::int64_t leased_at_ = 0;              // when those were
  bool more_ = false;                       // the last batch was full: others may be due
};

}  // namespace aiguillage::notifications
