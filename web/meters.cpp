#include "web/meters.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace aiguillage::web {
namespace {

using Histograms = prometheus::Family<prometheus::Histogram>;
using Counters = prometheus::Family<prometheus::Counter>;
using Buckets = prometheus::Histogram::BucketBoundaries;

// An act on a local disk takes a millisecond, a page a few; what exceeds a second is a trouble.
const Buckets kQuick = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};
// The other end is a network away, and DS cuts at a minute.
const Buckets kFar = {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
// Deadlines are looked at every second; hours late says that the process was down.
const Buckets kLate = {1, 5, 30, 60, 300, 3600, 21600, 86400};

double Seconds(std::int64_t micros) { return static_cast<double>(micros) / 1e6; }

}  // namespace

struct Meters::Impl {
  Histograms& Timed(const std::string& name, const std::string& help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
  }
  Counters& Counted(const std::string& name, const std::string& help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  }

  prometheus::Registry registry;
  Histograms& pages = Timed("aiguillage_page_seconds", "pages answered");
  Histograms& acts = Timed("aiguillage_act_seconds", "acts answered by the desk, until durable");
  Counters& refusals = Counted("aiguillage_refusals_total", "acts refused");
  Counters& mails = Counted("aiguillage_mails_total", "mails handed to the relay");
  Histograms& ds_calls =
      Timed("aiguillage_ds_call_seconds", "exchanges with Démarches Simplifiées");
  Histograms& timers =
      Timed("aiguillage_timer_late_seconds", "deadlines raised, by how long after they were due");
  Histograms& rounds = Timed("aiguillage_worker_round_seconds", "rounds of the worker threads");
};

Meters::Meters() : impl_(std::make_unique<Impl>()) {}
Meters::~Meters() = default;

void Meters::Page(const std::string& route, int status, std::int64_t micros) {
  impl_->pages.Add({{"route", route}, {"status", std::to_string(status)}}, kQuick)
      .Observe(Seconds(micros));
}

void Meters::Act(const std::string& outcome, std::int64_t micros) {
  const bool known = outcome.empty() || outcome == "trouble";
  const std::string result = outcome.empty() ? "done" : known ? outcome : "refused";
  impl_->acts.Add({{"result", result}}, kQuick).Observe(Seconds(micros));
  if (!known) impl_->refusals.Add({{"code", outcome}}).Increment();
}

void Meters::Mails(const std::string& result, int count) {
  if (count > 0) impl_->mails.Add({{"result", result}}).Increment(count);
}

void Meters::DsCall(const std::string& result, std::int64_t micros) {
  impl_->ds_calls.Add({{"result", result}}, kFar).Observe(Seconds(micros));
}

void Meters::Timer(bool refused, std::int64_t late_ms) {
  impl_->timers.Add({{"result", refused ? "refused" : "fired"}}, kLate)
      .Observe(static_cast<double>(late_ms) / 1e3);
}

void Meters::Round(const std::string& worker, bool trouble, std::int64_t micros) {
  impl_->rounds.Add({{"worker", worker}, {"result", trouble ? "trouble" : "done"}}, kFar)
      .Observe(Seconds(micros));
}

void Meters::Gauge(const std::string& name, const std::string& help, double value) {
  prometheus::BuildGauge().Name(name).Help(help).Register(impl_->registry).Add({}).Set(value);
}

std::string Meters::Print() const {
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace aiguillage::web
