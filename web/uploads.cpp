#include "web/uploads.h"

#include <magic.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>

#include "storage/documents.h"
#include "storage/hash.h"
#include "web/held_files.h"

namespace aiguillage::web {

namespace {

// What an extension may contain. Office files are zip archives to an older libmagic.
const std::multimap<std::string, std::string>& ContentsOf() {
  static const std::multimap<std::string, std::string> contents = {
      {".pdf", "application/pdf"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".jpeg", "image/jpeg"},
      {".webp", "image/webp"},
      {".svg", "image/svg+xml"},
      {".csv", "text/"},
      {".csv", "application/csv"},
      {".txt", "text/"},
      {".odt", "application/vnd.oasis.opendocument.text"},
      {".ods", "application/vnd.oasis.opendocument.spreadsheet"},
      {".odp", "application/vnd.oasis.opendocument.presentation"},
      {".odg", "application/vnd.oasis.opendocument.graphics"},
      {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
      {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
      {".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
      {".zip", "application/zip"},
      {".h5p", "application/zip"},
      {".odt", "application/zip"},
      {".docx", "application/zip"},
      {".xlsx", "application/zip"},
      {".pptx", "application/zip"}};
  return contents;
}

std::string ExtensionOf(const std::string& name) {
  const auto dot = name.rfind('.');
  return dot == std::string::npos ? "" : Lower(name.substr(dot));
}

bool ContentFits(const std::string& extension, const std::string& type) {
  const auto [from, to] = ContentsOf().equal_range(extension);
  return std::any_of(from, to, [&](const auto& row) { return type.rfind(row.second, 0) == 0; });
}

std::string HashOfFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  storage::Sha256Stream hash;
  char chunk[64 * 1024];
  while (file.read(chunk, sizeof chunk), file.gcount() > 0) {
    hash.Add(std::string_view(chunk, static_cast<std::size_t>(file.gcount())));
  }
  return hash.Hex();
}

engine::Refusal No(std::string sentence) { return {"bad_file", std::move(sentence), {}}; }

}  // namespace

std::string ContentTypeOf(const std::string& path) {
  const std::unique_ptr<magic_set, void (*)(magic_t)> cookie(magic_open(MAGIC_MIME_TYPE),
                                                             magic_close);
  if (!cookie || magic_load(cookie.get(), nullptr) != 0) {
    throw std::runtime_error("Expected libmagic's database, but it did not load");
  }
  const char* type = magic_file(cookie.get(), path.c_str());
  return type == nullptr ? "application/octet-stream" : type;
}

std::vector<std::string> AcceptedExtensions(const forms::Field& field) {
  std::string list = field.accept;
  std::replace(list.begin(), list.end(), ',', ' ');
  auto accepted = SplitWords(list);
  if (field.widget == "file" && accepted.empty()) {
    accepted = {".pdf", ".odt", ".ods", ".docx", ".xlsx", ".png", ".jpg"};
  }
  return accepted;
}

bool IsKnownExtension(const std::string& extension) { return ContentsOf().contains(extension); }

engine::Outcome<std::string> CheckUpload(const forms::Field& field, const Upload& upload) {
  const std::size_t limit_mb = field.max_mb > 0 ? static_cast<std::size_t>(field.max_mb) : 20;
  if (upload.size == 0) return No("Le fichier « " + upload.name + " » est vide.");
  if (upload.size > limit_mb * 1024 * 1024) {
    return No("Le fichier « " + upload.name + " » dépasse " + std::to_string(limit_mb) + " Mo.");
  }
  const std::string extension = ExtensionOf(upload.name);
  const auto accepted = AcceptedExtensions(field);
  if (std::find(accepted.begin(), accepted.end(), extension) == accepted.end()) {
    std::string list;
    for (const auto& one : accepted) list += (list.empty() ? "" : ", ") + one.substr(1);
    return No("Le fichier « " + upload.name + " » n’est pas d’un format accepté (" + list + ").");
  }
  const std::string type = ContentTypeOf(*upload.path);
  if (!ContentFits(extension, type)) {
    return No("Le contenu du fichier « " + upload.name + " » ne correspond pas à son extension.");
  }
  return type;
}

std::string StoredPath(const std::string& files_dir, const std::string& hash) {
  const bool hex =
      hash.size() == 64 && hash.find_first_not_of("0123456789abcdef") == std::string::npos;
  return hex ? files_dir + "/" + hash : "";
}

namespace {

// clamd's verdict for the row; refused, and told to the pilot, when the file is infected.
engine::Outcome<std::string> Scan(Visit& visit, const Upload& upload) {
  if (visit.services.scanner == nullptr) return std::string();
  const auto verdict = visit.services.scanner->Scan(*upload.path);
  if (verdict.kind == ScanVerdict::Kind::kClean) return storage::kScanClean;
  nlohmann::json fields = {
      {"id", visit.id}, {"person", visit.visitor->person.id}, {"words", verdict.words}};
  if (verdict.kind == ScanVerdict::Kind::kUnknown) {
    visit.services.log({LogLevel::kWarning, "scan_waits", std::move(fields)});
    return storage::kScanWaiting;
  }
  visit.services.log({LogLevel::kWarning, "virus_refused", std::move(fields)});
  visit.services.database.Write([&](storage::Session& session) {
    TellOfVirus(session, visit.project ? visit.project->id : 0, upload.name, verdict.words,
                visit.now);
  });
  return No("Le fichier « " + upload.name +
            " » a été refusé : l’antivirus y a reconnu un logiciel malveillant (" + verdict.words +
            "). Il n’a pas été conservé. Faites vérifier votre poste avant d’en envoyer un autre.");
}

}  // namespace

engine::Outcome<storage::File> KeepUpload(Visit& visit, const forms::Field& field,
                                          const Upload& upload) {
  const auto type = CheckUpload(field, upload);
  if (!type) return type.refusal();
  const auto scan = Scan(visit, upload);
  if (!scan) return scan.refusal();
  storage::File row;
  row.hash = HashOfFile(*upload.path);
  row.name = upload.name;
  row.type = type.value();
  row.size = static_cast<std::int64_t>(upload.size);
  row.source = "upload";
  row.field = field.name;
  row.scan = scan.value();
  row.person = visit.visitor->person.id;
  row.at = visit.now;
  const std::string target = StoredPath(visit.services.options.files_dir, row.hash);
  if (!std::filesystem::exists(target)) {
    // Beside its place first: a half-written file must never bear a hash.
    const std::string beside = target + "." + storage::RandomHex(6);
    std::filesystem::copy_file(*upload.path, beside);
    std::filesystem::rename(beside, target);
  }
  return row;
}

engine::Outcome<std::string> StoreUpload(Visit& visit, const forms::Field& field,
                                         const Upload& upload) {
  auto kept = KeepUpload(visit, field, upload);
  if (!kept) return kept.refusal();
  storage::File row = std::move(kept).value();
  row.project = visit.project->id;
  visit.services.database.Write([&](storage::Session& session) {
    if (row.scan == storage::kScanClean) storage::SetScan(session, row.hash, row.scan);
    for (const auto& known : storage::FilesOf(session, row.project)) {
      if (known.hash == row.hash && known.name == row.name) return;
    }
    storage::InsertFile(session, row);
  });
  return row.hash;
}

}  // namespace aiguillage::web
