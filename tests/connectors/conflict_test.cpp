// DS decided otherwise: a task for the pilot with both sides, and nothing more leaves until they
// chose.
#include "workflows/conflict.h"

#include <gtest/gtest.h>

#include "connectors/demarches_simplifiees/compare.h"
#include "connectors/demarches_simplifiees/push.h"
#include "connectors/demarches_simplifiees/sync.h"
#include "storage/conflicts.h"
#include "storage/journal.h"
#include "storage/tasks.h"
#include "tests/support/ds_exchange.h"
#include "workflows/verify.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;
using test::Exchange;

class Conflict : public testing::Test {
 protected:
  Conflict() {
    pilot_ = Person("pilote@dgafp.invalid");
    decider_ = Person("decideur@dgafp.invalid");
    exchange_.database->Write([&](storage::Session& session) {
      storage::InsertGrant(session, {0, pilot_, "program_admin", "", exchange_.now, 0});
    });
  }
  std::int64_t Person(const std::string& email) {
    return exchange_.database->Write([&](storage::Session& session) {
      storage::Person person;
      person.email = email;
      return storage::InsertPerson(session, person);
    });
  }
  // A dossier that the pull knows en instruction.
  std::int64_t Known() {
    const auto number = exchange_.ds.Add("en_instruction").number;
    EXPECT_EQ(Pull(exchange_.context, false).created, 1);
    return number;
  }
  std::int64_t Queue(std::int64_t number, const char* effect, const char* motivation) {
    const auto id = exchange_.Queue(exchange_.ProjectOf(number), effect, motivation);
    exchange_.database->Write([&](storage::Session& session) {
      auto row = *storage::FindOutbox(session, id);
      row.act.clear();  // no act of this test wrote it: verify would miss it in the journal
      row.payload["decided_by"] = decider_;
      storage::UpdateOutbox(session, row);
    });
    return id;
  }
  PushReport Push() {
    exchange_.now += 3'600'000;
    return PushDue(exchange_.context, exchange_.now);
  }
  std::optional<storage::DsConflict> Open(std::int64_t number) {
    const auto project = exchange_.ProjectOf(number).id;
    return exchange_.database->Read(
        [&](storage::Session& session) { return storage::OpenConflict(session, project); });
  }
  std::vector<storage::TaskLine> TasksOfThePilot() {
    return exchange_.database->Read([&](storage::Session& session) {
      auto lines = storage::Worklist(session, {"program_admin@"});
      std::erase_if(lines, [](const auto& line) { return line.task.OfRails(); });
      return lines;
    });
  }
  engine::Outcome<workflows::ActAnswer> Settle(std::int64_t number, const std::string& choice,
                                               const std::string& reason, std::int64_t person) {
    const auto conflict = Open(number);
    return exchange_.desk.Settle({exchange_.ProjectOf(number).number,
                                  conflict ? conflict->id : 0,
                                  choice,
                                  reason,
                                  {person, ""},
                                  exchange_.now});
  }
  std::string Drifts() {
    std::string text;
    for (const Drift& drift : Compare(exchange_.context)) {
      text += drift.what + ": " + drift.here + " / " + drift.there + "\n";
    }
    return text;
  }
  void TheRecordIsWhole() {
    const auto report = workflows::Verify(*exchange_.database, test::ShippedCatalog(), "");
    EXPECT_TRUE(report.broken.empty()) << testing::PrintToString(report.broken);
  }

  Exchange exchange_{{.dossiers = 0}};
  std::int64_t pilot_ = 0, decider_ = 0;
};

TEST_F(Conflict, IsATaskOfThePilotWithBothSides) {
  const auto number = Known();
  const auto accept = Queue(number, "accept", "Bravo.");
  const auto message = Queue(number, "message", "Bienvenue");
  exchange_.ds.Decide(exchange_.ds.At(number), "refuse", "Hors sujet.");
  EXPECT_EQ(Push().failed, 1);
  const auto conflict = Open(number);
  ASSERT_TRUE(conflict);
  EXPECT_EQ(conflict->outbox, accept);
  EXPECT_EQ(conflict->here["state"], "accepte");
  EXPECT_EQ(conflict->here["motivation"], "Bravo.");
  EXPECT_EQ(conflict->here["by"], "decideur@dgafp.invalid");
  EXPECT_EQ(conflict->here["at"], exchange_.Row(accept).created_at);
  EXPECT_EQ(conflict->there["state"], "refuse");
  EXPECT_EQ(conflict->there["motivation"], "Hors sujet.");
  EXPECT_EQ(conflict->there["by"], "autre@dgafp.invalid");
  EXPECT_GT(conflict->there["at"].get<std::int64_t>(), 0);
  const auto tasks = TasksOfThePilot();
  ASSERT_EQ(tasks.size(), 1U);
  EXPECT_EQ(tasks[0].task.label, "Trancher un désaccord avec Démarches Simplifiées");
  EXPECT_EQ(tasks[0].number, exchange_.ProjectOf(number).number);
  Push();
  Push();
  EXPECT_EQ(exchange_.Row(message).status, "pending") << "what is behind it waits";
  EXPECT_EQ(exchange_.Row(message).attempts, 0);
  EXPECT_EQ(exchange_.Told(number), "");
  EXPECT_EQ(TasksOfThePilot().size(), 1U);
  TheRecordIsWhole();
}

TEST_F(Conflict, WhenDsIsRightTheRowIsWithdrawnAndTheRestLeaves) {
  const auto number = Known();
  const auto accept = Queue(number, "accept", "Bravo.");
  const auto message = Queue(number, "message", "Bienvenue");
  exchange_.ds.Decide(exchange_.ds.At(number), "refuse", "Hors sujet.");
  Push();
  ASSERT_TRUE(Settle(number, "theirs", "Décidé en réunion.", pilot_));
  EXPECT_EQ(exchange_.Row(accept).status, "withdrawn");
  EXPECT_EQ(exchange_.Row(accept).detail,
            "Abandonné par pilote@dgafp.invalid : Décidé en réunion.");
  EXPECT_TRUE(TasksOfThePilot().empty());
  Push();
  EXPECT_EQ(exchange_.Row(message).status, "sent");
  EXPECT_EQ(exchange_.Told(number), "EnvoyerMessage");
  Pull(exchange_.context, true);
  EXPECT_FALSE(Open(number)) << "what was settled does not come back with the reading";
  EXPECT_EQ(Drifts(), "") << "what DS says counts: nothing differs any more";
  const auto project = exchange_.ProjectOf(number).id;
  const auto last = exchange_.database->Read(
      [&](storage::Session& session) { return *storage::LastJournal(session, project); });
  EXPECT_EQ(last.action, workflows::kSettled);
  EXPECT_EQ(last.person, pilot_);
  EXPECT_EQ(last.body["event"]["data"]["reason"], "Décidé en réunion.");
  EXPECT_EQ(last.body["event"]["data"]["there"]["state"], "refuse");
  TheRecordIsWhole();
  exchange_.ds.Decide(exchange_.ds.At(number), "accepte", "Finalement oui.");
  EXPECT_NE(Drifts().find("état: refusé / accepté"), std::string::npos);
}

TEST_F(Conflict, SentAgainOnceDsWasPutRight) {
  const auto number = Known();
  const auto accept = Queue(number, "accept", "Bravo.");
  const auto message = Queue(number, "message", "Bienvenue");
  exchange_.ds.Decide(exchange_.ds.At(number), "refuse", "Hors sujet.");
  Push();
  ASSERT_TRUE(Settle(number, "again", "Réexamen demandé.", pilot_));
  Push();
  ASSERT_TRUE(Open(number)) << "DS was not put right: it is met again";
  EXPECT_EQ(TasksOfThePilot().size(), 1U);
  EXPECT_EQ(exchange_.Row(message).status, "pending");
  auto& dossier = exchange_.ds.At(number);
  dossier.state = "en_instruction";
  dossier.motivation.clear();
  ASSERT_TRUE(Settle(number, "again", "Remis en instruction.", pilot_));
  Push();
  EXPECT_EQ(exchange_.Row(accept).status, "sent");
  EXPECT_EQ(exchange_.Row(message).status, "sent");
  EXPECT_EQ(exchange_.Told(number), "Accepter EnvoyerMessage");
  TheRecordIsWhole();
}

TEST_F(Conflict, ADecisionOfDsThatWeNeverSaidIsOneToo) {
  const auto number = Known();
  exchange_.ds.Decide(exchange_.ds.At(number), "sans_suite", "Abandon du porteur.");
  exchange_.ds.Touch(exchange_.ds.At(number));
  EXPECT_EQ(Pull(exchange_.context, false).updated, 1);
  const auto conflict = Open(number);
  ASSERT_TRUE(conflict);
  EXPECT_EQ(conflict->outbox, 0);
  EXPECT_EQ(conflict->here["state"], "");
  EXPECT_EQ(conflict->there["state"], "sans_suite");
  EXPECT_EQ(conflict->there["by"], "autre@dgafp.invalid");
  const auto message = Queue(number, "message", "Bonjour");
  Push();
  EXPECT_EQ(exchange_.Row(message).status, "pending");
  EXPECT_NE(Drifts(), "");
  ASSERT_TRUE(Settle(number, "theirs", "Le porteur a renoncé.", pilot_));
  Push();
  EXPECT_EQ(exchange_.Row(message).status, "sent");
  EXPECT_EQ(Drifts(), "");
  TheRecordIsWhole();
}

TEST_F(Conflict, ADecisionThatWeWereAboutToSayIsNone) {
  const auto number = Known();
  const auto accept = Queue(number, "accept", "Bravo.");
  exchange_.ds.Decide(exchange_.ds.At(number), "accepte", "Bravo.");
  exchange_.ds.Touch(exchange_.ds.At(number));
  Pull(exchange_.context, false);
  Push();
  EXPECT_FALSE(Open(number));
  EXPECT_EQ(exchange_.Row(accept).status, "sent");
}

TEST_F(Conflict, OnlyThePilotSettlesWithAReasonAndOnce) {
  const auto number = Known();
  Queue(number, "accept", "Bravo.");
  exchange_.ds.Decide(exchange_.ds.At(number), "refuse", "Hors sujet.");
  Push();
  EXPECT_EQ(Settle(number, "theirs", "x", decider_).refusal().code, "not_yours");
  EXPECT_EQ(Settle(number, "theirs", " \n", pilot_).refusal().code, "bad_input");
  EXPECT_EQ(Settle(number, "peut-être", "x", pilot_).refusal().code, "bad_input");
  EXPECT_EQ(Settle(number, "theirs", std::string(1001, 'x'), pilot_).refusal().code, "bad_input");
  const auto shown = *Open(number);
  ASSERT_TRUE(Settle(number, "theirs", "x", pilot_));
  const auto late = exchange_.desk.Settle({exchange_.ProjectOf(number).number,
                                           shown.id,
                                           "again",
                                           "trop tard",
                                           {pilot_, ""},
                                           exchange_.now});
  EXPECT_EQ(late.refusal().code, "not_now");
}

// Another act, another pilot: the task stays, and finds its new owner.
TEST_F(Conflict, TheTaskOutlivesActsAndFollowsTheRole) {
  const auto number = Known();
  Queue(number, "accept", "Bravo.");
  exchange_.ds.Decide(exchange_.ds.At(number), "refuse", "Hors sujet.");
  Push();
  workflows::ActRequest abandon;
  abandon.project = exchange_.ProjectOf(number).number;
  abandon.action = "abandon";
  abandon.actor.person = pilot_;
  abandon.data = {{"reason", "Plus de budget."}};
  abandon.now = exchange_.now;
  const auto answer = exchange_.desk.Act(abandon);
  ASSERT_TRUE(answer) << answer.refusal().sentence;
  ASSERT_EQ(TasksOfThePilot().size(), 1U);
  const auto project = exchange_.ProjectOf(number);
  const auto local = Person("pilote-appel@dgafp.invalid");
  exchange_.desk.GrantRole(local, "program_admin", "call:" + project.call, exchange_.now);
  EXPECT_TRUE(TasksOfThePilot().empty());
  exchange_.database->Read([&](storage::Session& session) {
    EXPECT_TRUE(workflows::MaySettle(session, project, local, exchange_.now));
    EXPECT_FALSE(workflows::MaySettle(session, project, pilot_, exchange_.now));
  });
  TheRecordIsWhole();
}

}  // namespace
}  // namespace aiguillage::connectors
