// What a dossier that is a project already brings: a change, or the same read by another mapping.
#include <algorithm>

#include "connectors/demarches_simplifiees/conflict.h"
#include "connectors/demarches_simplifiees/reception.h"
#include "storage/documents.h"
#include "storage/outbox.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;

// How often the holder filed again: DS adds an entry to the history each time.
std::int64_t Resubmissions(const json& node) {
  std::int64_t count = 0;
  for (const json& entry : PartOf(node, "traitements")) {
    count += TextAt(entry, "event") == "depose_correction_usager" ? 1 : 0;
  }
  return count;
}

// Which file holds what, for comparison: addresses and scans are not content.
std::set<std::string> Contents(const Mapped& mapped) {
  std::set<std::string> contents;
  for (const MappedFile& file : mapped.files) {
    contents.insert(file.field + "\n" + file.name + "\n" + file.md5);
  }
  return contents;
}

// The newest answers that DS gave, among the documents of a project.
bool IsLastOfDs(const storage::Document& document, const std::vector<storage::Document>& all) {
  return std::none_of(all.begin(), all.end(), [&](const storage::Document& one) {
    return one.form == document.form && one.person == 0 && !one.taken_back &&
           one.version > document.version;
  });
}

}  // namespace

// Whether the people of the dossier changed it since the version before: answers, files, or a
// correction filed again. (Other agents of DS may have moved it too: that is no answer.)
bool Reception::HolderAnswered(const storage::Dossier& dossier, const Mapped& mapped,
                               const json& node) {
  const auto before = context_.database.Read([&](storage::Session& session) {
    return storage::FindDossierVersion(session, dossier.number, dossier.version - 1);
  });
  if (!before) return false;
  const json old = ParseOutside(before->raw);
  const Mapped was = MapOf(old, dossier.number);
  return was.answers != mapped.answers || Contents(was) != Contents(mapped) ||
         Resubmissions(node) > Resubmissions(old);
}

void Reception::Change(const storage::Dossier& dossier, const storage::Project& project,
                       const Mapped& mapped, const json& node, Fetching fetching) {
  if (dossier.status != "files" && HolderAnswered(dossier, mapped, node)) {
    context_.desk.RecordAnswers(project.number, mapped.answers, context_.Now());
    workflows::ActRequest request;
    request.project = project.number;
    request.action = "resubmit";  // nothing happens where the rails do not wait for it
    request.actor.role = "ds";
    request.data = mapped.answers;
    request.key =
        "ds:" + std::to_string(dossier.number) + ":resubmit:" + std::to_string(dossier.version);
    request.now = context_.Now();
    const auto answer = context_.desk.Act(request);
    if (!answer) report_.words.push_back(project.number + " : " + answer.refusal().sentence);
  }
  if (dossier.status != "files") {
    ++report_.updated;
    context_.database.Write([&](storage::Session& session) {
      LookForDecision(session, dossier, project, node, context_.Now());
    });
  }
  Settle(dossier, mapped, node, fetching);
}

// Files that people sent to complete a dossier are the project's from now on.
void Reception::KeepCompleted(std::int64_t number, const Mapped& mapped) {
  if (mapped.completed.empty()) return;
  context_.database.Write([&](storage::Session& session) {
    const std::int64_t project = storage::ProjectOfDossier(session, number);
    const auto known = storage::FilesOf(session, project);
    for (const json& sent : mapped.completed) {
      storage::File file;
      file.project = project;
      file.hash = sent.at("hash");
      file.name = sent.at("name");
      file.type = sent.at("type");
      file.size = sent.at("size");
      file.scan = sent.value("scan", "");
      file.field = sent.at("field");
      file.source = "upload";
      file.at = context_.Now();
      const bool here = std::any_of(known.begin(), known.end(), [&](const storage::File& one) {
        return one.hash == file.hash && one.field == file.field;
      });
      if (!here) storage::InsertFile(session, file);
    }
  });
}

void Reception::Replay(std::span<const std::int64_t> numbers) {
  for (const std::int64_t number : numbers) {
    const auto dossier = context_.database.Read(
        [&](storage::Session& session) { return storage::FindDossier(session, number); });
    if (!dossier || dossier->status == "superseded") continue;  // withdrawn in DS
    ++report_.seen;
    ReplayOne(*dossier);
  }
  WriteSettled();
}

void Reception::ReplayOne(const storage::Dossier& dossier) {
  const auto project = context_.database.Read([&](storage::Session& session) {
    return storage::FindProjectByDossier(session, dossier.number);
  });
  const json node = Kept(dossier);
  if (!project || dossier.status == "received" || dossier.status == "quarantined") {
    return TakeInOrTell(dossier, node, Fetching::kLater);
  }
  const Mapped mapped = MapOf(node, dossier.number);
  if (!mapped.problems.empty()) return Quarantine(dossier, mapped.problems);
  Remap(dossier, *project, mapped, node);
}

// Against what DS's own last document says: what people of the house wrote since is not DS's.
void Reception::Remap(const storage::Dossier& dossier, const storage::Project& project,
                      const Mapped& mapped, const json& node) {
  const auto known = context_.database.Read([&](storage::Session& session) {
    auto documents = storage::DocumentsOf(session, project.id);
    return std::any_of(documents.begin(), documents.end(), [&](const storage::Document& one) {
      return one.form == "application" && one.person == 0 && !one.taken_back &&
             one.answers == mapped.answers && IsLastOfDs(one, documents);
    });
  });
  if (!known) context_.desk.RecordAnswers(project.number, mapped.answers, context_.Now());
  ++(known ? report_.unchanged : report_.updated);
  Settle(dossier, mapped, node, Fetching::kLater);
}

}  // namespace aiguillage::connectors
