// What runs beside the pages: mails leave, deadlines fire, DS is pulled and pushed. `serve` runs
// them in threads; the verbs run them once.
//
//   Workers workers(workplace);
//   workers.Tick(now, false);     // due deadlines
//   workers.Deliver(now);         // due mails
//   workers.Sync(0, false);       // DS, both ways
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "connectors/demarches_simplifiees/compare.h"
#include "connectors/demarches_simplifiees/push.h"
#include "connectors/demarches_simplifiees/sync.h"
#include "notifications/clockwork.h"
#include "notifications/dispatcher.h"
#include "web/cli/workplace.h"
#include "web/log.h"
#include "web/services.h"

namespace aiguillage::web {

class Workers {
 public:
  // Refused when a mail text or smtp.url is wrong.
  explicit Workers(
      Workplace& workplace, Log log = [](const LogEvent&) {});
  ~Workers();

  notifications::TickReport Tick(std::int64_t now, bool dry_run);
  notifications::DeliveryCounts Deliver(std::int64_t now);  // nothing without smtp.url
  notifications::Words Draft(const storage::OutboxRow& row) const;
  MailLook Preview(const storage::OutboxRow& row) const;

  bool HasDs() const;  // ds.endpoint is set
  void UseDemarcheOf(const storage::Call& call);
  // Told of each page of a reading.
  void Follow(std::function<void(const storage::ExchangeRun&)> progress);
  // at: the instant acts are given; 0 = the clock.
  connectors::SyncReport Sync(std::int64_t at, bool full);
  connectors::PushReport Push(std::int64_t at);
  connectors::SyncReport Import(std::int64_t at, const std::string& call,
                                const std::vector<std::string>& files);
  connectors::SyncReport Replay(std::int64_t at);  // from the record, DS is not asked
  std::vector<connectors::Drift> Compare();        // kept for the page too

  // Threads that do all this for ever, until Stop().
  void Start();
  // One more of them, which repeats `work` with that pause.
  void Also(const std::string& name, int pause_ms, std::function<void()> work);
  void AskToStop();  // each ends its round and begins no other; a wait for DS is given up
  std::vector<std::string> Running() const;  // names of those still in a round
  void Stop();                               // waits for all of them

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aiguillage::web
