// The calendar of publications, read by readers that are not ours.
#include "web/feeds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <sstream>

#include "storage/publication_slots.h"
#include "tests/support/feed_readers.h"
#include "tests/web/counter.h"

namespace aiguillage::web {

namespace {

using test::HasReaders;
using test::ReadByOthers;
using ::testing::HasSubstr;

constexpr std::int64_t kChanged = 1'790'000'000'000;  // 21 September 2026, 14:13 UTC

Slot SlotOf(int number, Slot::Kind kind, const std::string& title, const std::string& day) {
  Slot slot;
  slot.kind = kind;
  slot.told.project.number = "AIG-2026-000" + std::to_string(number);
  slot.told.project.title = title;
  slot.told.changes = 10 + number;
  slot.told.changed_at = kChanged + number * 60'000;
  slot.told.day = slot.told.project.publication_on = day;
  if (kind == Slot::kOnline) {
    slot.told.project.course_url = "https://mentor.exemple.invalid/?a=1&b=2";
  }
  slot.collection = "Numérique; et SIC, l’autre";
  return slot;
}

std::vector<Slot> Slots() {
  const std::string longest =
      "Données, « premiers » réflexes ; la suite \\ et \"fin\" <b>é</b> " + std::string(80, 'x');
  return {SlotOf(1, Slot::kPlanned, longest, "2026-12-31"),
          SlotOf(2, Slot::kOnline, "En ligne", "2028-02-29"),
          SlotOf(3, Slot::kCancelled, "Ligne\r\nBEGIN:VEVENT", "2027-03-28")};
}

}  // namespace

TEST(Feeds, ICalendarIsReadAsMeant) {
  if (!HasReaders()) GTEST_SKIP() << "no node, or no tests/node_modules";
  EXPECT_EQ(ReadByOthers("ics", ICalendarOf(Slots(), "https://aap.exemple.invalid:8443/x")),
            "publication-AIG-2026-0001@aap.exemple.invalid 11 2026-12-31 CONFIRMED Données, « "
            "premiers » réflexes ; la suite \\ et \"fin\" <b>é</b> " +
                std::string(80, 'x') + " | Numérique; et SIC, l’autre\n" +
                "publication-AIG-2026-0002@aap.exemple.invalid 12 2028-02-29 CONFIRMED En ligne | "
                "Numérique; et SIC, l’autre\n"
                "publication-AIG-2026-0003@aap.exemple.invalid 13 2027-03-28 CANCELLED Ligne "
                "BEGIN:VEVENT | Numérique; et SIC, l’autre\n");
  EXPECT_EQ(ReadByOthers("ics", ICalendarOf({}, "https://a.fr")), "");
}

TEST(Feeds, ICalendarFoldsItsLines) {
  const std::string calendar = ICalendarOf(Slots(), "https://aap.exemple.invalid");
  std::size_t from = 0;
  for (std::size_t end = 0; (end = calendar.find("\r\n", from)) != std::string::npos;
       from = end + 2) {
    EXPECT_LE(end - from, 75U) << calendar.substr(from, end - from);
    EXPECT_NE(static_cast<unsigned char>(calendar[from]) & 0xC0U, 0x80U) << "cut inside a letter";
  }
  EXPECT_EQ(from, calendar.size());
}

TEST(Feeds, AtomIsReadAsMeant) {
  if (!HasReaders()) GTEST_SKIP() << "no node, or no tests/node_modules";
  const std::string read = ReadByOthers("atom", AtomOf(Slots(), "https://aap.exemple.invalid"));
  EXPECT_THAT(read, HasSubstr("tag:aap.exemple.invalid,2026:publication/AIG-2026-0003 "
                              "2026-09-21T14:16:20.000Z Publication annulée (prévue le 28 mars "
                              "2027) : Ligne BEGIN:VEVENT https://aap.exemple.invalid/calendrier\n"
                              "tag:aap.exemple.invalid,2026:publication/AIG-2026-0002 "));
  EXPECT_THAT(read, HasSubstr("En ligne depuis le 29 février 2028 : En ligne "
                              "https://mentor.exemple.invalid/?a=1&b=2\n"));
  EXPECT_THAT(read, HasSubstr("<b>é</b>"));
  EXPECT_EQ(ReadByOthers("atom", AtomOf({}, "https://a.fr")), "");
}

// A slot through its life, as a calendar that follows it reads it: the same event each time.
class SlotOfAProject : public testing::Test {
 protected:
  void Become(const std::function<void(storage::Project&)>& change, int minutes) {
    counter_.now += std::int64_t{minutes} * 60'000;
    counter_.database().Write([&](storage::Session& session) {
      const auto before = storage::FindProject(session, counter_.number(1)).value();
      auto after = before;
      change(after);
      ++after.version;
      EXPECT_TRUE(storage::UpdateProject(session, before, after));
      storage::KeepSlot(session, before, after, counter_.now);
    });
  }

  // Of project 1 alone.
  std::string Read(const std::string& kind) {
    const auto page = counter_.Get(kind == "ics" ? "/calendrier.ics" : "/calendrier.atom");
    std::istringstream lines(ReadByOthers(kind, page.body));
    std::string line, found;
    while (std::getline(lines, line)) {
      if (line.find(counter_.number(1)) == std::string::npos) continue;
      line.erase(0, line.find(counter_.number(1)) + counter_.number(1).size() + 1);
      found += line.substr(0, line.find(kind == "ics" ? " Écrire" : " : Écrire")) + "\n";
    }
    return found;
  }

  Counter counter_;
};

TEST_F(SlotOfAProject, MovesTheEventThatCalendarsHold) {
  if (!HasReaders()) GTEST_SKIP() << "no node, or no tests/node_modules";
  EXPECT_EQ(Read("ics"), "");
  Become([](auto& project) { project.publication_on = "2026-12-01"; }, 1);
  EXPECT_EQ(Read("ics"), "127.0.0.1 0 2026-12-01 CONFIRMED\n");
  EXPECT_EQ(Read("atom"), "2026-09-21T14:14:20.000Z Publication prévue le 1er décembre 2026\n");
  Become([](auto& project) { project.file_holder = "designer"; }, 60);
  EXPECT_EQ(Read("ics"), "127.0.0.1 0 2026-12-01 CONFIRMED\n")
      << "what the calendar does not say changes nothing";
  Become([](auto& project) { project.publication_on = "2026-12-15"; }, 60);
  EXPECT_EQ(Read("ics"), "127.0.0.1 1 2026-12-15 CONFIRMED\n");
  EXPECT_EQ(Read("atom"),
            "2026-09-21T16:14:20.000Z Publication déplacée au 15 décembre 2026 (prévue d’abord le "
            "1er décembre 2026)\n");
  Become([](auto& project) { project.state = "suspended"; }, 60);
  EXPECT_EQ(Read("ics"), "127.0.0.1 2 2026-12-15 CANCELLED\n");
  EXPECT_EQ(Read("atom"),
            "2026-09-21T17:14:20.000Z Publication annulée (prévue le 15 décembre 2026)\n");
  Become([](auto& project) { project.state = "publication"; }, 60);
  EXPECT_EQ(Read("ics"), "127.0.0.1 3 2026-12-15 CONFIRMED\n");
  Become(
      [](auto& project) {
        project.publication_on = "2026-09-20";
        project.course_url = "https://mentor.exemple.invalid/1";
      },
      60);
  EXPECT_EQ(Read("ics"), "127.0.0.1 4 2026-09-20 CONFIRMED\n");
  EXPECT_EQ(Read("atom"), "2026-09-21T19:14:20.000Z En ligne depuis le 20 septembre 2026\n");
  Become([](auto& project) { project.publication_on = "2027-06-01"; }, 60);
  EXPECT_EQ(Read("ics"), "127.0.0.1 5 2027-06-01 CONFIRMED\n")
      << "online already, and to come out anew";
  EXPECT_EQ(Read("atom"), "2026-09-21T20:14:20.000Z Nouvelle version prévue le 1er juin 2027\n");
}

TEST_F(SlotOfAProject, WhoseDayIsTakenBackIsToldAsCancelled) {
  if (!HasReaders()) GTEST_SKIP() << "no node, or no tests/node_modules";
  Become([](auto& project) { project.publication_on = "2026-12-01"; }, 1);
  Become([](auto& project) { project.publication_on = ""; }, 5);
  EXPECT_EQ(Read("ics"), "127.0.0.1 1 2026-12-01 CANCELLED\n");
  EXPECT_EQ(Read("atom"),
            "2026-09-21T14:19:20.000Z Publication annulée (prévue le 1er décembre 2026)\n");
  Become([](auto& project) { project.publication_on = "2026-12-08"; }, 5);
  EXPECT_EQ(Read("ics"), "127.0.0.1 2 2026-12-08 CONFIRMED\n");
}

TEST(Feeds, AreOpenToAnybody) {
  Counter counter;
  const auto calendar = counter.Get("/calendrier.ics");
  EXPECT_EQ(calendar.status, 200);
  EXPECT_EQ(calendar.type, "text/calendar; charset=utf-8");
  EXPECT_THAT(calendar.body, HasSubstr("END:VCALENDAR\r\n"));
  const auto feed = counter.Get("/calendrier.atom");
  EXPECT_EQ(feed.status, 200);
  EXPECT_EQ(feed.type, "application/atom+xml; charset=utf-8");
  EXPECT_THAT(counter.Get("/calendrier").body, HasSubstr("/calendrier.ics"));
}

}  // namespace aiguillage::web
