// Dispatchers that are killed in the midst of their work, one after the other, before a real mail
// server that hangs up after 100 mails: every mail arrives, and one that arrived twice is one of
// which the record said that nobody knew: 1,000 mails, 40 kills.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <random>
#include <set>

#include "notifications/dispatcher.h"
#include "storage/projects.h"
#include "tests/notifications/fixture.h"
#include "tests/support/seed.h"
#include "tests/support/smtp_sink.h"
#include "tests/support/test_record.h"

namespace aiguillage::notifications {
namespace {

using storage::OutboxRow;
using storage::Session;

constexpr std::int64_t kFirstLife = 1795442645000;
constexpr std::int64_t kBetweenLives = 22 * 60'000;  // the leases of the dead have run out

constexpr int kMails = 1000, kKills = 40;
constexpr int kCopiesMax = kDeathsMax + 1;  // of a mail that so many processes died on

std::vector<std::int64_t> FillOutbox(test::TestRecord& record) {
  return record->Write([&](Session& session) {
    const auto project = InsertProject(session, record.NewProject("Accueil"), 2026).id;
    std::vector<std::int64_t> ids;
    for (int i = 0; i < kMails; ++i) {
      OutboxRow row;
      row.kind = "mail";
      row.key = "act:" + std::to_string(i);
      row.project = project;
      row.topic = "hello";
      row.person = 1;
      row.address = "camille@example.fr";
      row.payload = {{"title", "Accueil"}};
      row.status = "pending";
      row.created_at = row.not_before = kFirstLife;
      ids.push_back(InsertOutbox(session, row));
    }
    return ids;
  });
}

// A process that delivers what is due, and says one byte before each mail.
pid_t StartLife(const std::string& record, const std::string& server, std::int64_t now, int tell) {
  const pid_t child = fork();
  if (child != 0) return child;
  try {
    const auto database = storage::Database::Open(record, {.create = false, .migrate = false});
    const auto composer = test::DemoComposer();
    TransportOptions options;
    options.url = server;
    options.mails_per_connection = 1'000'000;  // the server shall be the one that hangs up
    auto transport = OpenTransport(options);
    DispatchOptions dispatch;
    dispatch.stop = [&] { return write(tell, ".", 1) != 1; };
    Dispatcher(*database, *composer, *transport.value(), dispatch).DeliverOnce(now);
  } catch (const std::exception& trouble) {
    std::fprintf(stderr, "a dispatcher of the massacre: %s\n", trouble.what());
    _exit(1);
  }
  _exit(0);
}

// True when it was killed, so long after it began its `kill_at`th mail; -1: it may come to its end.
bool Live(const std::string& record, const std::string& server, std::int64_t now, int kill_at = -1,
          int then_us = 0) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("Expected a pipe");
  const pid_t child = StartLife(record, server, now, ends[1]);
  close(ends[1]);
  char byte;
  for (int said = 1; read(ends[0], &byte, 1) == 1; ++said) {
    if (said != kill_at) continue;
    usleep(static_cast<useconds_t>(then_us));
    kill(child, SIGKILL);
  }
  close(ends[0]);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << "a dispatcher failed";
  return WIFSIGNALED(status);
}

std::map<std::string, int> ArrivedById(const test::SmtpSink& sink) {
  std::map<std::string, int> arrived;
  for (const auto& mail : sink.Mails()) {
    const auto begin = mail.text.find("Message-ID: ") + 12;
    ++arrived[mail.text.substr(begin, mail.text.find('\n', begin) - begin)];
  }
  return arrived;
}

TEST(MailCrash, EveryMailArrivesAndOnlyDoubtfulOnesTwice) {
  test::TestRecord record;
  record.Seed();
  const auto ids = FillOutbox(record);
  record.Close();
  test::SmtpSink sink(record.directory() / "mails", {"--max-per-connection", "100"});
  std::mt19937_64 random(test::Seed());
  std::uniform_int_distribution<int> among(1, 2 * kMails / kKills), pause_us(0, 4'000);
  std::int64_t now = kFirstLife;
  int killed = 0;
  for (int life = 0; life < kKills; ++life, now += kBetweenLives) {
    killed += Live(record.url(), sink.Url(), now, among(random), pause_us(random)) ? 1 : 0;
  }
  for (int life = 0; life < 4; ++life, now += 2 * kBetweenLives) {
    EXPECT_FALSE(Live(record.url(), sink.Url(), now));
  }
  EXPECT_GT(killed, kKills / 2) << "else nothing was tried";

  const auto arrived = ArrivedById(sink);
  record.Reopen();
  std::set<std::string> known;
  int twice = 0, doubtful = 0;
  record->Read([&](Session& session) {
    for (const std::int64_t id : ids) {
      const auto row = *FindOutbox(session, id);
      const std::string message_id = MessageIdFor(row.key, "exemple.invalid");
      known.insert(message_id);
      const auto found = arrived.find(message_id);
      if (found == arrived.end()) {
        ADD_FAILURE() << row.key << " never arrived: " << row.status << " " << row.detail;
        continue;
      }
      const bool doubted = row.status == "uncertain" || row.detail.starts_with("Renvoyé une fois");
      EXPECT_TRUE(row.status == "sent" || row.status == "uncertain") << row.key << row.status;
      EXPECT_LE(found->second, doubted ? kCopiesMax : 1) << row.key << ": " << row.detail;
      twice += found->second > 1 ? 1 : 0;
      doubtful += doubted ? 1 : 0;
    }
  });
  for (const auto& [message_id, times] : arrived)
    EXPECT_TRUE(known.count(message_id)) << message_id;
  std::printf("%d mails, %d dispatchers killed: %d doubtful, %d arrived twice\n", kMails, killed,
              doubtful, twice);
}

}  // namespace
}  // namespace aiguillage::notifications
