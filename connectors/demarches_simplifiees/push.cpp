#include "connectors/demarches_simplifiees/push.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "connectors/demarches_simplifiees/call_mapping.h"
#include "connectors/demarches_simplifiees/conflict.h"
#include "connectors/demarches_simplifiees/delivery.h"
#include "connectors/demarches_simplifiees/demarche.h"
#include "connectors/demarches_simplifiees/file_store.h"
#include "connectors/md5.h"
#include "storage/documents.h"
#include "storage/dossiers.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "workflows/conflict.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;
using storage::OutboxRow;
using Kind = Verdict::Kind;

constexpr int kBatch = 5;
constexpr std::int64_t kPauseMin = 60'000;
constexpr std::int64_t kLease = 15 * kPauseMin;  // longer than any delivery
constexpr std::int64_t kPauseMax = 6 * 60 * kPauseMin;

// 1, 2, 4 … minutes up to six hours, each row at its own second.
std::int64_t Pause(const OutboxRow& row) {
  const int doublings = std::clamp(row.attempts - 1, 0, 10);
  const std::int64_t spread = row.id * 7919 % 20'000;
  return std::min(kPauseMin << doublings, kPauseMax) + spread;
}

class Push {
 public:
  Push(SyncContext& context, std::int64_t now)
      : context_(context), now_(now), client_(context.http, context.ForClient(), context.world) {}

  PushReport Run() {
    while (!report_.stopped) {
      auto rows = context_.database.Write([&](storage::Session& session) {
        return storage::LeaseOutbox(session, "ds", now_, now_ + kLease, kBatch);
      });
      if (rows.empty()) break;
      for (OutboxRow& row : rows) {
        if (report_.stopped || !Known()) {
          GiveBack(row);
        } else {
          Finish(row, Deliver(row));
        }
      }
    }
    return report_;
  }

 private:
  // The démarche is read once, and only when there is something to say.
  bool Known() {
    if (demarche_) return true;
    auto read = ReadDemarche(client_, context_.options.demarche);
    if (!read.answer.Ok()) {
      Stop(read.answer.sentence);
      return false;
    }
    demarche_ = std::move(read.demarche);
    return true;
  }

  void Stop(const std::string& sentence) {
    report_.stopped = true;
    if (report_.words.empty() || report_.words.back() != sentence) {
      report_.words.push_back(sentence);
    }
  }

  const Mapping& MappingOf(const std::string& definition) {
    const auto known = mappings_.find(definition);
    if (known != mappings_.end()) return known->second;
    const json file = context_.database.Read([&](storage::Session& session) {
      const auto call = CallTaking(session, context_.options.demarche, definition);
      return call ? MappingInForce(session, context_.catalog, *call)
                  : context_.catalog.KitOf(definition).mapping;
    });
    auto read = ReadMapping(file, definition + "/mapping.json", nullptr);
    return mappings_[definition] = read ? std::move(read).value() : Mapping{};
  }

  Verdict Deliver(OutboxRow& row) {
    const json& number = PartOf(row.payload, "dossier");
    const auto dossier = context_.database.Read([&](storage::Session& session) {
      return number.is_number_integer() ? storage::FindDossier(session, number.get<std::int64_t>())
                                        : std::nullopt;
    });
    if (!dossier) return {Kind::kFailed, "Le dossier de ce projet n’a jamais été lu."};
    const auto note = [this](const OutboxRow& noted) {
      context_.database.Write(
          [&](storage::Session& session) { storage::UpdateOutbox(session, noted); });
    };
    DeliveryNeeds needs{client_, *demarche_, MappingOf(TextAt(row.payload, "definition"))};
    needs.instructeur = context_.options.instructeur;
    needs.public_url = context_.options.public_url;
    needs.node = dossier->node;
    needs.note = note;
    bool held = false;
    const std::string missing = Gather(row, needs, held);
    if (!missing.empty()) return {held ? Kind::kLater : Kind::kFailed, missing};
    decided_by_ = needs.decided_by;
    Delivery delivery(std::move(needs), row);
    const Verdict verdict = delivery.Run();
    looked_at_ = delivery.dossier();
    return verdict;
  }

  // What the record adds to a row: who acted, the collection, what was written, the file that goes
  // along. Says what is missing; `held` when it only has to be waited for.
  std::string Gather(const OutboxRow& row, DeliveryNeeds& needs, bool& held) {
    const std::string field = TextAt(row.payload, "justificatif");
    std::optional<storage::File> file;
    context_.database.Read([&](storage::Session& session) {
      const json& by = PartOf(row.payload, "decided_by");
      const auto person = by.is_number_integer()
                              ? storage::FindPerson(session, by.get<std::int64_t>())
                              : std::nullopt;
      if (person) needs.decided_by = person->email;
      const auto project = storage::FindProjectById(session, row.project);
      if (project) needs.collection = project->collection;
      if (row.topic == "annotate") needs.documents = storage::DocumentsOf(session, row.project);
      if (field.empty()) return;
      for (const storage::File& one : storage::FilesOf(session, row.project)) {
        if (one.field == field && one.source == "upload" && (!file || one.id > file->id))
          file = one;
      }
    });
    if (field.empty()) return "";
    if (!file) return "Le justificatif « " + field + " » de cette décision n’a pas été déposé.";
    if (storage::IsHeld(*file)) {
      held = !storage::IsInfected(*file);
      return held ? "Le justificatif attend l’analyse de l’antivirus."
                  : "L’antivirus a refusé le justificatif de cette décision.";
    }
    Justificatif justificatif{file->name, file->type, "", ""};
    if (!ReadStored(context_.options.files_dir, file->hash, justificatif.bytes)) {
      return "Le justificatif « " + field + " » n’est plus lisible sur le disque.";
    }
    Md5 sum;
    sum.Add(justificatif.bytes);
    justificatif.md5 = sum.Base64();
    needs.justificatif = std::move(justificatif);
    return "";
  }

  void GiveBack(OutboxRow& row) {
    row.status = "pending";
    row.lease_until = 0;
    --row.attempts;
    context_.database.Write(
        [&](storage::Session& session) { storage::UpdateOutbox(session, row); });
  }

  void Finish(OutboxRow& row, const Verdict& verdict) {
    row.detail = verdict.sentence;
    row.lease_until = 0;
    if (verdict.kind == Kind::kStop) {
      Stop(verdict.sentence);
      return GiveBack(row);
    }
    if (verdict.kind == Kind::kLater || verdict.kind == Kind::kLookAgain) {
      row.status = "pending";
      row.not_before = now_ + Pause(row);
      ++report_.later;
    } else {
      const bool gone = verdict.kind == Kind::kSent || verdict.kind == Kind::kSentInPart;
      row.status = gone                                    ? "sent"
                   : verdict.kind == Kind::kNotDeliverable ? "not_deliverable"
                                                           : "failed";
      row.done_at = now_;
    }
    if (row.status == "sent") ++report_.pushed;
    const bool failed = row.status == "failed";
    if (failed) ++report_.failed;
    if (!verdict.sentence.empty()) {
      report_.words.push_back(TextAt(row.payload, "number") + " : " + verdict.sentence);
    }
    context_.database.Write([&](storage::Session& session) {
      storage::UpdateOutbox(session, row);
      if (verdict.kind == Kind::kConflict) {
        AskThePilot(session, row);
      } else if (failed || verdict.kind == Kind::kSentInPart) {
        const char* kind = failed ? "ds_refused" : "ds_correction";
        storage::InsertIncident(session, {0, row.project, kind, verdict.sentence, now_, 0});
      }
    });
  }

  void AskThePilot(storage::Session& session, const OutboxRow& row) {
    storage::DsConflict conflict;
    conflict.outbox = row.id;
    conflict.here = OurSide(row, decided_by_);
    conflict.there = TheirSide(looked_at_);
    workflows::OpenConflict(session, *storage::FindProjectById(session, row.project),
                            std::move(conflict), now_);
  }

  SyncContext& context_;
  std::int64_t now_;
  Client client_;
  PushReport report_;
  std::optional<Demarche> demarche_;
  std::map<std::string, Mapping> mappings_;
  std::string decided_by_;  // of the row last delivered: e-mail of who acted here
  json looked_at_;          // its dossier as DS last showed it
};

}  // namespace

PushReport PushDue(SyncContext& context, std::int64_t now) { return Push(context, now).Run(); }

}  // namespace aiguillage::connectors
