// Churn, faults and SIGKILL in any mix, then quiet: what we hold is what the peer holds, and it was
// told each thing once. Every run of the exchange is a process of its own on one record.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "connectors/demarches_simplifiees/compare.h"
#include "connectors/demarches_simplifiees/sync.h"
#include "storage/conflicts.h"
#include "storage/documents.h"
#include "storage/journal.h"
#include "tests/support/ds_exchange.h"
#include "tests/support/ds_peer.h"
#include "tests/support/seed.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;
using test::DsPeer;

constexpr const char* kKinds[] = {
    "http500",          "html502",       "html503",           "http429",
    "truncated",        "reset",         "partial",           "timeout",
    "expired_token",    "revoked_token", "forbidden_network", "applied_then_reset",
    "applied_then_502", "file_404",      "file_corrupt",      "file_truncated"};

// The network of a process that the power leaves at its n-th exchange: before it, or once done.
class DyingHttp : public HttpClient {
 public:
  DyingHttp(int at, bool done) : at_(at), done_(done) {}
  HttpResponse Send(const HttpRequest& request) override {
    const bool now = --at_ == 0;
    if (now && !done_) ::raise(SIGKILL);
    auto response = inner_->Send(request);
    if (now) ::raise(SIGKILL);
    return response;
  }

 private:
  std::unique_ptr<HttpClient> inner_ = MakeCurlHttpClient();
  int at_;
  bool done_;
};

struct Death {
  int at_request = 0;  // 0: never
  bool done = false;
  int after_us = 0;  // 0: never
};

class Chaos : public testing::Test {
 protected:
  void SetUp() override {
    peer_ = DsPeer::Start(
        {"--dossiers", "150", "--seed", "5", "--rate-limit", "0", "--attestation-delay", "0"});
    if (!peer_) GTEST_SKIP() << DsPeer::Why();
    agent_ = peer_->Admin("GET", "state")["instructeurs"][0]["email"];
    test::ShippedCatalog();  // read before the first fork
  }

  // Everything of one process; only `now` outlives it.
  struct Process {
    Process(Chaos& chaos, HttpClient& http)
        : database(storage::Database::Open("sqlite:" + chaos.directory_ / "record.db")),
          desk(*database, test::ShippedCatalog(), {.grace_minutes = 0, .ds_configured = true}),
          context{*database, desk, test::ShippedCatalog(), http, {}, chaos.Clock()} {
      context.options.endpoint = chaos.peer_->endpoint();
      context.options.token = chaos.peer_->token();
      context.options.demarche = chaos.peer_->demarche();
      context.options.instructeur = chaos.agent_;
      context.options.files_dir = chaos.directory_ / "files";
      test::ShippedCatalog().TakeInto(*database, chaos.now_);
    }
    std::unique_ptr<storage::Database> database;
    workflows::Desk desk;
    SyncContext context;
  };

  connectors::World Clock() {
    const auto started = std::chrono::steady_clock::now();
    return {[this, started] {
              return now_ + std::chrono::duration_cast<std::chrono::milliseconds>(
                                std::chrono::steady_clock::now() - started)
                                .count();
            },
            [this](std::int64_t ms) { now_ += ms; },
            {}};
  }

  // A child does `work` with its own record open; it may die meanwhile.
  template <typename Work>
  void InAnotherProcess(const Death& death, Work&& work) {
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        DyingHttp http(death.at_request, death.done);
        Process process(*this, http);
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
    killed_ += killed ? 1 : 0;
    EXPECT_TRUE(killed || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) << status;
    now_ += 7 * 3'600'000;  // whatever waited is due again
  }

  // What the desk might want said of some projects: a few words, at most one decision each.
  void Want(Process& process, std::mt19937& random) {
    storage::ProjectFilter filter;
    filter.limit = 1000;
    const auto projects = process.database->Read(
        [&](storage::Session& session) { return storage::ListProjects(session, filter); });
    for (int i = 0; i < 4 && !projects.empty(); ++i) {
      const auto& project = projects[random() % projects.size()];
      const char* words[] = {"message", "correction", "annotate", "instruct"};
      const char* decisions[] = {"accept", "refuse", "close"};
      const std::string effect = random() % 3 == 0 ? decisions[random() % 3] : words[random() % 4];
      process.database->Write([&](storage::Session& session) {
        const auto rows = storage::OutboxOf(session, project.id);
        const bool decided = std::any_of(rows.begin(), rows.end(), [](const auto& row) {
          return row.topic == "accept" || row.topic == "refuse" || row.topic == "close";
        });
        if (decided && effect != "annotate" && effect != "message") return;
        Queue(session, project, effect, rows.size());
      });
    }
  }
  void Queue(storage::Session& session, const storage::Project& project, const std::string& effect,
             std::size_t n) {
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

  static std::vector<std::string> Written(Process& process) {
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

  // Projects of which DS said otherwise than we wanted: told to the pilot, and drift until then.
  static std::set<std::string> Conflicts(Process& process) {
    return process.database->Read([](storage::Session& session) {
      std::set<std::string> numbers;
      for (const auto& conflict : storage::OpenConflicts(session, 10'000)) {
        numbers.insert(storage::FindProjectById(session, conflict.project)->number);
      }
      return numbers;
    });
  }

  void WeHoldWhatThePeerHolds(Process& process) {
    std::int64_t held = 0;
    process.database->Read([&](storage::Session& session) {
      for (const auto number : storage::DossierNumbers(session, process.context.options.demarche)) {
        const json there = peer_->Admin("GET", "dossiers/" + std::to_string(number));
        if (there["visible"] != true) continue;
        ++held;
        EXPECT_TRUE(storage::FindProjectByDossier(session, number)) << number;
        const json thread = json::parse(storage::FindThread(session, number));
        std::vector<std::string> here_said, there_said;
        for (const json& m : thread["messages"]) here_said.push_back(m["body"]);
        for (const json& m : there["messages"]) there_said.push_back(m["body"]);
        EXPECT_EQ(here_said, there_said) << number;
      }
    });
    EXPECT_EQ(held, peer_->Admin("GET", "state")["visible"].get<std::int64_t>());
  }

  // By the peer's own log of what it carried out.
  void EachThingWasSaidOnce(Process& process) {
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
    for (const auto& [reference, times] : said)
      EXPECT_EQ(times, 1) << "mailed twice: " << reference;
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
          if (row.topic != "accept" && row.topic != "refuse" && row.topic != "close") continue;
          ASSERT_EQ(decisions[number].size(), 1U) << number;
          EXPECT_EQ(decisions[number][0], row.payload["motivation"]);
        }
      }
    });
    EXPECT_EQ(messages, static_cast<std::int64_t>(said.size()));
    EXPECT_GT(sent, 20);
  }

  std::unique_ptr<DsPeer> peer_;
  std::string agent_;
  test::TempDirectory directory_;
  std::int64_t now_ = 1'772'000'000'000;
  int killed_ = 0;
};

TEST_F(Chaos, EndsWithBothSidesEqualAndEachThingSaidOnce) {
  std::mt19937 random(static_cast<unsigned>(test::Seed()));
  for (int round = 0; round < 40; ++round) {
    const auto seed = random();
    peer_->Admin("POST", "churn", {{"count", 12}, {"seed", seed}});
    for (auto i = random() % 4; i > 0; --i) {
      peer_->Admin("POST", "faults",
                   {{"kind", kKinds[random() % std::size(kKinds)]}, {"after", random() % 30}});
    }
    Death death;
    if (random() % 2 == 0) {
      death = {static_cast<int>(1 + random() % 60), random() % 2 == 0, 0};
    } else if (random() % 2 == 0) {
      death.after_us = static_cast<int>(20'000 + random() % 400'000);
    }
    InAnotherProcess(death, [&](Process& process) {
      Want(process, random);
      Sync(process.context, random() % 5 == 0);
    });
    random.discard(20);  // the child drew from its copy
  }
  peer_->Admin("DELETE", "faults");
  for (int i = 0; i < 4; ++i) {
    InAnotherProcess({}, [](Process& process) { Sync(process.context, true); });
  }
  EXPECT_GT(killed_, 5);

  const auto http = MakeCurlHttpClient();
  Process process(*this, *http);
  const auto before = Written(process);
  const std::size_t told = peer_->Admin("GET", "log")["mutations"].size();
  const SyncReport quiet = Sync(process.context, true);
  EXPECT_EQ(quiet.created + quiet.updated + quiet.files + quiet.pushed + quiet.failed, 0)
      << testing::PrintToString(quiet.words);
  EXPECT_EQ(Written(process), before) << "a run after convergence writes nothing";
  EXPECT_EQ(peer_->Admin("GET", "log")["mutations"].size(), told);
  WeHoldWhatThePeerHolds(process);
  EachThingWasSaidOnce(process);
  const auto in_conflict = Conflicts(process);
  for (const Drift& one : Compare(process.context)) {
    EXPECT_TRUE(in_conflict.contains(one.number) &&
                (one.what == "état" || one.what == "motivation"))
        << one.number << " " << one.what << " " << one.here << " / " << one.there;
  }
}

}  // namespace
}  // namespace aiguillage::connectors
