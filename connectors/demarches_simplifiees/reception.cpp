#include "connectors/demarches_simplifiees/reception.h"

#include <system_error>
#include <utility>

#include "connectors/demarches_simplifiees/call_mapping.h"
#include "connectors/demarches_simplifiees/hash.h"
#include "connectors/demarches_simplifiees/thread.h"
#include "storage/error.h"
#include "storage/outbox.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;

// Enough for the COMMIT to weigh nothing, few enough for an act of somebody to wait little.
constexpr std::size_t kTogether = 50;

std::int64_t NumberOf(const json& node) {
  const json& number = PartOf(node, "number");
  return number.is_number_integer() ? number.get<std::int64_t>() : 0;
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

// What would be stored of each readable node, with the hash that leaves our own echo out. Texts are
// made here, where nobody waits for the record's one writer.
std::vector<Reception::Arrival> Reception::Look(const json& nodes) {
  std::vector<Arrival> page;
  page.reserve(nodes.size());
  context_.database.Read([&](storage::Session& session) {
    for (const json& node : nodes) {
      const std::int64_t number = NumberOf(node);
      if (number == 0) {
        ++report_.failed;
        report_.words.push_back("Un dossier sans numéro a été laissé de côté.");
        continue;
      }
      Arrival& one = page.emplace_back();
      const auto project = storage::ProjectOfDossier(session, number);
      one.known = project != 0;
      one.node = &node;
      one.row.number = number;
      one.row.hash = ContentHash(
          node, one.known ? EchoOf(storage::OutboxOf(session, project, "ds"), ours_) : ours_);
      one.changed = storage::HashOfDossier(session, number) != one.row.hash;
      if (one.changed) one.corrections = CorrectionsInForce(session, number);
    }
  });
  for (Arrival& one : page) {
    one.row.demarche = call_.demarche;
    one.row.node = TextAt(*one.node, "id");
    one.row.ds_state = TextAt(*one.node, "state");
    one.row.at = context_.Now();
    one.row.status = "received";
    one.row.reasons = "[]";
    if (one.changed) one.row.raw = TextWithoutThread(*one.node);
    one.thread = ThreadText(*one.node);
  }
  return page;
}

void Reception::Keep(std::vector<Arrival>& page, const Cursor& cursor) {
  context_.database.Write([&](storage::Session& session) {
    for (Arrival& one : page) {
      if (one.changed) one.changed = storage::SaveDossier(session, one.row);
      one.said = KeepThread(session, one);
    }
    if (!cursor.kind.empty() && !cursor.value.empty() &&
        storage::FindCursor(session, call_.demarche, cursor.kind) != cursor.value) {
      storage::SaveCursor(session, call_.demarche, cursor.kind, cursor.value);
    }
  });
}

void Reception::TakePage(const json& nodes, const Cursor& cursor, Fetching fetching) {
  std::vector<Arrival> page = Look(nodes);
  Keep(page, cursor);
  for (const Arrival& one : page) {
    const bool first = seen_.insert(one.row.number).second;
    report_.seen += first ? 1 : 0;
    if (!one.changed) {
      report_.unchanged += first ? 1 : 0;
      if (one.said) TakeInOrTell(*Again(one.row.number), *one.node, fetching);
    } else if (first && !one.known) {
      Gather(one, fetching);
    } else {
      if (!first) TakeInGathered(fetching);  // twice on one page: in order
      TakeInOrTell(one.row, *one.node, fetching);
    }
  }
  TakeInGathered(fetching);
  WriteSettled();
}

// Written when it says something new; its files are then brought, by the next run if not by this.
bool Reception::KeepThread(storage::Session& session, const Arrival& arrival) {
  const std::int64_t number = arrival.row.number;
  if (arrival.thread.empty() ||
      !storage::SaveThread(session, number, arrival.thread, context_.Now()) ||
      ThreadFiles(*arrival.node).empty()) {
    return false;
  }
  if (storage::FindDossier(session, number)->status != "project") return false;
  storage::SetDossierStatus(session, number, "files", "[]");
  return true;
}

void Reception::Gather(const Arrival& arrival, Fetching fetching) {
  OrTell(arrival.row, [&] {
    Mapped mapped = Map(mapping_, *arrival.node, arrival.corrections);
    if (!mapped.problems.empty()) return Quarantine(arrival.row, mapped.problems);
    gathered_.push_back({&arrival, std::move(mapped)});
  });
  if (gathered_.size() == kTogether) TakeInGathered(fetching);
}

// One COMMIT for the group. When one of it does not go in, each is tried by itself: only that one
// is held back.
void Reception::TakeInGathered(Fetching fetching) {
  const std::vector<Newcomer> group = std::exchange(gathered_, {});
  std::vector<workflows::IntakeRequest> requests;
  for (const Newcomer& one : group) requests.push_back(IntakeOf(one.arrival->row, one.mapped));
  bool all = false;
  try {
    all = static_cast<bool>(context_.desk.Intake(requests));
  } catch (const workflows::InvariantBroken&) {
  } catch (const storage::Trouble&) {
  }
  for (const auto& [arrival, mapped] : group) {
    OrTell(arrival->row, [&] {
      if (!all) return Intake(arrival->row, mapped, *arrival->node, fetching);
      ++report_.created;
      Settle(arrival->row, mapped, *arrival->node, fetching);
    });
  }
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

// One dossier in trouble never holds the others up. What the network throws is not ours to hold.
template <typename Work>
void Reception::OrTell(const storage::Dossier& dossier, Work&& work) {
  try {
    work();
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

void Reception::TakeInOrTell(const storage::Dossier& dossier, const json& node, Fetching fetching) {
  OrTell(dossier, [&] { TakeIn(dossier, node, fetching); });
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

workflows::IntakeRequest Reception::IntakeOf(const storage::Dossier& dossier,
                                             const Mapped& mapped) const {
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
  return request;
}

void Reception::Intake(const storage::Dossier& dossier, const Mapped& mapped, const json& node,
                       Fetching fetching) {
  const auto answer = context_.desk.Intake(IntakeOf(dossier, mapped));
  if (!answer) return Quarantine(dossier, {answer.refusal().sentence});
  ++report_.created;
  Settle(dossier, mapped, node, fetching);
}

// The dossier's status waits for the end of the page: one write for all. Cut off before, it is
// taken in again, which changes nothing.
void Reception::Settle(const storage::Dossier& dossier, const Mapped& mapped, const json& node,
                       Fetching fetching) {
  KeepCompleted(dossier.number, mapped);
  std::vector<MappedFile> files = mapped.files;
  for (MappedFile& file : ThreadFiles(node)) files.push_back(std::move(file));
  const bool all = files.empty() || attachments_.Bring(dossier.number, files, fetching);
  const std::string status = all ? "project" : "files";
  if (status != dossier.status) settled_.emplace_back(dossier.number, status);
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
