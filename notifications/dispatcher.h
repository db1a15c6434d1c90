// Delivers the mails of the outbox: leases what is due, composes, sends, records, each row alone.
//
//   Dispatcher dispatcher(database, composer, *transport, {});
//   DeliveryCounts counts = dispatcher.DeliverOnce(now);     // until nothing is due any more
//
//   taken                -> sent
//   refused (5xx)        -> failed, with the server's words; the address is marked, an incident
//   opened not taken (4xx, net) -> pending again after 5 min, 30 min, 2 h, 6 h, 24 h; then failed
//   taken, perhaps       -> uncertain; sent again once after 30 min under the same Message-ID
//   we died meanwhile    -> the lease runs out: perhaps taken, so sent again, once
//
// A row with a pace carries those of its person that are due: one mail, one fate, one Message-ID.
//
// When the server cannot be reached at all, the rest of the batch goes back untouched. Any number
// of dispatchers may share a record; each has its own transport and thread.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "notifications/compose.h"
#include "notifications/transport.h"
#include "storage/database.h"
#include "storage/outbox.h"

namespace aiguillage::notifications {

struct DeliveryCounts {
  int sent = 0, later = 0, uncertain = 0, failed = 0, skipped = 0;
  bool unreachable = false;  // stopped early: try again later
};
nlohmann::json ToJson(const DeliveryCounts& counts);

struct DispatchOptions {
  int batch = 10;
  // More than a whole batch can take (a minute a mail): a row is never retaken while we hold it.
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
  std::vector<storage::OutboxRow> Lease(std::int64_t now, std::int64_t lease_until);
  // False when the server cannot be reached.
  bool Deliver(storage::OutboxRow row, std::int64_t now, DeliveryCounts& counts);
  DeliveryResult Send(storage::OutboxRow& row, std::int64_t now);
  void GiveBack(const std::vector<storage::OutboxRow>& rows, std::size_t from);
  // With those that its mail carried, once it is over; `refused`: by the server, for good.
  void Write(const storage::OutboxRow& row, bool refused = false);

  storage::Database& database_;
  const Composer& composer_;
  MailTransport& transport_;
  const DispatchOptions options_;
};

}  // namespace aiguillage::notifications
