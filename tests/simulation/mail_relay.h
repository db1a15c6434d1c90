// The mail server of a simulated world: it takes charge of mails, refuses them, is not there, or
// takes one and says nothing. It keeps count of what it took, by Message-ID.
//
//   MailRelay relay([&] { return random.Below(50) == 0 ? Mood::kTakesAndIsSilent : Mood::kTakes;
//   }); Dispatcher(database, composer, relay, {}).DeliverOnce(now);
//   relay.taken.at("<a1_3amail_3a1@exemple.invalid>") == 1
//
// SMTP delivers at least once: a mail whose reply was lost is sent again, once, and one that its
// process died on by the next, until kDeathsMax did. Any other mail that comes again is a fault,
// and one the journal knows nothing of too.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "notifications/dispatcher.h"
#include "notifications/transport.h"
#include "tests/simulation/broken.h"

namespace aiguillage::simulation {

enum class Mood {
  kTakes,
  kRefuses,           // 550: this mail will never pass
  kComesLater,        // 451
  kIsNotThere,        // no connection
  kTakesAndIsSilent,  // the reply after the message is lost
  kLosesAndIsSilent,  // … and so is the message
  kCutBefore,         // the power goes in the middle of a delivery: before it was taken …
  kCutAfter,          // … or after, before it was written down …
  kCutWriting,  // … or later still: the next is on its way, too, and neither is written down
};

class MailRelay : public notifications::MailTransport {
 public:
  using Result = notifications::DeliveryResult;

  explicit MailRelay(std::function<Mood()> mood) : mood_(std::move(mood)) {}

  Result Deliver(const notifications::MailMessage& mail) override {
    const std::string& id = mail.message_id;
    Expect(expected.contains(id), "a mail left that no act in the journal asked for: " + id);
    Expect(!withdrawn.contains(id), "a mail left though its act was taken back: " + id);
    Expect(expected.at(id) == mail.to.address, "a mail went to " + mail.to.address);
    const Mood mood = LosesPower() ? Mood::kCutWriting : mood_();
    if (mood == Mood::kCutBefore) throw PowerCut{};
    if (mood == Mood::kIsNotThere) return {Result::Verdict::kLater, 0, "Serveur injoignable"};
    if (mood == Mood::kComesLater) return {Result::Verdict::kLater, 451, "4.7.1 plus tard"};
    if (mood == Mood::kRefuses) {
      ++refused;
      return {Result::Verdict::kRefused, 550, "5.1.1 inconnu"};
    }
    if (mood != Mood::kLosesAndIsSilent) Take(id);
    if (mood == Mood::kTakes) return {Result::Verdict::kSent, 250, "2.0.0 pris"};
    ++doubts[id];
    if (mood == Mood::kCutAfter) throw PowerCut{};
    if (mood == Mood::kCutWriting) {
      const std::lock_guard lock(mutex_);
      unwritten_.insert(id);
      return {Result::Verdict::kSent, 250, "2.0.0 pris"};
    }
    Expect(++lost_replies[id] <= 2, "a mail whose reply was lost twice was sent again: " + id);
    return {Result::Verdict::kUncertain, 0, "Réponse perdue"};
  }

  // Before each COMMIT of the dispatcher, with the mails that the record says are on their way: the
  // power goes before it is written there that one of kCutWriting came through.
  void MayCommit(const std::set<std::string>& on_their_way) {
    const std::lock_guard lock(mutex_);
    for (const std::string& id : unwritten_) {
      if (!on_their_way.contains(id)) throw PowerCut{};
    }
  }
  bool LosesPower() const {
    const std::lock_guard lock(mutex_);
    return !unwritten_.empty();
  }
  void HasPowerAgain() {
    const std::lock_guard lock(mutex_);
    unwritten_.clear();
  }

  std::map<std::string, std::string> expected;  // Message-ID -> address, as the journal has it
  std::set<std::string> withdrawn;
  // By Message-ID: how often it was taken, how often nobody could know so, and for want of a reply.
  std::map<std::string, int> taken, doubts, lost_replies;
  int total = 0, twice = 0, refused = 0;

 private:
  void Take(const std::string& id) {
    const int before = taken[id]++;
    ++total;
    if (before == 0) return;
    ++twice;
    Expect(before <= doubts[id], "a mail was sent again though its reply had come: " + id);
    Expect(before <= notifications::kDeathsMax,
           "a mail was sent once more than processes may die on it: " + id);
  }

  std::function<Mood()> mood_;
  mutable std::mutex mutex_;  // guards `unwritten_`: what is recorded is so beside the next mail
  std::set<std::string> unwritten_;
};

}  // namespace aiguillage::simulation
