// What pages tell of the future: the holder's dates, the calendar's collections.
#include "web/expected.h"

#include <gmock/gmock.h>

#include "storage/projects.h"
#include "tests/web/figure_links.h"
#include "tests/web/figures_world.h"
#include "web/figures/call_rails.h"
#include "web/figures/forecast.h"
#include "workflows/calendar.h"
#include "workflows/flow.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using workflows::Basis;
using workflows::Forecast;

const std::int64_t kMay = workflows::ParisHour("2027-05-02", 12);

// Without the spaces that do not break.
std::string Plain(std::string text) {
  for (std::size_t at; (at = text.find("\u00a0")) != std::string::npos;) text.replace(at, 2, " ");
  return text;
}

std::string Sentence(const Forecast& forecast, bool online = true) {
  return Plain(ForecastSentence(forecast, online, kMay));
}

Forecast Dates(int half, int most, std::vector<workflows::StateBasis> basis) {
  return {Forecast::kDates, half, most, 0.9, std::move(basis)};
}

TEST(ForecastSentence, GivesTwoDatesAndWhatTheyRestOn) {
  EXPECT_EQ(Sentence(Dates(10, 62,
                           {{"a", Basis::kSameCollection, 34},
                            {"b", Basis::kSameCollection, 12},
                            {"c", Basis::kSameRails, 80},
                            {"d", Basis::kDeadlines}})),
            "Publication probable entre le 12 mai 2027 et le 3 juillet 2027 (une chance sur deux "
            "avant la première date, 85 % avant la seconde), si le projet va à son terme. Calcul : "
            "2 étapes d’après la même collection (12 passages au moins), 1 d’après tous les appels "
            "du même type (80 passages au moins), 1 d’après les délais prévus.");
}

TEST(ForecastSentence, SaysWhenItOnlyReadsTheDeadlines) {
  EXPECT_EQ(
      Sentence(Dates(62, 62, {{"a", Basis::kDeadlines}, {"b", Basis::kDeadlines, 0, false}})),
      "Publication vers le 3 juillet 2027 si chaque étape prend tout le délai prévu : trop peu "
      "de projets sont passés par ces étapes pour en dire plus. Sans compter 1 étape sans "
      "délai prévu.");
  EXPECT_THAT(Sentence(Dates(62, 62, {{"a", Basis::kDeadlines}}), false),
              ::testing::StartsWith("Fin du projet vers le 3 juillet 2027 si"));
}

TEST(ForecastSentence, SaysWhatCannotBeSaid) {
  EXPECT_EQ(Sentence({Forecast::kNoGoal}, false), "");
  EXPECT_EQ(Sentence({Forecast::kReached}), "");
  EXPECT_THAT(Sentence({Forecast::kUnlikely}), HasSubstr("Trop peu de projets"));
  EXPECT_THAT(Sentence({Forecast::kNoRoad}), HasSubstr("Aucune date"));
}

TEST(Expected, TellsTheHolderWhatTheSameStepsTook) {
  FiguresWorld world;
  const auto page =
      Plain(world.counter.Get(Project(world.counter) + "?onglet=dates", "holder").body);
  EXPECT_THAT(page, HasSubstr("moins d’un jour <span class=\"soft small\">(médiane de "))
      << "admissibility, the same day in this world";
  EXPECT_THAT(page, HasSubstr("Publication probable "));
  EXPECT_THAT(page, ::testing::ContainsRegex("Calcul : [0-9]+ étapes? d’après "));
  EXPECT_THAT(page, HasSubstr("d’après les délais prévus"));
  EXPECT_THAT(page, HasSubstr("href=\"/methode#forecast_calls\""));
  Counter young;
  EXPECT_THAT(young.Get(Project(young) + "?onglet=dates", "holder").body,
              HasSubstr("si chaque étape prend tout le délai prévu"));
}

// As DS accepted them already: they begin where the selected are.
void Select(Counter& counter, const std::string& collection, int first, int count) {
  for (int nth = first; nth < first + count; ++nth) {
    workflows::IntakeRequest request;
    request.call = "mentor-2026";
    request.title = "Retenu " + std::to_string(nth) + " " + kCanary;
    request.collection = collection;
    request.holder_email = "holder@exemple.invalid";
    request.holder_name = "Dominique holder";
    request.dossier = 9000 + nth;
    request.ds_state = "accepte";
    request.key = "selected-" + std::to_string(nth);
    request.now = Counter::kNow - 24LL * 3'600'000;
    ASSERT_TRUE(counter.services().desk.Intake(request));
  }
  while (workflows::FollowMoves(counter.database(), counter.services().catalog)) {
  }
}

TEST(Expected, TellsEverybodyWhatIsInPreparationFromFiveTrainingsOn) {
  Counter counter;
  Select(counter, "langues", 0, 5);
  Select(counter, "numerique", 10, 4);
  const auto page = Plain(counter.Get("/calendrier").body);
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">Langues</th><td class=\"nowrap\">5 formations</td>"
                              "<td>la moitié d’ici "));
  EXPECT_THAT(page, Not(HasSubstr("<th scope=\"row\">Numérique"))) << "four: not told";
  EXPECT_FALSE(HoldsCanary(page)) << "no project by its name before its slot is fixed";
  Counter young;
  EXPECT_THAT(young.Get("/calendrier").body, Not(HasSubstr("En préparation")));
}

TEST(ForecastFigures, CountTheProjectsThatAreUnderWay) {
  FiguresWorld world;
  while (workflows::FollowMoves(world.counter.database(), world.counter.services().catalog))
    continue;
  world.counter.database().Read([&](storage::Session& session) {
    const auto figures = ForecastFigures(session, world.counter.services().catalog,
                                         {{"mentor-2026", "fep-2026"}, "", "", "", Counter::kNow});
    ASSERT_EQ(figures.size(), 4U);
    const auto& calls = figures[0];
    ASSERT_EQ(calls.rows.size(), 2U);
    EXPECT_EQ(calls.rows[0][1].text, "mise en ligne");
    EXPECT_EQ(calls.rows[1][1].text, "fin du projet");
    for (const auto& row : calls.rows) {
      EXPECT_LE(row[3].value.value(), row[2].value.value());
      EXPECT_LE(row[4].text, row[5].text) << "half before most";
      EXPECT_GT(row[4].text, workflows::ParisDate(Counter::kNow));
    }
    const CallRails rails(session, world.counter.services().catalog, {"mentor-2026", "fep-2026"});
    double under_way = 0;
    for (const std::string call : {"mentor-2026", "fep-2026"}) {
      for (const auto& cell : storage::Pipeline(session, call, Counter::kNow)) {
        if (!rails.IsFinal(cell.state)) under_way += static_cast<double>(cell.count);
      }
    }
    EXPECT_EQ(calls.rows[0][2].value.value() + calls.rows[1][2].value.value(), under_way);
    std::map<std::string, std::string> rests_on;
    for (const auto& row : figures[2].rows) rests_on[row[0].text] = row[1].text;
    EXPECT_EQ(rests_on["Recevabilité"], BasisWords(Basis::kSameCall));
    EXPECT_EQ(rests_on["Comité"].empty() ? rests_on["Comité de sélection"] : rests_on["Comité"],
              BasisWords(Basis::kDeadlines));
    EXPECT_TRUE(figures[3].rows.empty()) << "nothing was under way three months ago";
  });
}

TEST(ForecastFigures, HoldThoseOfThePastAgainstWhatCame) {
  FiguresWorld world;
  FigureQuestion later{{"mentor-2026"}, "", "", "", Counter::kNow + 100 * 86'400'000LL};
  const auto held = world.counter.database().Read([&](storage::Session& session) {
    return ForecastFigures(session, world.counter.services().catalog, later).at(3);
  });
  ASSERT_EQ(held.rows.size(), 1U) << "seed " << test::Seed();
  const auto& row = held.rows[0];
  EXPECT_EQ(RowsOf(world.counter, row[1].href), row[1].value) << row[1].href;
  EXPECT_GT(row[1].value, 10);
  EXPECT_LE(row[3].value, row[2].value);
  EXPECT_EQ(row[4].hidden.empty(), row[2].value >= 10);
}

}  // namespace
}  // namespace aiguillage::web
