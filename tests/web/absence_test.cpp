// Absences on the pages: declared by oneself or by the pilot, refused in words, ended early.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/people.h"
#include "storage/projects.h"
#include "tests/web/counter.h"
#include "workflows/access.h"

namespace aiguillage::web {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string EmailOf(Counter& counter, const std::string& who) {
  return counter.database()
      .Read([&](storage::Session& session) {
        return storage::FindPerson(session, counter.PersonId(who));
      })
      ->email;
}

Fields From(Counter& counter, const std::string& from, const std::string& until,
            const std::string& who, const std::string& scope = "") {
  return {{"du", from},
          {"au", until},
          {"remplacant", who.empty() ? "personne@exemple.invalid" : EmailOf(counter, who)},
          {"perimetre", scope}};
}

std::vector<storage::Delegation> AbsencesOf(Counter& counter, const std::string& who) {
  return counter.database().Read([&](storage::Session& session) {
    return storage::AbsencesOf(session, counter.PersonId(who), counter.now);
  });
}

}  // namespace

// 21 September 2026: the lead leaves today, and the other lead sees the tasks until the 25th ends.
TEST(Absence, LendsTheTasksForItsDaysAndGivesThemBack) {
  Counter counter;
  const std::string page = "/projets/" + counter.number(1);
  EXPECT_EQ(counter.Get(page, "other_lead").status, 403);
  const auto said = counter.Post("/compte/absences",
                                 From(counter, "2026-09-21", "2026-09-25", "other_lead"), "lead");
  EXPECT_EQ(said.status, 303);
  EXPECT_EQ(counter.Get(page, "other_lead").status, 200);
  EXPECT_THAT(counter.Get("/taches", "other_lead").body, HasSubstr("Vous agissez aussi pour"));
  const auto account = counter.Get("/compte", "lead").body;
  EXPECT_THAT(account, HasSubstr("du 21 septembre 2026 au 25 septembre 2026"));
  EXPECT_THAT(account, HasSubstr("en cours"));
  counter.database().Read([&](storage::Session& session) {
    const auto project = storage::FindProject(session, counter.number(1)).value();
    const auto may = [&](int days) {
      return workflows::MaySee(session, counter.PersonId("other_lead"), project,
                               counter.now + days * 86'400'000LL);
    };
    EXPECT_TRUE(may(4));
    EXPECT_FALSE(may(5));
  });
}

TEST(Absence, EndsEarlyByItsOwnerAlone) {
  Counter counter;
  counter.Post("/compte/absences", From(counter, "2026-09-22", "2026-09-25", "other_lead"), "lead");
  const auto absences = AbsencesOf(counter, "lead");
  ASSERT_EQ(absences.size(), 1U);
  const std::string end = "/compte/absences/" + std::to_string(absences[0].id) + "/fin";
  EXPECT_EQ(counter.Post(end, {}, "other_lead").status, 404);
  EXPECT_EQ(counter.Post(end, {}, "lead").status, 303);
  EXPECT_TRUE(AbsencesOf(counter, "lead").empty());
  EXPECT_EQ(counter.Post(end, {}, "lead").status, 404) << "it is over";
  EXPECT_EQ(counter.Post("/compte/absences/x/fin", {}, "lead").status, 404);
}

TEST(Absence, IsRefusedInWordsAndKeepsWhatWasTyped) {
  Counter counter;
  struct {
    Fields fields;
    std::string words;
  } const cases[] = {
      {From(counter, "", "2026-09-25", "other_lead"), "premier et le dernier jour"},
      {From(counter, "hier", "2026-09-25", "other_lead"), "premier et le dernier jour"},
      {From(counter, "2026-09-28", "2026-09-25", "other_lead"), "doit venir après son début"},
      {From(counter, "2026-09-01", "2026-09-02", "other_lead"), "déjà passée"},
      {From(counter, "2026-09-22", "2026-09-25", "lead"), "se remplacer soi-même"},
      {From(counter, "2026-09-22", "2026-09-25", ""), "personne@exemple.invalid"},
      {From(counter, "2026-09-22", "2026-09-25", "other_lead", "partout"), "Portée attendue"},
  };
  for (const auto& one : cases) {
    const auto said = counter.Post("/compte/absences", one.fields, "lead");
    EXPECT_EQ(said.status, 422) << one.words;
    EXPECT_THAT(said.body, HasSubstr(one.words));
    EXPECT_THAT(said.body, HasSubstr("value=\"" + one.fields[1].second + "\"")) << "kept";
  }
  EXPECT_TRUE(AbsencesOf(counter, "lead").empty());
  const Fields hostile = {{"du", kCanary}, {"au", kCanary}, {"remplacant", kCanary}};
  EXPECT_FALSE(HoldsCanary(counter.Post("/compte/absences", hostile, "lead").body));
}

TEST(Absence, IsDeclaredForSomebodyElseByThePilotAlone) {
  Counter counter;
  const std::string address =
      "/personnes/" + std::to_string(counter.PersonId("lead")) + "/absences";
  const auto fields = From(counter, "2026-09-22", "2026-09-25", "other_lead");
  for (const char* who : {"officer", "lead", "holder"}) {
    EXPECT_EQ(counter.Post(address, fields, who).status, 403) << who;
  }
  EXPECT_EQ(counter.Post(address, fields, "pilot").status, 303);
  const auto absences = AbsencesOf(counter, "lead");
  ASSERT_EQ(absences.size(), 1U);
  EXPECT_THAT(counter.Get(address.substr(0, address.rfind('/')), "pilot").body,
              HasSubstr("du 22 septembre 2026"));
  EXPECT_EQ(
      counter.Post(address + "/" + std::to_string(absences[0].id) + "/fin", {}, "pilot").status,
      303);
  EXPECT_TRUE(AbsencesOf(counter, "lead").empty());
}

TEST(Absence, LendsRightsForItsDaysAndByWhoIsStillThere) {
  Counter counter;
  const std::int64_t day = 86'400'000;
  counter.AddPerson("stand_in");
  counter.database().Write([&](storage::Session& session) {
    storage::InsertDelegation(session, {0, counter.PersonId("lead"), counter.PersonId("stand_in"),
                                        "", counter.now + day, counter.now + 3 * day});
  });
  const auto sees = [&](std::int64_t at) {
    return counter.database().Read([&](storage::Session& session) {
      const auto project = storage::FindProject(session, counter.number(1));
      return workflows::MaySee(session, counter.PersonId("stand_in"), *project, at);
    });
  };
  const std::int64_t start = counter.now;
  EXPECT_FALSE(sees(start));
  EXPECT_TRUE(sees(start + 2 * day));
  EXPECT_FALSE(sees(start + 4 * day));
  counter.services().desk.SetActive(counter.PersonId("lead"), false, start);
  EXPECT_FALSE(sees(start + 2 * day)) << "who was disabled lends nothing";
}

}  // namespace aiguillage::web
