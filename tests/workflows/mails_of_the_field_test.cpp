// Who is told what: the field's table, row by row, on both orders of the rails of Mentor. A project
// is driven through the desk to each event; what left is told with who received it and how.
//
//   acknowledgement > hugo | olga~ lea~
//     one mail a person: those addressed before the bar, those in copy behind it; what has a ~ may
//     wait and leave with others (workflows/mail_pace.h), what has none leaves by itself
//
// Rows that no act on a project causes have their test where they happen:
//   call published, J-15, J-3      tests/notifications/call_news_test.cpp
//   committee convened             tests/web/committee_test.cpp
//   survey wave open               tests/web/surveys_test.cpp
// Whom the table names and no record knows: partners and the hierarchy of a holder (the form asks
// for no address), the CIAM space and the newsletter's editor (they read the feeds and
// /pilotage/infolettre).
#include <gtest/gtest.h>

#include "storage/outbox.h"
#include "storage/people.h"
#include "storage/timers.h"
#include "tests/support/desk_world.h"
#include "tests/support/filled_in.h"
#include "tests/support/shipped_rails.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Session;
using test::DeskWorld;

struct RoadStep {
  std::string who, action;
  json data = json::object();  // in place of what the form's first options say
};

json People(const char* list, std::initializer_list<const char*> names) {
  json data = {{list, json::array()}};
  for (const char* name : names) data[list].push_back(DeskWorld::Email(name));
  return data;
}

// The way from the deposit to the catalogue, one act after the other.
const std::vector<RoadStep>& Road() {
  static const std::vector<RoadStep> road = [] {
    json team = People("co_holders", {"coline"});
    team.update(People("designers", {"dora"}));
    team.update(People("integrators", {"ines"}));
    return std::vector<RoadStep>{
        {"olga", "admissibility.accept"},
        {"lea", "framing.validate"},
        {"olga", "review.assign", People("reviewers", {"rita", "remi"})},
        {"rita", "review.submit"},
        {"remi", "review.submit"},
        {"hugo", "team.assign", team},
        {"carla", "committee.select"},
        {"paul", "commitment.open"},
        {"hugo", "commitment.sign"},
        {"paul", "commitment.sign"},
        {"hugo", "framing_note.submit"},
        {"lea", "framing_note.approve"},
        {"dora", "synopsis.submit"},
        {"dora", "storyboard.submit"},
        {"dora", "scenario.submit"},
        {"lea", "scenario.approve"},
        {"dora", "contents.deliver"},
        {"dora", "media.deliver"},
        {"lea", "production.approve"},
        {"ines", "integration.deliver"},
        {"ines", "acceptance.record"},
        {"ines", "acceptance.pass"},
        {"rita", "quality.submit"},
        {"dora", "training_sheet.complete"},
        {"dora", "session_sheet.complete"},
        {"dora", "communication_note.complete"},
        {"paul", "publication.schedule"},
        {"paul", "confirm_online"},
        {"hugo", "evaluation.hot"},
        {"hugo", "evaluation.cold"},
    };
  }();
  return road;
}

class MailsOfTheField : public testing::TestWithParam<std::string> {
 protected:
  MailsOfTheField() : world_(Options()) {
    for (const char* name : {"coline", "dora", "ines"}) world_.Person(name, "00000000100017");
    world_.Grant("carla", "committee_chair", "call:demo-2026");
  }

  static test::WorldOptions Options() {
    test::WorldOptions options;
    options.rails = "workflows/definitions";
    options.definition = GetParam();
    return options;
  }

  bool FramingFirst() const { return GetParam() == "mentor"; }

  // A project about to be asked for this action, all before it done.
  void Reach(const std::string& action) {
    number_ = world_.Intake("Accueil", "en_construction");
    const auto project = world_.Project(number_).id;
    intake_ = TellOf(world_.database().Read(
        [&](Session& session) { return storage::OutboxOf(session, project, "mail"); }));
    for (const RoadStep& step : Road()) {
      if (step.action == action) return;
      Do(step.who, step.action, step.data);
    }
    FAIL() << action << " is not on the road";
  }

  // What left because of it.
  std::string Do(const std::string& who, std::string action, const json& data = json::object()) {
    if (action == "framing.validate" && !FramingFirst()) action = "opinion.submit";
    json answers = json::object();
    const auto project = world_.Project(number_);
    const auto person = world_.Person(who);
    for (const auto& one : world_.database().Read([&](Session& session) {
           return world_.desk().ActionsFor(session, project, person, world_.now);
         })) {
      if (one.action.id != action || one.action.form.empty()) continue;
      answers = test::FilledIn(world_.catalog().Newest(GetParam())->forms.at(one.action.form));
    }
    answers.merge_patch(data);
    const std::string said = world_.Do(number_, who, action, answers);
    EXPECT_EQ(said.find(": "), std::string::npos) << who << " " << action << " " << said;
    return Told();
  }

  // What left because of the deadlines of this project that fall by then.
  std::string Late(int days = 60) {
    world_.Days(days);
    std::string told;
    for (;;) {
      const auto due = world_.database().Read(
          [&](Session& session) { return storage::DueTimers(session, world_.now, 1); });
      if (due.empty()) return told;
      const auto project = world_.database().Read([&](Session& session) {
        return storage::FindProjectById(session, due[0].project).value();
      });
      world_.Do(project.number, "timer", due[0].event);
      if (project.number == number_) told += Told();
    }
  }

  // The mails of the last act.
  std::string Told() {
    return TellOf(world_.database().Read(
        [&](Session& session) { return storage::OutboxOfAct(session, world_.last_act); }));
  }

  std::string TellOf(const std::vector<storage::OutboxRow>& rows) {
    std::vector<std::string> order;
    std::map<std::string, std::pair<std::string, std::string>> mails;  // to whom, in copy
    for (const auto& row : rows) {
      if (row.kind != "mail") continue;
      if (!mails.contains(row.topic)) order.push_back(row.topic);
      auto& [to, copy] = mails[row.topic];
      const auto someone = world_.database().Read(
          [&](Session& session) { return storage::FindPerson(session, row.person); });
      (row.copy ? copy : to) +=
          " " + (someone ? someone->name : "nobody") + (row.pace.empty() ? "" : "~");
    }
    std::string told;
    for (const auto& topic : order) {
      const auto& [to, copy] = mails[topic];
      told += topic + " >" + to + (copy.empty() ? "" : " |" + copy) + "\n";
    }
    return told;
  }

  // Each step of the ladder of what is due, up to a day: who is reminded.
  std::string Climb(const std::string& until) {
    std::string text;
    const std::int64_t end = workflows::EndOfParisDay(until);
    for (;;) {
      const auto due = world_.database().Read(
          [&](Session& session) { return storage::DueRungs(session, end, 1); });
      if (due.empty()) return text;
      world_.now = std::max(world_.now, due[0].rung_at);
      for (const auto& one : world_.desk().Remind(due[0].id, world_.now, false)) {
        text += workflows::ParisDate(one.at) + " " + one.event + " >";
        for (const auto& address : one.told) text += " " + address.substr(0, address.find('@'));
        text += "\n";
      }
    }
  }

  DeskWorld world_;
  std::string number_, intake_;
};

INSTANTIATE_TEST_SUITE_P(Rails, MailsOfTheField, testing::Values("mentor", "mentor-cadrage-apres"),
                         [](const auto& rails) { return TestNameOf(rails.param); });

TEST_P(MailsOfTheField, ApplicationSubmitted) {
  Reach("admissibility.accept");
  EXPECT_EQ(intake_, "acknowledgement > hugo | olga~ lea~\n");
}

TEST_P(MailsOfTheField, CompletionRequestedReminderInadmissible) {
  Reach("admissibility.accept");
  EXPECT_EQ(Do("olga", "completion.request"), "completion_requested > hugo | olga~\n");
  EXPECT_EQ(Climb("2026-12-05"), "2026-12-02 completion.expired > hugo\n");
  EXPECT_EQ(Late(), "completion_expired > hugo | olga~\n");
  Reach("admissibility.accept");
  EXPECT_EQ(Do("olga", "admissibility.reject"), "inadmissible > hugo | olga~\n");
}

TEST_P(MailsOfTheField, LeadReview) {
  Reach("admissibility.accept");
  EXPECT_EQ(Do("olga", "admissibility.accept"),
            "lead_review_requested > lea | olga~\n"
            "admissible > hugo\n");
  EXPECT_EQ(Climb("2026-12-14"), "2026-12-07 lead_review.late > lea\n");
  EXPECT_EQ(Late(22), "lead_review_late > lea | olga~\n");
  EXPECT_EQ(Climb("2027-02-14"),
            "2026-12-15 lead_review.late > lea\n"
            "2026-12-23 lead_review.late > paul\n");
}

TEST_P(MailsOfTheField, ReviewAssignedRemindedReassigned) {
  Reach("review.assign");
  EXPECT_EQ(Do("olga", "review.assign", People("reviewers", {"rita", "remi"})),
            "review_assigned > rita remi | olga~\n");
  EXPECT_EQ(Climb("2026-12-14"),
            "2026-12-09 expert_review.late > rita remi\n"
            "2026-12-14 expert_review.late > rita remi\n");
  EXPECT_EQ(Do("remi", "review.decline"), "review_declined > olga\n");
  EXPECT_EQ(Do("olga", "review.assign", People("reviewers", {"rosa"})),
            "review_assigned > rosa | olga~\n");
  EXPECT_EQ(Late(), "expert_review_late > rita rosa | olga~\n");
}

TEST_P(MailsOfTheField, Decision) {
  Reach("committee.select");
  EXPECT_EQ(Do("carla", "committee.waitlist"), "waitlisted > hugo coline | lea~ olga~\n");
  EXPECT_EQ(Do("paul", "waitlist.promote"), "selected > hugo coline | lea~ olga~\n");
  Reach("committee.select");
  EXPECT_EQ(Do("carla", "committee.reject"), "rejected > hugo coline | lea~ olga~\n");
  Reach("committee.select");
  EXPECT_EQ(Do("carla", "committee.select"), "selected > hugo coline | lea~ olga~\n");
}

TEST_P(MailsOfTheField, Commitment) {
  Reach("commitment.open");
  EXPECT_EQ(Do("paul", "commitment.open"), "commitment_opened > hugo | olga~ lea~\n");
  EXPECT_EQ(Do("hugo", "commitment.sign"), "commitment_to_countersign > paul | hugo~\n");
  EXPECT_EQ(Do("paul", "commitment.sign"), "commitment_signed > hugo dora | lea~ olga~\n");
  Reach("commitment.open");
  Do("paul", "commitment.open");
  EXPECT_EQ(Late(40), "commitment_lapsed > hugo | olga~ lea~\n");
}

TEST_P(MailsOfTheField, DocumentsOfTheDesign) {
  Reach("framing_note.submit");
  EXPECT_EQ(Do("hugo", "framing_note.submit"), "framing_note_submitted > lea | hugo~\n");
  EXPECT_EQ(Do("lea", "framing_note.change"), "framing_note_change_asked > hugo dora | olga~\n");
  Do("hugo", "framing_note.submit");
  EXPECT_EQ(Do("lea", "framing_note.approve"), "framing_note_approved > hugo dora | olga~\n");
  Do("dora", "synopsis.submit");
  Do("dora", "storyboard.submit");
  EXPECT_EQ(Do("dora", "scenario.submit"), "scenario_submitted > lea | hugo~\n");
  EXPECT_EQ(Do("lea", "scenario.change"), "scenario_change_asked > dora hugo | olga~\n");
  Do("dora", "scenario.submit");
  EXPECT_EQ(Do("lea", "scenario.approve"), "scenario_approved > dora hugo | olga~\n");
  EXPECT_EQ(Do("dora", "contents.deliver"), "contents_delivered > hugo | dora~\n");
  EXPECT_EQ(Do("dora", "media.deliver"),
            "media_delivered > hugo | dora~\n"
            "production_delivered > lea | hugo~\n");
  EXPECT_EQ(Do("lea", "production.change"), "production_change_asked > dora hugo | olga~\n");
  Do("dora", "contents.deliver");
  Do("dora", "media.deliver");
  EXPECT_EQ(Do("lea", "production.approve"), "production_approved > ines dora hugo | olga~\n");
}

TEST_P(MailsOfTheField, AcceptanceAndQuality) {
  Reach("integration.deliver");
  EXPECT_EQ(Do("ines", "integration.deliver"), "integration_delivered > hugo ines | dora~ lea~\n");
  EXPECT_EQ(Do("ines", "acceptance.record"), "acceptance_recorded > hugo dora | ines~ lea~\n");
  EXPECT_EQ(Do("ines", "acceptance.fail"), "acceptance_failed > ines dora | hugo~ lea~\n");
  Do("ines", "integration.deliver");
  Do("ines", "acceptance.record");
  EXPECT_EQ(Do("ines", "acceptance.pass"),
            "quality_review_requested > rita remi | olga~\n"
            "acceptance_passed > hugo dora | lea~\n");
  EXPECT_EQ(Do("rita", "quality.submit", {{"editorial", {{"law", {{"result", "not"}}}}}}),
            "quality_changes_asked > dora hugo | lea~\n");
  EXPECT_EQ(Do("dora", "quality.resubmit"), "quality_review_requested > rita remi | olga~ lea~\n");
  EXPECT_EQ(Do("rita", "quality.submit"), "quality_accepted > hugo dora | lea~ paul~\n");
}

TEST_P(MailsOfTheField, MilestoneBeforeAndAfter) {
  Reach("framing_note.submit");
  EXPECT_EQ(Climb("2027-01-22"),
            "2027-01-15 framing.late > hugo dora\n"
            "2027-01-20 framing.late > hugo dora\n"
            "2027-01-22 framing.late > hugo dora\n");
  EXPECT_EQ(Late(), "design_late > hugo dora | olga~\n");
  EXPECT_EQ(Climb("2027-02-14"),
            "2027-01-27 framing.late > coline lea\n"
            "2027-01-29 framing.late > paul\n");
}

TEST_P(MailsOfTheField, Publication) {
  Reach("publication.schedule");
  EXPECT_EQ(Do("paul", "publication.schedule"), "publication_scheduled > hugo dora | lea~ ines~\n");
  EXPECT_EQ(Do("paul", "publication.move"), "publication_moved > hugo dora | lea~ ines~\n");
  EXPECT_EQ(Do("paul", "confirm_online"), "published > hugo coline dora | lea~ ines~ olga~\n");
}

TEST_P(MailsOfTheField, PushToThePlatformFailed) {
  GTEST_SKIP() << "no connector to the training platform ships: a person confirms the publication "
                  "(confirm_online), so that no push can fail";
}

TEST_P(MailsOfTheField, SurveyWavesResultsAndTargets) {
  Reach("evaluation.hot");
  EXPECT_EQ(Do("hugo", "evaluation.hot", {{"satisfaction", 84}, {"completion", 75}}),
            "evaluation_below_target > hugo | lea~\n"
            "evaluation_cold_opened > hugo | lea~\n");
  EXPECT_EQ(Do("hugo", "evaluation.cold", {{"reuse", 70}}),
            "evaluation_report_due > hugo | lea~\n");
  Reach("evaluation.hot");
  EXPECT_EQ(Late(91), "evaluation_cold_opened > hugo | lea~\n");
  EXPECT_EQ(Do("hugo", "evaluation.cold", {{"reuse", 12}}),
            "evaluation_below_target > hugo | lea~\n"
            "evaluation_report_due > hugo | lea~\n");
}

TEST_P(MailsOfTheField, SuspendedResumedAbandonedReassigned) {
  Reach("framing_note.submit");
  EXPECT_EQ(Do("paul", "suspend"), "suspended > hugo coline dora ines | lea~ olga~\n");
  EXPECT_EQ(Do("paul", "resume"), "resumed > hugo coline dora ines | lea~ olga~\n");
  EXPECT_EQ(Do("paul", "abandon"), "abandoned > hugo coline dora ines | lea~ olga~\n");
  Reach("admissibility.accept");
  world_.Grant("adele", "collection_lead", "collection:achat");
  for (const auto& step : Road()) {
    if (step.action == "team.assign") Do(step.who, step.action, step.data);
  }
  EXPECT_EQ(Do("olga", "collection.reassign", {{"collection", "achat"}}),
            "collection_reassigned > hugo coline dora ines | olga~ adele~\n");
}

}  // namespace
}  // namespace aiguillage::workflows
