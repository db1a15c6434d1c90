// The desk on the rails that ship: a story of admissibility, and random walks of whoever may act,
// with forms filled in by their own schema.
#include <gtest/gtest.h>

#include <random>

#include "forms/validate.h"
#include "storage/outbox.h"
#include "tests/support/desk_world.h"
#include "tests/support/filled_in.h"
#include "tests/support/seed.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Session;
using test::DeskWorld;
using test::WorldOptions;

WorldOptions Mentor(const std::string& definition) {
  WorldOptions options;
  options.rails = "workflows/definitions";
  options.definition = definition;
  return options;
}

json CheckedFillingOf(const forms::Form& form) {
  json answers = test::FilledIn(form);
  const auto errors = forms::Validate(form, answers);
  std::string words;
  for (const auto& error : errors) words += error.path + ": " + error.sentence + " ";
  EXPECT_TRUE(errors.empty()) << form.id << ": " << words;
  return answers;
}

TEST(MentorDesk, CompletionThenExpiry) {
  DeskWorld world(Mentor("mentor"));
  const std::string number = world.Intake("Accueil", "en_construction");
  EXPECT_EQ(world.LookTasks(number),
            "task Vérifier la recevabilité -> case_officer@, due 2026-12-07\n");
  EXPECT_EQ(world.Project(number).state, "admissibility_check") << "the group is no column";
  EXPECT_EQ(world.Do(number, "olga", "admissibility.start"), "active admissibility_check");
  world.Days(2);
  EXPECT_EQ(world.Do(number, "olga", "completion.request", {{"reason", "Il manque l’accord."}}),
            "active completion_requested");
  world.Days(30);
  EXPECT_EQ(world.Tick(), "completion.expired: inadmissible\n");
  std::string told;
  const auto id = world.Project(number).id;
  world.database().Read([&](Session& session) {
    for (const auto& row : storage::OutboxOf(session, id)) {
      if (row.kind == "ds") told += row.topic + " ";
    }
  });
  EXPECT_EQ(told, "instruct correction refuse ");
  EXPECT_EQ(world.Broken(), "");
}

// What became of the mails to the holder, but those of the intake.
std::string HoldersMails(DeskWorld& world, const std::string& number) {
  std::string told;
  const auto id = world.Project(number).id, hugo = world.Person("hugo");
  world.database().Read([&](Session& session) {
    for (const auto& row : storage::OutboxOf(session, id, "mail")) {
      if (row.person != hugo || row.topic == "acknowledgement") continue;
      told += row.topic + " " + row.status + (row.detail.empty() ? "" : ": " + row.detail) + "\n";
    }
  });
  return told;
}

TEST(MentorDesk, AMailThatContradictsAnUnsentOneReplacesIt) {
  DeskWorld world(Mentor("mentor"));
  const std::string number = world.Intake("Accueil", "en_construction");
  const json why = {{"reason", "Le budget n’est pas voté."}};
  const json resumption = test::FilledIn(world.catalog().Newest("mentor")->forms.at("resumption"));
  EXPECT_EQ(world.Do(number, "paul", "suspend", why), "suspended");
  EXPECT_EQ(HoldersMails(world, number), "suspended pending\n");
  world.Minutes(2);
  world.Do(number, "paul", "resume", resumption);
  EXPECT_EQ(HoldersMails(world, number),
            "suspended withdrawn: Remplacé par « resumed » avant d’être parti.\n"
            "resumed pending\n");
  EXPECT_EQ(world.Broken(), "");

  // Taken back, the later act gives back what it had replaced.
  EXPECT_EQ(world.TakeBack(number, "paul", world.last_act), "suspended");
  EXPECT_EQ(HoldersMails(world, number),
            "suspended pending\n"
            "resumed withdrawn: L’acte a été repris avant son départ.\n");
  EXPECT_EQ(world.Broken(), "");

  // What has left stays, and is contradicted by the next mail.
  const auto id = world.Project(number).id;
  world.database().Write([&](Session& session) {
    for (auto row : storage::OutboxOf(session, id, "mail")) {
      if (row.topic != "suspended") continue;
      row.status = "sent";
      storage::UpdateOutbox(session, row);
    }
  });
  world.Minutes(2);
  world.Do(number, "paul", "resume", resumption);
  EXPECT_EQ(HoldersMails(world, number),
            "suspended sent\n"
            "resumed withdrawn: L’acte a été repris avant son départ.\n"
            "resumed pending\n");
  EXPECT_EQ(world.Broken(), "");
}

// A mail of several that the server put off has told nothing yet; one that may have been taken has.
TEST(MentorDesk, AMailThatWasPutOffWithOthersIsReplacedToo) {
  const auto told = [](const std::string& answer, bool leads) {
    DeskWorld world(Mentor("mentor"));
    const std::string number = world.Intake("Accueil", "en_construction");
    world.Do(number, "paul", "suspend", {{"reason", "Le budget n’est pas voté."}});
    const auto id = world.Project(number).id, hugo = world.Person("hugo");
    world.database().Write([&](Session& session) {
      std::vector<storage::OutboxRow> both;
      for (const auto& row : storage::OutboxOf(session, id, "mail")) {
        if (row.person == hugo) both.push_back(row);
      }
      ASSERT_EQ(both.size(), 2U);
      auto& lead = both[leads ? 1 : 0];
      auto& carried = both[leads ? 0 : 1];
      for (auto& row : both) {
        row.pace = "hourly";
        row.attempts = 1;
      }
      lead.detail = answer;
      carried.status = "sending";
      carried.lead = lead.id;
      for (const auto& row : both) storage::UpdateOutbox(session, row);
    });
    world.Minutes(2);
    world.Do(number, "paul", "resume",
             test::FilledIn(world.catalog().Newest("mentor")->forms.at("resumption")));
    std::string text = HoldersMails(world, number);
    world.database().Read([&](Session& session) {
      for (const auto& row : storage::OutboxOf(session, id, "mail")) {
        if (row.person == hugo && row.topic == "acknowledgement") {
          text += "with it: " + row.status + "\n";
        }
      }
    });
    return text;
  };
  const std::string replaced =
      "suspended withdrawn: Remplacé par « resumed » avant d’être parti.\n"
      "resumed pending\n"
      "with it: pending\n";
  EXPECT_EQ(told("450 4.2.0 greylisted", /*leads=*/true), replaced);
  EXPECT_EQ(told("450 4.2.0 greylisted", /*leads=*/false), replaced);
  EXPECT_EQ(told("Renvoyé une fois après un envoi incertain", /*leads=*/false),
            "suspended sending\nresumed pending\nwith it: pending\n");
}

// The words that whoever acts put in place of a template's: in its rows and in no other, and a
// rehearsal lends what the text is made from.
TEST(MentorDesk, AMailMaySayWhatItsActorWroteInstead) {
  DeskWorld world(Mentor("mentor"));
  const std::string number = world.Intake("Accueil", "en_construction");
  auto request =
      world.Request(number, "olga", "completion.request", {{"reason", "Il manque l’accord."}});
  request.dry_run = true;
  const auto rehearsed = world.desk().Act(request);
  ASSERT_TRUE(rehearsed) << rehearsed.refusal().sentence;
  ASSERT_FALSE(rehearsed.value().mails.empty());
  EXPECT_EQ(rehearsed.value().mails[0].variables.value("reason", ""), "Il manque l’accord.");
  EXPECT_FALSE(rehearsed.value().mails[0].variables.contains("rewritten"));

  request.dry_run = false;
  request.words["completion_requested"] = {
      {"subject", "Encore un papier"}, {"text", "Merci de joindre l’accord."}, {"by", "Olga"}};
  request.words["selected"] = {{"subject", "Bravo"}, {"text", "!"}, {"by", "Olga"}};
  const auto done = world.desk().Act(request);
  ASSERT_TRUE(done) << done.refusal().sentence;
  EXPECT_TRUE(done.value().mails[0].variables.is_null()) << "answers stay small";
  const auto id = world.Project(number).id;
  int said = 0, others = 0;
  world.database().Read([&](Session& session) {
    for (const auto& row : storage::OutboxOf(session, id)) {
      if (row.kind != "mail") continue;
      const bool own = row.topic == "completion_requested";
      ++(own ? said : others);
      EXPECT_EQ(row.payload.contains("rewritten"), own) << row.topic;
      if (!own) continue;
      EXPECT_EQ(row.payload["rewritten"],
                (json{{"subject", "Encore un papier"}, {"text", "Merci de joindre l’accord."}}));
      EXPECT_EQ(row.payload["hand"][0]["name"], "Olga");
    }
  });
  EXPECT_GE(said, 2) << "holder and copy";
  EXPECT_GE(others, 1) << "the acknowledgement";
  EXPECT_EQ(world.Broken(), "");
}

// Whoever may, does; the record stays lawful and tells one story.
void WalkAtRandom(const std::string& definition) {
  DeskWorld world(Mentor(definition));
  std::mt19937_64 random(test::Seed());
  const auto rails = world.catalog().Newest(definition);
  const std::vector<std::string> people = {"paul", "olga", "lea", "hugo", "rita", "remi", "rosa"};
  std::vector<std::string> numbers;
  std::set<std::string> seen;
  int done = 0;
  constexpr int kActs = 80;
  for (int step = 0; done < kActs && step < 40 * kActs; ++step) {
    if (step % 80 == 0) numbers.push_back(world.Intake("Accueil", "en_construction"));
    world.Minutes(static_cast<int>(random() % 2000));
    if (random() % 10 == 0) world.Tick();
    const std::string number = numbers[random() % numbers.size()];
    const std::string who = people[random() % people.size()];
    const auto project = world.Project(number);
    const auto person = world.Person(who);
    std::vector<engine::Action> offered;
    for (const auto& one : world.database().Read([&](Session& session) {
           return world.desk().ActionsFor(session, project, person, world.now);
         })) {
      const bool ends = one.action.style == "danger";
      if (one.mine && !one.action.locked && (!ends || random() % 50 == 0)) {
        offered.push_back(one.action);
      }
    }
    if (offered.empty()) continue;
    const auto& action = offered[random() % offered.size()];
    json data = json::object();
    if (!action.form.empty()) data = CheckedFillingOf(rails->forms.at(action.form));
    if (action.id == "collection.reassign") data["collection"] = "achat";
    auto request = world.Request(number, who, action.id, data);
    request.dry_run = true;
    const auto rehearsed = world.desk().Act(request);
    request.dry_run = false;
    const auto answer = world.desk().Act(request);
    ASSERT_EQ(static_cast<bool>(rehearsed), static_cast<bool>(answer)) << action.id;
    if (!answer) {
      EXPECT_EQ(answer.refusal().code, "conflict_of_interest")
          << action.id << " " << answer.refusal().sentence;
      continue;
    }
    json told = ToJson(rehearsed.value()), became = ToJson(answer.value());
    told.erase("act");
    became.erase("act");
    EXPECT_EQ(told, became) << action.id;
    ++done;
    seen.insert(world.Project(number).state);
  }
  EXPECT_EQ(world.Broken(), "") << "seed " << test::Seed();
  EXPECT_GT(done, 30) << "seed " << test::Seed();
  std::printf("%d acts, %zu columns seen\n", done, seen.size());
}

TEST(MentorDesk, RandomWalksStayLawful) { WalkAtRandom("mentor"); }
TEST(MentorDesk, RandomWalksOfTheVariantToo) { WalkAtRandom("mentor-cadrage-apres"); }

}  // namespace
}  // namespace aiguillage::workflows
