#include "notifications/dispatcher.h"

#include <chrono>
#include <exception>
#include <iterator>

#include "storage/error.h"

namespace aiguillage::notifications {
namespace {

using storage::OutboxRow;
using Verdict = DeliveryResult::Verdict;

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kBackOff[] = {5 * kMinute, 30 * kMinute, 120 * kMinute, 360 * kMinute,
                                     1440 * kMinute};
constexpr std::int64_t kUncertainPause = 30 * kMinute;
// What `detail` says while a mail goes out for the second time; uncertain again, it stays so.
constexpr const char* kSecondTime = "Renvoyé une fois après un envoi incertain";

std::int64_t ElapsedMs(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               since)
      .count();
}

void EndAs(OutboxRow& row, const char* status, std::int64_t now) {
  row.status = status;
  row.done_at = now;
  row.lease_until = 0;
  // The link of a log-in mail opens a session: it is kept no longer than it takes to send it.
  if (row.topic == kLoginTemplate) row.payload.erase("url");
}

void Retry(OutboxRow& row, std::int64_t now, DeliveryCounts& counts) {
  if (row.attempts > static_cast<int>(std::size(kBackOff))) {
    EndAs(row, "failed", now);
    row.detail = "Abandonné après " + std::to_string(row.attempts) + " essais : " + row.detail;
    ++counts.failed;
    return;
  }
  row.status = "pending";
  row.lease_until = 0;
  row.not_before = now + kBackOff[row.attempts > 0 ? row.attempts - 1 : 0];
  ++counts.later;
}

void BecomeUncertain(OutboxRow& row, bool second, std::int64_t now, DeliveryCounts& counts) {
  ++counts.uncertain;
  if (second) return EndAs(row, "uncertain", now);
  row.status = "uncertain";
  row.lease_until = 0;
  row.not_before = now + kUncertainPause;
}

}  // namespace

nlohmann::json ToJson(const DeliveryCounts& counts) {
  return {{"sent", counts.sent},           {"later", counts.later},
          {"uncertain", counts.uncertain}, {"failed", counts.failed},
          {"skipped", counts.skipped},     {"unreachable", counts.unreachable}};
}

Dispatcher::Dispatcher(storage::Database& database, const Composer& composer,
                       MailTransport& transport, DispatchOptions options)
    : database_(database), composer_(composer), transport_(transport), options_(options) {}

DeliveryCounts Dispatcher::DeliverOnce(std::int64_t now) {
  DeliveryCounts counts;
  const auto start = std::chrono::steady_clock::now();
  for (bool reachable = true; reachable && !options_.stop();) {
    // Leases run on real time: a long delivery must not hand out leases that are already over.
    const auto rows = Lease(now, now + ElapsedMs(start) + options_.lease_ms);
    if (rows.empty()) break;
    for (std::size_t i = 0; i < rows.size() && reachable; ++i) {
      if (options_.stop()) {
        GiveBack(rows, i);
        break;
      }
      reachable = Deliver(rows[i], now, counts);
      if (!reachable) GiveBack(rows, i + 1);
    }
    counts.unreachable = !reachable;
    if (rows.size() < static_cast<std::size_t>(options_.batch)) break;  // no more were due
  }
  transport_.Rest();
  return counts;
}

std::vector<OutboxRow> Dispatcher::Lease(std::int64_t now, std::int64_t lease_until) {
  return database_.Write([&](storage::Session& session) {
    storage::WaitAgain(session, "mail", now, kSecondTime);
    return storage::LeaseOutbox(session, "mail", now, lease_until, options_.batch);
  });
}

bool Dispatcher::Deliver(OutboxRow row, std::int64_t now, DeliveryCounts& counts) {
  bool second = row.detail.starts_with(kSecondTime);
  if (row.retaken) {
    if (second) {  // we died twice on it: a third time helps nobody
      BecomeUncertain(row, true, now, counts);
      Write(row);
      return true;
    }
    second = true;
    row.detail = kSecondTime;
    Write(row);
  }
  const DeliveryResult result = Send(row, now);
  row.detail = (second ? std::string(kSecondTime) + " : " : "") + result.text;
  switch (result.verdict) {
    case Verdict::kSent:
      EndAs(row, "sent", now);
      ++counts.sent;
      break;
    case Verdict::kRefused:
      if (row.status == "skipped") {
        EndAs(row, "skipped", now);
        ++counts.skipped;
      } else {
        EndAs(row, "failed", now);
        ++counts.failed;
      }
      break;
    case Verdict::kLater:
      Retry(row, now, counts);
      break;
    case Verdict::kUncertain:
      BecomeUncertain(row, second, now, counts);
  }
  Write(row);
  return result.verdict != Verdict::kLater || result.code != 0;
}

DeliveryResult Dispatcher::Send(OutboxRow& row, std::int64_t now) {
  try {
    const auto mail = database_.Read(
        [&](storage::Session& session) { return composer_.Compose(session, row, now); });
    if (!mail) {
      if (mail.refusal().code == "inactive") row.status = "skipped";
      return {Verdict::kRefused, 0, mail.refusal().sentence};
    }
    row.address = mail.value().to.address;
    return transport_.Deliver(mail.value());
  } catch (const storage::Trouble&) {
    throw;  // the record, not this mail: the lease brings it back
  } catch (const std::exception& error) {
    return {Verdict::kRefused, 0, std::string("Message impossible à composer : ") + error.what()};
  }
}

void Dispatcher::GiveBack(const std::vector<OutboxRow>& rows, std::size_t from) {
  database_.Write([&](storage::Session& session) {
    for (std::size_t i = from; i < rows.size(); ++i) {
      if (rows[i].retaken) continue;  // its lease brings it back, still marked
      OutboxRow row = rows[i];
      row.status = "pending";
      row.lease_until = 0;
      row.attempts -= 1;
      storage::UpdateOutbox(session, row);
    }
  });
}

void Dispatcher::Write(const OutboxRow& row) {
  database_.Write([&](storage::Session& session) { storage::UpdateOutbox(session, row); });
}

}  // namespace aiguillage::notifications
