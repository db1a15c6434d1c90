// The wire to Démarches Simplifiées: one operation asked, one answer as a value. HTTP 200 does not
// mean success there, so an answer is judged in order: status, JSON, errors at the root, errors of
// the payload.
//
//   Client client(http, {.endpoint = "https://…/api/v2/graphql", .token = "…"}, world);
//   DsAnswer answer = client.Ask(Operation::kDossierStatus, {{"number", 20000004}});
//   if (!answer.Ok()) … answer.failure, answer.sentence     // French, says what to mend
//   answer.data["dossier"]["state"]
//
// Ask waits when DS says it is asked too much (429 carries nothing out). AskPatiently also tries a
// query again when the service is down; a mutation is never sent again without looking first.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "connectors/demarches_simplifiees/operations.h"
#include "connectors/http_client.h"

namespace aiguillage::connectors {

// Time comes from outside: tests own both hands of the clock.
struct World {
  std::function<std::int64_t()> now;  // epoch ms
  std::function<void(std::int64_t milliseconds)> sleep;
  std::function<void(const std::string& sentence)> log;  // may be empty
};
World RealWorld();

struct ClientOptions {
  std::string endpoint;
  std::string token;
  HttpLimits limits = {};
  int posts_per_minute = 390;  // DS cuts at 400
  int tries = 4;               // of AskPatiently
};

enum class DsFailure {
  kNone,
  kUnauthorised,  // token unknown, expired, read-only, wrong network or démarche: stop, tell a
                  // human
  kThrottled,     // still, after waiting
  kTimeout,       // DS ran out of time: ask for less
  kInvalidNull,   // one dossier cannot be served
  kNotFound,
  kUnreachable,    // network, 5xx, HTML, half an answer: later
  kRefused,        // a business refusal, in DS's own French
  kMisunderstood,  // DS does not know what we asked: our text or theirs has changed
};

struct DsAnswer {
  nlohmann::json data = nlohmann::json::object();  // partial, even null inside, when it failed
  DsFailure failure = DsFailure::kNone;
  std::string sentence;
  bool doubtful = false;  // a mutation that may have been carried out all the same

  bool Ok() const { return failure == DsFailure::kNone; }
};

class Client {
 public:
  Client(HttpClient& http, ClientOptions options, const World& world);

  DsAnswer Ask(Operation operation, const nlohmann::json& variables);
  DsAnswer AskPatiently(Operation operation, const nlohmann::json& variables);
  // The bytes of a direct upload, where DS said; `headers` as it gave them, JSON in a text.
  bool Put(const std::string& url, const std::string& headers, const std::string& bytes);

 private:
  DsAnswer Once(Operation operation, const std::string& body, std::int64_t& wait_until);
  void KeepPace();

  HttpClient& http_;
  ClientOptions options_;
  const World& world_;
  std::deque<std::int64_t> sent_at_;  // the last minute's posts
};

// JSON from outside, at most 64 levels deep; discarded (is_discarded) when it is not that.
nlohmann::json ParseOutside(const std::string& text);

}  // namespace aiguillage::connectors
