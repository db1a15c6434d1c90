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
// What `detail` says while a mail goes out for the second time; uncertain again, it stays so.
constexpr const char* kSecondTime = "Renvoyé une fois après un envoi incertain";

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

// One open incident a text, however many mails meet it.
void TellOfText(storage::Session& session, const OutboxRow& row, const std::string& sentence,
                std::int64_t now) {
  for (const auto& open : storage::OpenIncidents(session)) {
    if (open.kind == "mail_text" && open.sentence == sentence) return;
  }
  storage::Incident incident;
  incident.project = row.project;
  incident.kind = "mail_text";
  incident.sentence = sentence;
  incident.at = now;
  storage::InsertIncident(session, incident);
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
    // No more were due, unless those that go along left less than a batch.
    const bool gathered = std::any_of(rows.begin(), rows.end(),
                                      [](const OutboxRow& row) { return !row.pace.empty(); });
    if (!gathered && rows.size() < static_cast<std::size_t>(options_.batch)) break;
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
  Write(row, result.verdict == Verdict::kRefused && result.code >= 500);
  return result.verdict != Verdict::kLater || result.code != 0;
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
    if (!mail.value().fell_back.empty()) {
      database_.Write([&](storage::Session& session) {
        TellOfText(session, row, mail.value().fell_back, now);
      });
    }
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

void Dispatcher::Write(const OutboxRow& row, bool refused) {
  database_.Write([&](storage::Session& session) {
    storage::UpdateOutbox(session, row);
    if (row.done_at != 0 && !row.pace.empty()) storage::EndCarried(session, row);
    if (row.person == 0) return;
    if (row.status == "sent") storage::FlagAddress(session, row.person, "");
    if (row.status == "failed" && refused) TellOfAddress(session, row);
  });
}

}  // namespace aiguillage::notifications
