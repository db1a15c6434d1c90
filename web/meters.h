// What the process counted since it started, kept and printed (Prometheus's text format) by
// prometheus-cpp. Names of things only: a route's pattern, a refusal's code; nobody's, no address.
//
//   meters.Page("/projets/{number}", 200, 1800);    // microseconds
//   meters.Act("", 950);                            // "" done, else the refusal's code
//   meters.Gauge("aiguillage_projects", "projects held", 48);
//   meters.Print()   // aiguillage_page_seconds_bucket{route="/projets/{number}",status="200",le=…
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace aiguillage::web {

class Meters {
 public:
  Meters();
  ~Meters();
  Meters(const Meters&) = delete;
  Meters& operator=(const Meters&) = delete;

  void Page(const std::string& route, int status, std::int64_t micros);
  void Act(const std::string& outcome, std::int64_t micros);
  // result: sent, later, uncertain, failed, skipped.
  void Mails(const std::string& result, int count);
  // One exchange with DS; result: the HTTP status, or what kept it from arriving.
  void DsCall(const std::string& result, std::int64_t micros);
  // A deadline's event, raised so long after it was due.
  void Timer(bool refused, std::int64_t late_ms);
  // One round of a worker thread ("mails", "ds", …).
  void Round(const std::string& worker, bool trouble, std::int64_t micros);
  // A value of this moment: how many, or how old in seconds.
  void Gauge(const std::string& name, const std::string& help, double value);

  std::string Print() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aiguillage::web
