// Dossiers that DS deleted: they never come with the others, but in two lists of their own, or in
// none when they expire. One of them becomes the act that the definition names, or an incident that
// a human reads; never a silent disappearance.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "connectors/demarches_simplifiees/client.h"
#include "connectors/demarches_simplifiees/context.h"
#include "storage/projects.h"

namespace aiguillage::connectors {

class Deletions {
 public:
  Deletions(SyncContext& context, Client& client, std::string event, SyncReport& report)
      : context_(context), client_(client), event_(std::move(event)), report_(report) {}

  bool Read();  // both lists, from their cursors; false: stopped before the end
  // Dossiers we hold, that a whole walk did not meet.
  void LookForMissing(const std::set<std::int64_t>& met);

 private:
  bool ReadList(Operation operation, const char* field, const std::string& kind);
  void TakeOut(const nlohmann::json& node);
  void Withdraw(const storage::Project& project, const std::string& reason, std::int64_t number);
  void Tell(const storage::Project& project, const std::string& sentence);

  SyncContext& context_;
  Client& client_;
  std::string event_;
  SyncReport& report_;
};

}  // namespace aiguillage::connectors
