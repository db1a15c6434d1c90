// The shipped rails against what they name: forms and their fields, mails, roles, deadlines,
// guides.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "forms/form.h"
#include "forms/points.h"
#include "tests/support/shipped_rails.h"
#include "workflows/calendar.h"

namespace aiguillage::workflows {
namespace {

using engine::Attribute;
namespace fs = std::filesystem;

const std::set<std::string> kRoles = {"project_holder",  "co_holder",        "collection_lead",
                                      "program_admin",   "case_officer",     "reviewer",
                                      "committee_chair", "committee_member", "designer",
                                      "integrator",      "auditor",          "relay"};
const std::set<std::string> kDsEffects = {"instruct", "correction", "accept",  "refuse",
                                          "close",    "message",    "annotate"};

std::map<std::string, forms::Form> AllForms(const std::string& own = "mentor") {
  std::map<std::string, forms::Form> all;
  for (const std::string& folder : {std::string("common"), own}) {
    for (const auto& entry : fs::directory_iterator(DefinitionsDir() / folder / "forms")) {
      const std::string id = entry.path().stem();
      auto form = forms::ParseForm(id, TextOf(entry.path()), entry.path().filename());
      if (form) all[id] = std::move(form).value();
      EXPECT_FALSE(!form) << form.refusal().sentence;
    }
  }
  return all;
}

// The whole of what is active, and of what silence refuses: nobody is ever told « active ».
bool OnlyGroups(const engine::StateNode& state) {
  return state.id == "active" || state.id == "selection";
}

class Definitions : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    chart_ = ReadRails(GetParam());
    ASSERT_NE(chart_, nullptr);
  }
  std::string At(const engine::Position& at) const {
    return GetParam() + ".scxml:" + std::to_string(at.line);
  }
  std::shared_ptr<const engine::Chart> chart_;
};

TEST_P(Definitions, EveryStateSaysWhatItIsForStaffAndForTheHolder) {
  for (const auto& state : chart_->states) {
    if (state.index == 0 || engine::IsHistory(state) || OnlyGroups(state)) continue;
    for (const char* attribute : {"label", "public", "turn", "phase"})
      EXPECT_TRUE(state.attributes.contains(attribute)) << At(state.at) << " " << attribute;
    EXPECT_FALSE(Attribute(state, "label").empty()) << state.id;
    EXPECT_FALSE(Attribute(state, "public").empty()) << state.id;
    for (const auto& role : WordsOf(Attribute(state, "turn")))
      EXPECT_TRUE(kRoles.contains(role)) << At(state.at) << " " << role;
  }
}

TEST_P(Definitions, StatesAreThoseOfTheField) {
  if (FolderOf(GetParam()) != "mentor") GTEST_SKIP() << "told by FepDefinition";
  std::set<std::string> ids;
  for (const auto& state : chart_->states) ids.insert(state.id);
  for (const char* id : {"submitted",
                         "admissibility_check",
                         "completion_requested",
                         "lead_review",
                         "arbitration",
                         "expert_review",
                         "committee",
                         "waitlisted",
                         "selected",
                         "commitment",
                         "framing",
                         "framing_drafting",
                         "framing_lead_validation",
                         "framing_changes_requested",
                         "scenario",
                         "scenario_drafting",
                         "scenario_validation",
                         "production",
                         "production_contents",
                         "production_media",
                         "integration",
                         "integration_building",
                         "integration_acceptance",
                         "integration_fixing",
                         "quality_review",
                         "quality_reviewing",
                         "quality_changes_requested",
                         "publication",
                         "publication_preparing",
                         "publication_scheduled",
                         "evaluation",
                         "evaluation_hot",
                         "evaluation_cold",
                         "evaluation_reporting",
                         "in_catalogue",
                         "suspended",
                         "inadmissible",
                         "rejected",
                         "withdrawn",
                         "lapsed",
                         "abandoned",
                         "archived"})
    EXPECT_TRUE(ids.contains(id)) << id;
  EXPECT_EQ(ids.contains("framing_changes"), GetParam() == "mentor");
}

TEST_P(Definitions, EveryActionSaysWhoWithWhichFormAndWhyItIsLocked) {
  const auto forms = AllForms(FolderOf(GetParam()));
  for (const auto* transition : Takeable(*chart_)) {
    const std::string form = Attribute(*transition, "form");
    EXPECT_TRUE(form.empty() || forms.contains(form)) << At(transition->at) << " " << form;
    if (Attribute(*transition, "label").empty()) {
      EXPECT_TRUE(Attribute(*transition, "by").empty()) << At(transition->at);
      continue;
    }
    const auto by = WordsOf(Attribute(*transition, "by"));
    EXPECT_FALSE(by.empty()) << At(transition->at);
    // Opening an examination says nothing but that it is open.
    EXPECT_EQ(form.empty(), transition->events.front() == "admissibility.start")
        << At(transition->at);
    for (const auto& role : by) EXPECT_TRUE(kRoles.contains(role)) << At(transition->at) << role;
    for (const auto& role : WordsOf(Attribute(*transition, "unlock")))
      EXPECT_TRUE(kRoles.contains(role)) << At(transition->at) << role;
  }
}

// `_event.data.x` in a guard, an assignment or an effect is a field of the form, or computed by it.
TEST_P(Definitions, WhatARailReadsOfAnAnswerItsFormGives) {
  const auto forms = AllForms(FolderOf(GetParam()));
  int read = 0;
  for (const auto* transition : Takeable(*chart_)) {
    const std::string id = Attribute(*transition, "form");
    if (id.empty() || id == "application") continue;  // intake adds ds_state to the answers
    const auto check = [&](const engine::Expression& expression) {
      if (!expression) return;
      for (const auto& path : expression.Paths()) {
        const std::string prefix = "_event.data.";
        if (!path.starts_with(prefix)) continue;
        const std::string name =
            path.substr(prefix.size(), path.find('.', prefix.size()) - prefix.size());
        const auto& form = forms.at(id);
        const bool computed = std::any_of(form.computed.begin(), form.computed.end(),
                                          [&](const auto& one) { return one.name == name; });
        EXPECT_TRUE(computed || forms::FindField(form, name) != nullptr)
            << At(transition->at) << ": " << id << " has no « " << name << " »";
        ++read;
      }
    };
    check(transition->condition);
    VisitBlock(transition->content, [&](const engine::Instruction& instruction) {
      check(instruction.expression);
      for (const auto& param : instruction.computed) check(param.value);
    });
  }
  EXPECT_GT(read, 8);
}

// DS and the holder are told why: such an act has a text of its own, or a form that asks for one.
TEST_P(Definitions, WhatDsIsToldHasItsWords) {
  const auto forms = AllForms(FolderOf(GetParam()));
  for (const auto* transition : Takeable(*chart_)) {
    VisitBlock(transition->content, [&](const engine::Instruction& effect) {
      if (effect.name != "ds") return;
      const std::string& what = Attribute(effect, "effect");
      EXPECT_TRUE(kDsEffects.contains(what)) << At(effect.at);
      if (what == "instruct" || what == "annotate" || effect.attributes.contains("textexpr"))
        return;
      const std::string id = Attribute(*transition, "form");
      ASSERT_TRUE(forms.contains(id)) << At(effect.at);
      const auto* reason = forms::FindField(forms.at(id), "reason");
      ASSERT_NE(reason, nullptr) << At(effect.at) << " " << id;
      // … or points to be answered, of which DS is told the list.
      EXPECT_TRUE(reason->required || forms::AskingField(forms.at(id)) != nullptr) << id;
    });
  }
}

TEST_P(Definitions, EveryMailHasItsPairOfTextsAndKnownRoles) {
  std::set<std::string> templates;
  VisitContent(*chart_, [&](const engine::Instruction& effect) {
    if (effect.name != "mail") return;
    templates.insert(Attribute(effect, "template"));
    const auto to = WordsOf(Attribute(effect, "to"));
    EXPECT_FALSE(to.empty()) << At(effect.at);
    auto everybody = WordsOf(Attribute(effect, "copy"));
    everybody.insert(everybody.end(), to.begin(), to.end());
    for (const auto& role : everybody)
      EXPECT_TRUE(kRoles.contains(role)) << At(effect.at) << " " << role;
    EXPECT_EQ(std::set<std::string>(everybody.begin(), everybody.end()).size(), everybody.size())
        << At(effect.at) << ": somebody is told twice";
  });
  EXPECT_GT(templates.size(), FolderOf(GetParam()) == "mentor" ? 60u : 50u);
  for (const auto& id : templates) {
    const std::string text =
        TextOf(DefinitionsDir() / FolderOf(GetParam()) / "mails" / (id + ".txt.mustache"));
    const std::string html =
        TextOf(DefinitionsDir() / FolderOf(GetParam()) / "mails" / (id + ".html.mustache"));
    EXPECT_TRUE(text.starts_with("Objet : [{{number}}] ")) << id;
    EXPECT_EQ(text.find("\n\n"), text.find('\n')) << id << ": an empty line follows the subject";
    EXPECT_NE(text.find("Et maintenant"), std::string::npos) << id << " has no next step";
    EXPECT_NE(html.find("Et maintenant"), std::string::npos) << id << " has no next step";
    EXPECT_NE(text.find("{{url}}"), std::string::npos) << id;
    EXPECT_NE(html.find("href=\"{{url}}\""), std::string::npos) << id;
  }
}

TEST_P(Definitions, EveryDeadlineIsReadableAndIsWaitedFor) {
  std::set<std::string> events;
  for (const auto* transition : Takeable(*chart_))
    events.insert(transition->events.begin(), transition->events.end());
  int deadlines = 0;
  VisitContent(*chart_, [&](const engine::Instruction& effect) {
    if (effect.name != "deadline") return;
    ++deadlines;
    const auto rule = ParseDeadlineRule(Attribute(effect, "in"));
    EXPECT_TRUE(rule) << At(effect.at);
    EXPECT_TRUE(events.contains(Attribute(effect, "event"))) << At(effect.at);
    EXPECT_TRUE((std::set<std::string>{"remaining", "restart", "keep"})
                    .contains(Attribute(effect, "resume")))
        << At(effect.at);
  });
  EXPECT_GT(deadlines, 20);
}

TEST_P(Definitions, EveryPhaseIsAStepAndEveryGuideExists) {
  std::set<std::string> phases, guides;
  std::istringstream listed(chart_->attributes.at("phases"));
  for (std::string phase; std::getline(listed, phase, '|');)
    phases.insert(phase.substr(0, phase.find(':')));
  const auto resources =
      nlohmann::json::parse(TextOf(DefinitionsDir() / FolderOf(GetParam()) / "resources.json"));
  for (const auto& resource : resources["resources"]) guides.insert(resource["id"]);
  for (const auto& state : chart_->states) {
    const std::string& phase = Attribute(state, "phase");
    EXPECT_TRUE(phase.empty() || phases.contains(phase)) << At(state.at) << " " << phase;
    for (const auto& guide : WordsOf(Attribute(state, "resources")))
      EXPECT_TRUE(guides.contains(guide)) << At(state.at) << " " << guide;
  }
}

INSTANTIATE_TEST_SUITE_P(Rails, Definitions, testing::ValuesIn(kRails),
                         [](const auto& rails) { return TestNameOf(rails.param); });

// What the brief of the fund asks for: the states that Mentor has not.
TEST(FepDefinition, HasTheRelayOfEachBranchTheMoneyAndTheSheet) {
  const auto chart = ReadRails("fep");
  ASSERT_NE(chart, nullptr);
  std::set<std::string> ids;
  for (const auto& state : chart->states) ids.insert(state.id);
  for (const char* id : {"submitted",
                         "admissibility_check",
                         "completion_requested",
                         "relay_opinion",
                         "relay_opinion_pfrh",
                         "relay_opinion_ministry_sg",
                         "relay_opinion_dgcl",
                         "relay_opinion_dgos",
                         "expert_review",
                         "committee",
                         "selected",
                         "waitlisted",
                         "agreement",
                         "payment_1",
                         "running",
                         "running_mid_report",
                         "final_report",
                         "balance_payment",
                         "recovery",
                         "capitalised",
                         "closed",
                         "suspended",
                         "inadmissible",
                         "rejected",
                         "withdrawn",
                         "lapsed",
                         "abandoned"})
    EXPECT_TRUE(ids.contains(id)) << id;
}

// The démarche's fields go to fields of the application that exist, and of a type that fits.
class Mapping : public testing::TestWithParam<std::string> {};

TEST_P(Mapping, NamesFieldsOfTheApplication) {
  const auto forms = AllForms(GetParam());
  const auto& application = forms.at("application");
  const auto mapping =
      nlohmann::json::parse(TextOf(DefinitionsDir() / GetParam() / "mapping.json"));
  std::set<std::string> champs;
  for (const auto& field : mapping["fields"]) {
    const auto* target = forms::FindField(application, field["to"].get<std::string>());
    ASSERT_NE(target, nullptr) << field["to"];
    EXPECT_TRUE(champs.insert(field["champ"]).second) << field["label"];
    EXPECT_EQ(field["type"] == "rows", target->kind == forms::Kind::kRows) << field["to"];
    for (const auto& cell : field.value("rows", nlohmann::json::array()))
      EXPECT_NE(forms::FindField(application, target->name + "." + cell["to"].get<std::string>()),
                nullptr);
    if (!field.contains("choices")) continue;
    for (const auto& [word, slug] : mapping["choices"][field["choices"].get<std::string>()].items())
      EXPECT_TRUE(std::any_of(target->options.begin(), target->options.end(),
                              [&](const auto& option) { return option.value == slug; }))
          << word << " -> " << slug;
  }
  EXPECT_EQ(champs.size(), 23u);
}

INSTANTIATE_TEST_SUITE_P(Shipped, Mapping, testing::Values("mentor", "fep"));

TEST(Collections, AreFourteenWithThreeBelowRhAndTheFormKnowsThemAll) {
  const auto forms = AllForms();
  const auto all = nlohmann::json::parse(TextOf(DefinitionsDir() / "mentor/collections.json"));
  EXPECT_EQ(all["collections"].size(), 14u);
  std::set<std::string> slugs, offered;
  for (const auto& collection : all["collections"]) {
    slugs.insert(collection["slug"]);
    const auto sub = collection.value("sub", nlohmann::json::array());
    EXPECT_EQ(sub.size(), collection["slug"] == "rh" ? 3u : 0u);
    for (const auto& below : sub) slugs.insert(below["slug"]);
  }
  for (const auto& option : forms::FindField(forms.at("application"), "collection")->options)
    offered.insert(option.value);
  EXPECT_EQ(offered, slugs);
}

}  // namespace
}  // namespace aiguillage::workflows
