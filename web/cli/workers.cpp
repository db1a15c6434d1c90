#include "web/cli/workers.h"

#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <iostream>
#include <mutex>
#include <thread>

#include "notifications/compose.h"
#include "notifications/transport.h"
#include "storage/dossiers.h"
#include "web/cli/command_line.h"

namespace aiguillage::web {
namespace {

using notifications::Composer;

constexpr std::int64_t kReadingMs = 15LL * 60 * 1000;  // a reading of DS is over by then

std::unique_ptr<Composer> MakeComposer(Workplace& workplace) {
  const Config& config = workplace.config();
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

void SayInLog(const std::vector<std::string>& sentences) {
  for (const auto& sentence : sentences) {
    std::cerr << nlohmann::json({{"event", "ds"}, {"words", sentence}}).dump() << '\n';
  }
}

// A thread that repeats a piece of work, at once after some was done, else after a pause. Trouble
// is written in the log and the work goes on: what runs here must outlive a night without network.
class Loop {
 public:
  Loop(std::string name, std::chrono::milliseconds pause, std::function<bool()> work)
      : name_(std::move(name)), pause_(pause), work_(std::move(work)), thread_([this] { Run(); }) {}
  ~Loop() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

 private:
  void Run() {
    for (;;) {
      bool again = false;
      try {
        again = work_();
      } catch (const std::exception& error) {
        std::cerr << nlohmann::json(
                         {{"event", "worker"}, {"name", name_}, {"trouble", error.what()}})
                         .dump()
                  << '\n';
      }
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, again ? std::chrono::milliseconds(1) : pause_,
                         [this] { return stop_; })) {
        return;
      }
    }
  }

  std::string name_;
  std::chrono::milliseconds pause_;
  std::function<bool()> work_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace

struct Workers::Impl {
  explicit Impl(Workplace& the_workplace)
      : workplace(the_workplace),
        composer(MakeComposer(the_workplace)),
        transport(MakeTransport(the_workplace.config())),
        clockwork(the_workplace.database(), the_workplace.desk()),
        demarche(the_workplace.config().ds_demarche) {
    if (transport) {
      dispatcher = std::make_unique<notifications::Dispatcher>(
          workplace.database(), *composer, *transport, notifications::DispatchOptions{});
    }
  }

  // One HTTP client a context, one context a call: a client serves one thread.
  template <typename Work>
  auto WithDs(std::int64_t at, Work&& work) {
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
    const auto http = connectors::MakeCurlHttpClient();
    connectors::SyncContext context{
        workplace.database(),   workplace.desk(), workplace.catalog(), *http, options,
        connectors::RealWorld()};
    return work(context);
  }

  // The same after a restart, another one for each process beside this one.
  std::string Name() const {
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    return std::string(host) + ":" + std::to_string(workplace.config().http_port);
  }

  Workplace& workplace;
  std::unique_ptr<Composer> composer;
  std::unique_ptr<notifications::MailTransport> transport;
  std::unique_ptr<notifications::Dispatcher> dispatcher;
  notifications::Clockwork clockwork;
  std::int64_t demarche;
  std::mutex ds;  // a reading and a telling side by side would share DS's allowance unknowingly
  std::vector<std::unique_ptr<Loop>> loops;
};

Workers::Workers(Workplace& workplace) : impl_(std::make_unique<Impl>(workplace)) {}
Workers::~Workers() = default;

notifications::TickReport Workers::Tick(std::int64_t now, bool dry_run) {
  return impl_->clockwork.Tick(now, dry_run);
}

notifications::DeliveryCounts Workers::Deliver(std::int64_t now) {
  if (!impl_->dispatcher) return {};
  return impl_->dispatcher->DeliverOnce(now);
}

MailLook Workers::Preview(const storage::OutboxRow& row) const {
  const auto mail = impl_->workplace.database().Read(
      [&](storage::Session& s) { return impl_->composer->Preview(s, row, ClockNow()); });
  if (!mail) return {"", mail.refusal().sentence, ""};
  return {mail.value().subject, mail.value().text, mail.value().html};
}

bool Workers::HasDs() const { return !impl_->workplace.config().ds_endpoint.empty(); }

void Workers::UseDemarcheOf(const storage::Call& call) { impl_->demarche = call.demarche; }

// One process reads at a time: two would bring each attached file twice.
connectors::SyncReport Workers::Sync(std::int64_t at, bool full) {
  auto& database = impl_->workplace.database();
  const std::string holder = impl_->Name();
  const std::int64_t now = ClockNow();
  if (!database.Write([&](storage::Session& s) {
        return storage::TakeLease(s, "ds", holder, now, now + kReadingMs);
      })) {
    connectors::SyncReport report;
    report.stopped = true;
    report.words = {"Un autre processus relève Démarches Simplifiées en ce moment."};
    return report;
  }
  auto report = impl_->WithDs(
      at, [&](connectors::SyncContext& context) { return connectors::Sync(context, full); });
  database.Write([&](storage::Session& s) { storage::EndLease(s, "ds", holder); });
  return report;
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
      0, [](connectors::SyncContext& context) { return connectors::Compare(context); });
}

void Workers::Start() {
  using std::chrono::milliseconds;
  impl_->loops.push_back(std::make_unique<Loop>("deadlines", milliseconds(1000),
                                                [this] { return Tick(ClockNow(), false).more; }));
  if (impl_->dispatcher) {
    impl_->loops.push_back(std::make_unique<Loop>("mails", milliseconds(500), [this] {
      Deliver(ClockNow());
      return false;
    }));
  }
  if (HasDs()) {
    // What people decided is told to DS as soon as its grace is over, not at the next reading: the
    // mail that says « complétez votre dossier » must not reach the holder before DS lets them.
    const milliseconds pause(impl_->workplace.config().ds_poll_seconds * 1000);
    const milliseconds moment = std::min(pause, milliseconds(2000));
    impl_->loops.push_back(std::make_unique<Loop>(
        "ds_push", moment,
        [this, pause, again = std::chrono::steady_clock::time_point()]() mutable {
          if (std::chrono::steady_clock::now() < again) return false;
          const auto report = Push(0);
          SayInLog(report.words);
          if (report.stopped) again = std::chrono::steady_clock::now() + pause;
          return false;
        }));
    impl_->loops.push_back(std::make_unique<Loop>("ds", pause, [this] {
      SayInLog(Sync(0, false).words);
      return false;
    }));
  }
}

void Workers::Also(const std::string& name, int pause_ms, std::function<void()> work) {
  impl_->loops.push_back(
      std::make_unique<Loop>(name, std::chrono::milliseconds(pause_ms), [work = std::move(work)] {
        work();
        return false;
      }));
}

void Workers::Stop() { impl_->loops.clear(); }

}  // namespace aiguillage::web
