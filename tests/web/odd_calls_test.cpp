// Figures of calls that are unlike others: with nothing in them, with one project, on rails without
// a deadline, with projects that stand on former rails. Words everywhere, on pages, in files and in
// what programs read; never a blank, a NaN or the id of a state; and the lists still agree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>

#include "tests/support/desk_world.h"
#include "tests/web/figure_links.h"
#include "tests/web/figures_world.h"
#include "web/figures/panels.h"
#include "web/figures/question.h"
#include "workflows/flow.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::regex kNoWord("\\b(NaN|nan|inf|null|Infinity)\\b");
const std::regex kStateId("^(› )?[a-z]+(_[a-z]+)*$");

std::vector<Figure> EveryFigure(storage::Database& database, workflows::Catalog& catalog,
                                const FigureQuestion& question) {
  while (workflows::FollowMoves(database, catalog)) continue;
  std::vector<Figure> all;
  database.Read([&](storage::Session& session) {
    for (const Panel& panel : Panels()) {
      for (auto& figure : panel.make(session, catalog, question)) all.push_back(std::move(figure));
    }
  });
  return all;
}

// As the table, the chart's numbers, a file and the API have it.
void ExpectWordsIn(const Figure& figure) {
  SCOPED_TRACE(figure.id);
  const std::string csv = CsvOf(SheetOf(figure)), told = JsonOf(figure).dump();
  EXPECT_FALSE(std::regex_search(csv, kNoWord)) << csv;
  EXPECT_FALSE(std::regex_search(told, kNoWord)) << told;
  if (figure.rows.empty()) {
    EXPECT_FALSE(figure.empty.empty());
    EXPECT_THAT(csv, HasSubstr(figure.empty));
    EXPECT_EQ(JsonOf(figure)["empty"], figure.empty);
    return;
  }
  EXPECT_EQ(JsonOf(figure)["empty"], "");
  EXPECT_THAT(csv, Not(HasSubstr(";;")));
  EXPECT_THAT(csv, Not(HasSubstr(";\r\n")));
  for (const auto& row : figure.rows) {
    EXPECT_FALSE(std::regex_search(row.front().text, kStateId)) << row.front().text;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string words = WordsOf(figure.columns.at(i).kind, row[i]);
      EXPECT_THAT(words, ::testing::AllOf(Not(""), Not("–")))
          << row.front().text << ", " << figure.columns[i].label;
    }
  }
}

void ExpectWordsInAll(const std::vector<Figure>& figures) {
  for (const auto& figure : figures) {
    ExpectWordsIn(figure);
    ExpectListsBehind(figure);
  }
}

// The text of every sheet of a workbook.
std::string SheetsIn(const std::string& book) {
  const test::TempDirectory folder;
  std::ofstream(folder / "book.xlsx", std::ios::binary) << book;
  const std::string command =
      "python3 -c \"import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); "
      "print(' '.join(z.read(n).decode() for n in z.namelist() if n.startswith('xl/work')))\" '" +
      (folder / "book.xlsx") + "'";
  FILE* pipe = popen(command.c_str(), "r");
  std::string text, part(1 << 16, '\0');
  for (std::size_t got = 0; (got = fread(part.data(), 1, part.size(), pipe)) > 0;) {
    text.append(part, 0, got);
  }
  EXPECT_EQ(pclose(pipe), 0);
  return text;
}

void ExpectWordsOnPages(Counter& counter, const std::string& call) {
  for (const char* panel : {"maintenant", "flux", "tout"}) {
    const std::string address = std::string("/pilotage/chiffres/") + panel;
    const auto page = counter.Get(address + "?appel=" + call, "pilot");
    ASSERT_EQ(page.status, 200) << panel;
    static const std::regex kBlank(
        "<t[dh][^>]*>\\s*</t[dh]>|data-value=\"[^0-9\"-]|>(NaN|nan|null)<");
    std::smatch blank;
    EXPECT_FALSE(std::regex_search(page.body, blank, kBlank)) << panel << ": " << blank[0];
  }
  const auto book = counter.Get("/pilotage/chiffres/tout/tableau.xlsx?appel=" + call, "pilot");
  ASSERT_EQ(book.status, 200);
  const std::string sheets = SheetsIn(book.body);
  EXPECT_THAT(sheets, HasSubstr("<sheetData>"));
  EXPECT_FALSE(std::regex_search(sheets, std::regex("<v>(nan|inf|-inf|-nan|NaN)</v>|#NUM|#DIV")));
  EXPECT_EQ(counter.Get("/pilotage?appel=" + call, "pilot").status, 200);
}

void SaveCallOn(Counter& counter, const std::string& id, const std::string& rails) {
  counter.database().Write([&](storage::Session& session) {
    storage::Call call = storage::FindCall(session, id).value_or(storage::Call());
    call.id = id;
    if (call.title.empty()) call.title = "Appel " + id;
    call.definition = rails;
    if (call.status.empty()) call.status = "published";
    storage::SaveCall(session, call);
  });
}

std::string TakeOneIn(Counter& counter, const std::string& call, std::int64_t dossier) {
  workflows::IntakeRequest request;
  request.call = call;
  request.title = "Le seul";
  request.holder_email = "holder@exemple.invalid";
  request.dossier = dossier;
  request.ds_state = "en_construction";
  request.key = "odd-" + std::to_string(dossier);
  request.now = Counter::kNow - 1;
  const auto answer = counter.services().desk.Intake(request);
  if (!answer) throw std::runtime_error(answer.refusal().sentence);
  return answer.value().project;
}

TEST(OddCalls, WithNothingAndWithOneProject) {
  Counter counter;
  for (const char* rails : {"mentor", "fep"}) {
    const std::string call = std::string("seul-") + rails;
    SCOPED_TRACE(call);
    SaveCallOn(counter, call, rails);
    const FigureQuestion question{{call}, "", "", "", Counter::kNow};
    auto& database = counter.database();
    const auto none = EveryFigure(database, counter.services().catalog, question);
    for (const auto& figure : none) {
      // What the rails plan is told of a call without a project, too.
      EXPECT_EQ(figure.rows.empty(), figure.id != "forecast_basis") << figure.id;
    }
    ExpectWordsInAll(none);
    ExpectWordsOnPages(counter, call);
    TakeOneIn(counter, call, call == "seul-fep" ? 8001 : 8002);
    const auto one = EveryFigure(database, counter.services().catalog, question);
    ExpectWordsInAll(one);
    EXPECT_GT(FollowLinks(counter, one), 8);
    ExpectWordsOnPages(counter, call);
  }
}

// The shipped rails of Mentor, changed, in a folder of their own.
void ChangeRails(const std::filesystem::path& folder, const std::regex& what,
                 const std::string& to) {
  namespace fs = std::filesystem;
  if (!fs::exists(folder)) {
    fs::copy(AIGUILLAGE_SOURCE_DIR "/workflows/definitions", folder, fs::copy_options::recursive);
  }
  const fs::path file = folder / "mentor/mentor.scxml";
  std::ifstream in(file);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  const std::string changed = std::regex_replace(text, what, to);
  ASSERT_NE(changed, text);
  std::ofstream(file) << changed;
}

// One project that was accepted, one that must be completed, one that waits.
std::vector<std::string> ThreeProjects(test::DeskWorld& world) {
  std::vector<std::string> numbers;
  for (int i = 0; i < 3; ++i) {
    world.Days(3);
    numbers.push_back(world.Intake("Projet", "en_construction"));
  }
  const auto definition = world.catalog().Newest("mentor");
  world.Do(numbers[0], "olga", "admissibility.accept",
           test::FilledIn(definition->forms.at("admissibility")));
  world.Do(numbers[1], "olga", "completion.request", {{"reason", "Il manque l’accord."}});
  world.Days(40);
  EXPECT_EQ(world.Project(numbers[0]).state, "lead_review");
  EXPECT_EQ(world.Project(numbers[1]).state, "completion_requested");
  return numbers;
}

std::string RowNames(const std::vector<Figure>& figures, const std::string& id) {
  std::string names;
  for (const auto& figure : figures) {
    for (const auto& row : figure.rows) names += figure.id == id ? row.front().text + "\n" : "";
  }
  return names;
}

TEST(OddCalls, OnRailsWithoutAnyDeadline) {
  const test::TempDirectory folder;
  ChangeRails(folder.path() / "rails", std::regex("<aap:deadline [^>]*/>"), "");
  test::DeskWorld world({.rails = (folder.path() / "rails").string(), .definition = "mentor"});
  const auto numbers = ThreeProjects(world);
  const auto figures =
      EveryFigure(world.database(), world.catalog(), {{"demo-2026"}, "", "", "", world.now});
  ExpectWordsInAll(figures);
  int rules = 0;
  for (const auto& figure : figures) {
    if (figure.id != "step_times") continue;
    for (const auto& row : figure.rows) {
      EXPECT_EQ(row[5].text, "aucun délai");
      EXPECT_EQ(WordsOf(figure.columns[6].kind, row[6]), "sans délai");
      ++rules;
    }
  }
  EXPECT_EQ(rules, 1) << "the step that two of them have left";
  EXPECT_THAT(RowNames(figures, "now_states"), HasSubstr("Validation du cadrage"));
}

TEST(OddCalls, WithProjectsOnAFormerVersionOfItsRails) {
  const test::TempDirectory folder;
  test::DeskWorld world({.rails = "workflows/definitions", .definition = "mentor"});
  const auto numbers = ThreeProjects(world);
  // The version that came since has no « completion_requested » any more.
  ChangeRails(folder.path() / "rails", std::regex("(id|target)=\"completion_requested\""),
              "$1=\"complement_awaited\"");
  auto loaded = workflows::Catalog::Load((folder.path() / "rails").string());
  ASSERT_TRUE(loaded) << loaded.refusal().sentence;
  workflows::Catalog& newer = *loaded.value();
  newer.TakeInto(world.database(), world.now);
  const FigureQuestion question{{"demo-2026"}, "", "", "", world.now};
  auto figures = EveryFigure(world.database(), newer, question);
  ExpectWordsInAll(figures);
  EXPECT_THAT(RowNames(figures, "now_states"), HasSubstr("Complément demandé"));
  EXPECT_THAT(RowNames(figures, "bottlenecks"), HasSubstr("Complément demandé"));
  // Of the others, one goes on by the newer version.
  world.database().Write([&](storage::Session& session) {
    auto project = *storage::FindProject(session, numbers[0]);
    project.definition = newer.Newest("mentor")->hash;
    ++project.version;
    ASSERT_TRUE(storage::UpdateProject(session, project, project.version - 1));
  });
  figures = EveryFigure(world.database(), newer, question);
  ExpectWordsInAll(figures);
  EXPECT_THAT(RowNames(figures, "step_times"), HasSubstr("Recevabilité"));
}

TEST(OddCalls, MovedFromOneDefinitionToAnother) {
  FiguresWorld world;
  Counter& counter = world.counter;
  const auto before = EveryFigure(counter.database(), counter.services().catalog,
                                  {{"mentor-2026"}, "", "", "", Counter::kNow});
  SaveCallOn(counter, "mentor-2026", "fep");
  for (const auto& calls : {std::vector<std::string>{"mentor-2026"}, {"fep-2026", "mentor-2026"}}) {
    const auto figures = EveryFigure(counter.database(), counter.services().catalog,
                                     {calls, "", "", "", Counter::kNow});
    ExpectWordsInAll(figures);
    EXPECT_GT(FollowLinks(counter, figures), 50);
    if (calls.size() > 1) continue;
    EXPECT_EQ(RowNames(figures, "bottlenecks"), RowNames(before, "bottlenecks"))
        << "projects stand where they stood";
  }
  ExpectWordsOnPages(counter, "mentor-2026");
}

TEST(OddCalls, ThatPublishTogetherShowTheProjectsTheirMonthsTellOf) {
  FiguresWorld world;
  Counter& counter = world.counter;
  SaveCallOn(counter, "seconde", "mentor-cadrage-apres");
  for (std::int64_t dossier = 8101; dossier < 8105; ++dossier) {
    TakeOneIn(counter, "seconde", dossier);
  }
  const auto figures =
      EveryFigure(counter.database(), counter.services().catalog,
                  {{"fep-2026", "mentor-2026", "seconde"}, "", "", "", Counter::kNow});
  ExpectWordsInAll(figures);
  double underway = 0;
  for (const auto& figure : figures) {
    if (figure.id != "forecast_calls") continue;
    for (const auto& row : figure.rows) {
      underway += row[1].text == "mise en ligne" ? row[2].value.value() : 0;
    }
  }
  int months = 0;
  for (const auto& figure : figures) {
    if (figure.id != "forecast_months") continue;
    for (const auto& row : figure.rows) {
      EXPECT_EQ(RowsOf(counter, row[1].href), underway) << row[1].href;
      ++months;
    }
  }
  EXPECT_GT(underway, 20);
  EXPECT_GT(months, 0);
}

// A project of other rails than those it came by, its documents with it.
TEST(OddCalls, WithAProjectMovedToOtherRails) {
  FiguresWorld world;
  Counter& counter = world.counter;
  const auto fep = counter.services().catalog.Newest("fep")->hash;
  int moved = 0;
  counter.database().Write([&](storage::Session& session) {
    storage::ProjectFilter filter;
    filter.call = "mentor-2026";
    filter.limit = 1000;
    for (const auto& line : storage::ListProjects(session, filter)) {
      auto project = *storage::FindProjectById(session, line.id);
      if (project.id % 3 != 0) continue;
      project.definition = fep;
      ++project.version;
      moved += storage::UpdateProject(session, project, project.version - 1) ? 1 : 0;
    }
  });
  EXPECT_GT(moved, 10);
  const auto figures = EveryFigure(counter.database(), counter.services().catalog,
                                   {{"fep-2026", "mentor-2026"}, "", "", "", Counter::kNow});
  ExpectWordsInAll(figures);
  EXPECT_GT(FollowLinks(counter, figures), 50);
  const auto faults = counter.database().Read(
      [](storage::Session& session) { return storage::FlowFaults(session); });
  EXPECT_EQ(faults, std::vector<std::string>{});
}

}  // namespace
}  // namespace aiguillage::web
