#include "connectors/demarches_simplifiees/push.h"

#include <gtest/gtest.h>

#include <map>

#include "connectors/demarches_simplifiees/compare.h"
#include "connectors/demarches_simplifiees/hash.h"
#include "tests/support/ds_exchange.h"

namespace aiguillage::connectors {
namespace {

using test::DsStandIn;
using test::Exchange;
using test::StandInDossier;

constexpr const char* kStates[] = {"en_construction", "en_instruction", "accepte", "refuse",
                                   "sans_suite"};

// Pushes until nothing is due any more, hours apart; false when it never ends.
bool PushUntilQuiet(Exchange& exchange, std::int64_t row) {
  for (int round = 0; round < 12; ++round) {
    PushDue(exchange.context, exchange.now);
    const std::string status = exchange.Row(row).status;
    if (status != "pending" && status != "sending") return true;
    exchange.now += 7 * 3'600'000;
  }
  return false;
}

TEST(Push, SaysEachThingFromEachState) {
  Exchange exchange({.dossiers = 0});
  std::string transcript;
  for (const char* effect :
       {"instruct", "correction", "accept", "refuse", "close", "message", "annotate"}) {
    for (const char* state : kStates) {
      const std::int64_t number = exchange.ds.Add(state).number;
      const auto row = exchange.Queue(exchange.Hold(number), effect, "Parce que.");
      PushDue(exchange.context, exchange.now);
      transcript += std::string(effect) + " / " + state + ": " + exchange.Told(number) + " -> " +
                    exchange.Row(row).status + ", " + exchange.ds.At(number).state + "\n";
    }
  }
  EXPECT_EQ(transcript, R"(instruct / en_construction: PasserEnInstruction -> sent, en_instruction
instruct / en_instruction:  -> sent, en_instruction
instruct / accepte:  -> failed, accepte
instruct / refuse:  -> failed, refuse
instruct / sans_suite:  -> failed, sans_suite
correction / en_construction: EnvoyerMessage -> sent, en_construction
correction / en_instruction: EnvoyerMessage -> sent, en_construction
correction / accepte:  -> failed, accepte
correction / refuse:  -> failed, refuse
correction / sans_suite:  -> failed, sans_suite
accept / en_construction: PasserEnInstruction Accepter -> sent, accepte
accept / en_instruction: Accepter -> sent, accepte
accept / accepte:  -> failed, accepte
accept / refuse:  -> failed, refuse
accept / sans_suite:  -> failed, sans_suite
refuse / en_construction: PasserEnInstruction Refuser -> sent, refuse
refuse / en_instruction: Refuser -> sent, refuse
refuse / accepte:  -> failed, accepte
refuse / refuse:  -> failed, refuse
refuse / sans_suite:  -> failed, sans_suite
close / en_construction: PasserEnInstruction ClasserSansSuite -> sent, sans_suite
close / en_instruction: ClasserSansSuite -> sent, sans_suite
close / accepte:  -> failed, accepte
close / refuse:  -> failed, refuse
close / sans_suite:  -> failed, sans_suite
message / en_construction: EnvoyerMessage -> sent, en_construction
message / en_instruction: EnvoyerMessage -> sent, en_instruction
message / accepte: EnvoyerMessage -> sent, accepte
message / refuse: EnvoyerMessage -> sent, refuse
message / sans_suite: EnvoyerMessage -> sent, sans_suite
annotate / en_construction: ModifierAnnotations -> sent, en_construction
annotate / en_instruction: ModifierAnnotations -> sent, en_instruction
annotate / accepte: ModifierAnnotations -> sent, accepte
annotate / refuse: ModifierAnnotations -> sent, refuse
annotate / sans_suite: ModifierAnnotations -> sent, sans_suite
)");
  const auto posts = exchange.ds.posts;
  EXPECT_EQ(PushDue(exchange.context, exchange.now + 1'000'000'000).pushed, 0);
  EXPECT_EQ(exchange.ds.posts, posts) << "nothing due, nothing asked";
}

TEST(Push, ADecisionAlreadyThereWithOurWordsIsDone) {
  Exchange exchange({.dossiers = 0});
  StandInDossier& dossier = exchange.ds.Add("accepte");
  dossier.motivation = "Parce que.\r\n";
  const std::int64_t number = dossier.number;
  const auto row = exchange.Queue(exchange.Hold(number), "accept", "Parce que.");
  PushDue(exchange.context, exchange.now);
  EXPECT_EQ(exchange.Row(row).status, "sent");
  EXPECT_EQ(exchange.Told(number), "");
}

TEST(Push, AConflictIsToldInWords) {
  Exchange exchange({.dossiers = 0});
  const std::int64_t number = exchange.ds.Add("refuse").number;
  const auto row = exchange.Queue(exchange.Hold(number), "accept", "Bravo.");
  EXPECT_EQ(PushDue(exchange.context, exchange.now).failed, 1);
  EXPECT_EQ(exchange.Row(row).detail,
            "Démarches Simplifiées dit « refusé », alors que nous voulions « accepté ».");
}

TEST(Push, APendingCorrectionIsCancelledBeforeADecision) {
  Exchange exchange({.dossiers = 0});
  const std::int64_t number = exchange.ds.Add("en_construction").number;
  const auto project = exchange.Hold(number);
  exchange.Queue(project, "correction", "Il manque le budget.");
  exchange.Queue(project, "refuse", "Hors délai.");
  PushDue(exchange.context, exchange.now);
  EXPECT_EQ(exchange.Told(number), "EnvoyerMessage AnnulerCorrection PasserEnInstruction Refuser");
  EXPECT_EQ(exchange.ds.At(number).motivation, "Hors délai.");
}

// DS says nothing when the words it sends are no request: the thread tells.
TEST(Push, WhetherDsReallyMadeACorrectionRequestIsKnown) {
  Exchange exchange({.dossiers = 0});
  const std::int64_t number = exchange.ds.Add("en_instruction").number;
  const auto project = exchange.Hold(number);
  const auto first = exchange.Queue(project, "correction", "Il manque le budget.");
  const auto second = exchange.Queue(project, "correction", "Il manque aussi la note.");
  PushDue(exchange.context, exchange.now);
  EXPECT_EQ(exchange.Row(first).payload["correction_made"], true);
  EXPECT_EQ(exchange.Row(first).detail, "");
  EXPECT_EQ(exchange.Row(second).status, "sent");
  EXPECT_EQ(exchange.Row(second).payload["correction_made"], false);
  EXPECT_NE(exchange.Row(second).detail.find("simple message"), std::string::npos);
  const auto incidents = [&] {
    return exchange.database->Read(
        [](storage::Session& session) { return storage::OpenIncidents(session); });
  };
  EXPECT_TRUE(incidents().empty()) << "one that is pending already is no trouble";

  // Somebody decides between our look and our message: it leaves as plain words.
  const std::int64_t late = exchange.ds.Add("en_instruction").number;
  const auto row = exchange.Queue(exchange.Hold(late), "correction", "Il manque le budget.");
  int requests = 0;
  exchange.ds.on_request = [&] {
    if (++requests == 4) exchange.ds.Decide(exchange.ds.At(late), "refuse", "Trop tard.");
  };
  const PushReport report = PushDue(exchange.context, exchange.now);
  EXPECT_EQ(exchange.Row(row).status, "sent");
  EXPECT_EQ(exchange.Row(row).payload["correction_made"], false);
  ASSERT_FALSE(report.words.empty());
  EXPECT_NE(report.words.back().find("n’a pas ouvert de demande de correction"), std::string::npos);
  ASSERT_EQ(incidents().size(), 1U);
  EXPECT_EQ(incidents()[0].kind, "ds_correction");
  EXPECT_EQ(exchange.ds.At(late).messages.size(), 1U) << "said once all the same";
}

TEST(Push, AnArchivedDossierTakesAnnotationsButNoMessage) {
  Exchange exchange({.dossiers = 0});
  StandInDossier& dossier = exchange.ds.Add("accepte");
  dossier.archived = true;
  const std::int64_t number = dossier.number;
  const auto project = exchange.Hold(number);
  const auto message = exchange.Queue(project, "message", "Bonjour");
  const auto annotation = exchange.Queue(project, "annotate", "");
  PushDue(exchange.context, exchange.now);
  EXPECT_EQ(exchange.Row(message).status, "not_deliverable");
  EXPECT_EQ(exchange.Row(annotation).status, "sent");
  EXPECT_EQ(exchange.Told(number), "ModifierAnnotations");
}

TEST(Push, InvalidAnnotationsAreAnIncidentAndNeverDone) {
  Exchange exchange({.dossiers = 0});
  StandInDossier& dossier = exchange.ds.Add("en_instruction");
  dossier.annotations_invalid = true;
  const auto row = exchange.Queue(exchange.Hold(dossier.number), "accept", "Bravo.");
  PushDue(exchange.context, exchange.now);
  EXPECT_EQ(exchange.Row(row).status, "failed");
  EXPECT_NE(exchange.Row(row).detail.find("annotations privées sont invalides"), std::string::npos);
}

TEST(Push, AReadOnlyTokenStopsEverythingAndKeepsTheRows) {
  Exchange exchange({.dossiers = 0, .read_only = true});
  const auto row =
      exchange.Queue(exchange.Hold(exchange.ds.Add("en_construction").number), "instruct", "");
  const PushReport report = PushDue(exchange.context, exchange.now);
  EXPECT_TRUE(report.stopped);
  EXPECT_EQ(exchange.Row(row).status, "pending");
  ASSERT_EQ(report.words.size(), 1U);
  EXPECT_NE(report.words[0].find("lecture"), std::string::npos);
}

TEST(Push, WithoutAnInstructeurOfTheGroupeItWaitsAndSaysSo) {
  Exchange exchange({.dossiers = 0});
  exchange.context.options.instructeur = "inconnue@dgafp.invalid";
  const auto row =
      exchange.Queue(exchange.Hold(exchange.ds.Add("en_construction").number), "instruct", "");
  PushDue(exchange.context, exchange.now);
  EXPECT_EQ(exchange.Row(row).status, "pending");
  EXPECT_NE(exchange.Row(row).detail.find("ds.instructeur"), std::string::npos);
  EXPECT_GT(exchange.Row(row).not_before, exchange.now);
}

TEST(Push, MessagesCarryAReferenceThatIsTheirsAlone) {
  Exchange exchange({.dossiers = 0});
  const std::int64_t number = exchange.ds.Add("en_instruction").number;
  const auto project = exchange.Hold(number);
  exchange.Queue(project, "message", "Bonjour");
  exchange.Queue(project, "message", "Bonjour");
  PushDue(exchange.context, exchange.now);
  const auto& messages = exchange.ds.At(number).messages;
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_TRUE(messages[0].body.starts_with("Bonjour\n\n[" + project.number + "/"));
  EXPECT_NE(messages[0].body, messages[1].body);
}

// Every fault, at every request it can meet: in the end each thing was said once, in order.
TEST(Push, SurvivesEveryFaultAtEveryRequest) {
  Exchange exchange({.dossiers = 0});
  const std::map<std::string, std::string> expected = {{"instruct", "PasserEnInstruction"},
                                                       {"correction", "EnvoyerMessage"},
                                                       {"accept", "PasserEnInstruction Accepter"},
                                                       {"message", "EnvoyerMessage"},
                                                       {"annotate", "ModifierAnnotations"}};
  int met = 0;
  for (const char* kind :
       {"http500", "html502", "http429", "reset", "slow", "truncated", "timeout", "deep",
        "applied_then_reset", "applied_then_502", "applied_then_timeout", "expired_token"}) {
    for (const auto& [effect, told] : expected) {
      for (int at = 0;; ++at) {
        const std::int64_t number = exchange.ds.Add("en_construction").number;
        const auto row = exchange.Queue(exchange.Hold(number), effect, "Parce que.");
        exchange.ds.Disarm();
        exchange.ds.Arm({.kind = kind, .count = 1, .after = at});
        ASSERT_TRUE(PushUntilQuiet(exchange, row)) << kind << " at " << at << " of " << effect;
        EXPECT_EQ(exchange.Told(number), told) << kind << " at " << at;
        EXPECT_EQ(exchange.Row(row).status, "sent") << kind << " at " << at;
        if (exchange.ds.faults_left() > 0) break;  // more requests than that are never made
        ++met;
      }
    }
  }
  EXPECT_GT(met, 150);
}

// The power goes at each request in turn; what was in flight is leased again later.
TEST(Push, SurvivesAPowerCutAtEveryRequest) {
  struct PowerCut {};
  Exchange exchange({.dossiers = 0});
  for (int at = 1;; ++at) {
    const std::int64_t number = exchange.ds.Add("en_construction").number;
    const auto project = exchange.Hold(number);
    exchange.Queue(project, "correction", "Il manque le budget.");
    const auto last = exchange.Queue(project, "accept", "Bravo.");
    int requests = 0;
    exchange.ds.on_request = [&] {
      if (++requests == at) throw PowerCut();
    };
    bool cut = false;
    try {
      PushDue(exchange.context, exchange.now);
    } catch (const PowerCut&) {
      cut = true;
    }
    exchange.ds.on_request = {};
    exchange.now += 3'600'000;
    ASSERT_TRUE(PushUntilQuiet(exchange, last));
    EXPECT_EQ(exchange.Told(number),
              "EnvoyerMessage AnnulerCorrection PasserEnInstruction Accepter")
        << at;
    if (!cut) break;
    ASSERT_LT(at, 50);
  }
}

TEST(Push, ItsEchoIsNoNews) {
  Exchange exchange({.dossiers = 0});
  Client client(exchange.ds, exchange.context.ForClient(), exchange.context.world);
  Echo ours;
  ours.annotations = {"Q2hhbXAtNDEzMA==", "Q2hhbXAtNDEzMQ=="};
  for (const char* effect : {"instruct", "correction", "accept", "refuse", "close", "annotate"}) {
    for (const char* state : {"en_construction", "en_instruction"}) {
      const std::int64_t number = exchange.ds.Add(state).number;
      const auto hash = [&](const std::vector<storage::OutboxRow>& rows) {
        const auto answer = client.Ask(Operation::kDossierOne, {{"number", number}});
        return ContentHash(answer.data["dossier"], EchoOf(rows, ours));
      };
      const std::string before = hash({});
      const auto row = exchange.Queue(exchange.Hold(number), effect, "Parce que.");
      PushDue(exchange.context, exchange.now);
      EXPECT_EQ(hash({exchange.Row(row)}), before) << effect << " from " << state;
    }
  }
}

TEST(Compare, TellsADecisionMadeElsewhereButNotWhatStillWaits) {
  Exchange exchange({.dossiers = 0});
  const std::int64_t number = exchange.ds.Add("en_construction").number;
  const auto project = exchange.Hold(number);
  const auto states = [&] {
    std::string text;
    for (const Drift& drift : Compare(exchange.context)) {
      // A dossier written as rows has no content of DS, nor its files.
      if (drift.what == "contenu" || drift.what.starts_with("pièce jointe")) continue;
      text += drift.what + ": " + drift.here + " / " + drift.there;
    }
    return text;
  };
  exchange.Queue(project, "accept", "Bravo.");
  exchange.Queue(project, "annotate", "");
  EXPECT_EQ(states(), "");
  PushDue(exchange.context, exchange.now);
  EXPECT_EQ(states(), "");
  exchange.ds.Decide(exchange.ds.At(number), "refuse", "Non.");
  EXPECT_EQ(states(), "état: accepté / refusé");
  exchange.ds.Decide(exchange.ds.At(number), "accepte", "Autre motif.");
  EXPECT_EQ(states(), "motivation: Bravo. / Autre motif.");
}

}  // namespace
}  // namespace aiguillage::connectors
