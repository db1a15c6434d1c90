#include "connectors/demarches_simplifiees/reception.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "connectors/demarches_simplifiees/call_mapping.h"
#include "connectors/demarches_simplifiees/conflict.h"
#include "connectors/demarches_simplifiees/delivery.h"
#include "connectors/demarches_simplifiees/hash.h"
#include "connectors/demarches_simplifiees/thread.h"
#include "storage/documents.h"
#include "storage/error.h"
#include "storage/outbox.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;

std::int64_t NumberOf(const json& node) {
  const json& number = PartOf(node, "number");
  return number.is_number_integer() ? number.get<std::int64_t>() : 0;
}

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

std::string Text(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// The newest answers that DS gave, among the documents of a project.
bool IsLastOfDs(const storage::Document& document, const std::vector<storage::Document>& all) {
  return std::none_of(all.begin(), all.end(), [&](const storage::Document& one) {
    return one.form == document.form && one.person == 0 && !one.taken_back &&
           one.version > document.version;
  });
}

}  // namespace

Reception::Reception(SyncContext& context, Client& client, storage::Call call, Mapping mapping,
                     SyncReport& report)
    : context_(context),
      call_(std::move(call)),
      mapping_(std::move(mapping)),
      report_(report),
      attachments_(context, client, mapping_, report),
      ours_(EchoOf(mapping_)) {}

// What would be stored of each readable node, with the hash that leaves our own echo out.
std::vector<storage::Dossier> Reception::Rows(const json& nodes, std::vector<const json*>& whole) {
  std::vector<storage::Dossier> rows;
  const auto echo_of = [&](storage::Session& session, std::int64_t number) {
    const auto project = storage::FindProjectByDossier(session, number);
    const auto said =
        project ? storage::OutboxOf(session, project->id, "ds") : std::vector<storage::OutboxRow>{};
    return EchoOf(said, ours_);
  };
  context_.database.Read([&](storage::Session& session) {
    for (const json& node : nodes) {
      const std::int64_t number = NumberOf(node);
      if (number == 0) {
        ++report_.failed;
        report_.words.push_back("Un dossier sans numéro a été laissé de côté.");
        continue;
      }
      storage::Dossier row;
      row.number = number;
      row.demarche = call_.demarche;
      row.node = TextAt(node, "id");
      row.hash = ContentHash(node, echo_of(session, number));
      row.ds_state = TextAt(node, "state");
      row.at = context_.Now();
      row.status = "received";
      row.reasons = "[]";
      rows.push_back(std::move(row));
      whole.push_back(&node);
    }
  });
  return rows;
}

void Reception::TakePage(const json& nodes, const Cursor& cursor, Fetching fetching) {
  std::vector<const json*> whole;
  std::vector<storage::Dossier> rows = Rows(nodes, whole);
  std::vector<bool> changed(rows.size(), false), said(rows.size(), false);
  context_.database.Write([&](storage::Session& session) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      changed[i] = storage::HashOfDossier(session, rows[i].number) != rows[i].hash;
      if (changed[i]) {
        rows[i].raw = Text(WithoutAddresses(WithoutThread(*whole[i])));
        storage::SaveDossier(session, rows[i]);
      }
      said[i] = KeepThread(session, rows[i].number, *whole[i]);
    }
    if (!cursor.kind.empty() && !cursor.value.empty() &&
        storage::FindCursor(session, call_.demarche, cursor.kind) != cursor.value) {
      storage::SaveCursor(session, call_.demarche, cursor.kind, cursor.value);
    }
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool first = seen_.insert(rows[i].number).second;
    report_.seen += first ? 1 : 0;
    if (changed[i]) {
      TakeInOrTell(rows[i], *whole[i], fetching);
    } else {
      report_.unchanged += first ? 1 : 0;
      if (said[i]) TakeInOrTell(*Again(rows[i].number), *whole[i], fetching);
    }
  }
  WriteSettled();
}

// Written when it says something new; its files are then brought, by the next run if not by this.
bool Reception::KeepThread(storage::Session& session, std::int64_t number, const json& node) {
  const json thread = ThreadPart(node);
  if (thread.is_null() || !storage::SaveThread(session, number, Text(thread), context_.Now())) {
    return false;
  }
  const auto known = storage::FindDossier(session, number);
  if (ThreadFiles(thread).empty() || known->status != "project") return false;
  storage::SetDossierStatus(session, number, "files", "[]");
  return true;
}

std::optional<storage::Dossier> Reception::Again(std::int64_t number) {
  return context_.database.Read(
      [&](storage::Session& session) { return storage::FindDossier(session, number); });
}

void Reception::TakeUpAgain() {
  std::vector<storage::Dossier> waiting;
  context_.database.Read([&](storage::Session& session) {
    for (const char* status : {"received", "files", "quarantined"}) {
      for (storage::Dossier& dossier : storage::DossiersWithStatus(session, status)) {
        if (dossier.demarche == call_.demarche) waiting.push_back(std::move(dossier));
      }
    }
  });
  for (const storage::Dossier& dossier : waiting) {
    TakeInOrTell(dossier, Kept(dossier), Fetching::kAsk);
  }
  WriteSettled();
}

void Reception::TakeUp(const storage::Dossier& dossier, Fetching fetching) {
  TakeInOrTell(dossier, Kept(dossier), fetching);
  WriteSettled();
}

void Reception::Replay() {
  const auto numbers = context_.database.Read(
      [&](storage::Session& session) { return storage::DossierNumbers(session, call_.demarche); });
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
  Settle(dossier, project.id, mapped, node, Fetching::kLater);
}

// One dossier in trouble never holds the others up. What the network throws is not ours to hold.
void Reception::TakeInOrTell(const storage::Dossier& dossier, const json& node, Fetching fetching) {
  try {
    TakeIn(dossier, node, fetching);
  } catch (const json::exception&) {
    Quarantine(dossier, {"Le dossier n’a pas la forme attendue."});
  } catch (const workflows::InvariantBroken&) {
    ++report_.failed;
    report_.words.push_back("Dossier " + std::to_string(dossier.number) +
                            " : un incident a été ouvert ; il sera repris à la prochaine fois.");
  } catch (const std::system_error&) {
    ++report_.failed;
    report_.words.push_back("Dossier " + std::to_string(dossier.number) +
                            " : une pièce jointe n’a pas pu être écrite sur le disque.");
  } catch (const storage::Trouble&) {
    ++report_.failed;
    report_.words.push_back("Dossier " + std::to_string(dossier.number) +
                            " : l’enregistrement a échoué ; il sera repris à la prochaine fois.");
  }
}

Mapped Reception::MapOf(const json& node, std::int64_t number) {
  return Map(mapping_, node, context_.database.Read([&](storage::Session& session) {
    return CorrectionsInForce(session, number);
  }));
}

void Reception::TakeIn(const storage::Dossier& dossier, const json& node, Fetching fetching) {
  const Mapped mapped = MapOf(node, dossier.number);
  if (!mapped.problems.empty()) return Quarantine(dossier, mapped.problems);
  const auto project = context_.database.Read([&](storage::Session& session) {
    return storage::FindProjectByDossier(session, dossier.number);
  });
  if (!project) return Intake(dossier, mapped, node, fetching);
  Change(dossier, *project, mapped, node, fetching);
}

void Reception::Intake(const storage::Dossier& dossier, const Mapped& mapped, const json& node,
                       Fetching fetching) {
  workflows::IntakeRequest request;
  request.call = call_.id;
  request.title = mapped.title;
  request.collection = mapped.collection;
  request.holder_email = mapped.holder_email;
  request.holder_name = mapped.holder_name;
  request.siret = mapped.siret;
  request.administration = mapped.administration;
  request.co_holders = mapped.co_holders;
  request.dossier = dossier.number;
  request.ds_state = dossier.ds_state;
  request.filed_on = mapped.filed_on;
  request.answers = mapped.answers;
  request.key = "ds:" + std::to_string(dossier.number) + ":intake";
  request.now = context_.Now();
  const auto answer = context_.desk.Intake(request);
  if (!answer) return Quarantine(dossier, {answer.refusal().sentence});
  ++report_.created;
  const auto project = context_.database.Read([&](storage::Session& session) {
    return storage::FindProjectByDossier(session, dossier.number);
  });
  Settle(dossier, project->id, mapped, node, fetching);
}

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
  Settle(dossier, project.id, mapped, node, fetching);
}

// The dossier's status waits for the end of the page: one write for all. Cut off before, it is
// taken in again, which changes nothing.
void Reception::Settle(const storage::Dossier& dossier, std::int64_t project, const Mapped& mapped,
                       const json& node, Fetching fetching) {
  KeepCompleted(project, mapped);
  std::vector<MappedFile> files = mapped.files;
  for (MappedFile& file : ThreadFiles(node)) files.push_back(std::move(file));
  const bool all = attachments_.Bring(project, dossier.number, files, fetching);
  const std::string status = all ? "project" : "files";
  if (status != dossier.status) settled_.emplace_back(dossier.number, status);
}

// Files that people sent to complete a dossier are the project's from now on.
void Reception::KeepCompleted(std::int64_t project, const Mapped& mapped) {
  if (mapped.completed.empty()) return;
  context_.database.Write([&](storage::Session& session) {
    const auto known = storage::FilesOf(session, project);
    for (const json& sent : mapped.completed) {
      storage::File file;
      file.project = project;
      file.hash = sent.at("hash");
      file.name = sent.at("name");
      file.type = sent.at("type");
      file.size = sent.at("size");
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

void Reception::WriteSettled() {
  if (settled_.empty()) return;
  context_.database.Write([&](storage::Session& session) {
    for (const auto& [number, status] : settled_) {
      storage::SetDossierStatus(session, number, status, "[]");
    }
  });
  settled_.clear();
}

// What an earlier run kept: the dossier with what was said around it, as DS once gave both.
json Reception::Kept(const storage::Dossier& dossier) {
  json node = ParseOutside(dossier.raw);
  const std::string thread = context_.database.Read(
      [&](storage::Session& session) { return storage::FindThread(session, dossier.number); });
  if (!thread.empty() && node.is_object()) node.update(ParseOutside(thread));
  return node;
}

void Reception::Quarantine(const storage::Dossier& dossier,
                           const std::vector<std::string>& reasons) {
  ++report_.quarantined;
  const std::string text = json(reasons).dump(-1, ' ', false, json::error_handler_t::replace);
  report_.words.push_back("Dossier " + std::to_string(dossier.number) +
                          " mis de côté : " + reasons.front());
  if (dossier.status == "quarantined" && dossier.reasons == text) return;
  context_.database.Write([&](storage::Session& session) {
    storage::SetDossierStatus(session, dossier.number, "quarantined", text);
  });
}

}  // namespace aiguillage::connectors
