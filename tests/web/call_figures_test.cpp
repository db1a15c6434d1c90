// The panels of a call and of what it gave: success, what documents tell, what was published, what
// agents said, each against a count made by hand.
#include <gtest/gtest.h>

#include "storage/documents.h"
#include "storage/flow.h"
#include "storage/projects.h"
#include "tests/web/figures_world.h"
#include "web/figures/call.h"
#include "workflows/calendar.h"

namespace aiguillage::web {
namespace {

using storage::Session;

// « Mesure | 3 | 86,5 »: a row a line, hidden cells as « - ».
std::string Told(const Figure& figure) {
  std::string text;
  for (const auto& row : figure.rows) {
    text += row.front().text;
    for (std::size_t i = 1; i < row.size(); ++i) {
      char number[40] = "-";
      if (row[i].value) std::snprintf(number, sizeof number, "%.5g", *row[i].value);
      text += std::string(" | ") + (row[i].hidden.empty() ? number : "moins de 5");
    }
    text += "\n";
  }
  return text;
}

struct CallWorld {
  Counter counter;
  FigureQuestion question{{"mentor-2026"}, "", "", "", Counter::kNow};

  std::vector<storage::Project> Projects() {
    return counter.database().Read([](Session& session) {
      storage::ProjectFilter filter;
      filter.call = "mentor-2026";
      filter.sort = "number";
      return storage::ListProjects(session, filter);
    });
  }
  void Write(const storage::Project& project, const std::string& form,
             const nlohmann::json& answers, std::int64_t person = 1) {
    counter.database().Write([&](Session& session) {
      storage::Document document;
      document.project = project.id;
      document.form = form;
      document.answers = answers;
      document.person = person;
      document.at = Counter::kNow - 1;
      storage::InsertDocument(session, document);
      storage::Unfollow(session, project.id);
    });
  }
  Figure Named(const std::string& id) {
    while (workflows::FollowMoves(counter.database(), counter.services().catalog)) continue;
    return counter.database().Read([&](Session& session) {
      for (auto* make : {CallFigures, OfferFigures}) {
        for (auto& figure : make(session, counter.services().catalog, question)) {
          if (figure.id == id) return figure;
        }
      }
      throw std::runtime_error("no figure " + id);
    });
  }
};

TEST(CallFigures, CountTheProjectsOfTheRegister) {
  FiguresWorld world;
  const auto figures = world.counter.database().Read([&](Session& session) {
    return CallFigures(session, world.counter.services().catalog,
                       {{"mentor-2026", "fep-2026"}, "", "", "", Counter::kNow});
  });
  double by_call = 0, by_administration = 0, by_collection = 0;
  for (const auto& row : figures[0].rows) by_call += row[1].value.value();
  for (const auto& row : figures[1].rows) by_administration += row[1].value.value();
  for (const auto& row : figures[2].rows) by_collection += row[1].value.value();
  EXPECT_EQ(by_call, 73) << "70, and the counter’s own three";
  EXPECT_EQ(by_administration, 73);
  EXPECT_EQ(by_collection, 73);
  for (const auto& row : figures[0].rows) {
    EXPECT_LE(row[4].value.value(), row[2].value.value()) << "selected, then admitted";
    EXPECT_LE(row[2].value.value(), row[1].value.value());
  }
}

TEST(CallFigures, AddUpWhatDocumentsTell) {
  CallWorld world;
  const auto projects = world.Projects();
  ASSERT_GE(projects.size(), 2U);
  world.Write(projects[0], "application", {{"interministerial", true}});
  world.Write(projects[1], "application", {{"interministerial", false}});
  EXPECT_EQ(Told(world.Named("call_measures")), "Projets interministériels | 2 | 1 | - | 50\n");
  // Corrected at Démarches Simplifiées: no act of the rails tells it.
  world.counter.services().desk.RecordAnswers(projects[1].number, {{"interministerial", true}},
                                              Counter::kNow);
  EXPECT_EQ(Told(world.Named("call_measures")), "Projets interministériels | 2 | 2 | - | 100\n");
}

TEST(OfferFigures, WeighAnswersAndHideSmallGroups) {
  CallWorld world;
  const auto projects = world.Projects();
  world.Write(projects[0], "hot_results",
              {{"satisfaction", 90}, {"respondents", 3}, {"participants", 4}});
  EXPECT_EQ(Told(world.Named("evaluation")),
            "Agents satisfaits (%) | moins de 5 | 85 | moins de 5 | moins de 5 | 1\n"
            "Taux de réponse à chaud (%) | moins de 5 | - | moins de 5 | moins de 5 | 1\n");
  world.Write(projects[1], "hot_results",
              {{"satisfaction", 50}, {"respondents", 9}, {"participants", 20}});
  EXPECT_EQ(Told(world.Named("evaluation")),
            "Agents satisfaits (%) | 60 | 85 | -25 | 12 | 2\n"
            "Taux de réponse à chaud (%) | 50 | - | - | 12 | 2\n");
}

TEST(OfferFigures, TellTheGridByFamily) {
  CallWorld world;
  const auto projects = world.Projects();
  world.Write(
      projects[0], "quality_review",
      {{"media", {{"captions", {{"result", "not"}}}, {"length", {{"result", "conform"}}}}}});
  world.Write(projects[1], "quality_review", {{"media", {{"length", {{"result", "conform"}}}}}});
  EXPECT_EQ(Told(world.Named("quality_families")), "5. Médias | 75 | 1 | 2\n");
}

TEST(OfferFigures, CountWhatIsOnlineAndWhatHasNotMovedSince) {
  CallWorld world;
  auto& counter = world.counter;
  const auto projects = world.Projects();
  const std::int64_t today = workflows::ParisDay(Counter::kNow);
  // Two trainings that went online long ago and lately, as their journal would have told.
  counter.database().Write([&](Session& session) {
    std::vector<storage::Moves> moves;
    for (const std::int64_t ago : {700, 30}) {
      storage::Moves one;
      one.project = projects[moves.size()].id;
      one.call = "mentor-2026";
      one.collection = "numerique";
      one.month = storage::FirstOfMonth(today - 800);
      one.phase = "evaluation";
      storage::Stay stay;
      stay.state = "evaluation";
      stay.whole = true;
      stay.entered_day = today - ago;
      stay.entered_at = stay.entered_day * 86'400'000;
      one.stays = {stay};
      moves.push_back(one);
    }
    storage::Follow(session, moves);
  });
  const auto figures = counter.database().Read([&](Session& session) {
    return OfferFigures(session, counter.services().catalog, world.question);
  });
  ASSERT_EQ(figures[0].rows.size(), 2U) << "two months";
  EXPECT_TRUE(Told(figures[1]).ends_with(" | 2 | 2 | 1\n")) << Told(figures[1]);
  const auto page = counter.Get(figures[1].rows[0][3].href, "pilot").body;
  EXPECT_NE(page.find(projects[0].number), std::string::npos) << figures[1].rows[0][3].href;
  EXPECT_EQ(page.find(projects[1].number), std::string::npos);
}

}  // namespace
}  // namespace aiguillage::web
