// The figures of the pipeline: their pages, their files, what is said of a bad question, and that
// each number is the length of the list it leads to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <set>

#include "tests/web/figure_links.h"
#include "tests/web/figures_world.h"
#include "web/figures/call_rails.h"
#include "web/figures/figure.h"
#include "web/figures/methods.h"
#include "web/figures/panels.h"
#include "web/figures/tables.h"
#include "workflows/calendar.h"
#include "workflows/past.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kNowPage = "/pilotage/chiffres/maintenant";

std::vector<Figure> AllFigures(Counter& counter, const FigureQuestion& question) {
  std::vector<Figure> all;
  counter.database().Read([&](storage::Session& session) {
    for (const Panel& panel : Panels()) {
      for (auto& figure : panel.make(session, counter.services().catalog, question)) {
        all.push_back(std::move(figure));
      }
    }
  });
  return all;
}

FigureQuestion Asking(std::vector<std::string> calls, const std::string& collection = "") {
  return {std::move(calls), collection, "", "", Counter::kNow};
}

double Sum(const Figure& figure, std::size_t column) {
  double sum = 0;
  for (const auto& row : figure.rows) sum += row.at(column).value.value_or(0);
  return sum;
}

TEST(Figures, HaveEachTheirEntryAndNoEntryIsWithoutItsFigure) {
  const auto ids_of = [](Counter& counter) {
    std::multiset<std::string> ids;
    for (const auto& figure : AllFigures(counter, Asking({"mentor-2026"}))) {
      ids.insert(figure.id);
      EXPECT_NO_THROW(MethodOf(figure.id)) << figure.id;
      EXPECT_GE(figure.columns.size(), 2U) << figure.id;
      EXPECT_EQ(figure.columns.front().kind, FigureColumn::kText) << figure.id;
      EXPECT_FALSE(figure.empty.empty()) << figure.id << " says nothing when it is empty";
      std::set<std::string> drawn;
      for (const auto& column : figure.columns) {
        const auto& wanted = MethodOf(figure.id).drawn;
        if (std::find(wanted.begin(), wanted.end(), column.id) == wanted.end()) continue;
        drawn.insert(column.id);
        EXPECT_TRUE(IsNumber(column.kind)) << figure.id << " cannot draw " << column.id;
      }
      EXPECT_EQ(drawn.size(), MethodOf(figure.id).drawn.size()) << figure.id;
      std::set<std::string> columns;
      for (const auto& column : figure.columns) {
        EXPECT_TRUE(columns.insert(column.id).second) << figure.id << " twice " << column.id;
      }
      for (const auto& row : figure.rows) EXPECT_EQ(row.size(), figure.columns.size()) << figure.id;
    }
    return ids;
  };
  FiguresWorld world;
  std::multiset<std::string> entries;
  for (const auto& method : FigureMethods()) {
    entries.insert(method.id);
    EXPECT_FALSE(method.title.empty()) << method.id;
    EXPECT_TRUE(method.definition.ends_with(".")) << method.id;
    std::size_t characters = 0;
    for (const auto& paragraph : method.method) {
      characters += paragraph.size();
      EXPECT_TRUE(paragraph.ends_with(".")) << method.id;
    }
    EXPECT_GT(characters, 100U) << method.id;
    EXPECT_THAT(method.chart, ::testing::AnyOf("", "bar", "stack", "line", "area", "funnel"))
        << method.id;
  }
  EXPECT_EQ(ids_of(world.counter), entries);
  Counter empty;
  EXPECT_EQ(ids_of(empty), entries) << "a panel gives the same figures whatever there is";
}

TEST(Figures, AgreeWithTheListsTheyLinkTo) {
  FiguresWorld world;
  int followed = 0;
  const std::vector<FigureQuestion> questions = {
      Asking({"mentor-2026", "fep-2026"}), Asking({"mentor-2026"}),
      Asking({"mentor-2026"}, "numerique"), Asking({"mentor-2026", "fep-2026"}, "-"),
      Asking({"fep-2026"}, "ia")};
  for (const auto& question : questions) {
    const auto figures = AllFigures(world.counter, question);
    followed += FollowLinks(world.counter, figures);
    for (const auto& figure : figures) ExpectListsBehind(figure);
  }
  FigureQuestion some = Asking({"mentor-2026"});  // of a period, too
  some.from = workflows::ParisDate(Counter::kNow - 50LL * 24 * 3'600'000);
  some.to = workflows::ParisDate(Counter::kNow - 20LL * 24 * 3'600'000);
  const auto figures = AllFigures(world.counter, some);
  followed += FollowLinks(world.counter, figures);
  EXPECT_GT(followed, 300);
  // Of later steps than this world comes to: call_figures_test.cpp.
  const std::set<std::string> later = {"forecast_months", "forecast_held", "catalogue",
                                       "published_months"};
  for (const auto& figure : figures) {
    EXPECT_TRUE(!figure.rows.empty() || later.contains(figure.id)) << figure.id;
  }
}

// What a figure says, by the label of its rows.
std::map<std::string, double> Told(const Figure& figure) {
  std::map<std::string, double> told;
  for (const auto& row : figure.rows) told[row.at(0).text] += row.at(1).value.value_or(-1);
  return told;
}

TEST(Figures, OfAPastDayAreThoseOfTheJournalThen) {
  FiguresWorld world;
  Counter& counter = world.counter;
  std::int64_t followed = 0, stood = 0;
  for (const int ago : {80, 61, 40, 23, 11, 3, 1, 0}) {
    FigureQuestion question = Asking({"mentor-2026", "fep-2026"});
    question.on = workflows::ParisDate(Counter::kNow - ago * 86'400'000LL);
    const auto figures = counter.database().Read([&](storage::Session& session) {
      return FindPanel("maintenant")->make(session, counter.services().catalog, question);
    });
    std::map<std::string, double> states, collections;
    counter.database().Read([&](storage::Session& session) {
      const CallRails rails(session, counter.services().catalog, question.calls);
      std::map<std::string, std::string> labels = {{"", "Sans collection"}};
      for (const auto& one : storage::Collections(session)) labels[one.slug] = one.label;
      for (const auto& then : workflows::PipelineAt(session, counter.services().catalog,
                                                    workflows::EndOfParisDay(question.on))) {
        const auto count = static_cast<double>(then.projects);
        states[rails.Label(then.state)] += count;
        const std::string& label = labels.at(then.collection);
        collections[then.collection == "ia" ? labels.at("numerique") + " › " + label : label] +=
            count;
        stood += then.projects;
      }
    });
    EXPECT_EQ(Told(figures.at(0)), states) << question.on << ", seed " << test::Seed();
    EXPECT_EQ(Told(figures.at(1)), collections) << question.on << ", seed " << test::Seed();
    for (const auto& figure : figures)
      EXPECT_EQ(figure.columns.size(), 2U) << "nothing of lateness";
    if (ago == 23 || ago == 1) followed += FollowLinks(counter, figures);
  }
  EXPECT_GT(stood, 150) << "seed " << test::Seed();
  EXPECT_GT(followed, 20) << "seed " << test::Seed();
}

TEST(FigurePages, TellAPastDayAndWhyNothingIsLateThen) {
  FiguresWorld world;
  const auto answer = world.counter.Get(kNowPage + "?le=2026-09-01&appel=mentor-2026", "pilot");
  ASSERT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body,
              HasSubstr("<label class=\"form-label\" for=\"le\">À la date du</label>"));
  EXPECT_THAT(answer.body, HasSubstr("name=\"le\" value=\"2026-09-01\""));
  EXPECT_THAT(answer.body, HasSubstr("Situation à la fin du 1er septembre 2026"));
  EXPECT_THAT(answer.body, HasSubstr("Les retards d’alors ne peuvent pas être dits"));
  EXPECT_THAT(answer.body, HasSubstr("tableau.csv?chiffre=now_states&amp;appel=mentor-2026&amp;"
                                     "le=2026-09-01\""));
  EXPECT_THAT(answer.body, Not(HasSubstr(">En retard</th>")));
  const auto csv =
      world.counter.Get(kNowPage + "/tableau.csv?chiffre=now_states&le=2026-09-01", "pilot");
  EXPECT_THAT(csv.body, StartsWith("\xEF\xBB\xBFÉtape;Projets\r\n"));
  EXPECT_THAT(world.counter.Get(kNowPage + "?le=2020-01-01", "pilot").body,
              HasSubstr("Aucun projet n’était encore arrivé à cette date."));
  const auto flow = world.counter.Get("/pilotage/chiffres/flux?le=2026-09-01", "pilot").body;
  EXPECT_THAT(flow, Not(HasSubstr("name=\"le\"")));
  EXPECT_THAT(flow, Not(HasSubstr("Situation à la fin")));
}

// A chart of more bands than that is no longer read by the eye.
TEST(Figures, ShowFlowInAFewBandsThatHoldEveryPhaseOnce) {
  constexpr std::size_t kBandsMax = 6;  // and those out of all phases, and the ends
  Counter counter;
  counter.AddSecondCall();
  for (const char* call : {"mentor-2026", "fep-2026"}) {
    counter.database().Read([&](storage::Session& session) {
      const CallRails rails(session, counter.services().catalog, {call});
      EXPECT_LE(rails.bands().size(), kBandsMax) << call;
      std::vector<std::string> held, phases;
      for (const auto& band : rails.bands()) {
        EXPECT_FALSE(band.label.empty()) << call;
        held.insert(held.end(), band.phases.begin(), band.phases.end());
      }
      for (const auto& [id, label] : rails.phases()) {
        if (!rails.ColumnsOfPhase(id).empty()) phases.push_back(id);
      }
      EXPECT_EQ(held, phases) << call << ": in the order of the rails";
    });
  }
}

TEST(Figures, CountEveryProjectOnce) {
  FiguresWorld world;
  const auto figures = AllFigures(world.counter, Asking({"mentor-2026", "fep-2026"}));
  ASSERT_EQ(figures.at(0).id, "now_states");
  ASSERT_EQ(figures.at(1).id, "now_collections");
  EXPECT_EQ(Sum(figures[0], 1), 73) << "70, and the counter’s own three";
  EXPECT_EQ(Sum(figures[1], 1), 73);
  EXPECT_GT(Sum(figures[0], 2), 0) << "some are late";
  EXPECT_EQ(Sum(figures[0], 2), Sum(figures[1], 2));
  ASSERT_EQ(figures.at(2).id, "now_administrations");
  EXPECT_EQ(Sum(figures[2], 1), 73);
  EXPECT_GT(figures[2].rows.size(), 1U);
  const auto below = AllFigures(world.counter, Asking({"mentor-2026"}, "numerique"));
  ASSERT_EQ(below[1].rows.size(), 2U) << "a collection, and the one below it";
  EXPECT_THAT(below[1].rows[1][0].text, HasSubstr(" › IA"));
  EXPECT_EQ(Sum(below[0], 1), Sum(below[1], 1));
  EXPECT_EQ(Sum(below[0], 1), Sum(below[2], 1));
}

TEST(FigurePages, ShowTheTableItsDefinitionItsMethodAndItsFiles) {
  FiguresWorld world;
  const auto answer = world.counter.Get(kNowPage + "?appel=mentor-2026", "pilot");
  ASSERT_EQ(answer.status, 200);
  const std::string& page = answer.body;
  EXPECT_THAT(page,
              HasSubstr("<th scope=\"col\" data-kind=\"count\" class=\"number\">Projets</th>"));
  EXPECT_THAT(page, HasSubstr("data-chart=\"bar\""));
  EXPECT_THAT(page, HasSubstr("<details open>")) << "the table is there without a script";
  EXPECT_THAT(page, HasSubstr("href=\"/methode#now_states\""));
  EXPECT_THAT(page, HasSubstr(MethodOf("now_states").definition));
  EXPECT_THAT(page, HasSubstr("tableau.csv?chiffre=now_states&amp;appel=mentor-2026\""));
  EXPECT_THAT(page, HasSubstr("href=\"/pilotage/chiffres/tout?appel=mentor-2026\""));
  EXPECT_THAT(page, HasSubstr("/assets/chart.umd.min."));
  EXPECT_FALSE(HoldsCanary(page));
  EXPECT_THAT(world.counter.Get("/pilotage", "pilot").body,
              Not(HasSubstr("/assets/chart.umd.min.")))
      << "only where there are figures";
  EXPECT_THAT(world.counter.Get("/pilotage", "pilot").body, HasSubstr("href=\"" + kNowPage + "\""));
  const auto every = world.counter.Get("/pilotage/chiffres/tout", "auditor").body;
  for (const Panel& panel : Panels()) {
    EXPECT_THAT(every, HasSubstr(std::string("<h2 id=\"") + panel.id + "\">"));
  }
  EXPECT_EQ(world.counter.Get("/pilotage/chiffres/inconnu", "pilot").status, 404);
}

TEST(FigurePages, ComparesOneCallWithAnother) {
  FiguresWorld world;
  const auto page =
      world.counter.Get(kNowPage + "?appel=mentor-2026&comparer=fep-2026", "pilot").body;
  EXPECT_THAT(page, HasSubstr("id=\"chiffre-now_states\""));
  EXPECT_THAT(page, HasSubstr("id=\"chiffre-now_states-2\""));
  EXPECT_THAT(page, HasSubstr("<span class=\"soft small\">FEP 2026</span>"));
  EXPECT_THAT(page, HasSubstr("tableau.csv?chiffre=now_states&amp;appel=fep-2026\""));
  const auto same = world.counter.Get(kNowPage + "?appel=fep-2026&comparer=fep-2026", "pilot");
  EXPECT_EQ(same.status, 422);
  EXPECT_THAT(same.body, HasSubstr("Un appel ne se compare qu’à un autre"));
}

TEST(FigurePages, SayWhatIsWrongWithAQuestion) {
  Counter counter;
  const std::vector<std::pair<std::string, std::string>> asked = {
      {"?appel=inconnu", "Cet appel n’existe pas"},
      {"?appel=" + PercentEncode(kCanary), "Cet appel n’existe pas"},
      {"?collection=nulle-part", "Cette collection n’existe pas"},
      {"?de=hier", "Le début de la période n’est pas une date"},
      {"?a=2026-02-30", "La fin de la période n’est pas une date"},
      {"?de=2026-12-01&a=2026-01-01", "La période finit avant de commencer"},
      {"?le=hier", "« À la date du » attend une date"},
      {"?le=" + PercentEncode(kCanary), "« À la date du » attend une date"},
      {"?le=2026-02-30", "« À la date du » attend une date"},
      {"?le=2026-09-22", "Cette date est à venir"},
      {"?comparer=inconnu", "Cet appel n’existe pas"}};
  for (const auto& [query, sentence] : asked) {
    for (const char* panel : {"maintenant", "tout"}) {
      const auto page = counter.Get(std::string("/pilotage/chiffres/") + panel + query, "pilot");
      EXPECT_EQ(page.status, 422) << query;
      EXPECT_THAT(page.body, HasSubstr(sentence)) << query;
      EXPECT_THAT(page.body, HasSubstr("aria-invalid=\"true\"")) << query;
      EXPECT_FALSE(HoldsCanary(page.body)) << query;
    }
    const auto file = counter.Get(kNowPage + "/tableau.xlsx" + query, "pilot");
    EXPECT_EQ(file.status, 422) << query;
    EXPECT_THAT(file.body, HasSubstr(sentence)) << query;
  }
  EXPECT_TRUE(counter.house().pages.Missing().empty());
}

TEST(FigurePages, ShowNothingOfCallsThatAreOthers) {
  FiguresWorld world;
  Counter& counter = world.counter;
  counter.AddPerson("fep_pilot");
  counter.services().desk.GrantRole(counter.PersonId("fep_pilot"), "program_admin", "call:fep-2026",
                                    counter.now);
  const auto own = counter.Get(kNowPage, "fep_pilot").body;
  EXPECT_THAT(own, HasSubstr("FEP 2026"));
  EXPECT_THAT(own, Not(HasSubstr("AAP Mentor")));
  EXPECT_THAT(own, Not(HasSubstr("mentor-2026")));
  for (const std::string& address :
       {kNowPage + "?appel=mentor-2026", kNowPage + "?comparer=mentor-2026",
        kNowPage + "/tableau.csv?chiffre=now_states&appel=mentor-2026"}) {
    EXPECT_EQ(counter.Get(address, "fep_pilot").status, 403) << address;
  }
}

TEST(FigurePages, AnEmptyRecordIsToldInWords) {
  Counter counter;
  counter.AddSecondCall();
  const auto page = counter.Get(kNowPage + "?appel=fep-2026&collection=langues", "pilot").body;
  EXPECT_THAT(page, HasSubstr("Aucun projet pour l’instant"));
  EXPECT_THAT(page, Not(HasSubstr("data-chart")));
}

TEST(FigureFiles, HoldTheNumbersOfThePage) {
  FiguresWorld world;
  const auto figure = AllFigures(world.counter, Asking({"fep-2026"})).at(0);
  std::string expected = "\xEF\xBB\xBFÉtape;Projets;En retard\r\n";
  for (const auto& row : figure.rows) {
    expected += row[0].text + ";" + std::to_string(static_cast<int>(*row[1].value)) + ";" +
                std::to_string(static_cast<int>(*row[2].value)) + "\r\n";
  }
  const auto csv =
      world.counter.Get(kNowPage + "/tableau.csv?chiffre=now_states&appel=fep-2026", "pilot");
  EXPECT_EQ(csv.body, expected);
  EXPECT_THAT(*csv.FindHeader("Content-Disposition"), HasSubstr("now_states-2026-09-21.csv"));
  for (const char* file : {"/tableau.xlsx?chiffre=now_states", "/tableau.xlsx",
                           "/tableau.xlsx?appel=mentor-2026&comparer=fep-2026"}) {
    const auto xlsx = world.counter.Get(kNowPage + file, "pilot");
    EXPECT_EQ(xlsx.status, 200) << file;
    EXPECT_THAT(xlsx.body, StartsWith("PK")) << file;
  }
  EXPECT_EQ(world.counter.Get("/pilotage/chiffres/tout/tableau.xlsx", "pilot").status, 200);
  EXPECT_EQ(world.counter.Get(kNowPage + "/tableau.csv", "pilot").status, 422);
  EXPECT_EQ(world.counter.Get(kNowPage + "/tableau.csv?chiffre=rien", "pilot").status, 404);
}

TEST(FigureFiles, ABookHasASheetForEachFigureAfterItsContents) {
  Counter counter;
  const test::TempDirectory folder;
  std::ofstream(folder / "book.xlsx", std::ios::binary)
      << counter.Get(kNowPage + "/tableau.xlsx", "pilot").body;
  const std::string command =
      "python3 -c \"import sys, zipfile; "
      "print(zipfile.ZipFile(sys.argv[1]).read('xl/workbook.xml').decode())\" '" +
      (folder / "book.xlsx") + "'";
  FILE* pipe = popen(command.c_str(), "r");
  std::string book(1 << 16, '\0');
  book.resize(fread(book.data(), 1, book.size(), pipe));
  ASSERT_EQ(pclose(pipe), 0);
  EXPECT_THAT(book, HasSubstr("name=\"1 Sommaire\""));
  EXPECT_THAT(book, HasSubstr("name=\"2 Projets par étape\""));
  EXPECT_THAT(book, HasSubstr("name=\"3 Projets par collection\""));
}

TEST(FigureWords, AreFrenchAndNeverBlank) {
  const auto words = [](FigureColumn::Kind kind, double value) {
    return WordsOf(kind, FigureCell(value));
  };
  EXPECT_EQ(words(FigureColumn::kCount, 12345), "12\u202f345");
  EXPECT_EQ(words(FigureColumn::kDays, 3.25), "3,3\u00a0j");
  EXPECT_EQ(words(FigureColumn::kDays, 3), "3\u00a0j");
  EXPECT_EQ(words(FigureColumn::kPercent, 45.04), "45\u202f%");
  EXPECT_EQ(words(FigureColumn::kAmount, 12000.4), "12\u202f000\u00a0€");
  EXPECT_EQ(words(FigureColumn::kScore, 3.256), "3,26");
  EXPECT_EQ(words(FigureColumn::kScore, -0.001), "0");
  EXPECT_EQ(WordsOf(FigureColumn::kDays, FigureCell()), "–");
  EXPECT_EQ(words(FigureColumn::kDays, std::nan("")), "–");
  EXPECT_EQ(words(FigureColumn::kPercent, HUGE_VAL), "–");
  EXPECT_EQ(WordsOf(FigureColumn::kDay, FigureCell("2027-05-12")), "12 mai 2027");
  FigureCell few;
  few.hidden = "moins de 5 réponses";
  EXPECT_EQ(WordsOf(FigureColumn::kScore, few), "moins de 5 réponses");
  Figure figure{"now_states",
                {{"state", "É", FigureColumn::kText}, {"d", "Durée", FigureColumn::kDays}},
                {},
                ""};
  figure.rows = {{FigureCell("a"), FigureCell(std::nan(""))}, {FigureCell("b"), few}};
  EXPECT_EQ(JsonOf(figure)["rows"].dump(),
            R"([{"d":{"value":null},"state":{"text":"a"}},)"
            R"({"d":{"hidden":"moins de 5 réponses"},"state":{"text":"b"}}])");
  EXPECT_EQ(CsvOf(SheetOf(figure)),
            "\xEF\xBB\xBFÉ;Durée (jours)\r\na;\r\nb;moins de 5 réponses\r\n");
}

TEST(Methods, AreOnOnePageForWhoeverIsLoggedIn) {
  Counter counter;
  const auto page = counter.Get("/methode", "holder");
  ASSERT_EQ(page.status, 200);
  for (const auto& method : FigureMethods()) {
    EXPECT_THAT(page.body, HasSubstr("<h2 id=\"" + method.id + "\">" + method.title + "</h2>"));
    EXPECT_THAT(page.body, HasSubstr(method.definition));
    for (const auto& paragraph : method.method) {
      EXPECT_THAT(page.body, HasSubstr("<p>" + paragraph + "</p>"));
    }
  }
  EXPECT_EQ(counter.Get("/methode").status, 303);
}

}  // namespace
}  // namespace aiguillage::web
