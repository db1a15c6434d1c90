// ./run bench pipeline: what each panel of figures costs in the database.
//
//   pipeline_bench [--projects N] [--folder FOLDER] [--check]
//
// N projects (100,000 unless said) of one call on the Mentor rails, in 17 collections and of 40
// administrations, arrived over 300 days: their stays are drawn and kept as the follower keeps them
// (storage::Follow), with what their documents would tell, without a life at the desk before, which
// would take an hour for a million. In FOLDER the record is kept and found again. What the follower
// itself takes is measured on projects that the desk moved.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>

#include "storage/calls.h"
#include "storage/database.h"
#include "storage/flow.h"
#include "storage/projects.h"
#include "tests/bench/floor.h"
#include "tests/bench/goals.h"
#include "tests/bench/measure.h"
#include "tests/support/desk_world.h"
#include "tests/support/temp_directory.h"
#include "web/figures/call_rails.h"
#include "web/figures/panels.h"
#include "workflows/calendar.h"
#include "workflows/flow.h"
#include "workflows/road.h"

namespace aiguillage::bench {
namespace {

using storage::Session;

constexpr int kCollections = 17, kAdministrations = 40, kDays = 300, kBatch = 2'000;
constexpr std::int64_t kPanelMs = 50, kPanelMsOfAMillion = 200;
const std::string kCall = "bench-2026", kToday = "2026-11-23";

struct Options {
  std::string folder;
  std::int64_t projects = 100'000;
  bool check = false;
};

class Lives {
 public:
  Lives(storage::Database& database, workflows::Catalog& catalog)
      : database_(database),
        hash_(catalog.Newest("mentor")->hash),
        goal_(workflows::GoalOf(catalog.Newest("mentor")->chart)) {
    database.Write([&](Session& session) {
      storage::Call call;
      call.id = kCall;
      call.title = "Banc";
      call.definition = "mentor";
      call.opens = "2026-01-01";
      call.closes = "2026-12-31";
      call.status = "published";
      call.settings = nlohmann::json::object();
      storage::SaveCall(session, call);
      for (int i = 0; i < kCollections; ++i) {
        const std::string slug = "collection-" + std::to_string(i);
        storage::SaveCollection(session, {slug, "", slug, "", "", i});
      }
    });
    database.Read([&](Session& session) {
      const web::CallRails rails(session, catalog, {kCall});
      for (const auto& step : rails.steps()) {
        if (step.column) (step.final ? ends_ : road_).push_back(step);
      }
    });
  }

  void Fill(std::int64_t from, std::int64_t to) {
    while (from < to) {
      const std::int64_t end = std::min(to, from + kBatch);
      database_.Write([&](Session& session) {
        std::vector<storage::Moves> batch;
        for (std::int64_t nth = from; nth < end; ++nth) batch.push_back(One(session, nth));
        storage::Follow(session, batch);
      });
      from = end;
    }
  }

 private:
  std::int64_t Below(std::int64_t limit) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
  }

  storage::Moves One(Session& session, std::int64_t nth) {
    const std::int64_t today = workflows::DayOf(kToday);
    storage::Moves moves;
    moves.call = kCall;
    moves.collection = "collection-" + std::to_string(nth % kCollections);
    moves.administration = "Administration " + std::to_string(Below(kAdministrations));
    std::int64_t day = today - kDays + Below(kDays);
    moves.month = storage::FirstOfMonth(day);
    for (std::size_t i = 0; i < road_.size() && day <= today; ++i) {
      storage::Stay stay;
      stay.state = road_[i].id;
      stay.whole = true;
      stay.entered_day = day;
      stay.entered_at = day * 86'400'000;
      day += Below(60);
      moves.phase = road_[i].phase.empty() ? moves.phase : road_[i].phase;
      const bool ends = Below(20) == 0;
      if (day <= today) {
        stay.left_day = day;
        stay.left_at = day * 86'400'000;
        stay.next = ends ? ends_[0].id : i + 1 < road_.size() ? road_[i + 1].id : ends_[1].id;
        stay.sides[static_cast<std::size_t>(Below(4))] = stay.left_at - stay.entered_at;
      }
      moves.stays.push_back(stay);
      if (day <= today && (ends || i + 1 == road_.size())) {
        storage::Stay end;
        end.state = moves.outcome = stay.next;
        end.whole = true;
        end.entered_day = day;
        end.entered_at = stay.left_at;
        moves.stays.push_back(end);
        break;
      }
    }
    storage::Project project;
    project.call = kCall;
    project.definition = hash_;
    project.title = "Projet " + std::to_string(nth);
    project.collection = moves.collection;
    project.administration = moves.administration;
    project.state = moves.stays.back().state;
    project.states = "active " + project.state;
    project.created_at = moves.stays.front().entered_at;
    project.due_at = workflows::EndOfParisDay(workflows::IsoDay(today - 30 + Below(90)));
    project.snapshot = nlohmann::json::object();
    moves.project = storage::InsertProject(session, project, 2026).id;
    if (goal_.states.contains(project.state)) moves.reviewed_day = today - Below(900);
    moves.facts = Documents(moves.stays.size());
    return moves;
  }

  // What the documents of a project that came so far would tell, by Mentor's figures.json.
  std::vector<storage::Fact> Documents(std::size_t steps) {
    std::vector<storage::Fact> facts = {{"interministerial", 100 * Below(2), 1}};
    if (steps > 2) {
      facts.push_back({"score", 100 * Below(100), 1});
      facts.push_back({"sheets", 100 * (1 + Below(3)), 1});
      facts.push_back({"wide_gap", 100 * Below(2), 1});
    }
    if (steps > 9) {
      for (const char* family : {"quality_editorial", "quality_objectives", "quality_scenario",
                                 "quality_assessment", "quality_media", "quality_accessibility",
                                 "quality_technical", "quality_legal", "quality_sheets"}) {
        facts.push_back({family, 100 * Below(100), 1});
        if (Below(4) == 0) facts.push_back({std::string(family) + ".blocking", 100, 1});
      }
    }
    if (steps > 11) {
      const std::int64_t people = 1 + Below(60);
      for (const char* told : {"satisfaction", "completion", "reuse", "recommendation"}) {
        facts.push_back({told, 100 * Below(100), people});
      }
      facts.push_back({"respondents", 100 * people, people});
      facts.push_back({"participants", 200 * people, people});
    }
    return facts;
  }

  storage::Database& database_;
  std::string hash_;
  std::vector<web::CallRails::Step> road_, ends_;
  workflows::Goal goal_;
  std::mt19937_64 random_{7};
};

void MeasurePanels(storage::Database& database, workflows::Catalog& catalog, double limit,
                   Goals& goals) {
  web::FigureQuestion question;
  question.calls = {kCall};
  question.now = workflows::ParseInstant(kToday + "T12:00").value();
  for (const auto& panel : web::Panels()) {
    const double seconds = Median(
        [&] { database.Read([&](Session& session) { panel.make(session, catalog, question); }); });
    goals.AtMost(std::string("panel « ") + panel.title + " »", 1000 * seconds, limit, "ms");
  }
}

// What following takes after the desk has moved a project: its whole journal is read again.
void MeasureFollowing(Goals& goals) {
  test::DeskWorld world;
  constexpr int kProjects = 400;
  for (int i = 0; i < kProjects; ++i) {
    const std::string number = world.Intake("Projet");
    world.Minutes(1);
    world.Do(number, "olga", "check.accept");
    world.Do(number, "lea", "framing.validate");
  }
  const double from = WallSeconds();
  while (workflows::FollowMoves(world.database(), world.catalog())) continue;
  goals.Said("following a project that moved three times",
             1000 * (WallSeconds() - from) / kProjects, "ms");
}

int Run(const Options& options) {
  const test::TempDirectory temporary;
  const std::string folder = options.folder.empty() ? temporary / "record" : options.folder;
  std::filesystem::create_directories(folder);
  sqlite::Listen();
  sqlite::SkipSync(true);
  auto catalog = workflows::Catalog::Load(AIGUILLAGE_SOURCE_DIR "/workflows/definitions");
  if (!catalog) throw std::runtime_error(catalog.refusal().sentence);
  const auto database = storage::Database::Open("sqlite:" + folder + "/aiguillage.db", {});
  catalog.value()->TakeInto(*database, workflows::ParseInstant(kToday).value());
  const std::int64_t there = database->Read(
      [](Session& session) { return storage::CountProjects(session, storage::ProjectFilter{}); });
  const double started = WallSeconds();
  Lives(*database, *catalog.value()).Fill(there, options.projects);
  Goals goals;
  if (there < options.projects) {
    goals.Said("projects drawn and kept", static_cast<double>(options.projects - there), "projects",
               Round(WallSeconds() - started) + " s");
  }
  MeasurePanels(*database, *catalog.value(),
                options.projects > 100'000 ? kPanelMsOfAMillion : kPanelMs, goals);
  MeasureFollowing(goals);
  return goals.met() || !options.check ? 0 : 1;
}

}  // namespace
}  // namespace aiguillage::bench

int main(int count, char** words) {
  aiguillage::bench::Options options;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--check") options.check = true;
    if (word == "--projects" && i + 1 < count) options.projects = std::atoll(words[++i]);
    if (word == "--folder" && i + 1 < count) options.folder = words[++i];
  }
  try {
    return aiguillage::bench::Run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
