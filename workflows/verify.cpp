#include "workflows/verify.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>

#include "storage/documents.h"
#include "storage/flow.h"
#include "storage/hash.h"
#include "storage/journal.h"
#include "storage/purge.h"
#include "storage/seals.h"
#include "workflows/conflict.h"
#include "workflows/desk_rows.h"
#include "workflows/reminders.h"
#include "workflows/verify_rows.h"

namespace aiguillage::workflows {
namespace {

using engine::Snapshot;
using nlohmann::json;
using storage::JournalRow;

constexpr int kVerifyPage = 500;

std::string Place(const storage::Project& project, const JournalRow& row) {
  return project.number + ", acte " + std::to_string(row.seq) + " (" + row.action + ")";
}

// The snapshot that a row must hold, given those before it.
struct Replay {
  storage::Session& session;
  Catalog& catalog;
  const storage::Project& project;
  std::map<std::string, json> before_act;  // act -> snapshot before it
  json present;                            // after the last row looked at

  std::string Wrong(const JournalRow& row) {
    const auto definition = catalog.Pinned(session, row.definition);
    json expected;
    if (row.action == "take_back") {
      const auto found = before_act.find(row.body.value("taken_back", ""));
      if (found == before_act.end()) return "reprend un acte inconnu";
      expected = found->second;
    } else if (IsBesideRails(row.action)) {
      expected = present;
    } else {
      expected = After(*definition, row);
    }
    before_act[row.act] = present;
    if (expected != row.body.at("snapshot")) return "le rejeu donne un autre état";
    const auto snapshot = Snapshot::FromJson(definition->chart, expected);
    std::string states;
    for (const auto& state : snapshot.ActiveStates()) states += (states.empty() ? "" : " ") + state;
    if (states != row.states) return "ses états ne sont pas ceux du rejeu";
    present = std::move(expected);
    return "";
  }

  json After(const Definition& definition, const JournalRow& row) const {
    engine::StepInput input;
    input.session_id = project.number;
    const auto event = EventFromJson(row.body.at("event"));
    const Snapshot from = present.is_null() ? engine::Start(definition.chart, input).snapshot
                                            : Snapshot::FromJson(definition.chart, present);
    return engine::Step(definition.chart, from, event, input).snapshot.ToJson();
  }
};

using TaskKeys = std::multiset<std::array<std::string, 4>>;

// Role tasks by role, since their owner may change; personal ones by person.
std::string OwnerOf(const std::string& assignee) {
  return assignee.starts_with("person:") ? assignee : "";
}

// Their own tasks stay open until the next act: nobody else could do them.
bool OfSomebodyWhoLeft(storage::Session& session, const std::string& assignee) {
  if (!assignee.starts_with("person:")) return false;
  const auto person = storage::FindPerson(session, std::stoll(assignee.substr(7)));
  return person && !person->active;
}

std::string WrongTasks(storage::Session& session, const Definition& definition,
                       const storage::Project& project) {
  const auto snapshot = Snapshot::FromJson(definition.chart, project.snapshot);
  TaskKeys wanted, open;
  for (const auto& task : WantedTasks(session, definition, snapshot, project)) {
    wanted.insert({task.state, task.role, task.action, OwnerOf(task.assignee)});
  }
  for (const auto& task : storage::OpenTasks(session, project.id)) {
    if (!task.OfRails() || OfSomebodyWhoLeft(session, task.assignee)) continue;
    open.insert({task.state, task.role, task.action, OwnerOf(task.assignee)});
  }
  if (wanted == open) return "";
  return project.number + " : les tâches ouvertes ne sont pas celles de ses états (" +
         std::to_string(open.size()) + " ouvertes, " + std::to_string(wanted.size()) +
         " attendues)";
}

// A conflict waits for somebody exactly as long as a task says so.
std::string WrongConflict(storage::Session& session, const storage::Project& project) {
  const auto tasks = storage::OpenTasks(session, project.id);
  const auto asked = std::count_if(tasks.begin(), tasks.end(), IsConflictTask);
  if (asked == (storage::OpenConflict(session, project.id) ? 1 : 0)) return "";
  return project.number + " : un désaccord avec Démarches Simplifiées n’a pas sa tâche";
}

struct Verifier {
  storage::Session& session;
  Catalog& catalog;
  VerifyReport report;

  void Broken(const std::string& sentence) { report.broken.push_back(sentence); }

  void Project(std::int64_t id) {
    const auto project = storage::FindProjectById(session, id);
    if (!project) return Broken("projet " + std::to_string(id) + " : ligne perdue");
    ++report.projects;
    const auto rows = storage::JournalOf(session, id);
    report.journal += static_cast<std::int64_t>(rows.size());
    if (rows.empty()) return Broken(project->number + " : aucun acte au journal");
    const std::string chain = storage::VerifyChain(rows);
    if (!chain.empty()) return Broken(project->number + " : " + chain);
    const auto erased =
        std::count_if(rows.begin(), rows.end(), [](const JournalRow& row) { return row.erased; });
    report.erased += erased;
    if (erased == 0) History(*project, rows);
  }

  // Replays the acts; then compares with what is stored. Only the first wrong row is named.
  void History(const storage::Project& project, const std::vector<JournalRow>& rows) {
    Replay replay{session, catalog, project, {}, nullptr};
    for (const JournalRow& row : rows) {
      std::string wrong;
      try {
        wrong = replay.Wrong(row);
      } catch (const std::exception& trouble) {
        wrong = std::string("illisible (") + trouble.what() + ")";
      }
      if (!wrong.empty()) return Broken(Place(project, row) + " : " + wrong);
    }
    const JournalRow& last = rows.back();
    if (replay.present != project.snapshot) {
      return Broken(project.number + " : l’état enregistré n’est pas celui du journal");
    }
    if (last.states != project.states) {
      return Broken(project.number + " : ses états ne sont pas ceux du journal");
    }
    if (last.body.value("version", project.version) != project.version) {
      return Broken(project.number + " : sa version n’est pas celle du journal");
    }
    const auto definition = catalog.Pinned(session, project.definition);
    const std::string tasks = WrongTasks(session, *definition, project);
    if (!tasks.empty()) Broken(tasks);
    const std::string conflict = WrongConflict(session, project);
    if (!conflict.empty()) Broken(conflict);
    const std::string others = WrongRows(session, *definition, project, rows);
    if (!others.empty()) Broken(others);
  }

  void Projects() {
    for (std::int64_t last = 0;;) {
      const auto page = storage::ProjectIdsAfter(session, last, kVerifyPage);
      if (page.empty()) return;
      for (const std::int64_t id : page) Project(id);
      last = page.back();
    }
  }

  void Counters() {
    const auto counts = storage::CountRecord(session);
    if (counts.projects != report.projects) {
      Broken("compteur des projets : " + std::to_string(counts.projects) +
             ", trouvés : " + std::to_string(report.projects));
    }
    if (counts.journal != report.journal) {
      Broken("compteur du journal : " + std::to_string(counts.journal) +
             ", trouvés : " + std::to_string(report.journal));
    }
  }
};

std::string WrongFile(const storage::File& file, const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return "fichier " + std::to_string(file.id) + " : " + path.string() + " manque";
  storage::Sha256Stream digest;
  std::array<char, 65536> buffer;
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
    digest.Add({buffer.data(), static_cast<std::size_t>(in.gcount())});
  }
  if (digest.Hex() == file.hash) return "";
  return "fichier " + std::to_string(file.id) + " : son contenu n’est pas celui de son empreinte";
}

}  // namespace

VerifyReport Verify(storage::Database& database, Catalog& catalog, const std::string& files_dir) {
  if (const std::string damage = database.Damage(); !damage.empty()) {
    return {.broken = {"fichier de la base abîmé : " + damage}};  // what it holds says nothing more
  }
  std::vector<storage::File> files;
  VerifyReport report = database.Read([&](storage::Session& session) {
    Verifier verifier{session, catalog, {}};
    verifier.Projects();
    verifier.Counters();
    for (const auto& orphan : storage::FindOrphans(session)) verifier.Broken(orphan);
    for (const auto& fault : storage::SealFaults(session)) verifier.Broken(fault);
    for (const auto& fault : storage::FlowFaults(session)) verifier.Broken(fault);
    files = storage::AllFiles(session);
    return std::move(verifier.report);
  });
  std::set<std::string> seen;  // several rows may name the same bytes
  for (const auto& file : files) {
    if (files_dir.empty() || !seen.insert(file.hash).second) continue;
    const std::string wrong = WrongFile(file, std::filesystem::path(files_dir) / file.hash);
    if (!wrong.empty()) report.broken.push_back(wrong);
  }
  return report;
}

}  // namespace aiguillage::workflows
