#include "connectors/demarches_simplifiees/attachments.h"

#include <algorithm>

#include "connectors/demarches_simplifiees/file_store.h"
#include "connectors/demarches_simplifiees/thread.h"

namespace aiguillage::connectors {
namespace {

constexpr std::int64_t kSizeMax = 200LL * 1024 * 1024;

bool Secure(const std::string& url) { return url.starts_with("https://"); }

}  // namespace

// Same place, same name, same content: the row tells all but the MD5, which the bytes tell.
bool Attachments::Has(const std::vector<storage::File>& rows, const MappedFile& file) const {
  return std::any_of(rows.begin(), rows.end(), [&](const storage::File& row) {
    return row.source == "ds" && row.field == file.field && row.name == file.name &&
           row.size == file.size &&
           (file.md5.empty() || Md5OfStored(context_.options.files_dir, row.hash) == file.md5);
  });
}

Attachments::Arrival Attachments::Fetch(const MappedFile& file, std::string& hash) {
  if (Secure(context_.options.endpoint) && !Secure(file.url)) return Arrival::kWrong;
  FileArrival arrival(context_.options.files_dir);
  HttpLimits limits;
  limits.timeout_ms = 10 * 60'000;
  limits.bytes_max = static_cast<std::size_t>(std::clamp<std::int64_t>(file.size, 1, kSizeMax));
  const HttpResponse response =
      context_.http.Get(file.url, {}, limits, [&](std::string_view piece) {
        arrival.Add(piece);
        return true;
      });
  if (response.failure == HttpFailure::kTooLarge) return Arrival::kWrong;
  if (!response.Arrived() || response.status >= 500 || response.status == 429)
    return Arrival::kLost;
  if (response.status != 200) return Arrival::kStale;
  if (!arrival.Matches(file.size, file.md5)) return Arrival::kWrong;
  hash = arrival.Keep();
  return Arrival::kKept;
}

// A fresh address for the same content; false when the dossier no longer has it.
bool Attachments::Renew(MappedFile& file, std::int64_t number) {
  const DsAnswer answer = client_.AskPatiently(Operation::kDossierOne, {{"number", number}});
  gone_ = answer.failure == DsFailure::kNotFound;
  if (!answer.Ok()) return false;
  const nlohmann::json& dossier = PartOf(answer.data, "dossier");
  std::vector<MappedFile> fresh = Map(mapping_, dossier).files;
  for (MappedFile& one : ThreadFiles(dossier)) fresh.push_back(std::move(one));
  for (const MappedFile& one : fresh) {
    if (one.field == file.field && one.name == file.name && one.md5 == file.md5) {
      file.url = one.url;
      return !file.url.empty();
    }
  }
  return false;
}

std::optional<std::string> Attachments::FetchPatiently(MappedFile file, std::int64_t number) {
  bool renewed = false;
  if (file.url.empty()) {
    renewed = true;
    if (!Renew(file, number)) return {};
  }
  std::string hash;
  for (int tries = 0; tries < 4; ++tries) {
    const Arrival arrival = Fetch(file, hash);
    if (arrival == Arrival::kKept) return hash;
    if (arrival == Arrival::kStale && (renewed || !Renew(file, number))) return {};
    renewed = renewed || arrival == Arrival::kStale;
    if (arrival == Arrival::kLost) context_.world.sleep(500 << tries);
  }
  return {};
}

bool Attachments::Bring(std::int64_t number, const std::vector<MappedFile>& files,
                        Fetching fetching) {
  std::int64_t project = 0;
  const auto known = context_.database.Read([&](storage::Session& session) {
    project = storage::ProjectOfDossier(session, number);
    return storage::FilesOf(session, project);
  });
  std::vector<storage::File> arrived;
  bool all = true;
  gone_ = false;
  for (const MappedFile& file : files) {
    if (Has(known, file) || (fetching == Fetching::kWhereGiven && file.url.empty())) continue;
    if (fetching == Fetching::kLater) {
      all = false;
      continue;
    }
    const auto hash = FetchPatiently(file, number);
    if (!hash) {
      all = false;
      if (gone_) break;  // DS no longer shows the dossier: they come if it is ever restored
      ++report_.failed;
      report_.words.push_back("Dossier " + std::to_string(number) + " : une pièce jointe (« " +
                              file.field + " ») n’a pas pu être reprise telle qu’annoncée.");
      continue;
    }
    storage::File row;
    row.project = project;
    row.hash = *hash;
    row.name = file.name;
    row.type = file.type;
    row.size = file.size;
    row.source = "ds";
    row.field = file.field;
    row.scan = file.scan;
    row.at = context_.Now();
    arrived.push_back(std::move(row));
  }
  if (arrived.empty()) return all;
  context_.database.Write([&](storage::Session& session) {
    for (const storage::File& row : arrived) storage::InsertFile(session, row);
  });
  report_.files += static_cast<std::int64_t>(arrived.size());
  return all;
}

}  // namespace aiguillage::connectors
