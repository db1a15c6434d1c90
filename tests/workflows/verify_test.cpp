// What verify finds when the record was touched behind the desk's back; and purging.
#include "workflows/verify.h"

#include <gtest/gtest.h>

#include <fstream>

#include "storage/documents.h"
#include "storage/hash.h"
#include "storage/journal.h"
#include "storage/outbox.h"
#include "storage/tasks.h"
#include "storage/timers.h"
#include "tests/support/desk_world.h"
#include "workflows/calendar.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Session;
using test::DeskWorld;

std::string Started(DeskWorld& world) {
  const std::string number = world.Intake("Accueil");
  world.Do(number, "olga", "check.accept");
  world.Do(number, "lea", "framing.validate");
  EXPECT_EQ(world.Broken(), "");
  return number;
}

template <typename Change>
void Touch(DeskWorld& world, const std::string& number, Change&& change) {
  world.database().Write([&](Session& session) {
    auto project = storage::FindProject(session, number).value();
    const auto version = project.version;
    change(project);
    ASSERT_TRUE(storage::UpdateProject(session, project, version));
  });
}

TEST(Verify, CountsWhatItRead) {
  DeskWorld world;
  Started(world);
  world.Intake("Deux");
  const auto report = Verify(world.database(), world.catalog(), "");
  EXPECT_EQ(report.projects, 2);
  EXPECT_EQ(report.journal, 4);
  EXPECT_EQ(report.erased, 0);
  EXPECT_TRUE(report.broken.empty());
}

TEST(Verify, SeesAStateThatNoActGave) {
  DeskWorld world;
  const std::string number = Started(world);
  const auto stale = world.Project(number);
  world.Do(number, "olga", "review.assign", {{"reviewers", {DeskWorld::Email("rita")}}});
  Touch(world, number, [&](storage::Project& project) { project.states = "active lead_review"; });
  EXPECT_EQ(world.Broken(), number + " : ses états ne sont pas ceux du journal\n");
  Touch(world, number, [&](storage::Project& project) {
    project.states = stale.states;
    project.snapshot["data"]["rounds"] = 7;
    project.snapshot["touched"] = true;
  });
  EXPECT_EQ(world.Broken(), number + " : l’état enregistré n’est pas celui du journal\n");
}

TEST(Verify, SeesTasksThatDoNotFit) {
  DeskWorld world;
  const auto id = world.Project(Started(world)).id;
  const std::string number = "AIG-2026-0001";
  world.database().Write([&](Session& session) {
    auto task = storage::OpenTasks(session, id)[0];
    task.status = "withdrawn";
    storage::UpdateTask(session, task);
  });
  EXPECT_EQ(world.Broken(), number +
                                " : les tâches ouvertes ne sont pas celles de ses états (0 "
                                "ouvertes, 1 attendues)\n");
}

TEST(Verify, SeesAMailThatTheActWroteAndTheOutboxLost) {
  DeskWorld world;
  const std::string number = Started(world);
  const auto id = world.Project(number).id;
  world.database().Write([&](Session& session) {
    auto row = storage::OutboxOf(session, id).back();
    row.id = 0;
    row.key += "again";
    storage::InsertOutbox(session, row);
  });
  EXPECT_EQ(world.Broken(),
            number + ", acte 2 (check.accept) : envois perdus ou en trop (mail lead_asked)\n");
}

TEST(Verify, SeesADocumentThatNoActWrote) {
  DeskWorld world;
  const std::string number = Started(world);
  const auto project = world.Project(number);
  world.database().Write([&](Session& session) {
    const auto act = storage::LastJournal(session, project.id).value().act;
    storage::InsertDocument(session, {.project = project.id,
                                      .form = "reason",
                                      .act = act,
                                      .at = world.now,
                                      .answers = json::object()});
  });
  EXPECT_EQ(world.Broken(),
            number + ", acte 3 (framing.validate) : documents perdus ou en trop (reason 1)\n");
}

TEST(Verify, SeesADeadlineThatItsStateLeftBehind) {
  DeskWorld world;
  const std::string number = Started(world);
  const auto id = world.Project(number).id;
  world.database().Write([&](Session& session) {
    auto timer = storage::TimersOf(session, id).front();
    timer.status = "waiting";
    storage::UpdateTimer(session, timer);
  });
  EXPECT_EQ(world.Broken(), number +
                                " : l’échéance « check.late » attend pour un état qui n’est plus "
                                "le sien\n");
}

TEST(Verify, NamesTheFirstRowThatReplaysOtherwise) {
  DeskWorld world;
  const std::string number = Started(world);
  const auto id = world.Project(number).id;
  world.database().Write([&](Session& session) {
    auto row = storage::LastJournal(session, id).value();
    row.act = "forged";
    row.action = "framing.validate";
    row.body["event"]["name"] = "suspend";  // the chain is whole, the story is not
    storage::AppendJournal(session, row);
  });
  EXPECT_EQ(world.Broken(),
            number + ", acte 4 (framing.validate) : le rejeu donne un autre état\n");
}

TEST(Verify, ComparesFilesWithTheirDigests) {
  DeskWorld world;
  const auto project = world.Project(Started(world)).id;
  test::TempDirectory files;
  const std::string hash = storage::Sha256("bytes");
  const auto id = world.database().Write([&](Session& session) {
    storage::File file;
    file.project = project;
    file.hash = hash;
    file.name = "note.pdf";
    file.type = "application/pdf";
    file.size = 5;
    file.source = "upload";
    return storage::InsertFile(session, file);
  });
  const auto found = [&] {
    const auto report = Verify(world.database(), world.catalog(), files.path());
    return report.broken.empty() ? std::string() : report.broken[0];
  };
  EXPECT_NE(found().find(" manque"), std::string::npos);
  std::ofstream(files / hash) << "bytes";
  EXPECT_EQ(found(), "");
  std::ofstream(files / hash) << "other";
  EXPECT_EQ(found(),
            "fichier " + std::to_string(id) + " : son contenu n’est pas celui de son empreinte");
}

TEST(Purge, TakesWhatOutlivedItsDuration) {
  DeskWorld world;
  const std::string rejected = world.Intake("Refusé", "refuse");
  const std::string alive = Started(world);
  world.At("2028-11-22T10:00");
  EXPECT_TRUE(PlanPurge(world.database(), {}, world.now, 0).numbers.empty());
  world.At("2028-11-24T10:00");
  const auto plan = PlanPurge(world.database(), {}, world.now, 0);
  EXPECT_EQ(plan.numbers, std::vector<std::string>{rejected});
  EXPECT_EQ(CarryOutPurge(world.database(), plan, ""), 1);
  EXPECT_TRUE(PlanPurge(world.database(), {}, world.now, 0).numbers.empty());
  const auto report = Verify(world.database(), world.catalog(), "");
  EXPECT_EQ(report.erased, 1);
  EXPECT_EQ(report.broken, std::vector<std::string>{});
  const auto id = world.Project(rejected).id;
  world.database().Read([&](Session& session) {
    const auto row = storage::JournalOf(session, id)[0];
    EXPECT_TRUE(row.erased);
    EXPECT_EQ(row.states, "rejected") << "the clear columns stay";
  });
  EXPECT_EQ(world.Project(alive).title, "Accueil");
}

TEST(Purge, SaysUntilWhenItMustWait) {
  DeskWorld world;
  world.Intake("Refusé", "refuse");
  world.At("2027-12-01T10:00");
  const auto plan = PlanPurge(world.database(), {}, world.now, ParseInstant("2027-01-01").value());
  EXPECT_TRUE(plan.numbers.empty());
  EXPECT_EQ(plan.refused,
            "Des projets terminés avant cette date doivent être gardés jusqu’au 23 novembre 2028.");
  EXPECT_EQ(PlanPurge(world.database(), {}, world.now, ParseInstant("2026-01-01").value()).refused,
            "");
}

}  // namespace
}  // namespace aiguillage::workflows
