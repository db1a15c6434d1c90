// Who enters where, walked by the tables of web/rights.h: every route, by everybody who holds one
// role in one place, to what is theirs, another collection's, another call's and nobody's. A route
// whose rule or parameter has no row fails here.
#include "web/rights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "storage/api_keys.h"
#include "storage/committee.h"
#include "storage/documents.h"
#include "storage/dossiers.h"
#include "storage/hash.h"
#include "storage/journal.h"
#include "storage/messages.h"
#include "storage/outbox.h"
#include "tests/web/counter.h"
#include "web/rails.h"
#include "web/router.h"
#include "workflows/roles.h"

namespace aiguillage::web {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Holding {
  std::string who, role, scope;
};

constexpr std::size_t kPlaces = 4;  // where each role is held, one after the other

enum Whose { kOwn = 1, kOtherCollection, kOtherCall, kNobodys };

// The world of the walk: somebody for every role in every place that covers project 1.
class Rights {
 public:
  Rights() {
    counter.AddSecondCall();
    counter.AddPerson("spare");
    holdings.push_back({"", "", ""});
    const std::vector<std::string> places = {"", "call:mentor-2026", "collection:numerique",
                                             "project:" + counter.number(1)};
    EXPECT_EQ(places.size(), kPlaces);
    for (const auto& role : workflows::Roles()) {
      for (const auto& place : places) {
        holdings.push_back({role.id + "." + std::to_string(holdings.size()), role.id, place});
        counter.AddPerson(holdings.back().who);
      }
    }
    counter.database().Write([&](storage::Session& session) {
      for (const auto& one : holdings) {
        if (one.who.empty()) continue;
        storage::InsertApiKey(session, {0, counter.PersonId(one.who), "walk",
                                        storage::Sha256("key-" + one.who), counter.now});
        storage::InsertGrant(session,
                             {0, counter.PersonId(one.who), one.role, one.scope, counter.now, 0});
      }
      for (int project : {kOwn, kOtherCollection, kOtherCall}) {
        const auto row = storage::FindProject(session, counter.number(project));
        incidents[project] = storage::InsertIncident(
            session, {0, row->id, "walk", "Incident " + kCanary, counter.now, 0});
        mails[project] = storage::OutboxOf(session, row->id).at(0).id;
        storage::File file;
        file.project = row->id;
        file.hash = std::string(64, 'a');
        file.name = "pièce.pdf";
        file.source = "ds";
        files[project] = storage::InsertFile(session, file);
      }
      sittings[kOwn] = 1;  // the counter's own
      sittings[kOtherCall] = storage::InsertCommitteeSession(
          session, {0, "fep-2026", "2026-12-02", "", counter.PersonId("pilot"), counter.now});
    });
  }

  // The address of a route for that object; "" where the route has none of that kind.
  std::string Address(const Route& route, Whose whose) const {
    const std::string pattern = route.pattern();
    std::string address;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
      if (pattern[at] != '{') {
        address += pattern[at];
        continue;
      }
      const auto end = pattern.find('}', at);
      const std::string value = ValueOf(pattern.substr(at + 1, end - at - 1), whose);
      if (value.empty()) return "";
      address += value;
      at = end;
    }
    return address;
  }

  Counter counter;
  std::vector<Holding> holdings;

 private:
  std::string ValueOf(const std::string& name, Whose whose) const {
    const auto one_of = [&](const std::map<int, std::int64_t>& ids) {
      return whose == kNobodys ? "987654" : std::to_string(ids.at(whose));
    };
    if (name == "number") return whose == kNobodys ? "AIG-2020-9999" : counter.number(whose);
    if (name == "file") return one_of(files);
    if (name == "mail") return one_of(mails);
    if (name == "incident") return one_of(incidents);
    if (name == "sitting") return whose == kOtherCollection ? "" : one_of(sittings);
    if (name == "person") return whose == kOwn ? std::to_string(counter.PersonId("spare")) : "";
    if (name == "call") {
      if (whose == kOtherCollection) return "";
      return whose == kOwn ? "mentor-2026" : whose == kOtherCall ? "fep-2026" : "inconnu-2020";
    }
    if (name == "dossier") {
      if (whose == kOtherCollection) return "";
      return std::to_string(whose == kOwn         ? Counter::kHeld
                            : whose == kOtherCall ? Counter::kOtherHeld
                                                  : 999999);
    }
    static const std::map<std::string, std::string> parts = {{"action", "admissibility.accept"},
                                                             {"act", "0123"},
                                                             {"form", "application"},
                                                             {"version", "1"},
                                                             {"message", "suspended"},
                                                             {"grant", "999"},
                                                             {"absence", "999"},
                                                             {"session", "0123456789abcdef"},
                                                             {"survey", "1"},
                                                             {"view", "999"},
                                                             {"panel", "maintenant"},
                                                             {"key", "999"},
                                                             {"task", "987654"},
                                                             {"token", "inconnu"}};
    const auto part = parts.find(name);
    if (part == parts.end()) {
      ADD_FAILURE() << "give {" << name << "} an address here: own, another call's, nobody's";
      return "";
    }
    return part->second;
  }

  std::map<int, std::int64_t> incidents, mails, files, sittings;
};

// The scopes that cover an object, as the fixture was made.
std::set<std::string> ScopesOfObject(const Rights& rights, Object object, Whose whose) {
  if (object == Object::kNone || object == Object::kPerson) return {""};
  if (object == Object::kCall && whose == kNobodys) return {"call:inconnu-2020", ""};
  const std::string call = whose == kOtherCall ? "call:fep-2026" : "call:mentor-2026";
  if (object == Object::kCall || object == Object::kDossier || object == Object::kSitting) {
    return {call, ""};
  }
  const std::string collection = whose == kOwn               ? "collection:numerique"
                                 : whose == kOtherCollection ? "collection:langues"
                                                             : "collection:ailleurs";
  return {"project:" + rights.counter.number(whose), collection, call, ""};
}

enum class Entry { kEnters, kRefused, kNotFound };

const char* WordOf(Entry entry) {
  return entry == Entry::kEnters ? "enters" : entry == Entry::kRefused ? "refused" : "not found";
}

bool Reaches(Reach reach, const std::string& scope) {
  switch (reach) {
    case Reach::kAnywhere:
      return true;
    case Reach::kCall:
      return scope.empty() || scope.starts_with("call:");
    case Reach::kEverywhere:
      return scope.empty();
  }
  return false;
}

bool Sees(const Rights& rights, const Holding& holding, Whose whose) {
  const auto roles = workflows::Roles();
  const bool pool =
      holding.scope.empty() && std::any_of(roles.begin(), roles.end(), [&](const auto& role) {
        return role.id == holding.role && role.of_project;
      });
  return !pool && ScopesOfObject(rights, Object::kProject, whose).contains(holding.scope);
}

// What the tables say of this person at this door.
Entry Expected(const Rights& rights, const Route& route, const Holding& holding, Whose whose) {
  const RuleRow& row = RowOf(route.rule());
  const Object object = ObjectOf(route.pattern());
  const bool there = object == Object::kNone || whose != kNobodys;
  if (!row.account) return Entry::kEnters;
  if (holding.who.empty()) return Entry::kRefused;
  if (route.rule() == Rule::kStaff && holding.scope.starts_with("project:")) return Entry::kRefused;
  if (row.roles.empty()) {
    if (route.rule() == Rule::kLoggedIn || route.rule() == Rule::kStaff) return Entry::kEnters;
    if (!there) return Entry::kNotFound;
    bool open = Sees(rights, holding, whose);
    if (route.rule() == Rule::kReadsMail) {
      open = open && Shows(Field::kMails, {{holding.role, holding.scope, 0}});
    }
    // Whose sheet is still to be given sees no other: nobody here has given one.
    if (route.rule() == Rule::kSeesPanel) {
      const bool committee = workflows::RoleLike(holding.role).starts_with("committee");
      open = open && (Shows(Field::kPapers, {{holding.role, holding.scope, 0}}) || committee);
    }
    return open ? Entry::kEnters : Entry::kRefused;
  }
  const bool asked = std::find(row.roles.begin(), row.roles.end(),
                               workflows::RoleLike(holding.role)) != row.roles.end();
  if (!asked || !Reaches(row.reach, holding.scope)) return Entry::kRefused;
  if (object == Object::kNone) return Entry::kEnters;
  if (!there && object != Object::kCall) return Entry::kNotFound;
  return ScopesOfObject(rights, object, whose).contains(holding.scope) ? Entry::kEnters
                                                                       : Entry::kRefused;
}

// Every role at every door. The roles that a rule asks for come from each place; of the others the
// place turns from door to door, so that every rule meets them all.
bool IsWalked(const Route& route, const Holding& holding, std::size_t index, std::size_t at) {
  const auto& asked = RowOf(route.rule()).roles;
  const bool is_asked =
      std::find(asked.begin(), asked.end(), workflows::RoleLike(holding.role)) != asked.end();
  const std::size_t role = (index - 1) / kPlaces, place = (index - 1) % kPlaces;
  return is_asked || place == (role + at) % kPlaces;
}

// Programs come with a key, and no cookie counts.
Response GetByKey(Counter& counter, const std::string& address, const std::string& who) {
  RequestHead head{"GET", address, {}, "127.0.0.1"};
  if (!who.empty()) head.headers.emplace_back("Authorization", "Bearer key-" + who);
  return counter.Send(head);
}

// What happened: a refusal at the door is in the log, whatever page it shows.
Entry Happened(Counter& counter, const Route& route, const std::string& address,
               const std::string& who) {
  counter.logged.clear();
  const auto answer = route.IsPost()                 ? counter.Post(address, {}, who)
                      : address.starts_with("/api/") ? GetByKey(counter, address, who)
                                                     : counter.Get(address, who);
  EXPECT_LT(answer.status, 500) << address << " by " << who;
  for (const auto& line : counter.logged) {
    if (nlohmann::json::parse(line).contains("refused")) {
      const bool told =
          answer.status == 401 || answer.status == 403 || (answer.status == 303 && !route.IsPost());
      EXPECT_TRUE(told) << address << " by " << who << " answered " << answer.status;
      return Entry::kRefused;
    }
  }
  EXPECT_NE(answer.status, 401) << address << " by " << who;
  return answer.status == 404 ? Entry::kNotFound : Entry::kEnters;
}

}  // namespace

TEST(Rights, EveryRouteHasItsRows) {
  for (const Route& route : Routes()) {
    const RuleRow& row = RowOf(route.rule());
    EXPECT_STRNE(row.who, "") << route.pattern();
    EXPECT_NO_THROW(ObjectOf(route.pattern())) << route.pattern();
    EXPECT_TRUE(row.roles.empty() || *row.refusal != '\0') << row.id;
    for (const auto& role : row.roles) EXPECT_TRUE(workflows::IsRole(role)) << role;
  }
  EXPECT_THROW(ObjectOf("/nouveau/{chose}"), std::logic_error);
  for (const FieldRow& row : FieldTable()) {
    for (const auto& role : row.roles) EXPECT_TRUE(workflows::IsRole(role)) << role;
  }
}

TEST(Rights, EveryRouteOpensToWhoTheTableSaysAndToNobodyElse) {
  Rights rights;
  int checked = 0, refused = 0;
  std::size_t at = 0;
  for (const Route& route : Routes()) {
    ++at;
    if (route.pattern() == "/deconnexion") continue;  // it ends the session the rest needs
    for (const Whose whose : {kOwn, kOtherCollection, kOtherCall, kNobodys}) {
      if (whose != kOwn && ObjectOf(route.pattern()) == Object::kNone) continue;
      const std::string address = rights.Address(route, whose);
      if (address.empty()) continue;
      for (std::size_t i = 0; i < rights.holdings.size(); ++i) {
        const Holding& holding = rights.holdings[i];
        if (i > 0 && !IsWalked(route, holding, i, at)) continue;
        const Entry expected = Expected(rights, route, holding, whose);
        const Entry happened = Happened(rights.counter, route, address, holding.who);
        ++checked;
        refused += happened == Entry::kRefused ? 1 : 0;
        // Behind the door a page may lack the part it was asked for: a document, an act, the bytes.
        const bool part = expected == Entry::kEnters && happened == Entry::kNotFound;
        EXPECT_TRUE(happened == expected || part)
            << (route.IsPost() ? "POST " : "GET ") << address << " by " << holding.role << " of « "
            << holding.scope << " » : " << WordOf(happened) << ", expected " << WordOf(expected);
      }
    }
  }
  RecordProperty("checked", checked);
  RecordProperty("refused", refused);
  EXPECT_GT(checked, 3000);
  EXPECT_GT(refused, 1500);
}

// The door stays where the table has it also when its page is a part of something else's.
TEST(Rights, ListsOfOneCallHoldNothingOfTheOthers) {
  Rights rights;
  Counter& counter = rights.counter;
  counter.AddPerson("fep_pilot");
  counter.database().Write([&](storage::Session& session) {
    storage::InsertGrant(session, {0, counter.PersonId("fep_pilot"), "program_admin",
                                   "call:fep-2026", counter.now, 0});
  });
  const auto steering = counter.Get("/pilotage", "fep_pilot").body;
  EXPECT_THAT(steering, HasSubstr(counter.number(3)));
  EXPECT_THAT(steering, Not(HasSubstr(counter.number(1))));
  EXPECT_THAT(steering, Not(HasSubstr("AAP Mentor")));
  EXPECT_THAT(counter.Get("/pilotage?appel=mentor-2026", "fep_pilot").body,
              Not(HasSubstr("AAP Mentor")));
  const auto mails = counter.Get("/courriels", "fep_pilot").body;
  EXPECT_THAT(mails, HasSubstr(counter.number(3)));
  EXPECT_THAT(mails, Not(HasSubstr(counter.number(1))));
  const auto held = counter.Get("/pilotage/quarantaine", "fep_pilot").body;
  EXPECT_THAT(held, HasSubstr(std::to_string(Counter::kOtherHeld)));
  EXPECT_THAT(held, Not(HasSubstr(std::to_string(Counter::kHeld))));
  for (const char* page : {"/appels", "/pilotage/echanges", "/pilotage/ecarts"}) {
    const auto body = counter.Get(page, "fep_pilot").body;
    EXPECT_THAT(body, HasSubstr("FEP 2026")) << page;
    EXPECT_THAT(body, Not(HasSubstr("AAP Mentor"))) << page;
  }
  EXPECT_EQ(counter.Get("/pilotage/rails.svg?appel=mentor-2026", "fep_pilot").status, 403);
  const Fields taken = {{"id", "mentor-2026"}, {"title", "À moi"}, {"definition", "mentor"}};
  EXPECT_EQ(counter.Post("/appels", taken, "fep_pilot").status, 403);
  const Fields made = {{"id", "neuf-2027"}, {"title", "À moi"}, {"definition", "mentor"}};
  EXPECT_EQ(counter.Post("/appels", made, "fep_pilot").status, 403);
  const Fields diverted = {
      {"id", "fep-2026"}, {"title", "FEP"}, {"definition", "fep"}, {"demarche", "777"}};
  EXPECT_THAT(counter.Post("/appels", diverted, "fep_pilot").body,
              HasSubstr("Changer de démarche relève du pilote de tous les appels"));
}

// Each field of the table, looked for where its text would stand.
TEST(Rights, EveryFieldIsShownToWhoTheTableSaysAndToNobodyElse) {
  Rights rights;
  Counter& counter = rights.counter;
  std::string inside, outside;
  std::int64_t mail = 0;
  counter.database().Write([&](storage::Session& session) {
    const auto project = *storage::FindProject(session, counter.number(1));
    const auto definition = counter.services().catalog.Pinned(session, project.definition);
    const Rails rails(definition->chart);
    inside = rails.Labels(project.states, true);
    outside = rails.Labels(project.states, false);
    storage::Document sheet;
    sheet.project = project.id;
    sheet.form = "score_sheet";
    sheet.person = counter.PersonId("reviewer");
    sheet.at = counter.now;
    sheet.answers = {{"interest", "none"}, {"recommendation", "select"}};
    for (const char* criterion : {"need", "reach", "fit", "pedagogy", "feasibility", "upkeep",
                                  "accessibility", "innovation"}) {
      sheet.answers["scores"][criterion]["score"] = 4;
    }
    storage::InsertDocument(session, sheet);
    storage::JournalRow row;
    row.project = project.id;
    row.act = std::string(32, 'b');
    row.action = "review.submit";
    row.role = "reviewer";
    row.at = counter.now;
    row.states = project.states;
    row.definition = project.definition;
    row.person = sheet.person;
    row.body = nlohmann::json::object();
    storage::AppendJournal(session, row);
    storage::Message note;
    note.project = project.id;
    note.person = counter.PersonId("lead");
    note.role = "collection_lead";
    note.kind = "internal";
    note.body = "Note entre nous";
    note.at = counter.now;
    note.key = "note";
    storage::InsertMessage(session, note);
    for (const auto& one : storage::OutboxOf(session, project.id)) {
      if (one.kind == "mail" && one.person == project.holder) mail = one.id;
    }
  });
  ASSERT_NE(inside, outside);
  ASSERT_NE(mail, 0);
  const std::string page = "/projets/" + counter.number(1);
  int checked = 0;
  for (const Holding& holding : rights.holdings) {
    if (holding.who.empty() || !Sees(rights, holding, kOwn)) continue;
    const std::vector<workflows::HeldRole> held = {{holding.role, holding.scope, 0}};
    const std::string whom = holding.role + " of « " + holding.scope + " »";
    const auto whole = counter.Get(page, holding.who);
    EXPECT_EQ(whole.status, 200) << whom << ' ' << counter.logged.back();
    const std::string& front = whole.body;
    const std::string shown = "<strong>" + inside + ".</strong>";
    EXPECT_EQ(front.find(shown) != std::string::npos, Shows(Field::kInside, held)) << whom;
    EXPECT_EQ(counter.Get(page + "/documents/score_sheet/1", holding.who).status,
              Shows(Field::kPapers, held) ? 200 : 403)
        << whom;
    const auto journal = counter.Get(page + "?onglet=journal", holding.who).body;
    EXPECT_EQ(journal.find("Dominique reviewer ") != std::string::npos, Shows(Field::kJudges, held))
        << whom;
    const auto mails = counter.Get(page + "?onglet=courriels", holding.who).body;
    EXPECT_EQ(mails.find("/courriels/" + std::to_string(mail)) != std::string::npos,
              Shows(Field::kMails, held))
        << whom;
    const auto thread = counter.Get(page + "?onglet=echanges", holding.who).body;
    EXPECT_EQ(thread.find("Note entre nous") != std::string::npos, Shows(Field::kPapers, held))
        << whom;
    checked += 5;
  }
  EXPECT_GT(checked, 100);
  // What is one's own one reads: the reviewer their sheet, the holder their mail.
  EXPECT_EQ(counter.Get(page + "/documents/score_sheet/1", "reviewer").status, 200);
  EXPECT_EQ(counter.Get("/courriels/" + std::to_string(mail), "holder").status, 200);
  EXPECT_EQ(counter.Get("/courriels/" + std::to_string(mail), "reviewer").status, 403);
}

}  // namespace aiguillage::web
