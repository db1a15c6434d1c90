// How fast mails leave: the dispatcher, from the rows of the outbox to « sent » on disk, beside a
// loop of libcurl that says the same mails to the same server over one connection kept.
//
//   mail_bench [--mails N] [--check]      N a round, 1,000 unless said
//
// The server is Debian's aiosmtpd, which keeps each mail in a file, in memory: in life its disk is
// not the one that we write to. Rounds alternate, and the goal
// is asked of the median of their ratios: neighbours in time share what else the machine does.
#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "notifications/dispatcher.h"
#include "storage/projects.h"
#include "tests/bench/goals.h"
#include "tests/bench/measure.h"
#include "tests/notifications/fixture.h"
#include "tests/support/smtp_sink.h"
#include "tests/support/test_record.h"

namespace aiguillage::bench {
namespace {

using namespace notifications;  // NOLINT: a program of one page

constexpr std::int64_t kNow = 1795442645000;
constexpr int kRounds = 21;

std::vector<storage::OutboxRow> Fill(test::TestRecord& record, int mails, int round) {
  return record->Write([&](storage::Session& session) {
    const auto project = InsertProject(session, record.NewProject("Accueil"), 2026).id;
    std::vector<storage::OutboxRow> rows;
    for (int i = 0; i < mails; ++i) {
      storage::OutboxRow row;
      row.kind = "mail";
      row.key = "act:" + std::to_string(round) + ":" + std::to_string(i);
      row.project = project;
      row.topic = "long";
      row.person = 1;
      row.address = "camille@example.fr";
      row.payload = {{"title", "Accueil"}, {"reason", std::string(1500, 'a')}};
      row.status = "pending";
      row.created_at = row.not_before = kNow;
      row.id = InsertOutbox(session, row);
      rows.push_back(row);
    }
    return rows;
  });
}

struct Given {
  const std::string* text;
  std::size_t at = 0;
};

std::size_t Give(char* buffer, std::size_t size, std::size_t count, void* user) {
  auto& given = *static_cast<Given*>(user);
  const std::size_t some = std::min(size * count, given.text->size() - given.at);
  std::memcpy(buffer, given.text->data() + given.at, some);
  given.at += some;
  return some;
}

// Seconds that a bare loop takes for these texts.
double Bare(const std::string& url, const std::vector<std::string>& texts) {
  const double start = WallSeconds();
  CURL* handle = curl_easy_init();
  curl_slist* to = curl_slist_append(nullptr, "<camille@example.fr>");
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_MAIL_FROM, "<aap@exemple.invalid>");
  curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, to);
  curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle, CURLOPT_READFUNCTION, Give);
  for (const std::string& text : texts) {
    Given given{&text};
    curl_easy_setopt(handle, CURLOPT_READDATA, &given);
    curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(text.size()));
    if (curl_easy_perform(handle) != CURLE_OK) throw std::runtime_error("the bare loop failed");
  }
  curl_easy_cleanup(handle);
  curl_slist_free_all(to);
  return WallSeconds() - start;
}

double Ours(test::TestRecord& record, const Composer& composer, MailTransport& transport,
            int mails) {
  Dispatcher dispatcher(*record, composer, transport, {});
  const double start = WallSeconds();
  const auto counts = dispatcher.DeliverOnce(kNow);
  const double seconds = WallSeconds() - start;
  if (counts.sent != mails) throw std::runtime_error("not all were sent: " + ToJson(counts).dump());
  return seconds;
}

void Measure(int mails, Goals& goals) {
  test::TestRecord record;
  record.Seed();
  const auto composer = test::DemoComposer();
  const test::TempDirectory memory("/dev/shm");
  test::SmtpSink sink(memory / "mails");
  auto transport = OpenTransport({.url = sink.Url()});
  std::vector<double> ratios, ours, bare;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<std::string> texts;
    const auto rows = Fill(record, mails, round);
    record->Read([&](storage::Session& session) {
      for (const auto& row : rows) {
        texts.push_back(ToMime(composer->Compose(session, row, kNow).value()).value());
      }
    });
    const auto each = static_cast<double>(rows.size());
    if (round % 2 == 0) bare.push_back(each / Bare(sink.Url(), texts));
    ours.push_back(each / Ours(record, *composer, *transport.value(), mails));
    if (round % 2 == 1) bare.push_back(each / Bare(sink.Url(), texts));
    ratios.push_back(ours.back() / bare.back());
  }
  const auto median = [](std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  };
  goals.Said("a bare loop of libcurl, one connection", median(bare), "mails/s");
  goals.Said("the dispatcher, from row to « sent » on disk", median(ours), "mails/s");
  goals.AtLeast("the dispatcher beside it", median(ratios), 0.9, "x the loop",
                "between " + std::to_string(*std::min_element(ratios.begin(), ratios.end())) +
                    " and " + std::to_string(*std::max_element(ratios.begin(), ratios.end())));
}

}  // namespace
}  // namespace aiguillage::bench

int main(int argc, char** argv) {
  using namespace aiguillage;  // NOLINT: a program of one page
  try {
    bool check = false;
    int mails = 1000;
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (arguments[i] == "--check") {
        check = true;
      } else if (arguments[i] == "--mails" && i + 1 < arguments.size()) {
        mails = std::stoi(arguments[++i]);
      } else {
        throw std::runtime_error("Expected --check or --mails N, but got " + arguments[i]);
      }
    }
    bench::Goals goals;
    bench::Measure(mails, goals);
    return check && !goals.met() ? 1 : 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
