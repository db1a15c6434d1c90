// What the whole counter promises: tokens, headers, readings that never write, hostile text. Who
// enters where is in rights_test.cpp.
#include "tests/web/counter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "storage/calls.h"
#include "web/rails.h"
#include "web/router.h"

namespace aiguillage::web {

namespace {

// Every address of the route table, made concrete for project 1 of the fixture.
std::string Concrete(Counter& counter, const std::string& pattern, int project) {
  std::string address = pattern;
  const auto fill = [&](const std::string& name, const std::string& value) {
    const auto at = address.find(name);
    if (at != std::string::npos) address.replace(at, name.size(), value);
  };
  fill("{number}", counter.number(project));
  fill("{sitting}", "1");
  fill("{action}", "admissibility.accept");
  fill("{act}", "0123");
  fill("{form}", pattern.rfind("/projets", 0) == 0 ? "application" : "framing_note");
  fill("{version}", "1");
  fill("{file}", "1");
  fill("{call}", "mentor-2026");
  fill("{message}", "admissible");
  fill("{token}", "inconnu");
  fill("{incident}", "1");
  fill("{survey}", "1");
  fill("{view}", "999");
  fill("{dossier}", std::to_string(Counter::kHeld));
  fill("{mail}", "1");
  fill("{person}", std::to_string(counter.PersonId("holder")));
  fill("{grant}", "999");
  return address;
}

}  // namespace

TEST(Routes, AReadingNeverWrites) {
  ONLY_ON_SQLITE("it compares the bytes of the file");
  Counter counter;
  for (const Route& route : Routes()) {
    if (route.IsPost()) continue;
    for (const auto& who : {"pilot", "lead", "holder", ""}) {
      const std::string before = counter.RecordDigest();
      counter.now += 1000;
      counter.Get(Concrete(counter, route.pattern(), 1), who);
      EXPECT_EQ(counter.RecordDigest(), before) << route.pattern() << " by " << who;
    }
  }
}

TEST(Routes, EveryPostWantsTheTokenOfItsOwnSession) {
  ONLY_ON_SQLITE("it compares the bytes of the file");
  Counter counter;
  for (const Route& route : Routes()) {
    if (!route.IsPost()) continue;
    if (route.rule() == Rule::kHoldsLink) continue;  // no session counts there: surveys_test.cpp
    const std::string address = Concrete(counter, route.pattern(), 1);
    const std::string before = counter.RecordDigest();
    for (const std::string token : {"", "csrf-lead", "csrf-pilo"}) {
      const auto answer = counter.Post(address, {}, "pilot", &token);
      EXPECT_EQ(answer.status, 403) << route.pattern() << " with « " << token << " »";
    }
    EXPECT_EQ(counter.RecordDigest(), before) << route.pattern();
  }
}

TEST(Routes, EveryAnswerCarriesTheSecurityHeaders) {
  Counter counter;
  const auto check = [](const Response& answer, const std::string& what) {
    for (const char* name : {"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy",
                             "Cross-Origin-Resource-Policy", "Cache-Control"}) {
      EXPECT_NE(answer.FindHeader(name), nullptr) << what << " lacks " << name;
    }
    const std::string* csp = answer.FindHeader("Content-Security-Policy");
    EXPECT_EQ(csp->find("script-src 'unsafe-inline'"), std::string::npos) << what;
  };
  for (const Route& route : Routes()) {
    const std::string address = Concrete(counter, route.pattern(), 1);
    check(route.IsPost() ? counter.Post(address, {}, "pilot") : counter.Get(address, "pilot"),
          route.pattern());
  }
  check(counter.Get("/nulle-part"), "404");
  check(counter.Send({"BREW", "/", {}, "127.0.0.1"}), "405");
  check(counter.Send({"GET", "/%zz", {}, "127.0.0.1"}), "400");
}

TEST(Routes, HostileTextStaysTextAndEveryNameOfATemplateIsGiven) {
  Counter counter;
  for (const Route& route : Routes()) {
    if (route.IsPost()) continue;
    for (const auto& who : {"pilot", "officer", "lead", "holder", "reviewer", ""}) {
      const auto page = counter.Get(Concrete(counter, route.pattern(), 1), who);
      const bool file = page.FindHeader("Content-Disposition") != nullptr;  // never shown
      EXPECT_TRUE(file || !HoldsCanary(page.body)) << route.pattern() << " by " << who;
    }
  }
  for (const char* tab : {"documents", "journal", "courriels", "fichiers", "dossier", "echanges",
                          "dates", "inconnu"}) {
    for (const auto& who : {"pilot", "holder", "reviewer"}) {
      const auto page = counter.Get("/projets/" + counter.number(1) + "?onglet=" + tab, who);
      EXPECT_EQ(page.status, 200) << tab;
      EXPECT_FALSE(HoldsCanary(page.body)) << tab << " by " << who;
    }
  }
  const std::string hostile = PercentEncode(kCanary);
  for (const auto& address :
       {"/projets?q=" + hostile, "/projets?etat=" + hostile, "/courriels?q=" + hostile,
        "/personnes?q=" + hostile, "/connexion?suite=" + hostile, "/pilotage?appel=" + hostile,
        "/pilotage/incidents?projet=" + hostile, "/pilotage/incidents?genre=" + hostile}) {
    const auto page = counter.Get(address, "pilot");
    EXPECT_FALSE(HoldsCanary(page.body)) << address;
    EXPECT_LT(page.status, 500) << address;
  }
  EXPECT_THAT(counter.house().pages.Missing(), ::testing::IsEmpty());
}

// A second call is told in its own words, with its own collections, and none of Mentor's.
TEST(SecondCall, HasAPublicPageOfItsOwn) {
  Counter counter;
  counter.database().Write([](storage::Session& session) {
    storage::Call call;
    call.id = "fep-2026";
    call.title = "FEP 2026";
    call.definition = "fep";
    call.status = "published";
    storage::SaveCall(session, call);
  });
  const auto fep = counter.Get("/appels/fep-2026").body;
  EXPECT_THAT(fep, ::testing::HasSubstr("reversement, fiche de bonne pratique"));
  EXPECT_THAT(fep, ::testing::HasSubstr("Fonction publique hospitalière (DGOS)"));
  for (const char* word : {"Mentor", "cadrage", "chef de file", "Langues"})
    EXPECT_EQ(fep.find(word), std::string::npos) << word;
  const auto mentor = counter.Get("/appels/mentor-2026").body;
  EXPECT_THAT(mentor, ::testing::HasSubstr("validation du cadrage par le chef de file"));
  EXPECT_THAT(mentor, ::testing::HasSubstr("Langues"));
  EXPECT_EQ(mentor.find("DGOS"), std::string::npos);
  // Each call's collections stand under its own name.
  const auto collections = counter.Get("/collections").body;
  const auto fep_at = collections.find("<h2>FEP 2026</h2>");
  const auto mentor_at = collections.find("<h2>AAP Mentor 2026 ");
  ASSERT_LT(fep_at, mentor_at);
  EXPECT_LT(fep_at, collections.find("DGOS"));
  EXPECT_LT(collections.find("DGOS"), mentor_at);
  EXPECT_LT(mentor_at, collections.find("Langues"));
}

// The columns of the pipeline are states that projects can stand in: groups are seen through.
TEST(SecondCall, HasAColumnForEachStateThatHasALabel) {
  Counter counter;
  for (const char* name : {"mentor", "mentor-cadrage-apres", "fep"}) {
    const auto definition = counter.services().catalog.Newest(name);
    ASSERT_NE(definition, nullptr);
    std::set<std::string> ids;
    for (const auto& [id, label] : Rails(definition->chart).Columns()) {
      EXPECT_NE(id, label) << name << ": a column without words";
      EXPECT_TRUE(ids.insert(id).second) << id;
    }
    EXPECT_TRUE(ids.contains("admissibility_check")) << name;
    EXPECT_TRUE(ids.contains("committee")) << name;
    EXPECT_FALSE(ids.contains("active") || ids.contains("selection")) << name;
  }
}

}  // namespace aiguillage::web
