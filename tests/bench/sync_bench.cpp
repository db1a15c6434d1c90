// ./run bench sync: what reading a démarche costs us, network and files aside, beside its goals.
//
//   sync_bench [--check] [DOSSIERS]        100,000 unless said
//
// DS is played by this process: each dossier is one of the stand-in's with a number, a title and an
// account of its own, and the time it takes to play it is taken off. The reading is cut off at
// 40 % and taken up by another one.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include "connectors/demarches_simplifiees/sync.h"
#include "tests/bench/measure.h"
#include "tests/support/ds_exchange.h"

namespace aiguillage::bench {
namespace {

using connectors::HttpRequest;
using connectors::HttpResponse;
using nlohmann::json;

struct PowerCut {};

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}
double CpuSeconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return Seconds(used.ru_utime) + Seconds(used.ru_stime);
}
double PeakMegabytes() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_maxrss) / 1024;
}

// Pages of a démarche that is as large as we like, made of one dossier's text.
class Feed : public connectors::HttpClient {
 public:
  Feed(test::DsStandIn& ds, std::int64_t dossiers) : ds_(ds), dossiers_(dossiers) {
    json one = Ask("DossierOne", {{"number", ds.Numbers()[0]}})["data"]["dossier"];
    one["number"] = 987654321;
    one["id"] = "Dossier-987654321";
    one["usager"]["email"] = "porteur987654321@ministere.invalid";
    for (json& champ : one["champs"]) {
      if (champ.contains("files")) champ["files"] = json::array();
    }
    dossier_ = one.dump();
  }

  HttpResponse Send(const HttpRequest& request) override {
    const double started = ThreadSeconds();
    HttpResponse response = Played(request);
    played_ += ThreadSeconds() - started;
    return response;
  }

  std::int64_t cut_after = -1;  // dossiers
  std::int64_t served = 0;
  double played() const { return played_; }

 private:
  HttpResponse Played(const HttpRequest& request) {
    const json body = json::parse(request.body);
    if (body["operationName"] != "DossiersPage") return ds_.Send(request);
    const json& variables = body["variables"];
    const std::int64_t from =
        variables.contains("after") ? std::stoll(variables["after"].get<std::string>()) : 0;
    if (cut_after >= 0 && from >= cut_after) throw PowerCut();
    const std::int64_t to = std::min(dossiers_, from + variables["first"].get<std::int64_t>());
    std::string nodes;
    for (std::int64_t i = from; i < to; ++i) {
      if (i > from) nodes += ",";
      nodes += Numbered(std::to_string(300'000'000 + i));
    }
    served += to - from;
    HttpResponse response;
    response.status = 200;
    response.body = R"({"data":{"demarche":{"id":"D","dossiers":{"pageInfo":{"hasNextPage":)" +
                    std::string(to < dossiers_ ? "true" : "false") + R"(,"endCursor":)" +
                    (to > from ? "\"" + std::to_string(to) + "\"" : "null") + "},\"nodes\":[" +
                    nodes + "]}}}}";
    return response;
  }

  std::string Numbered(const std::string& number) const {
    std::string text = dossier_;
    for (auto at = text.find("987654321"); at != text.npos; at = text.find("987654321", at)) {
      text.replace(at, number.size(), number);
    }
    return text;
  }

  json Ask(const std::string& operation, const json& variables) {
    HttpRequest request;
    request.method = "POST";
    request.headers["Authorization"] = "Bearer secret";
    request.body = json{{"operationName", operation}, {"variables", variables}}.dump();
    return json::parse(ds_.Send(request).body);
  }

  test::DsStandIn& ds_;
  std::int64_t dossiers_;
  std::string dossier_;
  double played_ = 0;
};

bool Row(const char* what, double measured, double goal, const char* unit) {
  const bool met = measured <= goal;
  std::printf("%-52s %9.2f %-3s <= %8.2f %-3s %s\n", what, measured, unit, goal, unit,
              met ? "" : "missed");
  return met;
}

int Run(std::int64_t dossiers, bool check) {
  test::Exchange exchange({.dossiers = 1});
  Feed feed(exchange.ds, dossiers);
  connectors::SyncContext context{*exchange.database,       exchange.desk,
                                  test::ShippedCatalog(),   feed,
                                  exchange.context.options, exchange.context.world};
  const std::int64_t cut = dossiers * 4 / 10 / 100 * 100;
  feed.cut_after = cut;
  const double before = CpuSeconds();
  try {
    connectors::Sync(context, false);
    throw std::runtime_error("Expected the reading to be cut off");
  } catch (const PowerCut&) {
  }
  const double at_cut = PeakMegabytes();
  feed.cut_after = -1;
  const std::int64_t served = feed.served;
  const auto report = connectors::Sync(context, false);
  const double cpu = CpuSeconds() - before - feed.played();
  const double peak = PeakMegabytes();
  if (report.created != dossiers - cut || report.failed + report.quarantined != 0) {
    throw std::runtime_error("Expected every dossier to become a project, but got " +
                             connectors::ToJson(report).dump());
  }
  bool met = Row("CPU a dossier: parse, map, write", cpu * 1000 / static_cast<double>(dossiers),
                 1.0, "ms");
  met = Row("memory at its peak", peak, 200, "MB") && met;
  met = Row("memory that the last 60 % added", peak - at_cut, 30, "MB") && met;
  met = Row("dossiers read twice after the cut at 40 %",
            static_cast<double>(feed.served - served - (dossiers - cut)), 0, "") &&
        met;
  return check && !met ? 1 : 0;
}

}  // namespace
}  // namespace aiguillage::bench

int main(int argc, char** argv) {
  std::int64_t dossiers = 100'000;
  bool check = false;
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == "--check") {
      check = true;
    } else {
      dossiers = std::atoll(argv[i]);
    }
  }
  try {
    return aiguillage::bench::Run(dossiers, check);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 3;
  }
}
