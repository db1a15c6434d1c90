#include "web/held_files.h"

#include "storage/dossiers.h"
#include "web/uploads.h"

namespace aiguillage::web {

namespace {

constexpr int kFilesARound = 100;

}  // namespace

HeldReport ScanHeld(Services& services) {
  HeldReport report;
  if (services.scanner == nullptr) return report;
  const auto files = services.database.Read(
      [](storage::Session& session) { return storage::FilesToScan(session, kFilesARound); });
  for (const auto& file : files) {
    const auto verdict = services.scanner->Scan(StoredPath(services.options.files_dir, file.hash));
    if (verdict.kind == ScanVerdict::Kind::kUnknown) {
      report.trouble = verdict.words;
      services.log({LogLevel::kWarning, "scan_waits", {{"trouble", verdict.words}}});
      return report;
    }
    const bool clean = verdict.kind == ScanVerdict::Kind::kClean;
    services.database.Write([&](storage::Session& session) {
      storage::SetScan(session, file.hash,
                       clean ? storage::kScanClean : storage::kScanInfected + " " + verdict.words);
      if (!clean) TellOfVirus(session, file.project, file.name, verdict.words, services.clock());
    });
    ++(clean ? report.clean : report.infected);
  }
  return report;
}

void TellOfVirus(storage::Session& session, std::int64_t project, const std::string& file,
                 const std::string& virus, std::int64_t now) {
  storage::InsertIncident(session,
                          {0, project, "virus",
                           "L’antivirus a refusé le fichier « " + file + " » déposé ici (" + virus +
                               ") : prévenir qui l’a déposé, son poste est peut-être "
                               "atteint.",
                           now, 0});
}

std::string HeldWords(const storage::File& file) {
  if (storage::IsInfected(file)) return "refusé : logiciel malveillant";
  return storage::IsHeld(file) ? "en attente d’analyse" : "";
}

}  // namespace aiguillage::web
