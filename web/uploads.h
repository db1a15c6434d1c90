// Files people send: checked against what the form asks, kept under their hash.
//
//   StoreUpload(visit, field, upload)  -> a row's hash, or « Ce fichier n’est pas un PDF … »
//
// The name is what the person called it and never a path; the bytes live in files_dir under their
// SHA-256; size, extension and content (libmagic) must agree. With an antivirus, one that it knows
// to be infected is refused; one that it could not judge is kept but given to nobody
// (held_files.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/outcome.h"
#include "forms/form.h"
#include "storage/documents.h"
#include "web/request.h"
#include "web/visit.h"

namespace aiguillage::web {

// What the content is, by its bytes: "application/pdf".
std::string ContentTypeOf(const std::string& path);
// Refused in words when size, extension or content are not what the field accepts.
engine::Outcome<std::string> CheckUpload(const forms::Field& field, const Upload& upload);
// ".pdf", ".odt", … : what the field accepts, or the usual ones; whether any content fits one.
std::vector<std::string> AcceptedExtensions(const forms::Field& field);
bool IsKnownExtension(const std::string& extension);
// Checked and copied under its hash; a row of no project yet.
engine::Outcome<storage::File> KeepUpload(Visit& visit, const forms::Field& field,
                                          const Upload& upload);
// … and written as a row of the project. The hash.
engine::Outcome<std::string> StoreUpload(Visit& visit, const forms::Field& field,
                                         const Upload& upload);
// Where the bytes of a hash are; "" for what is no hash.
std::string StoredPath(const std::string& files_dir, const std::string& hash);

}  // namespace aiguillage::web
