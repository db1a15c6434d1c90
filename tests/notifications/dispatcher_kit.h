// A record with a project, a transport that answers as it is told to, and a dispatcher between
// them.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "notifications/dispatcher.h"
#include "storage/projects.h"
#include "tests/notifications/fixture.h"
#include "tests/support/test_record.h"

namespace aiguillage::notifications {

// Answers as it is told to, and keeps what it was given.
class ScriptedTransport : public MailTransport {
 public:
  DeliveryResult Deliver(const MailMessage& mail) override {
    const std::lock_guard lock(mutex_);
    given.push_back(mail);
    return answer(mail);
  }
  void Rest() override {
    const std::lock_guard lock(mutex_);
    ++rests;
  }

  std::function<DeliveryResult(const MailMessage&)> answer = [](const MailMessage&) {
    return DeliveryResult{DeliveryResult::Verdict::kSent, 250, "250 OK"};
  };
  std::vector<MailMessage> given;
  int rests = 0;

 private:
  std::mutex mutex_;
};

class DispatcherTest : public ::testing::Test {
 protected:
  static constexpr std::int64_t kNow = 1795442645000, kMinute = 60'000;
  static constexpr std::int64_t kLeaseIsOver = 22 * kMinute;

  DispatcherTest() {
    record_.Seed();
    record_->Write([&](storage::Session& session) {
      project_ = InsertProject(session, record_.NewProject("Accueil"), 2026).id;
    });
  }

  std::int64_t Queue(const std::string& key, std::int64_t not_before = kNow) {
    storage::OutboxRow row;
    row.kind = "mail";
    row.key = key;
    row.project = project_;
    row.topic = "hello";
    row.person = 1;
    row.address = "camille@example.fr";
    row.payload = {{"title", "Accueil"}};
    row.status = "pending";
    row.created_at = row.not_before = not_before;
    return record_->Write([&](storage::Session& session) { return InsertOutbox(session, row); });
  }
  storage::OutboxRow Row(std::int64_t id) {
    return *record_->Read([&](storage::Session& session) { return FindOutbox(session, id); });
  }
  DeliveryCounts Deliver(std::int64_t now) {
    return Dispatcher(*record_, *composer_, transport_, {}).DeliverOnce(now);
  }
  void Answer(DeliveryResult::Verdict verdict, int code, const std::string& text) {
    transport_.answer = [=](const MailMessage&) { return DeliveryResult{verdict, code, text}; };
  }
  void Unreachable() {
    transport_.answer = [](const MailMessage&) {
      return DeliveryResult{DeliveryResult::Verdict::kLater, 0, "Failed to connect", true};
    };
  }

  test::TestRecord record_;
  std::int64_t project_ = 0;
  std::unique_ptr<Composer> composer_ = test::DemoComposer();
  ScriptedTransport transport_;
};

}  // namespace aiguillage::notifications
