#include "connectors/demarches_simplifiees/compare.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>

#include "connectors/demarches_simplifiees/call_mapping.h"
#include "connectors/demarches_simplifiees/delivery.h"
#include "connectors/demarches_simplifiees/file_store.h"
#include "connectors/demarches_simplifiees/hash.h"
#include "connectors/demarches_simplifiees/mapping.h"
#include "storage/calls.h"
#include "storage/conflicts.h"
#include "storage/documents.h"
#include "storage/dossiers.h"
#include "storage/projects.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;
using storage::OutboxRow;

// What we hold of one dossier.
struct Ours {
  std::optional<storage::Dossier> dossier;
  std::optional<storage::Dossier> first;
  std::optional<storage::Project> project;
  std::vector<OutboxRow> rows;
  std::vector<storage::File> files;
  std::optional<storage::DsConflict> agreed;  // the last one settled by what DS says
  bool in_conflict = false;                   // what waits then waits for somebody

  bool Waits() const {
    return !in_conflict && std::any_of(rows.begin(), rows.end(), [](const OutboxRow& row) {
      return row.kind == "ds" && (row.status == "pending" || row.status == "sending");
    });
  }
  // The last row of our own that was to lead somewhere: sent, or refused by DS.
  const OutboxRow* LastTowardsState() const {
    const OutboxRow* last = nullptr;
    for (const OutboxRow& row : rows) {
      if (row.kind != "ds" || (row.status != "sent" && row.status != "failed")) continue;
      if (agreed && row.done_at < agreed->closed_at) continue;
      if (!TargetOf(row.topic).empty() || row.topic == "correction") last = &row;
    }
    return last;
  }
};

// What the mappings in force make ours to say, and the champs whose files we keep.
struct OurPart {
  Echo echo;
  std::set<std::string> file_champs;
};

class Comparison {
 public:
  Comparison(SyncContext& context, OurPart part)
      : context_(context), ours_(std::move(part.echo)), file_champs_(std::move(part.file_champs)) {}

  void Look(const json& node) {
    if (!PartOf(node, "number").is_number_integer()) return;
    const auto number = node["number"].get<std::int64_t>();
    met_.insert(number);
    const Ours ours = Read(number);
    if (!ours.dossier) {
      Add(std::to_string(number), "dossier", "absent", FrenchState(TextAt(node, "state")));
      return;
    }
    if (ContentHash(node, EchoOf(ours.rows, ours_)) != ours.dossier->hash) {
      Add(NameOf(ours, number), "contenu", "version " + std::to_string(ours.dossier->version),
          "modifié depuis");
    }
    if (ours.project) JudgeFiles(ours, node);
    if (ours.project && !ours.Waits()) Judge(ours, node);
  }

  void LookForMissing() {
    const auto held = context_.database.Read([&](storage::Session& session) {
      return storage::DossierNumbers(session, context_.options.demarche);
    });
    for (const std::int64_t number : held) {
      if (met_.contains(number)) continue;
      const Ours ours = Read(number);
      if (!ours.project || ours.project->ended_at != 0) continue;
      Add(ours.project->number, "dossier", "présent", "introuvable");
    }
  }

  void Add(const std::string& number, const std::string& what, const std::string& here,
           const std::string& there) {
    drifts_.push_back({number, what, here, there});
  }
  std::vector<Drift> Take() { return std::move(drifts_); }

 private:
  Ours Read(std::int64_t number) {
    return context_.database.Read([&](storage::Session& session) {
      Ours ours;
      ours.dossier = storage::FindDossier(session, number);
      ours.first = storage::FindDossierVersion(session, number, 1);
      ours.project = storage::FindProjectByDossier(session, number);
      if (!ours.project) return ours;
      ours.rows = storage::OutboxOf(session, ours.project->id, "ds");
      ours.files = storage::FilesOf(session, ours.project->id);
      for (auto& conflict : storage::ConflictsOf(session, ours.project->id)) {
        ours.in_conflict = conflict.closed_at == 0;
        if (conflict.choice == "theirs") ours.agreed = std::move(conflict);
      }
      return ours;
    });
  }

  static std::string NameOf(const Ours& ours, std::int64_t number) {
    return ours.project ? ours.project->number : std::to_string(number);
  }

  void Judge(const Ours& ours, const json& node) {
    const std::string there = TextAt(node, "state");
    const OutboxRow* last = ours.LastTowardsState();
    if (last == nullptr && ours.agreed) {
      JudgeAgreed(ours, node);
    } else if (last ==
               nullptr) {  // we never said anything: only a decision of theirs would surprise
      const std::string first = ours.first ? ours.first->ds_state : there;
      if (there != first && (IsDecided(there) || IsDecided(first))) {
        Add(ours.project->number, "état", FrenchState(first), FrenchState(there));
      }
    } else if (last->topic == "correction") {
      if (IsDecided(there)) {
        Add(ours.project->number, "état", "complément demandé", FrenchState(there));
      }
    } else if (TargetOf(last->topic) != there) {
      Add(ours.project->number, "état", FrenchState(TargetOf(last->topic)), FrenchState(there));
    } else if (IsDecided(there) && !SameWords(MotivationOf(*last), TextAt(node, "motivation"))) {
      Add(ours.project->number, "motivation", MotivationOf(*last), TextAt(node, "motivation"));
    }
    JudgeAnnotations(ours, node);
  }

  // A person said that what DS decided counts: it is what we hold.
  void JudgeAgreed(const Ours& ours, const json& node) {
    const json& agreed = ours.agreed->there;
    const std::string here = TextAt(agreed, "state"), there = TextAt(node, "state");
    if (here != there) {
      Add(ours.project->number, "état", FrenchState(here), FrenchState(there));
    } else if (!SameWords(TextAt(agreed, "motivation"), TextAt(node, "motivation"))) {
      Add(ours.project->number, "motivation", TextAt(agreed, "motivation"),
          TextAt(node, "motivation"));
    }
  }

  // Each file that DS lists is here, row and bytes. What DS lists no more is history, and stays.
  void JudgeFiles(const Ours& ours, const json& node) {
    for (const json& champ : PartOf(node, "champs")) {
      if (!file_champs_.contains(TextAt(champ, "champDescriptorId"))) continue;
      for (const json& one : PartOf(champ, "files")) {
        const MappedFile file = FileFrom(one, "");
        const auto row =
            std::find_if(ours.files.begin(), ours.files.end(), [&](const storage::File& kept) {
              return kept.source == "ds" && kept.name == file.name && kept.size == file.size;
            });
        const std::string what = "pièce jointe « " + file.name + " »";
        if (row == ours.files.end()) {
          Add(ours.project->number, what, "absente", "présente");
        } else if (!IsStored(context_.options.files_dir, row->hash)) {
          Add(ours.project->number, what, "illisible sur le disque", "présente");
        }
      }
    }
  }

  // Against what the last annotation row said it wrote.
  void JudgeAnnotations(const Ours& ours, const json& node) {
    const OutboxRow* last = nullptr;
    for (const OutboxRow& row : ours.rows) {
      if (row.kind == "ds" && row.topic == "annotate" && row.status == "sent") last = &row;
    }
    if (last == nullptr) return;
    const json& told = PartOf(last->payload, "annotations");
    for (const json& champ : PartOf(node, "annotations")) {
      const std::string here = TextAt(told, TextAt(champ, "champDescriptorId").c_str());
      const std::string there = TextAt(champ, "stringValue");
      if (here.empty() || SameWords(here, there)) continue;
      Add(ours.project->number, "annotation « " + TextAt(champ, "label") + " »", here, there);
    }
    JudgePlaces(ours, last->payload, node);
  }

  // The labels that are ours to put on, and the groupe, against what the same row said.
  void JudgePlaces(const Ours& ours, const json& told, const json& node) {
    std::string here, there;
    std::set<std::string> worn;
    for (const json& label : PartOf(node, "labels")) worn.insert(TextAt(label, "name"));
    for (const std::string& label : ours_.labels) {
      const json& list = PartOf(told, "labels");
      if (std::find(list.begin(), list.end(), json(label)) != list.end()) here += label + " ";
      if (worn.contains(label)) there += label + " ";
    }
    if (told.contains("labels") && here != there) {
      Add(ours.project->number, "étiquettes", here, there);
    }
    const json& group = PartOf(PartOf(node, "groupeInstructeur"), "number");
    if (told.contains("group") && told["group"] != group) {
      Add(ours.project->number, "groupe", told["group"].dump(), group.dump());
    }
  }

  SyncContext& context_;
  Echo ours_;
  std::set<std::string> file_champs_;
  std::set<std::int64_t> met_;
  std::vector<Drift> drifts_;
};

OurPart OursIn(SyncContext& context) {
  OurPart part;
  Echo& ours = part.echo;
  context.database.Read([&](storage::Session& session) {
    for (const storage::Call& call : storage::Calls(session)) {
      if (call.demarche != context.options.demarche) continue;
      const auto mapping =
          ReadMapping(MappingInForce(session, context.catalog, call), call.definition, nullptr);
      if (!mapping) continue;
      Echo more = EchoOf(mapping.value());
      ours.annotations.merge(more.annotations);
      ours.labels.merge(more.labels);
      ours.groups = ours.groups || more.groups;
      for (const FieldRule& rule : mapping.value().fields) {
        if (rule.type == "files") part.file_champs.insert(rule.champ);
      }
    }
  });
  return part;
}

}  // namespace

json ToJson(const std::vector<Drift>& drifts) {
  json list = json::array();
  for (const Drift& drift : drifts) {
    list.push_back({{"number", drift.number},
                    {"what", drift.what},
                    {"here", drift.here},
                    {"there", drift.there}});
  }
  return list;
}

std::vector<Drift> Compare(SyncContext& context) {
  Client client(context.http, context.ForClient(), context.world);
  Comparison comparison(context, OursIn(context));
  std::string after;
  for (int first = 100;;) {
    json variables = {{"number", context.options.demarche}, {"first", first}};
    if (!after.empty()) variables["after"] = after;
    const DsAnswer page = client.AskPatiently(Operation::kDossiersPage, variables);
    if (page.failure == DsFailure::kTimeout && first > 1) {
      first = std::max(1, first / 2);
      continue;
    }
    if (!page.Ok()) {
      comparison.Add("", kNoAccess, "attendu", page.sentence);
      return comparison.Take();
    }
    const json& list = PartOf(PartOf(page.data, "demarche"), "dossiers");
    for (const json& node : PartOf(list, "nodes")) comparison.Look(node);
    after = TextAt(PartOf(list, "pageInfo"), "endCursor");
    if (after.empty() || PartOf(PartOf(list, "pageInfo"), "hasNextPage") != json(true)) break;
  }
  comparison.LookForMissing();
  return comparison.Take();
}

}  // namespace aiguillage::connectors
