#include "tests/connectors/chaos.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

#include "connectors/demarches_simplifiees/mapping.h"
#include "storage/conflicts.h"
#include "storage/documents.h"
#include "storage/journal.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;
using test::DsPeer;

// Shorter than the peer's slow answers, far longer than any other.
constexpr long kPatienceMs = 1500;

// The network of a process that the power leaves at its n-th exchange: before it, or once done.
class DyingHttp : public HttpClient {
 public:
  explicit DyingHttp(const Death& death) : at_(death.at_request), done_(death.done) {}
  HttpResponse Send(const HttpRequest& request) override {
    const bool now = --at_ == 0;
    if (now && !done_) ::raise(SIGKILL);
    HttpRequest hurried = request;
    hurried.limits.timeout_ms = std::min(hurried.limits.timeout_ms, kPatienceMs);
    auto response = inner_->Send(hurried);
    if (now) ::raise(SIGKILL);
    return response;
  }

 private:
  std::unique_ptr<HttpClient> inner_ = MakeCurlHttpClient();
  int at_;
  bool done_;
};

bool Decides(const std::string& effect) {
  return effect == "accept" || effect == "refuse" || effect == "close";
}

}  // namespace

Chaos::Process::Process(Chaos& chaos, const Death& death)
    : http(std::make_unique<DyingHttp>(death)),
      database(storage::Database::Open("sqlite:" + chaos.directory_ / "record.db")),
      desk(*database, test::ShippedCatalog(), {.grace_minutes = 0, .ds_configured = true}),
      context{*database, desk, test::ShippedCatalog(), *http, {}, chaos.Clock()} {
  context.options.endpoint = chaos.peer_->endpoint();
  context.options.token = chaos.peer_->token();
  context.options.demarche = chaos.peer_->demarche();
  context.options.instructeur = chaos.agent_;
  context.options.files_dir = chaos.directory_ / "files";
  test::ShippedCatalog().TakeInto(*database, chaos.now_);
}

void Chaos::Meet(int dossiers) {
  peer_ = DsPeer::Start({"--dossiers", std::to_string(dossiers), "--seed", "5", "--rate-limit", "0",
                         "--attestation-delay", "0"});
  if (!peer_) GTEST_SKIP() << DsPeer::Why();
  agent_ = peer_->Admin("GET", "state")["instructeurs"][0]["email"];
  using std::chrono::system_clock;
  now_ =
      std::chrono::duration_cast<std::chrono::milliseconds>(system_clock::now().time_since_epoch())
          .count();
  test::ShippedCatalog();  // read before the first fork
}

connectors::World Chaos::Clock() {
  const auto started = std::chrono::steady_clock::now();
  return {[this, started] {
            return now_ + std::chrono::duration_cast<std::chrono::milliseconds>(
                              std::chrono::steady_clock::now() - started)
                              .count();
          },
          [this](std::int64_t ms) { now_ += ms; },
          {}};
}

bool Chaos::InAnotherProcess(const Death& death, const std::function<void(Process&)>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      Process process(*this, death);
      work(process);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "the exchange threw: %s\n", error.what());
      ::_exit(3);
    }
    ::_exit(0);
  }
  int status = 0;
  if (death.after_us > 0) {
    std::this_thread::sleep_for(std::chrono::microseconds(death.after_us));
    ::kill(child, SIGKILL);
  }
  ::waitpid(child, &status, 0);
  const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  EXPECT_TRUE(killed || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) << status;
  Later();
  return killed;
}

void Chaos::Arm(const FaultKind& fault, int after) {
  json armed = {{"kind", fault.kind}, {"after", after}};
  if (fault.delay_ms > 0) armed["delayMs"] = fault.delay_ms;
  peer_->Admin("POST", "faults", armed);
}

void Chaos::Want(Process& process, std::mt19937& random, int rows) {
  storage::ProjectFilter filter;
  filter.limit = 10'000;
  const auto projects = process.database->Read(
      [&](storage::Session& session) { return storage::ListProjects(session, filter); });
  for (int i = 0; i < rows && !projects.empty(); ++i) {
    const auto& project = projects[random() % projects.size()];
    const char* words[] = {"message", "correction", "annotate", "instruct"};
    const char* decisions[] = {"accept", "refuse", "close"};
    const std::string effect = random() % 3 == 0 ? decisions[random() % 3] : words[random() % 4];
    process.database->Write([&](storage::Session& session) {
      const auto said = storage::OutboxOf(session, project.id);
      const bool decided =
          std::any_of(said.begin(), said.end(), [](const auto& row) { return Decides(row.topic); });
      if (decided && effect != "annotate" && effect != "message") return;
      Queue(session, project, effect, said.size());
    });
  }
}

void Chaos::Queue(storage::Session& session, const storage::Project& project,
                  const std::string& effect, std::size_t n) {
  storage::OutboxRow row;
  row.kind = "ds";
  row.key = project.number + ":" + std::to_string(n) + ":" + std::to_string(now_);
  row.project = project.id;
  row.topic = effect;
  row.status = "pending";
  row.created_at = row.not_before = now_;
  row.payload = {{"effect", effect},
                 {"motivation", "Parce que " + row.key},
                 {"body", "À propos"},
                 {"number", project.number},
                 {"dossier", project.dossier},
                 {"label", "Étape " + row.key},
                 {"url", "/projets/" + project.number},
                 {"definition", "mentor"}};
  storage::InsertOutbox(session, row);
}

void Chaos::Settle() {
  peer_->Admin("DELETE", "faults");
  for (int i = 0; i < 4; ++i) {
    InAnotherProcess({}, [](Process& process) { Sync(process.context, true); });
    if (i == 0) CompaniesAreKnownAgain();
  }
}

// DS refuses decisions for as long as it could not look the company up: those wait rightly.
void Chaos::CompaniesAreKnownAgain() {
  Process process(*this, {});
  process.database->Read([&](storage::Session& session) {
    storage::OutboxFilter waiting;
    waiting.kind = "ds";
    waiting.status = "pending";
    waiting.limit = 10'000;
    for (const auto& row : storage::ListOutbox(session, waiting)) {
      if (!Mentions(row.detail, "SIRET")) continue;
      peer_->Admin(
          "POST",
          "dossiers/" + std::to_string(storage::FindProjectById(session, row.project)->dossier),
          {{"degraded", false}});
    }
  });
}

std::vector<std::string> Chaos::Written(Process& process) {
  return process.database->Read([&](storage::Session& session) {
    std::vector<std::string> all = {std::to_string(storage::CountJournal(session)),
                                    std::to_string(storage::AllFiles(session).size())};
    for (const auto number : storage::DossierNumbers(session, process.context.options.demarche)) {
      const auto dossier = storage::FindDossier(session, number);
      all.push_back(std::to_string(number) + " " + std::to_string(dossier->version) +
                    dossier->status + dossier->reasons + storage::FindThread(session, number));
      const auto project = storage::FindProjectByDossier(session, number);
      if (!project) continue;
      all.push_back(std::to_string(storage::DocumentsOf(session, project->id).size()));
      for (const auto& row : storage::OutboxOf(session, project->id)) {
        all.push_back(row.key + row.status + std::to_string(row.attempts));
      }
    }
    return all;
  });
}

// Projects of which DS said otherwise than we wanted: with the pilot, and drift until then.
std::set<std::string> Chaos::Conflicts(Process& process) {
  return process.database->Read([](storage::Session& session) {
    std::set<std::string> numbers;
    for (const auto& conflict : storage::OpenConflicts(session, 10'000)) {
      numbers.insert(storage::FindProjectById(session, conflict.project)->number);
    }
    return numbers;
  });
}

// A visible dossier is a project with all its files and words; one that is not was ended or told.
void Chaos::OneIsEqual(storage::Session& session, std::int64_t number, const json& there) {
  const auto project = storage::FindProjectByDossier(session, number);
  if (there["visible"] != true) {
    if (!project || project->ended_at != 0) return;
    const auto open = storage::OpenIncidents(session);
    EXPECT_TRUE(std::any_of(
        open.begin(), open.end(),
        [&](const auto& one) { return one.project == project->id && one.kind == "ds_deleted"; }))
        << number << " went away and nobody was told";
    return;
  }
  EXPECT_TRUE(project) << number;
  EXPECT_EQ(storage::FindDossier(session, number)->status, "project") << number << " lacks a file";
  const json thread = json::parse(storage::FindThread(session, number));
  std::vector<std::string> here_said, there_said;
  for (const json& m : thread["messages"]) here_said.push_back(m["body"]);
  for (const json& m : there["messages"]) there_said.push_back(m["body"]);
  EXPECT_EQ(here_said, there_said) << number;
}

void Chaos::BothSidesAreEqual(Process& process) {
  std::int64_t held = 0;
  process.database->Read([&](storage::Session& session) {
    for (const auto number : storage::DossierNumbers(session, process.context.options.demarche)) {
      const json there = peer_->Admin("GET", "dossiers/" + std::to_string(number));
      held += there["visible"] == true ? 1 : 0;
      OneIsEqual(session, number, there);
    }
  });
  EXPECT_EQ(held, peer_->Admin("GET", "state")["visible"].get<std::int64_t>());
  const auto in_conflict = Conflicts(process);
  for (const Drift& one : Compare(process.context)) {
    EXPECT_TRUE(in_conflict.contains(one.number) &&
                (one.what == "état" || one.what == "motivation"))
        << one.number << " " << one.what << " " << one.here << " / " << one.there;
  }
}

// By the peer's own log of what it carried out.
void Chaos::EachThingWasSaidOnce(Process& process, int at_least) {
  std::map<std::string, int> said;
  std::map<std::int64_t, std::vector<std::string>> decisions;
  const json log = peer_->Admin("GET", "log");
  for (const json& entry : log["mutations"]) {
    if (entry["ok"] != true) continue;
    const std::string field = entry["field"];
    const std::int64_t dossier =
        entry["dossier"].is_number() ? entry["dossier"].get<std::int64_t>() : 0;
    if (field == "dossierEnvoyerMessage") {
      const std::string body = entry["input"]["body"];
      ++said[body.substr(body.rfind('['))];
    }
    if (field == "dossierAccepter" || field == "dossierRefuser" ||
        field == "dossierClasserSansSuite") {
      decisions[dossier].push_back(entry["input"].value("motivation", ""));
    }
  }
  for (const auto& [reference, times] : said) EXPECT_EQ(times, 1) << "mailed twice: " << reference;
  for (const auto& [dossier, times] : decisions) EXPECT_EQ(times.size(), 1U) << dossier;
  std::int64_t sent = 0, messages = 0;
  process.database->Read([&](storage::Session& session) {
    for (const auto number : storage::DossierNumbers(session, process.context.options.demarche)) {
      const auto project = storage::FindProjectByDossier(session, number);
      if (!project) continue;
      const bool conflict = storage::OpenConflict(session, project->id).has_value();
      for (const auto& row : storage::OutboxOf(session, project->id)) {
        if (row.kind != "ds") continue;
        EXPECT_TRUE(row.status == "sent" || row.status == "failed" ||
                    row.status == "not_deliverable" || (conflict && row.status == "pending"))
            << row.topic << " " << row.status << " " << row.detail;
        if (row.status != "sent") continue;
        ++sent;
        messages += row.topic == "message" || row.topic == "correction" ? 1 : 0;
        if (!Decides(row.topic)) continue;
        ASSERT_EQ(decisions[number].size(), 1U) << number;
        EXPECT_EQ(decisions[number][0], row.payload["motivation"]);
      }
    }
  });
  EXPECT_EQ(messages, static_cast<std::int64_t>(said.size()));
  EXPECT_GT(sent, at_least);
}

void Chaos::ARunMoreWritesNothing(Process& process) {
  const auto before = Written(process);
  const std::size_t told = peer_->Admin("GET", "log")["mutations"].size();
  const SyncReport quiet = Sync(process.context, true);
  EXPECT_EQ(quiet.created + quiet.updated + quiet.files + quiet.pushed + quiet.failed, 0)
      << testing::PrintToString(quiet.words);
  const auto after = Written(process);
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i], before[i]) << "a run after convergence writes nothing";
  }
  EXPECT_EQ(peer_->Admin("GET", "log")["mutations"].size(), told);
}

}  // namespace aiguillage::connectors
