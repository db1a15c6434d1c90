// The acceptance sheet: defects keep their number, come back as reopened, and lock the acceptance.
#include "web/acceptance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "forms/computed.h"
#include "tests/web/committee_world.h"

namespace aiguillage::web {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

json DefectRow(int number, const std::string& severity, const std::string& state,
               const std::string& area = "links") {
  return {{"number", number},
          {"area", area},
          {"description", "Lien mort " + kCanary},
          {"severity", severity},
          {"state", state}};
}

// A project whose training is about to be accepted, its integrator and designer named.
struct InAcceptance : CommitteeWorld {
  InAcceptance() {
    AddSomebody("integrator");
    AddSomebody("designer");
    BringToCommittee(1, {4, 4, 4, 4, 4, 4, 4, 4});
    Go("pilot", "committee.select");
    Go("pilot", "commitment.open");
    Go("holder", "commitment.sign");
    Go("pilot", "commitment.sign");
    services().desk.GrantRole(Id("integrator"), "integrator", "project:" + number(1), now);
    services().desk.GrantRole(Id("designer"), "designer", "project:" + number(1), now);
    for (const auto& [who, action] :
         std::vector<std::pair<const char*, const char*>>{{"holder", "framing_note.submit"},
                                                          {"lead", "framing_note.approve"},
                                                          {"designer", "synopsis.submit"},
                                                          {"designer", "storyboard.submit"},
                                                          {"designer", "scenario.submit"},
                                                          {"lead", "scenario.approve"},
                                                          {"designer", "contents.deliver"},
                                                          {"designer", "media.deliver"},
                                                          {"lead", "production.approve"},
                                                          {"integrator", "integration.deliver"}}) {
      Go(who, action);
    }
  }

  // With the action's own form, filled in as little as it takes.
  void Go(const std::string& who, const std::string& action) {
    const auto project = Project(1);
    const auto person = Id(who);
    const auto offered = database().Read([&](storage::Session& session) {
      return services().desk.ActionsFor(session, project, person, now);
    });
    for (const auto& one : offered) {
      if (one.action.id != action) continue;
      Must(1, who, action,
           one.action.form.empty() ? json::object() : test::FilledIn(Form(1, one.action.form)));
      return;
    }
    throw std::runtime_error(who + " cannot " + action + " in " + Project(1).states);
  }

  json SheetOf(const json& defects, const std::string& result = "ok") {
    json answers = test::FilledIn(Form(1, "acceptance_sheet"));
    answers["checks"] =
        json::array({{{"area", "links"}, {"check", "Les liens s’ouvrent"}, {"result", result}}});
    answers["defects"] = defects;
    return answers;
  }
  void Record(const json& defects, const std::string& result = "ok") {
    Must(1, "integrator", "acceptance.record", SheetOf(defects, result));
  }
  std::string Page(const std::string& who = "integrator") {
    return Get("/projets/" + number(1), who).body;
  }
};

json Computed(const forms::Form& form, const json& answers) {
  auto all = forms::WithComputed(form, answers);
  EXPECT_TRUE(all) << all.refusal().sentence;
  return all.value();
}

}  // namespace

TEST(Acceptance, TheSheetCountsWhatBlocks) {
  Counter counter;
  const auto definition = counter.services().catalog.Newest("mentor");
  const auto& form = definition->forms.at("acceptance_sheet");
  const auto with = [&](const json& defects, const std::string& result) {
    json answers = {{"checks", {{{"area", "links"}, {"check", "x"}, {"result", result}}}}};
    if (!defects.is_null()) answers["defects"] = defects;
    const json all = Computed(form, answers);
    return all["open_defects"].dump() + " " + all["blocking_defects"].dump();
  };
  EXPECT_EQ(with(nullptr, "ok"), "0 0");
  EXPECT_EQ(with(json::array({DefectRow(1, "blocking", "open")}), "ko"), "1 1");
  EXPECT_EQ(with(json::array({DefectRow(1, "minor", "open")}), "ko"), "1 0");
  EXPECT_EQ(with(json::array({DefectRow(1, "blocking", "closed")}), "ok"), "0 0");
  EXPECT_EQ(with(nullptr, "ko"), "0 1") << "a point that fails and that nothing describes";
  EXPECT_EQ(with(json::array({DefectRow(1, "minor", "closed")}), "ko"), "0 1");
  EXPECT_EQ(with(json::array({DefectRow(1, "minor", "open", "media")}), "ko"), "1 1");
}

TEST(Acceptance, ADefectThatComesBackIsReopened) {
  Counter counter;
  const auto definition = counter.services().catalog.Newest("mentor");
  const auto& form = definition->forms.at("acceptance_sheet");
  const auto sheet = [](int version, const json& defects) {
    storage::Document document;
    document.version = version;
    document.at = version;
    document.answers = {{"defects", defects}};
    return document;
  };
  const auto defects = DefectsOf(
      form, {sheet(1, {DefectRow(1, "minor", "open"), DefectRow(3, "blocking", "open"),
                       DefectRow(4, "major", "open")}),
             sheet(2, {DefectRow(1, "minor", "open"), DefectRow(3, "blocking", "closed"),
                       DefectRow(4, "major", "open")}),
             sheet(3, {DefectRow(1, "minor", "closed"), DefectRow(3, "blocking", "open")})});
  ASSERT_EQ(defects.size(), 3u);
  EXPECT_EQ(defects[0].number, 3);
  EXPECT_TRUE(defects[0].open && defects[0].reopened && defects[0].blocking);
  EXPECT_EQ(defects[0].since, 3);
  EXPECT_EQ(defects[0].area, "Liens");
  EXPECT_EQ(defects[1].number, 4);
  EXPECT_TRUE(defects[1].open && defects[1].dropped) << "it was left out, not mended";
  EXPECT_EQ(defects[1].since, 1);
  EXPECT_EQ(defects[2].number, 1);
  EXPECT_FALSE(defects[2].open);
}

TEST(Acceptance, ShowsWhatIsOpenAndLocksUntilNothingBlocks) {
  InAcceptance world;
  EXPECT_THAT(world.Page(), Not(HasSubstr("Recette : ce qui reste à corriger")));
  world.Record({DefectRow(1, "blocking", "open"), DefectRow(2, "minor", "open")}, "ko");
  auto page = world.Page();
  EXPECT_THAT(page, HasSubstr("2\u00a0défauts ouverts, dont 1\u00a0bloquant."));
  EXPECT_THAT(page, HasSubstr("La réception, donc la publication, attend"));
  EXPECT_FALSE(HoldsCanary(page));
  EXPECT_THAT(world.Do(1, "integrator", "acceptance.pass",
                       test::FilledIn(world.Form(1, "acceptance_report"))),
              HasSubstr("sans défaut bloquant"));
  // The next sheet starts from the last one, whoever filled that in, beside what is still open.
  for (const char* who : {"integrator", "holder"}) {
    const auto next =
        world.Get("/projets/" + world.number(1) + "/actions/acceptance.record", who).body;
    EXPECT_THAT(next, HasSubstr("Recette : ce qui reste à corriger")) << who;
    EXPECT_THAT(next, HasSubstr("name=\"defects.1.number\" value=\"2\"")) << who;
    EXPECT_FALSE(HoldsCanary(next)) << who;
  }
  world.Record({DefectRow(1, "blocking", "closed"), DefectRow(2, "minor", "open")});
  world.Record({DefectRow(1, "blocking", "open"), DefectRow(2, "minor", "closed")});
  page = world.Page("holder");
  EXPECT_THAT(page, HasSubstr("1\u00a0défaut ouvert, dont 1\u00a0bloquant et 1\u00a0rouvert."));
  EXPECT_THAT(page, HasSubstr("rouvert</span>"));
  EXPECT_THAT(page, HasSubstr("corrigé</span>"));
  world.Record({DefectRow(1, "blocking", "closed"), DefectRow(2, "minor", "closed")});
  page = world.Page();
  EXPECT_THAT(page, HasSubstr("Aucun défaut ouvert."));
  EXPECT_THAT(page, HasSubstr("Rien ne bloque la réception."));
  EXPECT_EQ(world.Do(1, "integrator", "acceptance.pass",
                     test::FilledIn(world.Form(1, "acceptance_report"))),
            "");
  EXPECT_THAT(world.house().pages.Missing(), ::testing::IsEmpty());
}

}  // namespace aiguillage::web
