// Documents: what people wrote in forms, in numbered versions; files under their hash.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

// One version of a form filled in for a project. Reviewers each have their own: `person` tells.
struct Document {
  std::int64_t id = 0;
  std::int64_t project = 0;
  std::string form;
  int version = 0;          // 1, 2, 3 … inside (project, form)
  std::int64_t person = 0;  // author, 0 for DS
  std::string act;
  std::int64_t at = 0;
  nlohmann::json answers;
  bool taken_back = false;
};
Document InsertDocument(Session&, Document);                        // fills id and version
std::vector<Document> DocumentsOf(Session&, std::int64_t project);  // answers included
std::optional<Document> LatestDocument(Session&, std::int64_t project, const std::string& form);
std::optional<Document> FindDocument(Session&, std::int64_t project, const std::string& form,
                                     int version);
// Of one form, in the living projects of a collection but one, newest first.
std::vector<Document> DocumentsInCollection(Session&, const std::string& form,
                                            const std::string& collection, std::int64_t but,
                                            int limit);
void MarkDocumentsTakenBack(Session&, const std::string& act);

// A stored file: bytes on disk under `hash` (SHA-256, hex) in data.dir/files, the row tells the
// rest.
struct File {
  std::int64_t id = 0;
  std::int64_t project = 0;
  std::string hash;
  std::string name;  // as given; hostile, never a path
  std::string type;  // content type
  std::int64_t size = 0;
  std::string source;  // upload | ds
  std::string field;   // form field or champ it answers
  std::string scan;    // DS's virusScanResult or clamd's verdict, "" when nobody looked
  std::int64_t person = 0;
  std::int64_t at = 0;
};
// clamd's verdicts. DS has words of its own; of those only its INFECTED holds a file back.
inline const std::string kScanClean = "clean";
inline const std::string kScanWaiting = "waiting";    // clamd has not answered yet
inline const std::string kScanInfected = "infected";  // followed by a blank and the virus's name
bool IsInfected(const File&);
bool IsHeld(const File&);  // infected, or not looked at yet: given to nobody

std::int64_t InsertFile(Session&, const File&);
std::optional<File> FindFile(Session&, std::int64_t id);
std::vector<File> FilesOf(Session&, std::int64_t project);
std::vector<File> AllFiles(Session&);
std::vector<File> FilesToScan(Session&, int limit);  // waiting, the oldest first
void SetScan(Session&, const std::string& hash, const std::string& scan);  // of those waiting

}  // namespace aiguillage::storage
