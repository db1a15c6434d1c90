#include "notifications/dispatcher.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <utility>

#include "notifications/aside.h"
#include "notifications/mail_link.h"
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
// … and at its end while one of those is in our hands: it alone is in doubt again when we die.
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
  const std::string address = "« " + row.address + " »";
  incident.sentence = "Le serveur de courriel refuse l’adresse " + address + " : " + words +
                      " Corrigez-la sur la page de la personne, puis renvoyez le courriel.";
  incident.at = row.done_at;
  storage::TellIncident(session, incident, address);
}

// One open incident a text, however many mails meet it.
void TellOfText(storage::Session& session, const OutboxRow& row, const std::string& sentence,
                std::int64_t now) {
  for (const auto& open : storage::OpenIncidents(session)) {
    if (open.kind == "mail_text" && open.sentence.find(sentence) != std::string::npos) return;
  }
  storage::Incident incident;
  incident.project = row.project;
  incident.kind = "mail_text";
  incident.sentence = sentence;
  incident.at = now;
  storage::TellIncident(session, incident, sentence);
}

void EndAs(OutboxRow& row, const char* status, std::int64_t now) {
  row.status = status;
  row.done_at = now;
  row.lease_until = 0;
  // Such a link opens a session, or speaks for an address: it is kept until it is sent, no longer.
  if (row.topic == kLoginTemplate) row.payload.erase("url");
  if (row.topic == kSubscribeTemplate) row.payload.erase("token");
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

// Its lease ran out: whoever held it died, and may have sent it.
void TakeOver(storage::Session& session, OutboxRow& row, std::int64_t now) {
  if (IsSecond(row) && !IsInHand(row)) row.attempts -= 1;  // that try never began
  const bool hopeless = IsInHand(row) && row.attempts > kDeathsMax;
  row.detail = kSecondTime;
  if (hopeless) EndAs(row, "uncertain", now);
  storage::UpdateTry(session, row);
  if (hopeless) storage::EndCarried(session, row);
}

// Given back before anything was said of it, a first try lets go of those that it gathered: each
// waits for itself again, and none goes where a later act sends the first of them.
void RecordTry(storage::Session& session, const OutboxRow& row) {
  storage::UpdateTry(session, row);
  if (row.attempts == 0 && !row.pace.empty()) storage::ReleaseCarried(session, row.id);
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
  const auto clock = [&] { return now + ElapsedMs(start); };
  waiting_.clear();
  more_ = true;
  std::optional<Letter> sent, in_hand, following;
  Aside aside;
  if (!options_.stop()) in_hand = Next(now, clock());
  while (in_hand) {
    if (counts.unreachable || clock() - in_hand->leased_at >= options_.lease_ms / 2 ||
        options_.stop()) {
      break;
    }
    aside.Do([&] {
      if (sent) Record(*sent);
      following = Next(now, clock());
    });
    counts.unreachable = !Deliver(*in_hand, now, counts);
    try {
      aside.Wait();
    } catch (...) {
      Record(*in_hand);  // it may be the next lease that failed: this one need not be in doubt
      throw;
    }
    sent = std::move(in_hand);
    in_hand = std::exchange(following, std::nullopt);
  }
  if (sent) Record(*sent);
  if (in_hand) GiveBack(in_hand->row);
  if (counts.unreachable) silent_until_ = clock() + kUnreachablePause;
  transport_.Rest();
  return counts;
}

int Dispatcher::Allowed(std::int64_t at) {
  if (at < silent_until_) return 0;
  while (!left_.empty() && left_.front() <= at - kMinute) left_.pop_front();
  const int room = options_.per_minute - static_cast<int>(left_.size());
  return options_.per_minute > 0 ? std::clamp(room, 0, options_.batch) : options_.batch;
}

void Dispatcher::Lease(std::int64_t now, std::int64_t at) {
  const int most = Allowed(at);
  more_ = false;
  if (most == 0) return;
  auto rows = database_.Write([&](storage::Session& session) {
    storage::WaitAgain(session, "mail", now, kSecondTime);
    // Leases run on real time: a long delivery must not hand out leases that are already over.
    auto leased = storage::LeaseOutbox(session, "mail", now, at + options_.lease_ms, most);
    for (OutboxRow& row : leased) {
      if (row.retaken) TakeOver(session, row, now);
    }
    return leased;
  });
  // No more are due, unless those that go along left less than a batch.
  more_ = !rows.empty() && (rows.size() == static_cast<std::size_t>(most) ||
                            std::any_of(rows.begin(), rows.end(),
                                        [](const OutboxRow& row) { return !row.pace.empty(); }));
  if (options_.per_minute > 0) left_.insert(left_.end(), rows.size(), at);
  leased_at_ = at;
  std::move(rows.begin(), rows.end(), std::back_inserter(waiting_));
}

std::optional<Dispatcher::Letter> Dispatcher::Next(std::int64_t now, std::int64_t at) {
  if (waiting_.empty() && more_) Lease(now, at);
  if (waiting_.empty()) return std::nullopt;
  OutboxRow row = std::move(waiting_.front());
  waiting_.pop_front();
  auto mail = Compose(row, now);
  return Letter{std::move(row), std::move(mail), leased_at_};
}

bool Dispatcher::Deliver(Letter& letter, std::int64_t now, DeliveryCounts& counts) {
  OutboxRow& row = letter.row;
  if (row.done_at != 0) {  // given up
    ++counts.uncertain;
    return true;
  }
  const bool second = IsSecond(row);
  if (second) {
    row.detail = std::string(kSecondTime) + " : " + kInHand;
    database_.Write([&](storage::Session& session) { storage::UpdateTry(session, row); });
  }
  const DeliveryResult result = Send(letter);
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
        letter.refused = result.code >= 500;
        ++counts.failed;
      }
      break;
    case Verdict::kLater:
      Retry(row, now, counts);
      break;
    case Verdict::kUncertain:
      BecomeUncertain(row, second, now, counts);
  }
  return true;
}

engine::Outcome<MailMessage> Dispatcher::Compose(const OutboxRow& row, std::int64_t now) {
  try {
    auto mail = database_.Read([&](storage::Session& session) {
      auto rows = storage::CarriedBy(session, row.id);
      rows.insert(rows.begin(), row);
      return composer_.ComposeTogether(session, rows, now);
    });
    if (mail && !mail.value().fell_back.empty()) {
      database_.Write([&](storage::Session& session) {
        TellOfText(session, row, mail.value().fell_back, now);
      });
    }
    // Here, beside the sending of another; what cannot be said is refused when it is to leave.
    if (!mail) return mail;
    MailMessage made = std::move(mail).value();
    if (const auto mime = ToMime(made)) made.wire = mime.value();
    return made;
  } catch (const storage::Trouble&) {
    throw;  // the record, not this mail: the lease brings it back
  } catch (const std::exception& error) {
    return engine::Refusal{
        "mail", std::string("Message impossible à composer : ") + error.what(), {}};
  }
}

DeliveryResult Dispatcher::Send(Letter& letter) {
  if (!letter.mail) {
    if (letter.mail.refusal().code == "inactive") letter.row.status = "skipped";
    return {Verdict::kRefused, 0, letter.mail.refusal().sentence};
  }
  letter.row.address = letter.mail.value().to.address;
  return transport_.Deliver(letter.mail.value());
}

void Dispatcher::GiveBack(OutboxRow first) {
  waiting_.push_front(std::move(first));
  if (options_.per_minute > 0) left_.resize(left_.size() - std::min(left_.size(), waiting_.size()));
  database_.Write([&](storage::Session& session) {
    for (OutboxRow row : waiting_) {
      if (row.done_at != 0) continue;
      Wait(row);
      RecordTry(session, row);
    }
  });
  waiting_.clear();
}

void Dispatcher::Record(const Letter& letter) {
  const OutboxRow& row = letter.row;
  database_.Write([&](storage::Session& session) {
    RecordTry(session, row);
    if (row.done_at != 0 && !row.pace.empty()) storage::EndCarried(session, row);
    if (row.person != 0 && row.status == "sent") storage::FlagAddress(session, row.person, "");
    if (row.person != 0 && letter.refused) TellOfAddress(session, row);
  });
}

}  // namespace aiguillage::notifications
