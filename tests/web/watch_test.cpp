// What those who watch the machine are told: the log and the figures.
#include <gtest/gtest.h>

#include "storage/error.h"
#include "tests/web/counter.h"

namespace aiguillage::web {

TEST(Log, SaysNothingPersonal) {
  Counter counter;
  counter.Get("/projets/" + counter.number(1), "holder");
  counter.Get("/projets?q=secret", "holder");
  ASSERT_EQ(counter.logged.size(), 2u);
  for (const auto& text : counter.logged) {
    const auto line = nlohmann::json::parse(text);
    EXPECT_EQ(line.at("event"), "page");
    EXPECT_EQ(line.at("status"), 200);
    EXPECT_EQ(line.at("id").get<std::string>().size(), 16u);
    EXPECT_EQ(line.at("person"), counter.PersonId("holder"));
    EXPECT_EQ(text.find("secret"), std::string::npos);
    EXPECT_EQ(text.find(counter.number(1)), std::string::npos);
    EXPECT_EQ(text.find("holder"), std::string::npos);
  }
}

// A library's exception may hold what a person wrote: its type is told, never its text.
TEST(Log, TellsOurOwnWordsAndTheTypesOfOthers) {
  EXPECT_EQ(DescribeFailure(storage::Trouble("disk full")).dump(), R"({"what":"disk full"})");
  EXPECT_EQ(DescribeFailure(std::runtime_error("with :email=\"a@b\"")).dump(),
            R"({"kind":"std::runtime_error"})");
  const LogEvent event{LogLevel::kWarning, "worker", {{"name", "ds"}, {"kind", "\xff\n"}}};
  EXPECT_EQ(LogLine(event, 1'790'000'000'123),
            "{\"at\":\"2026-09-21T14:13:20.123Z\",\"event\":\"worker\",\"kind\":\"\uFFFD\\n\","
            "\"level\":\"warning\",\"name\":\"ds\"}");
}

TEST(Metrics, CountPagesActsAndWhatWaits) {
  Counter counter;
  counter.services().meters.Act("", 900);
  counter.services().meters.Act("locked", 300);
  counter.Get("/projets/" + counter.number(1), "pilot");
  counter.Get("/nulle-part");
  const std::string text = counter.Get("/metrics").body;
  for (const char* line :
       {"aiguillage_ready 1\n", "aiguillage_projects 2\n",
        "aiguillage_page_seconds_count{route=\"/projets/{number}\",status=\"200\"} 1\n",
        "aiguillage_act_seconds_bucket{result=\"done\",le=\"0.001\"} 1\n",
        "aiguillage_refusals_total{code=\"locked\"} 1\n",
        "# TYPE aiguillage_queue_mails_age_seconds gauge\n", "aiguillage_queue_timers 0\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  }
  EXPECT_EQ(text.find(counter.number(1)), std::string::npos);
}

TEST(Metrics, TellHowLongTheOldestHasWaited) {
  Counter counter;
  counter.now += 400LL * 86'400'000;  // every deadline is over, every mail is due
  const std::string text = counter.Get("/metrics").body;
  const auto value = [&](const std::string& name) {
    const std::size_t at = text.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
  };
  EXPECT_GT(value("aiguillage_queue_timers"), 0);
  EXPECT_GT(value("aiguillage_queue_timers_age_seconds"), 300 * 86'400.0);
  EXPECT_GT(value("aiguillage_queue_mails"), 0);
  EXPECT_NEAR(value("aiguillage_queue_mails_age_seconds"), 400 * 86'400.0, 86'400.0);
}

}  // namespace aiguillage::web
