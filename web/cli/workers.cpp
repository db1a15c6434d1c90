#include "web/cli/workers.h"

#include <functional>
#include <mutex>

#include "connectors/demarches_simplifiees/night.h"
#include "connectors/lease.h"
#include "notifications/call_news.h"
#include "notifications/compose.h"
#include "notifications/seal.h"
#include "notifications/steering.h"
#include "notifications/transport.h"
#include "storage/dossiers.h"
#include "storage/exchange.h"
#include "web/cli/command_line.h"
#include "web/cli/loop.h"
#include "workflows/flow.h"
#include "workflows/mail_pace.h"

namespace aiguillage::web {
namespace {

using notifications::Composer;

constexpr std::int64_t kLeaseMs = 60'000;  // how long a reading that died keeps others waiting

std::unique_ptr<Composer> MakeComposer(Workplace& workplace) {
  const Config& config = workplace.config();
  workplace.database().Write(
      [](storage::Session& session) { workflows::MakeUnsubscribeSecret(session); });
  notifications::ComposeOptions options;
  options.public_url = config.public_url;
  options.from = OrRefuse(notifications::ParseMailbox(config.mail_from));
  options.reply_to = config.mail_reply_to;
  return OrRefuse(Composer::Load(workplace.catalog(), options));
}

std::unique_ptr<notifications::MailTransport> MakeTransport(const Config& config) {
  if (config.smtp_url.empty()) return nullptr;
  notifications::TransportOptions options;
  options.url = config.smtp_url;
  options.user = config.smtp_user;
  options.password = config.smtp_password;
  return OrRefuse(notifications::OpenTransport(options));
}

// Measures each exchange; begins none once the process is to end.
class MeteredHttp : public connectors::HttpClient {
 public:
  MeteredHttp(Meters& meters, std::function<bool()> stop)
      : inner_(connectors::MakeCurlHttpClient(stop)), meters_(meters), stop_(std::move(stop)) {}

  connectors::HttpResponse Send(const connectors::HttpRequest& request) override {
    if (stop_()) throw Stopped("the process ends, or another one reads DS now");
    const auto started = std::chrono::steady_clock::now();
    auto response = inner_->Send(request);
    meters_.DsCall(ResultOf(response), MicrosSince(started));
    return response;
  }

 private:
  static std::string ResultOf(const connectors::HttpResponse& response) {
    using enum connectors::HttpFailure;
    switch (response.failure) {
      case kNone:
        return std::to_string(response.status);
      case kTimeout:
        return "timeout";
      case kUnreachable:
        return "unreachable";
      case kTooLarge:
        return "too_large";
      case kRefused:
        return "refused";
    }
    return "";
  }

  std::unique_ptr<connectors::HttpClient> inner_;
  Meters& meters_;
  std::function<bool()> stop_;
};

}  // namespace

struct Workers::Impl {
  Impl(Workplace& the_workplace, Log the_log)
      : workplace(the_workplace),
        log(std::move(the_log)),
        composer(MakeComposer(the_workplace)),
        transport(MakeTransport(the_workplace.config())),
        clockwork(the_workplace.database(), the_workplace.desk(),
                  {.stop = [this] { return stop.Raised(); }}),
        demarche(the_workplace.config().ds_demarche) {
    if (transport) {
      dispatcher = std::make_unique<notifications::Dispatcher>(
          workplace.database(), *composer, *transport,
          notifications::DispatchOptions{.per_minute = workplace.config().smtp_per_minute,
                                         .stop = [this] { return stop.Raised(); }});
    }
  }

  // One HTTP client a context, one context a call: a client serves one thread.
  template <typename Work>
  auto WithDs(std::int64_t at, Work&& work, const connectors::KeptLease* lease = nullptr) {
    const Config& config = workplace.config();
    connectors::SyncOptions options;
    options.endpoint = config.ds_endpoint;
    options.token = config.ds_token;
    options.demarche = demarche;
    options.instructeur = config.ds_instructeur;
    options.files_dir = workplace.files_dir();
    options.public_url = config.public_url;
    options.at = at;
    const std::lock_guard one_at_a_time(ds);
    MeteredHttp http(workplace.meters(), [this, lease] {
      return stop.Raised() || (lease != nullptr && lease->lost());
    });
    auto world = connectors::RealWorld();
    world.sleep = [this](std::int64_t ms) {
      if (stop.Wait(std::chrono::milliseconds(ms))) throw Stopped("the process ends");
    };
    connectors::SyncContext context{
        workplace.database(), workplace.desk(), workplace.catalog(), http, options,
        std::move(world)};
    context.progress = progress;
    return work(context);
  }

  // One process reads a démarche at a time: two would bring each attached file twice.
  template <typename Reading>
  connectors::SyncReport Alone(Reading&& reading) {
    connectors::KeptLease lease(workplace.database(), "ds." + std::to_string(demarche), kLeaseMs);
    if (lease.held()) return reading(&lease);
    connectors::SyncReport report;
    report.stopped = true;
    report.words = {"Un autre processus relève Démarches Simplifiées en ce moment."};
    return report;
  }

  // What is new; once a night everything, and the comparison.
  connectors::SyncReport Poll() {
    return Alone([&](const connectors::KeptLease* lease) {
      const bool night = workplace.database().Read([&](storage::Session& session) {
        return connectors::NightIsDue(session, demarche, ClockNow());
      });
      return WithDs(
          0,
          [&](connectors::SyncContext& context) {
            return night ? connectors::RunNight(context) : connectors::Sync(context, false);
          },
          lease);
    });
  }

  void Repeat(const std::string& name, std::chrono::milliseconds pause,
              std::function<bool()> work) {
    loops.push_back(
        std::make_unique<Loop>(name, pause, std::move(work), stop, workplace.meters(), log));
  }

  void Say(const std::vector<std::string>& words, bool stopped) const {
    for (const auto& sentence : words) {
      log({stopped ? LogLevel::kWarning : LogLevel::kInfo, "ds", {{"words", sentence}}});
    }
  }

  Workplace& workplace;
  Log log;
  StopFlag stop;
  std::unique_ptr<Composer> composer;
  std::unique_ptr<notifications::MailTransport> transport;
  std::unique_ptr<notifications::Dispatcher> dispatcher;
  notifications::Clockwork clockwork;
  std::int64_t demarche;
  std::function<void(const storage::ExchangeRun&)> progress;
  std::mutex ds;  // a reading and a telling side by side would share DS's allowance unknowingly
  std::vector<std::unique_ptr<Loop>> loops;
};

Workers::Workers(Workplace& workplace, Log log)
    : impl_(std::make_unique<Impl>(workplace, std::move(log))) {}
Workers::~Workers() { Stop(); }

notifications::TickReport Workers::Tick(std::int64_t now, bool dry_run) {
  auto report = impl_->clockwork.Tick(now, dry_run);
  for (const auto& firing : dry_run ? std::vector<notifications::Firing>() : report.firings) {
    impl_->workplace.meters().Timer(!firing.refused.empty(), now - firing.due_at);
  }
  storage::Database& database = impl_->workplace.database();
  workflows::Catalog& catalog = impl_->workplace.catalog();
  for (auto& told : notifications::TellOfCalls(database, catalog, now, dry_run)) {
    report.firings.push_back(std::move(told));
  }
  for (auto& told : notifications::TellOfTheMonth(database, catalog, now, dry_run)) {
    report.firings.push_back(std::move(told));
  }
  return report;
}

notifications::DeliveryCounts Workers::Deliver(std::int64_t now) {
  if (!impl_->dispatcher) return {};
  const auto counts = impl_->dispatcher->DeliverOnce(now);
  Meters& meters = impl_->workplace.meters();
  meters.Mails("sent", counts.sent);
  meters.Mails("later", counts.later);
  meters.Mails("uncertain", counts.uncertain);
  meters.Mails("failed", counts.failed);
  meters.Mails("skipped", counts.skipped);
  return counts;
}

MailLook Workers::Preview(const storage::OutboxRow& row) const {
  const auto mail = impl_->workplace.database().Read(
      [&](storage::Session& s) { return impl_->composer->Preview(s, row, ClockNow()); });
  if (!mail) return {"", mail.refusal().sentence, ""};
  return {mail.value().subject, mail.value().text, mail.value().html};
}

notifications::Words Workers::Draft(const storage::OutboxRow& row) const {
  const auto words = impl_->workplace.database().Read(
      [&](storage::Session& s) { return impl_->composer->Draft(s, row); });
  return words ? words.value() : notifications::Words{};
}

bool Workers::HasDs() const { return !impl_->workplace.config().ds_endpoint.empty(); }

void Workers::Follow(std::function<void(const storage::ExchangeRun&)> progress) {
  impl_->progress = std::move(progress);
}

void Workers::UseDemarcheOf(const storage::Call& call) { impl_->demarche = call.demarche; }

connectors::SyncReport Workers::Sync(std::int64_t at, bool full) {
  return impl_->Alone([&](const connectors::KeptLease* lease) {
    return impl_->WithDs(
        at, [&](connectors::SyncContext& context) { return connectors::Sync(context, full); },
        lease);
  });
}

connectors::SyncReport Workers::Replay(std::int64_t at) {
  return impl_->Alone([&](const connectors::KeptLease* lease) {
    return impl_->WithDs(
        at, [&](connectors::SyncContext& context) { return connectors::Replay(context); }, lease);
  });
}

connectors::PushReport Workers::Push(std::int64_t at) {
  return impl_->WithDs(at, [&](connectors::SyncContext& context) {
    return connectors::PushDue(context, context.Now());
  });
}

connectors::SyncReport Workers::Import(std::int64_t at, const std::string& call,
                                       const std::vector<std::string>& files) {
  return impl_->WithDs(at, [&](connectors::SyncContext& context) {
    return connectors::Import(context, call, files);
  });
}

std::vector<connectors::Drift> Workers::Compare() {
  return impl_->WithDs(
      0, [](connectors::SyncContext& context) { return connectors::CompareAndKeep(context); });
}

void Workers::Start() {
  using std::chrono::milliseconds;
  impl_->Repeat("deadlines", milliseconds(1000), [this] { return Tick(ClockNow(), false).more; });
  impl_->Repeat("moves", milliseconds(500), [this] {
    return workflows::FollowMoves(impl_->workplace.database(), impl_->workplace.catalog());
  });
  if (impl_->dispatcher) {
    impl_->Repeat("mails", milliseconds(500), [this] {
      Deliver(ClockNow());
      return false;
    });
  }
  impl_->Repeat("seal", milliseconds(60'000), [this] {
    notifications::SealYesterday(impl_->workplace.database(), ClockNow());
    return false;
  });
  if (!HasDs()) return;
  // What people decided is told to DS as soon as its grace is over, not at the next reading: the
  // mail that says « complétez votre dossier » must not reach the holder before DS lets them.
  const milliseconds pause(impl_->workplace.config().ds_poll_seconds * 1000);
  const milliseconds moment = std::min(pause, milliseconds(2000));
  impl_->Repeat("ds_push", moment,
                [this, pause, again = std::chrono::steady_clock::time_point()]() mutable {
                  if (std::chrono::steady_clock::now() < again) return false;
                  const auto report = Push(0);
                  impl_->Say(report.words, report.stopped);
                  if (report.stopped) again = std::chrono::steady_clock::now() + pause;
                  return false;
                });
  // When the pilot's page asks for it: once, also when DS could not be read then.
  impl_->Repeat("ds_compare", moment, [this, done = std::int64_t{0}]() mutable {
    const auto last = impl_->workplace.database().Read(
        [this](storage::Session& s) { return storage::FindComparison(s, impl_->demarche); });
    if (last.asked_at <= last.at || last.asked_at == done) return false;
    done = last.asked_at;
    Compare();
    return false;
  });
  impl_->Repeat("ds", pause, [this] {
    const auto report = impl_->Poll();
    impl_->Say(report.words, report.stopped);
    return false;
  });
}

void Workers::Also(const std::string& name, int pause_ms, std::function<void()> work) {
  impl_->Repeat(name, std::chrono::milliseconds(pause_ms), [work = std::move(work)] {
    work();
    return false;
  });
}

void Workers::AskToStop() { impl_->stop.Raise(); }

std::vector<std::string> Workers::Running() const {
  std::vector<std::string> names;
  for (const auto& loop : impl_->loops) {
    if (loop->running()) names.push_back(loop->name());
  }
  return names;
}

void Workers::Stop() {
  impl_->stop.Raise();
  impl_->loops.clear();
}

}  // namespace aiguillage::web
