// Lists kept under a name; what a list's search looks at; the load of a lead's collections.
#include "storage/saved_views.h"

#include <gmock/gmock.h>

#include "tests/web/steps.h"
#include "web/saved_views.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::vector<storage::SavedView> Kept(Counter& counter, const std::string& who) {
  return counter.database().Read(
      [&](storage::Session& session) { return storage::ViewsOf(session, counter.PersonId(who)); });
}

TEST(SavedViews, AreLinksOnTheirOwnPage) {
  Counter counter;
  const std::string list = "/projets?collection=numerique&retard=1";
  EXPECT_THAT(counter.Get("/projets?retard=1&collection=numerique&inconnu=2", "lead").body,
              HasSubstr("name=\"adresse\" value=\"/projets?collection=numerique&amp;retard=1\""))
      << "in one order, without what no filter knows";
  const auto said = counter.Post(
      "/vues", {{"nom", "En retard " + kCanary.substr(0, 25)}, {"adresse", list}}, "lead");
  ASSERT_EQ(said.status, 303);
  EXPECT_EQ(*said.FindHeader("Location"), list);
  const auto page = counter.Get("/projets", "lead").body;
  EXPECT_THAT(page, HasSubstr("href=\"/projets?collection=numerique&amp;retard=1\""));
  EXPECT_THAT(page, HasSubstr("En retard &lt;script&gt;"));
  EXPECT_FALSE(HoldsCanary(page));
  EXPECT_THAT(counter.Get("/projets", "other_lead").body, Not(HasSubstr("En retard &lt;")))
      << "one’s own";
  EXPECT_THAT(counter.Get("/courriels", "pilot").body, HasSubstr("Garder cette liste"));
  EXPECT_THAT(counter.Get("/pilotage/incidents", "pilot").body, HasSubstr("Garder cette liste"));
}

TEST(SavedViews, KeepFiguresAsTheyWereAsked) {
  Counter counter;
  const std::string flow = "/pilotage/chiffres/flux?appel=mentor-2026&de=2026-01-01";
  EXPECT_THAT(
      counter.Get("/pilotage/chiffres/flux?de=2026-01-01&appel=mentor-2026&x=1", "pilot").body,
      HasSubstr("name=\"adresse\" value=\"/pilotage/chiffres/flux?appel=mentor-2026&amp;"
                "de=2026-01-01\""));
  const auto said = counter.Post("/vues", {{"nom", "Flux 2026"}, {"adresse", flow}}, "pilot");
  ASSERT_EQ(said.status, 303);
  EXPECT_EQ(*said.FindHeader("Location"), flow);
  const auto other = counter.Get("/pilotage/chiffres/offre", "pilot").body;
  EXPECT_THAT(other, HasSubstr("Chiffres gardés"));
  EXPECT_THAT(other, HasSubstr("Garder ces chiffres"));
  EXPECT_THAT(other, HasSubstr("/pilotage/chiffres/flux?appel=mentor-2026&amp;de=2026-01-01\""))
      << "from one panel to the other";
  EXPECT_THAT(counter.Get("/projets", "pilot").body, Not(HasSubstr("Flux 2026")));
  EXPECT_THAT(counter.Get("/pilotage/chiffres/flux", "officer").body, Not(HasSubstr("Flux 2026")));
}

TEST(SavedViews, OfFiguresThatAreHostileOrOutOfDateSayWhy) {
  Counter counter;
  const std::string canary = PercentEncode(kCanary);
  for (const std::string& query :
       {"?appel=" + canary, "?collection=" + canary, "?de=" + canary, "?comparer=" + canary,
        std::string("?appel=parti-2019"), std::string("?de=2026-12-01&a=2026-01-01")}) {
    const std::string address = "/pilotage/chiffres/tout" + query;
    ASSERT_EQ(counter.Post("/vues", {{"nom", "Vue"}, {"adresse", address}}, "pilot").status, 303);
    ASSERT_EQ(Kept(counter, "pilot")[0].address, address);
    const auto page = counter.Get(address, "pilot");
    EXPECT_EQ(page.status, 422) << address;
    EXPECT_THAT(page.body, HasSubstr("role=\"alert\" id=\"refus\"")) << address;
    EXPECT_THAT(page.body, Not(HasSubstr("Garder ces chiffres"))) << "nothing to keep";
    EXPECT_FALSE(HoldsCanary(page.body)) << address;
  }
  const auto there = counter.Get("/pilotage/chiffres/maintenant", "pilot").body;
  EXPECT_FALSE(HoldsCanary(there));
  for (const char* address :
       {"/pilotage/chiffres/", "/pilotage/chiffres/inconnu", "/pilotage/chiffres/flux/tableau.csv",
        "/pilotage/chiffres/../../deconnexion", "/pilotage/chiffres"}) {
    EXPECT_FALSE(IsListAddress(address)) << address;
  }
}

TEST(SavedViews, TheSameNameTakesTheNewListAndAListIsForgotten) {
  Counter counter;
  for (const char* address : {"/projets?retard=1", "/projets?etat=committee"}) {
    counter.Post("/vues", {{"nom", " Ma liste "}, {"adresse", address}}, "lead");
  }
  ASSERT_EQ(Kept(counter, "lead").size(), 1U);
  EXPECT_EQ(Kept(counter, "lead")[0].address, "/projets?etat=committee");
  const std::string end = "/vues/" + std::to_string(Kept(counter, "lead")[0].id) + "/fin";
  EXPECT_EQ(counter.Post(end, {}, "other_lead").status, 404);
  EXPECT_EQ(counter.Post("/vues/x/fin", {}, "lead").status, 404);
  const auto gone = counter.Post(end, {{"adresse", "//ailleurs.invalid"}}, "lead");
  EXPECT_EQ(*gone.FindHeader("Location"), "/projets");
  EXPECT_TRUE(Kept(counter, "lead").empty());
}

TEST(SavedViews, AreListsOfOursOnly) {
  Counter counter;
  for (const char* address :
       {"", "https://ailleurs.invalid/projets", "//ailleurs.invalid", "/projets/AIG-2026-0001",
        "/projets\r\nSet-Cookie: x", "/deconnexion", "/projets.csv", "javascript:alert(1)"}) {
    EXPECT_FALSE(IsListAddress(address)) << address;
    EXPECT_EQ(counter.Post("/vues", {{"nom", "x"}, {"adresse", address}}, "lead").status, 422);
  }
  EXPECT_FALSE(IsListAddress("/projets?q=" + std::string(1000, 'x')));
  for (const std::string& name : {std::string(), std::string("  "), std::string(61, 'x')}) {
    const auto page = counter.Post("/vues", {{"nom", name}, {"adresse", "/projets"}}, "lead");
    EXPECT_EQ(page.status, 422);
    EXPECT_THAT(page.body, HasSubstr("60 caractères"));
  }
  for (std::size_t i = 0; i < kSavedViewsMax; ++i) {
    counter.Post("/vues", {{"nom", "v" + std::to_string(i)}, {"adresse", "/projets"}}, "lead");
  }
  const auto full = counter.Post("/vues", {{"nom", "trop"}, {"adresse", "/projets"}}, "lead");
  EXPECT_EQ(full.status, 422);
  EXPECT_THAT(full.body, HasSubstr("oubliez-en une"));
  EXPECT_EQ(Kept(counter, "lead").size(), kSavedViewsMax);
}

TEST(Workload, IsOfStepsInTheCollectionsOneLeads) {
  Counter counter;
  ToLeadReview(counter);
  const auto page = counter.Get("/taches", "lead").body;
  EXPECT_THAT(page, HasSubstr("Vos collections, étape par étape"));
  EXPECT_THAT(page, HasSubstr("href=\"/projets?collection=numerique&amp;etat=lead_review\">1</a>"));
  EXPECT_THAT(page, Not(HasSubstr("collection=langues"))) << "of one’s own collections";
  EXPECT_THAT(page, Not(HasSubstr("1 en retard")));
  counter.database().Write([&](storage::Session& session) {
    auto project = *storage::FindProject(session, counter.number(1));
    const auto before = project;
    project.due_at = counter.now - 1;
    ++project.version;
    ASSERT_TRUE(storage::UpdateProject(session, before, project));
  });
  EXPECT_THAT(counter.Get("/taches", "lead").body,
              HasSubstr("etat=lead_review&amp;retard=1\">1 en retard</a>"));
  for (const char* who : {"holder", "reviewer", "pilot"}) {
    EXPECT_THAT(counter.Get("/taches", who).body, Not(HasSubstr("étape par étape"))) << who;
  }
}

TEST(Collections, SayWhomToWriteToOnlyToWhoeverIsLoggedIn) {
  Counter counter;
  const auto page = counter.Get("/collections", "holder").body;
  EXPECT_THAT(page, HasSubstr("écrire au chef de file"));
  EXPECT_THAT(page, HasSubstr("href=\"mailto:lead@exemple.invalid?subject=Collection%20"));
  EXPECT_THAT(counter.Get("/collections").body, Not(HasSubstr("mailto:")));
  EXPECT_THAT(counter.Get(Project(counter), "holder").body,
              HasSubstr("mailto:lead@exemple.invalid"));
}

TEST(Register, IsSearchedByWhatEachMayRead) {
  Counter counter;
  const auto finds = [&](const char* words, const char* who, int project) {
    const auto page = counter.Get("/projets?q=" + PercentEncode(words), who).body;
    return page.find("line-sub\">" + counter.number(project)) != std::string::npos;
  };
  EXPECT_TRUE(finds("bonjour", "holder", 2)) << "by its title";
  EXPECT_TRUE(finds(counter.number(2).c_str(), "holder", 2));
  EXPECT_TRUE(finds("Dominique other_holder", "officer", 2)) << "by what its dossier says";
  EXPECT_FALSE(finds("Dominique other_holder", "holder", 2));
}

}  // namespace
}  // namespace aiguillage::web
