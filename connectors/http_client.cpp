#include "connectors/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace aiguillage::connectors {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

std::string_view Trimmed(std::string_view text) {
  const auto space = std::string_view(" \t\r\n");
  const auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

// What the callbacks of one exchange need.
struct Exchange {
  CURL* easy = nullptr;
  const HttpRequest* request = nullptr;
  HttpResponse* response = nullptr;
  std::size_t received = 0;
  bool too_large = false;
};

std::size_t OnHeader(char* bytes, std::size_t size, std::size_t count, void* context) {
  auto& exchange = *static_cast<Exchange*>(context);
  const std::string_view line(bytes, size * count);
  if (line.starts_with("HTTP/")) exchange.response->headers.clear();  // after a 100 Continue
  const auto colon = line.find(':');
  if (colon != std::string_view::npos && exchange.response->headers.size() < 100) {
    exchange.response->headers[Lower(line.substr(0, colon))] = Trimmed(line.substr(colon + 1));
  }
  return size * count;
}

std::size_t OnBody(char* bytes, std::size_t size, std::size_t count, void* context) {
  auto& exchange = *static_cast<Exchange*>(context);
  const std::string_view piece(bytes, size * count);
  exchange.received += piece.size();
  if (exchange.received > exchange.request->limits.bytes_max) {
    exchange.too_large = true;
    return 0;
  }
  long status = 0;
  curl_easy_getinfo(exchange.easy, CURLINFO_RESPONSE_CODE, &status);
  if (exchange.request->sink && status >= 200 && status < 300) {
    return exchange.request->sink(piece) ? piece.size() : 0;
  }
  exchange.response->body.append(piece);
  return piece.size();
}

struct HeaderList {
  curl_slist* list = nullptr;
  ~HeaderList() { curl_slist_free_all(list); }
  void Add(const std::string& line) {
    curl_slist* longer = curl_slist_append(list, line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    list = longer;
  }
};

bool Breaks(std::string_view value) { return value.find_first_of("\r\n") != value.npos; }

class CurlHttpClient final : public HttpClient {
 public:
  explicit CurlHttpClient(std::function<bool()> stop) : stop_(std::move(stop)) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    easy_ = curl_easy_init();
    if (easy_ == nullptr) throw std::runtime_error("libcurl does not start");
  }
  ~CurlHttpClient() override { curl_easy_cleanup(easy_); }
  CurlHttpClient(const CurlHttpClient&) = delete;
  CurlHttpClient& operator=(const CurlHttpClient&) = delete;

  HttpResponse Send(const HttpRequest& request) override {
    HttpResponse response;
    HeaderList headers;
    for (const auto& [name, value] : request.headers) {
      if (Breaks(name) || Breaks(value)) {
        response.failure = HttpFailure::kRefused;
        response.words = "Un en-tête contient un retour à la ligne : la requête n’est pas partie.";
        return response;
      }
      headers.Add(name + ": " + value);
    }
    headers.Add("Expect:");  // no 100-continue pause before a large body
    Exchange exchange{easy_, &request, &response};
    Prepare(request, headers.list, exchange);
    const CURLcode code = curl_easy_perform(easy_);
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    response.status = static_cast<int>(status);
    if (code != CURLE_OK) Fail(code, exchange);
    return response;
  }

 private:
  void Prepare(const HttpRequest& request, curl_slist* headers, Exchange& exchange) {
    curl_easy_reset(easy_);  // options only: the connections stay
    curl_easy_setopt(easy_, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, request.limits.connect_timeout_ms);
    curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, request.limits.timeout_ms);
    curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, request.once ? 1L : 0L);
    curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, OnHeader);
    curl_easy_setopt(easy_, CURLOPT_HEADERDATA, &exchange);
    curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, OnBody);
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, &exchange);
    if (stop_) {
      curl_easy_setopt(easy_, CURLOPT_NOPROGRESS, 0L);
      curl_easy_setopt(easy_, CURLOPT_XFERINFOFUNCTION, OnProgress);
      curl_easy_setopt(easy_, CURLOPT_XFERINFODATA, this);
    }
    if (request.method == "POST" || request.method == "PUT") {
      curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(request.body.size()));
      curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request.body.c_str());
    } else {
      curl_easy_setopt(easy_, CURLOPT_HTTPGET, 1L);
    }
    if (request.method != "GET" && request.method != "POST") {
      curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
  }

  static int OnProgress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<CurlHttpClient*>(self)->stop_() ? 1 : 0;
  }

  static void Fail(CURLcode code, Exchange& exchange) {
    HttpResponse& response = *exchange.response;
    if (exchange.too_large) {
      response.failure = HttpFailure::kTooLarge;
      response.words = "La réponse dépasse la taille permise.";
    } else if (code == CURLE_OPERATION_TIMEDOUT) {
      response.failure = HttpFailure::kTimeout;
      response.words = "Le service n’a pas répondu à temps.";
    } else if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT) {
      response.failure = HttpFailure::kRefused;
      response.words = "L’adresse n’est pas une adresse http ou https.";
    } else {
      response.failure = HttpFailure::kUnreachable;
      response.words =
          std::string("La connexion n’a pas abouti (") + curl_easy_strerror(code) + ").";
    }
  }

  std::function<bool()> stop_;
  CURL* easy_ = nullptr;
};

}  // namespace

std::string HttpResponse::Header(std::string_view name) const {
  const auto found = headers.find(Lower(name));
  return found == headers.end() ? "" : found->second;
}

HttpResponse HttpClient::Get(const std::string& url, const HttpHeaders& headers,
                             const HttpLimits& limits, HttpSink sink) {
  return Send({"GET", url, headers, "", limits, std::move(sink)});
}

HttpResponse HttpClient::Post(const std::string& url, const HttpHeaders& headers, std::string body,
                              const HttpLimits& limits, bool once) {
  return Send({"POST", url, headers, std::move(body), limits, {}, once});
}

HttpResponse HttpClient::Put(const std::string& url, const HttpHeaders& headers, std::string body,
                             const HttpLimits& limits) {
  return Send({"PUT", url, headers, std::move(body), limits, {}});
}

std::unique_ptr<HttpClient> MakeCurlHttpClient(std::function<bool()> stop) {
  return std::make_unique<CurlHttpClient>(std::move(stop));
}

}  // namespace aiguillage::connectors
