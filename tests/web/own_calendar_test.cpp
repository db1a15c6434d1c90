// One's calendar of deadlines: its secret address, and what a reader that is not ours finds there.
#include <gmock/gmock.h>

#include "storage/calendar_addresses.h"
#include "storage/hash.h"
#include "tests/support/feed_readers.h"
#include "tests/web/steps.h"

namespace aiguillage::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The path of the address that the page shows.
std::string CalendarIn(const std::string& page) {
  const std::string mark = "http://127.0.0.1:8080/mon-calendrier/";
  const auto at = page.find(mark);
  if (at == std::string::npos) return "";
  return "/mon-calendrier/" + page.substr(at + mark.size(), page.find('<', at) - at - mark.size());
}

std::string NewCalendar(Counter& counter, const std::string& who) {
  const auto page = counter.Post("/compte/calendrier", {}, who);
  EXPECT_EQ(page.status, 200);
  return CalendarIn(page.body);
}

TEST(OwnCalendar, ItsAddressIsShownOnceAndOnlyItsDigestIsKept) {
  Counter counter;
  EXPECT_THAT(counter.Get("/compte", "lead").body, HasSubstr("Créer mon adresse"));
  const std::string address = NewCalendar(counter, "lead");
  ASSERT_EQ(address.size(), std::string("/mon-calendrier/.ics").size() + 32) << "128 bits in hex";
  const std::string secret = address.substr(16, 32);
  counter.database().Read([&](storage::Session& session) {
    EXPECT_EQ(storage::PersonOfCalendar(session, storage::Sha256(secret)),
              counter.PersonId("lead"));
  });
  const auto account = counter.Get("/compte", "lead").body;
  EXPECT_THAT(account, Not(HasSubstr(secret)));
  EXPECT_THAT(account, HasSubstr("Une adresse existe depuis le 21 septembre 2026"));
  const auto read = counter.Get(address);
  EXPECT_EQ(read.status, 200) << "a calendar program logs in nowhere";
  EXPECT_EQ(read.type, "text/calendar; charset=utf-8");
}

TEST(OwnCalendar, AnAddressEndsWhenAnotherIsMadeItIsRevokedOrTheAccountIsClosed) {
  Counter counter;
  const std::string first = NewCalendar(counter, "lead");
  const std::string second = NewCalendar(counter, "lead");
  EXPECT_EQ(counter.Get(first).status, 404);
  EXPECT_EQ(counter.Get(second).status, 200);
  EXPECT_EQ(counter.Post("/compte/calendrier/fin", {}, "officer").status, 303);
  EXPECT_EQ(counter.Get(second).status, 200) << "that was somebody else's";
  EXPECT_EQ(counter.Post("/compte/calendrier/fin", {}, "lead").status, 303);
  EXPECT_EQ(counter.Get(second).status, 404);
  const std::string third = NewCalendar(counter, "lead");
  EXPECT_EQ(counter.Get(third.substr(0, third.size() - 4)).status, 404);
  counter.database().Write([&](storage::Session& session) {
    auto person = *storage::FindPerson(session, counter.PersonId("lead"));
    person.active = false;
    storage::UpdatePerson(session, person);
  });
  EXPECT_EQ(counter.Get(third).status, 404);
}

TEST(OwnCalendar, HoldsWhatIsAskedOfOneUntilItIsDone) {
  if (!test::HasReaders()) GTEST_SKIP() << "no node, or no tests/node_modules";
  Counter counter;
  const std::string lead = NewCalendar(counter, "lead"), holder = NewCalendar(counter, "holder");
  const auto read = [&](const std::string& address) {
    return test::ReadByOthers("ics", counter.Get(address).body);
  };
  ToLeadReview(counter);
  const std::string asked = read(lead);
  EXPECT_THAT(asked, HasSubstr("echeance-" + counter.number(1) + "-"));
  EXPECT_THAT(asked, HasSubstr("@127.0.0.1 " + std::to_string(Row(counter).version) + " 2026-"));
  EXPECT_THAT(read(holder), Not(HasSubstr(counter.number(1)))) << "it is the lead's turn";

  // Who stands in finds the absent one's days, for as long as that lasts.
  const std::string other = NewCalendar(counter, "other_lead");
  EXPECT_THAT(read(other), Not(HasSubstr(counter.number(1))));
  const auto email = counter.database().Read([&](storage::Session& session) {
    return storage::FindPerson(session, counter.PersonId("other_lead"))->email;
  });
  counter.Post(
      "/compte/absences",
      {{"du", "2026-09-21"}, {"au", "2026-12-25"}, {"remplacant", email}, {"perimetre", ""}},
      "lead");
  EXPECT_THAT(read(other), HasSubstr("echeance-" + counter.number(1) + "-"));

  Act(counter, "lead", "framing.validate", test::FilledIn(FormNamed(counter, "framing_opinion")));
  EXPECT_THAT(read(lead), Not(HasSubstr(counter.number(1)))) << "done, it is simply absent";
}

}  // namespace
}  // namespace aiguillage::web
