#include "notifications/dispatcher.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>

#include "notifications/mime_text.h"
#include "storage/dossiers.h"
#include "storage/error.h"
#include "storage/people.h"

namespace aiguillage::notifications {
namespace {

using storage::OutboxRow;
using Verdict = DeliveryResult::Verdict;

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kBackOff[] = {5 * kMinute, 30 * kMinute, 120 * kMinute, 360 * kMinute,
                                     1440 * kMinute};
constexpr std::int64_t kUncertainPause = 30 * kMinute;
constexpr std::int64_t kUnreachablePause = kMinute / 2;
// What `detail` says while a mail goes out for the second time; uncertain again, it stays so.
constexpr const char* kSecondTime = "Renvoyé une fois après un envoi incertain";
// … and at its end from just before a mail leaves until what became of it is recorded: when we die,
// the rest of the batch had not begun, and nothing about it is in doubt.
constexpr const char* kInHand = "envoi en cours";

bool IsSecond(const OutboxRow& row) { return row.detail.starts_with(kSecondTime); }
bool IsInHand(const OutboxRow& row) { return row.detail.ends_with(kInHand); }

std::int64_t ElapsedMs(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               since)
      .count();
}

// The server will have none of it: the address is marked, and the pilot has something to do.
void TellOfAddress(storage::Session& session, const OutboxRow& row) {
  constexpr std::size_t kWordsMax = 200;
  const std::string words = CleanLine(row.detail, kWordsMax);
  storage::FlagAddress(session, row.person, words);
  storage::Incident incident;
  incident.project = row.project;
  incident.kind = "mail_refused";
  incident.sentence = "Le serveur de courriel refuse l’adresse « " + row.address + " » : " + words +
                      " Corrigez-la sur la page de la personne, puis renvoyez le courriel.";
  incident.at = row.done_at;
  storage::InsertIncident(session, incident);
}

void EndAs(OutboxRow& row, const char* status, std::int64_t now) {
  row.status = status;
  row.done_at = now;
  row.lease_until = 0;
  // The link of a log-in mail opens a session: it is kept no longer than it takes to send it.
  if (row.topic == kLoginTemplate) row.payload.erase("url");
}

// As if it had not been taken.
void Wait(OutboxRow& row) {
  row.status = "pending";
  row.lease_until = 0;
  row.attempts -= 1;
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

// Its turn has come: from here on it may have left.
void TakeInHand(storage::Session& session, OutboxRow& row, std::int64_t now) {
  const bool doubtful = row.retaken && IsInHand(row);
  if (row.retaken && !doubtful) row.attempts -= 1;  // that try never began
  row.retaken = false;
  if (doubtful && IsSecond(row)) {  // we died twice on it: a third time helps nobody
    EndAs(row, "uncertain", now);
    row.detail = kSecondTime;
  } else {
    row.detail = (doubtful || IsSecond(row) ? std::string(kSecondTime) + " : " : "") + kInHand;
  }
  storage::UpdateOutbox(session, row);
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
  while (!counts.unreachable && !options_.stop()) {
    // Leases run on real time: a long delivery must not hand out leases that are already over.
    const std::int64_t at = now + ElapsedMs(start);
    const int most = Allowed(at);
    auto rows = Lease(now, at + options_.lease_ms, most);
    if (rows.empty()) break;
    std::size_t done = 0;
    for (bool go_on = !options_.stop(); go_on && done < rows.size();) {
      OutboxRow& row = rows[done++];
      if (row.status == "uncertain") {
        ++counts.uncertain;
      } else {
        counts.unreachable = !Deliver(row, now, counts);
      }
      if (options_.per_minute > 0) left_.push_back(now + ElapsedMs(start));
      go_on = !counts.unreachable && !options_.stop();
      Write(row, go_on && done < rows.size() ? &rows[done] : nullptr, now);
    }
    if (counts.unreachable) silent_until_ = now + ElapsedMs(start) + kUnreachablePause;
    if (done < rows.size()) GiveBack(rows, done);
    // No more were due, unless those that go along left less than a batch.
    const bool gathered = std::any_of(rows.begin(), rows.end(),
                                      [](const OutboxRow& row) { return !row.pace.empty(); });
    if (!gathered && rows.size() < static_cast<std::size_t>(most)) break;
  }
  transport_.Rest();
  return counts;
}

int Dispatcher::Allowed(std::int64_t at) {
  if (at < silent_until_) return 0;
  while (!left_.empty() && left_.front() <= at - kMinute) left_.pop_front();
  const int room = options_.per_minute - static_cast<int>(left_.size());
  return options_.per_minute > 0 ? std::clamp(room, 0, options_.batch) : options_.batch;
}

std::vector<OutboxRow> Dispatcher::Lease(std::int64_t now, std::int64_t lease_until, int most) {
  if (most == 0) return {};
  return database_.Write([&](storage::Session& session) {
    storage::WaitAgain(session, "mail", now, kSecondTime);
    auto rows = storage::LeaseOutbox(session, "mail", now, lease_until, most);
    if (!rows.empty()) TakeInHand(session, rows.front(), now);
    return rows;
  });
}

bool Dispatcher::Deliver(OutboxRow& row, std::int64_t now, DeliveryCounts& counts) {
  const bool second = IsSecond(row);
  refused_ = false;
  const DeliveryResult result = Send(row, now);
  row.detail = (second ? std::string(kSecondTime) + " : " : "") + result.text;
  if (result.unreachable) {
    Wait(row);
    ++counts.later;
    return false;
  }
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
  refused_ = result.verdict == Verdict::kRefused && result.code >= 500;
  return true;
}

DeliveryResult Dispatcher::Send(OutboxRow& row, std::int64_t now) {
  try {
    const auto mail = database_.Read([&](storage::Session& session) {
      auto rows = storage::CarriedBy(session, row.id);
      rows.insert(rows.begin(), row);
      return composer_.ComposeTogether(session, rows, now);
    });
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

void Dispatcher::GiveBack(std::vector<OutboxRow>& rows, std::size_t from) {
  database_.Write([&](storage::Session& session) {
    for (std::size_t i = from; i < rows.size(); ++i) {
      OutboxRow& row = rows[i];
      if (row.retaken || row.done_at != 0) continue;  // its lease brings it back, still marked
      if (IsInHand(row)) row.detail = IsSecond(row) ? kSecondTime : "";
      Wait(row);
      storage::UpdateOutbox(session, row);
    }
  });
}

void Dispatcher::Write(const OutboxRow& row, OutboxRow* next, std::int64_t now) {
  database_.Write([&](storage::Session& session) {
    storage::UpdateOutbox(session, row);
    if (row.done_at != 0 && !row.pace.empty()) storage::EndCarried(session, row);
    if (row.person != 0 && row.status == "sent") storage::FlagAddress(session, row.person, "");
    if (row.person != 0 && row.status == "failed" && refused_) TellOfAddress(session, row);
    if (next != nullptr) TakeInHand(session, *next, now);
  });
}

}  // namespace aiguillage::notifications
