// From a dossier as DS shows it to a project: kept raw first (with the cursor of its page), then
// taken in. What was kept and not taken in, because the power went, is taken in by the next run.
//
//   received ── maps? ──no──> quarantined (reasons; tried again at each run)
//      │yes
//      ├─ unknown: Desk::Intake ──> files ──> project
//      └─ known: new answers -> a document; `resubmit` when the rails wait for it
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "connectors/demarches_simplifiees/attachments.h"
#include "connectors/demarches_simplifiees/context.h"
#include "connectors/demarches_simplifiees/hash.h"
#include "connectors/demarches_simplifiees/mapping.h"
#include "storage/calls.h"
#include "storage/dossiers.h"
#include "storage/projects.h"

namespace aiguillage::connectors {

// A place in a list of DS, stored with the page it ends. kind "" stores nothing.
struct Cursor {
  std::string kind, value;
};

class Reception {
 public:
  Reception(SyncContext& context, Client& client, storage::Call call, Mapping mapping,
            SyncReport& report);

  // A page of dossiers: raw and cursor in one transaction, then those nobody knew taken in by
  // groups and the others one by one, each with its files.
  void TakePage(const nlohmann::json& nodes, const Cursor& cursor, Fetching fetching);
  // One dossier as it is held, without waiting for the next run.
  void TakeUp(const storage::Dossier& dossier, Fetching fetching);
  // What an interrupted run left, and what may pass now that the mapping was mended.
  void TakeUpAgain();
  // The newest version of each once more by today's mapping, from what is kept: no act, no mail
  // for the projects there are; what was held is tried again.
  void Replay(std::span<const std::int64_t> numbers);
  // Numbers met in this run.
  const std::set<std::int64_t>& seen() const { return seen_; }

 private:
  // One dossier of a page, beside what the record knew of it before.
  struct Arrival {
    storage::Dossier row;
    const nlohmann::json* node = nullptr;
    std::string thread;       // what is said around it, "" when nothing can be
    Corrections corrections;  // of a dossier that changed
    bool known = false;       // it is a project
    bool changed = false, said = false;
  };
  struct Newcomer {
    const Arrival* arrival;
    Mapped mapped;
  };

  std::vector<Arrival> Look(const nlohmann::json& nodes);
  void Keep(std::vector<Arrival>& page, const Cursor& cursor);
  bool KeepThread(storage::Session& session, const Arrival& arrival);
  void Gather(const Arrival& arrival, Fetching fetching);
  void TakeInGathered(Fetching fetching);
  workflows::IntakeRequest IntakeOf(const storage::Dossier& dossier, const Mapped& mapped) const;
  template <typename Work>
  void OrTell(const storage::Dossier& dossier, Work&& work);
  std::optional<storage::Dossier> Again(std::int64_t number);
  void TakeIn(const storage::Dossier& dossier, const nlohmann::json& node, Fetching fetching);
  void TakeInOrTell(const storage::Dossier& dossier, const nlohmann::json& node, Fetching fetching);
  void Intake(const storage::Dossier& dossier, const Mapped& mapped, const nlohmann::json& node,
              Fetching fetching);
  void Change(const storage::Dossier& dossier, const storage::Project& project,
              const Mapped& mapped, const nlohmann::json& node, Fetching fetching);
  void ReplayOne(const storage::Dossier& dossier);
  void Remap(const storage::Dossier& dossier, const storage::Project& project, const Mapped& mapped,
             const nlohmann::json& node);
  void Settle(const storage::Dossier& dossier, const Mapped& mapped, const nlohmann::json& node,
              Fetching fetching);
  void KeepCompleted(std::int64_t number, const Mapped& mapped);
  void WriteSettled();
  nlohmann::json Kept(const storage::Dossier& dossier);
  Mapped MapOf(const nlohmann::json& node, std::int64_t number);  // with what people completed
  void Quarantine(const storage::Dossier& dossier, const std::vector<std::string>& reasons);
  bool HolderAnswered(const storage::Dossier& dossier, const Mapped& mapped,
                      const nlohmann::json& node);

  SyncContext& context_;
  storage::Call call_;
  Mapping mapping_;
  SyncReport& report_;
  Attachments attachments_;
  Echo ours_;
  std::set<std::int64_t> seen_;
  std::vector<Newcomer> gathered_;
  std::vector<std::pair<std::int64_t, std::string>> settled_;
};

}  // namespace aiguillage::connectors
