// The panels of a call and of what it gave: success, what documents tell, what was published, what
// agents said, each against a count made by hand.
#include <gtest/gtest.h>

#include <regex>

#include "storage/documents.h"
#include "storage/flow.h"
#include "storage/journal.h"
#include "storage/projects.h"
#include "tests/web/figure_links.h"
#include "tests/web/figures_world.h"
#include "web/figures/call.h"
#include "web/figures/measures.h"
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
      text += std::string(" | ") + (row[i].hidden == kTooFew ? "moins de 5" : number);
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

// « 20 | 9 » of each row, the hidden ones by why.
std::string Shown(const std::string& page) {
  static const std::regex kCells("class=\"number\">([^<]*)</td>");
  std::string text;
  int nth = 0;
  for (std::sregex_iterator cell(page.begin(), page.end(), kCells), end; cell != end; ++cell) {
    text += (*cell)[1].str() + (++nth % 2 == 1 ? " | " : "\n");
  }
  return text;
}

TEST(OfferFigures, ListsHideSmallGroupsAndWhatWouldTellThem) {
  CallWorld world;
  workflows::IntakeRequest third;
  third.call = "mentor-2026";
  third.title = "Le troisième";
  third.collection = "langues";
  third.holder_email = "holder@exemple.invalid";
  third.dossier = 7001;
  third.ds_state = "en_construction";
  third.key = "third";
  third.now = Counter::kNow;
  ASSERT_TRUE(world.counter.services().desk.Intake(third));
  const auto projects = world.Projects();
  ASSERT_EQ(projects.size(), 3U);
  const std::string list = "/pilotage/mesures?mesure=satisfaction&appel=mentor-2026";
  const auto answered = [&](std::size_t nth, int satisfied, int people) {
    world.Write(projects[nth], "hot_results",
                {{"satisfaction", satisfied}, {"respondents", people}, {"participants", 40}});
    EXPECT_EQ(world.Named("evaluation").rows[0][5].href, list);
    return world.counter.Get(list, "pilot").body;
  };
  auto page = answered(0, 90, 3);
  EXPECT_EQ(Shown(page), "moins de 5 réponses | moins de 5 réponses\n");
  EXPECT_EQ(page.find("Ensemble"), std::string::npos);
  page = answered(1, 50, 9);
  EXPECT_EQ(Shown(page),
            "avec un petit groupe | avec un petit groupe\n"
            "moins de 5 réponses | moins de 5 réponses\n")
      << "whoever knows the nine and the whole knows the three";
  EXPECT_NE(page.find("Ensemble, en moyenne : <strong>60\u202f%</strong>, pour 12 réponses"),
            std::string::npos);
  page = answered(2, 75, 20);
  EXPECT_EQ(Shown(page),
            "75\u202f% | 20\n"
            "avec un petit groupe | avec un petit groupe\n"
            "moins de 5 réponses | moins de 5 réponses\n");
  const auto csv =
      world.counter.Get("/pilotage/mesures.csv?mesure=satisfaction&appel=mentor-2026", "pilot");
  EXPECT_NE(csv.body.find(";75;20\r\n"), std::string::npos) << csv.body;
  EXPECT_NE(csv.body.find(";moins de 5 réponses;moins de 5 réponses\r\n"), std::string::npos);
  EXPECT_EQ(csv.body.find(";90;"), std::string::npos);
  // Two small groups hide each other: the nine may be told again.
  world.Write(projects[2], "hot_results",
              {{"satisfaction", 75}, {"respondents", 4}, {"participants", 40}});
  while (workflows::FollowMoves(world.counter.database(), world.counter.services().catalog))
    continue;
  EXPECT_NE(world.counter.Get(list, "pilot").body.find(">50\u202f%</td>"), std::string::npos);
}

TEST(CallFigures, ListsLeaveMarksToThePageOfTheProject) {
  FiguresWorld world;
  const auto page = world.counter.Get("/pilotage/mesures?mesure=score", "pilot").body;
  EXPECT_NE(page.find(">sur la page du projet</td>"), std::string::npos);
  EXPECT_EQ(page.find("Ensemble"), std::string::npos);
  EXPECT_EQ(world.counter.Get("/pilotage/mesures?mesure=inconnue", "pilot").status, 404);
  EXPECT_EQ(world.counter.Get("/pilotage/mesures", "pilot").status, 404);
  EXPECT_EQ(world.counter.Get("/pilotage/mesures?mesure=score&appel=x", "pilot").status, 422);
  EXPECT_EQ(world.counter.Get("/pilotage/mesures?mesure=score", "lead").status, 403);
  const auto hostile = world.counter.Get("/pilotage/mesures?mesure=" + PercentEncode(kCanary) +
                                             "&collection=" + PercentEncode(kCanary),
                                         "pilot");
  EXPECT_EQ(hostile.status, 422);
  EXPECT_FALSE(HoldsCanary(hostile.body));
}

TEST(OfferFigures, TellTheGridByFamily) {
  CallWorld world;
  const auto projects = world.Projects();
  world.Write(
      projects[0], "quality_review",
      {{"media", {{"captions", {{"result", "not"}}}, {"length", {{"result", "conform"}}}}}});
  world.Write(projects[1], "quality_review", {{"media", {{"length", {{"result", "conform"}}}}}});
  EXPECT_EQ(Told(world.Named("quality_families")), "5. Médias | 75 | 2 | 1 | 1\n");
}

TEST(OfferFigures, CountWhatIsOnlineAndWhatNobodyHasReviewedSince) {
  CallWorld world;
  auto& counter = world.counter;
  const auto projects = world.Projects();
  ASSERT_GE(projects.size(), 2U);
  // Two trainings online for 700 days, one of them kept as it is by a review lately: the very same
  // states, and only the journal tells them apart.
  const auto act = [&](const storage::Project& project, const std::string& action, int days,
                       const std::string& column) {
    counter.database().Write([&](Session& session) {
      storage::JournalRow row;
      row.project = project.id;
      row.seq = storage::LastJournal(session, project.id)->seq + 1;
      row.act = project.number + std::to_string(row.seq);
      row.action = action;
      row.role = "system";
      row.at = Counter::kNow + days * 86'400'000LL;
      row.states = "active " + column;
      row.definition = project.definition;
      row.body = nlohmann::json::object();
      storage::AppendJournal(session, row);
      storage::Unfollow(session, project.id);
    });
  };
  for (const auto& project : {projects[0], projects[1]}) {
    act(project, "confirm_online", 1, "evaluation evaluation_hot");
    act(project, "evaluation.accept", 120, "in_catalogue");
  }
  act(projects[1], "review.keep", 600, "in_catalogue");
  world.question.now = Counter::kNow + 700 * 86'400'000LL;
  EXPECT_EQ(Told(world.Named("published_months")), "septembre 2026 | 2\n");
  const Figure catalogue = world.Named("catalogue");
  EXPECT_EQ(catalogue.columns[3].label, "Sans revue depuis 18 mois");
  ASSERT_EQ(catalogue.rows.size(), 2U) << "a collection each";
  for (const auto& [column, count] : {std::pair{1, 2.0}, {2, 2.0}, {3, 1.0}}) {
    double sum = 0;
    for (const auto& row : catalogue.rows)
      sum += row[static_cast<std::size_t>(column)].value.value();
    EXPECT_EQ(sum, count) << Told(catalogue);
  }
  ExpectListsBehind(catalogue);
  EXPECT_EQ(FollowLinks(counter, {catalogue, world.Named("published_months")}), 6);
  const auto& stale = catalogue.rows[catalogue.rows[0][3].value == 1 ? 0 : 1][3];
  const auto page = counter.Get(stale.href, "pilot").body;
  EXPECT_NE(page.find(projects[0].number), std::string::npos) << stale.href;
  EXPECT_EQ(page.find(projects[1].number), std::string::npos);
  EXPECT_NE(page.find("en ligne, publiés et revus pour la dernière fois le"), std::string::npos);
  const auto faults =
      counter.database().Read([](Session& session) { return storage::FlowFaults(session); });
  EXPECT_TRUE(faults.empty()) << faults.front();
}

}  // namespace
}  // namespace aiguillage::web
