// One HTTP exchange with another system, as values: what was asked, what came back, or why nothing
// did. An interface, so that a test can be the network and lie.
//
//   auto http = MakeCurlHttpClient();
//   HttpResponse answer = http->Post("https://ds.example/api/v2/graphql",
//                                    {{"Content-Type", "application/json"}}, body, {});
//   if (!answer.Arrived()) … answer.failure, answer.words     // never a throw for the network
//   answer.status, answer.Header("RateLimit-Reset"), answer.body
//
// Redirects are not followed, only http and https are spoken, sizes and times are bounded. The
// words of a failure name neither the address (signed file addresses are secrets) nor any content.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace aiguillage::connectors {

struct HttpLimits {
  long connect_timeout_ms = 10'000;
  long timeout_ms = 65'000;                  // the whole exchange
  std::size_t bytes_max = 64 * 1024 * 1024;  // of the body that comes back
};

enum class HttpFailure {
  kNone,
  kTimeout,      // maybe carried out: nobody knows
  kUnreachable,  // no connection, or it broke: maybe carried out
  kTooLarge,     // over bytes_max
  kRefused,      // not an address we may call
};

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;                            // empty when it went to a sink
  HttpFailure failure = HttpFailure::kNone;
  std::string words;  // of the failure, French

  bool Arrived() const { return failure == HttpFailure::kNone; }
  std::string Header(std::string_view name) const;  // any case; "" when absent
};

using HttpHeaders = std::map<std::string, std::string>;
// Receives the body piece by piece instead of `body`; false stops the exchange.
using HttpSink = std::function<bool(std::string_view piece)>;

struct HttpRequest {
  std::string method;  // GET POST PUT DELETE
  std::string url;
  HttpHeaders headers;
  std::string body;
  HttpLimits limits = {};
  HttpSink sink;  // for answers 2xx only; others always come in `body`
  // Must reach the other side once at most. libcurl sends a request again by itself when a kept
  // connection dies before the answer's first byte, even if it was carried out: a fresh one it
  // does not.
  bool once = false;
};

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual HttpResponse Send(const HttpRequest& request) = 0;

  HttpResponse Get(const std::string& url, const HttpHeaders& headers, const HttpLimits& limits,
                   HttpSink sink = {});
  HttpResponse Post(const std::string& url, const HttpHeaders& headers, std::string body,
                    const HttpLimits& limits, bool once = false);
  HttpResponse Put(const std::string& url, const HttpHeaders& headers, std::string body,
                   const HttpLimits& limits);
};

// libcurl, connections kept alive between exchanges. One client a thread. `stop` is asked about
// once a second: true abandons the exchange (kUnreachable), maybe carried out like one that broke.
std::unique_ptr<HttpClient> MakeCurlHttpClient(std::function<bool()> stop = {});

}  // namespace aiguillage::connectors
