// The register: who lists what, and the list as a file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/projects.h"
#include "tests/web/counter.h"
#include "web/table_file.h"

namespace aiguillage::web {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

storage::Project Change(Counter& counter, int number,
                        const std::function<void(storage::Project&)>& how) {
  return counter.database().Write([&](storage::Session& session) {
    auto project = storage::FindProject(session, counter.number(number)).value();
    const auto before = project;
    how(project);
    ++project.version;
    EXPECT_TRUE(storage::UpdateProject(session, before, project));
    return project;
  });
}

}  // namespace

TEST(Register, ShowsEverybodyWhatLivesOrIsOnlineAndTheirOwnWhatEnded) {
  Counter counter;
  const auto other = counter.number(2);
  const auto list = counter.Get("/projets", "holder").body;
  EXPECT_THAT(list, HasSubstr(counter.number(1)));
  EXPECT_THAT(list, HasSubstr(other));
  EXPECT_THAT(list, Not(HasSubstr("href=\"/projets/" + other + "\""))) << "known, not opened";
  EXPECT_THAT(counter.Get("/projets?mes=1", "holder").body, Not(HasSubstr(other)));
  Change(counter, 2, [&](storage::Project& project) { project.ended_at = counter.now; });
  EXPECT_THAT(counter.Get("/projets", "holder").body, Not(HasSubstr(other)));
  EXPECT_THAT(counter.Get("/projets?mes=1", "other_holder").body, HasSubstr(other));
  EXPECT_THAT(counter.Get("/projets", "officer").body, HasSubstr(other)) << "staff see all";
  Change(counter, 2, [&](storage::Project& project) {
    project.course_url = "https://mentor.exemple.invalid/cours/2";
  });
  EXPECT_THAT(counter.Get("/projets", "holder").body, HasSubstr(other));
  EXPECT_EQ(counter.Get("/projets").status, 303) << "a stranger logs in first";
}

TEST(Register, IsAFileAsFiltered) {
  Counter counter;
  const auto csv = counter.Get("/projets.csv?q=" + counter.number(1), "officer");
  ASSERT_EQ(csv.status, 200) << csv.body;
  EXPECT_THAT(csv.body, StartsWith("\xEF\xBB\xBFNuméro;Titre;"));
  EXPECT_THAT(csv.body, HasSubstr("\r\n" + counter.number(1) + ";"));
  EXPECT_THAT(csv.body, Not(HasSubstr(counter.number(2))));
  ASSERT_NE(csv.FindHeader("Content-Disposition"), nullptr);
  EXPECT_THAT(*csv.FindHeader("Content-Disposition"), HasSubstr("projets.csv"));
  const auto page = counter.Get("/projets?collection=langues", "officer").body;
  EXPECT_THAT(page, HasSubstr("/projets.xlsx?collection=langues")) << "what one sees";
  const auto xlsx = counter.Get("/projets.xlsx", "officer");
  ASSERT_EQ(xlsx.status, 200);
  EXPECT_THAT(xlsx.body, StartsWith("PK"));
  const auto outsider = counter.Get("/projets.csv", "holder").body;
  EXPECT_THAT(outsider, HasSubstr(counter.number(2)));
  EXPECT_THAT(outsider, Not(HasSubstr("gestionnaire"))) << "not whose turn it is";
}

TEST(TableFile, KeepsWhatPeopleTypedFromRunning) {
  TableFile table{"Liste", {"Texte", "Nombre", "Jour"}, {}};
  table.rows.push_back({TableCell("=1+1"), TableCell::Number(2.5), TableCell::Day("2026-11-23")});
  table.rows.push_back({TableCell("a;\"b\"\nc"), TableCell::Number(-3), TableCell::Day("")});
  table.rows.push_back(
      {TableCell("@SOMME(A1)"), TableCell::Number(0), TableCell::Day("2026-02-29x")});
  EXPECT_EQ(CsvOf(table),
            "\xEF\xBB\xBFTexte;Nombre;Jour\r\n"
            "'=1+1;2,5;23/11/2026\r\n"
            "\"a;\"\"b\"\"\nc\";-3;\r\n"
            "'@SOMME(A1);0;2026-02-29x\r\n");
}

TEST(TableFile, MakesASheetOfAnything) {
  TableFile table{"a/b:[c]*?'trop long pour un nom de feuille, vraiment", {kCanary}, {}};
  table.rows.push_back({TableCell(std::string(70'000, 'x') + "é")});
  table.rows.push_back({TableCell(kCanary)});
  EXPECT_THAT(XlsxOf({table}), StartsWith("PK"));
  EXPECT_THAT(XlsxOf({TableFile{"Vide", {}, {}}}), StartsWith("PK"));
}

}  // namespace aiguillage::web
