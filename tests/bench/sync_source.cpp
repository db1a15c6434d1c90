#include "tests/bench/sync_source.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/bench/measure.h"

namespace aiguillage::bench {
namespace {

using connectors::HttpRequest;
using connectors::HttpResponse;
using nlohmann::json;

constexpr const char* kModel = "987654321";  // stands for a number wherever it is found

class FeedClient : public connectors::HttpClient {
 public:
  FeedClient(test::DsStandIn& ds, std::int64_t dossiers, Told& told)
      : ds_(ds), dossiers_(dossiers), told_(told) {
    json one = Ask("DossierOne", {{"number", ds.Numbers()[0]}})["data"]["dossier"];
    one["number"] = std::stoll(kModel);
    one["id"] = std::string("Dossier-") + kModel;
    one["usager"]["email"] = std::string("porteur") + kModel + "@ministere.invalid";
    for (json& champ : one["champs"]) {
      if (champ.contains("files")) champ["files"] = json::array();
    }
    dossier_ = one.dump();
  }

  HttpResponse Send(const HttpRequest& request) override {
    const double started = ThreadSeconds();
    HttpResponse response = Played(request);
    told_.played_s = told_.played_s + ThreadSeconds() - started;
    return response;
  }

 private:
  HttpResponse Played(const HttpRequest& request) {
    const json body = json::parse(request.body);
    if (body["operationName"] != "DossiersPage") return ds_.Send(request);
    const json& variables = body["variables"];
    const std::int64_t from =
        variables.contains("after") ? std::stoll(variables["after"].get<std::string>()) : 0;
    const std::int64_t to = std::min(dossiers_, from + variables["first"].get<std::int64_t>());
    std::string nodes;
    for (std::int64_t i = from; i < to; ++i) {
      if (i > from) nodes += ",";
      nodes += Numbered(std::to_string(300'000'000 + i));
    }
    told_.served += to - from;
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
    for (auto at = text.find(kModel); at != text.npos; at = text.find(kModel, at)) {
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
  const std::int64_t dossiers_;
  Told& told_;
  std::string dossier_;
};

void TakeOutFiles(json& part) {
  if (part.is_array()) {
    for (json& one : part) TakeOutFiles(one);
  } else if (part.is_object()) {
    for (auto& [name, value] : part.items()) {
      if (name == "files" || name == "attachments") {
        value = json::array();
      } else if (name == "attestation" || name == "motivationAttachment") {
        value = nullptr;
      } else {
        TakeOutFiles(value);
      }
    }
  }
}

class PeerClient : public connectors::HttpClient {
 public:
  explicit PeerClient(Told& told) : told_(told) {}

  HttpResponse Send(const HttpRequest& request) override {
    HttpResponse response = curl_->Send(request);
    if (request.body.find("\"DossiersPage\"") == std::string::npos) return response;
    const double started = ThreadSeconds();
    json page = json::parse(response.body, nullptr, false);
    if (page.is_object() && page["data"].is_object()) {
      told_.served +=
          static_cast<std::int64_t>(page["data"]["demarche"]["dossiers"]["nodes"].size());
      TakeOutFiles(page);
      response.body = page.dump();
    }
    told_.played_s = told_.played_s + ThreadSeconds() - started;
    return response;
  }

 private:
  std::unique_ptr<connectors::HttpClient> curl_ = connectors::MakeCurlHttpClient();
  Told& told_;
};

}  // namespace

std::unique_ptr<connectors::HttpClient> Feed(test::DsStandIn& ds, std::int64_t dossiers,
                                             Told& told) {
  return std::make_unique<FeedClient>(ds, dossiers, told);
}

std::unique_ptr<connectors::HttpClient> WithoutFiles(Told& told) {
  return std::make_unique<PeerClient>(told);
}

}  // namespace aiguillage::bench
