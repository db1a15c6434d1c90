// What must hold of a project whenever somebody or something touched it, judged by what the journal
// said before: the oracle keeps of each project the last row it saw, and lives it again from there.
//
//   Oracle oracle(catalog, relay);
//   oracle.Look(session, project)     -> rows the journal has more; throws Broken
//
//   chain        each new row follows the one seen before, and no act is there twice
//   replay       the law, given the event of the row, makes the snapshot of the row
//   row          states, version, snapshot and end of the project are those of its last row
//   outbox       an act's rows are the mails and words to DS that the law asked for, each once
//   tasks        the open ones are those that the configuration promises
//   timers       each deadline of an active state is there; none waits for a state that was left
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "engine/interpreter.h"
#include "storage/journal.h"
#include "storage/outbox.h"
#include "storage/projects.h"
#include "tests/simulation/mail_relay.h"
#include "workflows/catalog.h"

namespace aiguillage::simulation {

struct KnownProject {
  std::int64_t id = 0, dossier = 0, arrived = 0;
  std::string number;
  std::int64_t seq = 0, version = 0;
  std::string hash, act;            // of the last row
  nlohmann::json snapshot, before;  // after the last row, and before it
  bool ended = false;
};

class Oracle {
 public:
  Oracle(workflows::Catalog& catalog, MailRelay& relay) : catalog_(catalog), relay_(relay) {}

  int Look(storage::Session& session, KnownProject& project);

 private:
  int Judge(storage::Session& session, KnownProject& project);
  void Row(storage::Session& session, KnownProject& known, const storage::JournalRow& row);
  void LiveAgain(storage::Session& session, KnownProject& known, const storage::JournalRow& row);
  void TakenBack(storage::Session& session, const KnownProject& known,
                 const storage::JournalRow& row);
  void Outbox(storage::Session& session, const KnownProject& known, const storage::JournalRow& row,
              const std::vector<engine::Effect>& effects);
  void Project(const storage::Project& project, const KnownProject& known,
               const engine::Snapshot& snapshot) const;
  void Tasks(storage::Session& session, const storage::Project& project,
             const engine::Snapshot& snapshot);
  void Timers(storage::Session& session, const storage::Project& project,
              const engine::Snapshot& snapshot);

  workflows::Catalog& catalog_;
  MailRelay& relay_;
  std::set<std::string> acts_;
};

}  // namespace aiguillage::simulation
