// The files a dossier carries: brought here from their short-lived addresses, once each.
//
//   Attachments attachments(context, client, mapping, report);
//   attachments.Bring(number, mapped.files, Fetching::kAsk);    // true: all of them are
//   here now
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connectors/demarches_simplifiees/client.h"
#include "connectors/demarches_simplifiees/context.h"
#include "connectors/demarches_simplifiees/mapping.h"
#include "storage/documents.h"

namespace aiguillage::connectors {

// What to do for a file that is not here yet.
enum class Fetching {
  kAsk,         // its address, or else the dossier read again for one
  kWhereGiven,  // only by an address that came along (an import)
  kLater,       // the next reading of DS brings it
};

class Attachments {
 public:
  Attachments(SyncContext& context, Client& client, const Mapping& mapping, SyncReport& report)
      : context_(context), client_(client), mapping_(mapping), report_(report) {}

  bool Bring(std::int64_t number, const std::vector<MappedFile>& files, Fetching fetching);

 private:
  enum class Arrival { kKept, kStale, kWrong, kLost };
  bool Has(const std::vector<storage::File>& rows, const MappedFile& file) const;
  Arrival Fetch(const MappedFile& file, std::string& hash);
  std::optional<std::string> FetchPatiently(MappedFile file, std::int64_t number);
  bool Renew(MappedFile& file, std::int64_t number);

  SyncContext& context_;
  Client& client_;
  const Mapping& mapping_;
  SyncReport& report_;
  bool gone_ = false;  // DS had no such dossier when it was read again
};

}  // namespace aiguillage::connectors
