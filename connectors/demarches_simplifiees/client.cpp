#include "connectors/demarches_simplifiees/client.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "connectors/demarches_simplifiees/mapping.h"  // Mentions

namespace aiguillage::connectors {
namespace {

using nlohmann::json;

constexpr int kDepthMax = 64;
constexpr std::int64_t kMinute = 60'000;
constexpr int kThrottleWaits = 3;

DsAnswer Failed(DsFailure failure, std::string sentence, bool doubtful = false) {
  DsAnswer answer;
  answer.failure = failure;
  answer.sentence = std::move(sentence);
  answer.doubtful = doubtful;
  return answer;
}

std::string Member(const json& object, const char* name) {
  if (!object.is_object()) return "";
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string Code(const json& error) {
  return error.is_object() && error.contains("extensions") ? Member(error["extensions"], "code")
                                                           : "";
}

// What a human must mend, by what DS said: these texts are the contract's.
std::string AccessSentence(const std::string& message) {
  if (Mentions(message, "expired")) {
    return "Le jeton d’accès à Démarches Simplifiées a expiré : créez-en un nouveau et "
           "remplacez ds.token.";
  }
  if (Mentions(message, "forbidden network")) {
    return "Démarches Simplifiées refuse l’adresse réseau de ce serveur : ajoutez-la aux "
           "réseaux autorisés du jeton (« " +
           message + " »).";
  }
  if (Mentions(message, "hidden due to permissions")) {
    return "Le jeton d’accès ne donne pas droit à cette démarche : vérifiez ds.demarche et la "
           "portée de ds.token.";
  }
  return "Démarches Simplifiées ne reconnaît pas le jeton d’accès : vérifiez ds.token.";
}

std::string FirstMessage(const json& body) {
  if (!body.is_object() || !body.contains("errors")) return "";
  const json& errors = body["errors"];
  return errors.is_array() && !errors.empty() ? Member(errors[0], "message") : "";
}

DsAnswer FromRootErrors(const json& errors, bool mutation) {
  DsFailure worst = DsFailure::kMisunderstood;
  std::string message;
  for (const json& error : errors) {
    const std::string code = Code(error);
    const std::string text = Member(error, "message");
    if (code == "forbidden" || code == "unauthorized") {
      return Failed(DsFailure::kUnauthorised, AccessSentence(text));
    }
    if (code == "timeout") {
      return Failed(DsFailure::kTimeout, "Démarches Simplifiées a manqué de temps (" + text + ").",
                    mutation);
    }
    if (code == "invalid_null") worst = DsFailure::kInvalidNull;
    if (code == "not_found" && worst != DsFailure::kInvalidNull) worst = DsFailure::kNotFound;
    if (code == "internal_server_error") {
      return Failed(DsFailure::kUnreachable, "Démarches Simplifiées a rencontré une erreur.",
                    mutation);
    }
    if (message.empty()) message = text;
  }
  if (worst == DsFailure::kInvalidNull) {
    return Failed(worst, "Démarches Simplifiées ne sait pas servir ce dossier (" + message + ").",
                  mutation);
  }
  if (worst == DsFailure::kNotFound) {
    return Failed(worst, "Introuvable dans Démarches Simplifiées (" + message + ").");
  }
  return Failed(worst, "Démarches Simplifiées n’a pas compris la demande : " + message);
}

// A mutation answers with its object or with business refusals: French text, no code.
DsAnswer FromPayload(DsAnswer answer, Operation operation) {
  const std::string& field = MutationField(operation);
  const json payload = answer.data.contains(field) ? answer.data[field] : json();
  if (!payload.is_object()) {
    return Failed(DsFailure::kUnreachable, "Démarches Simplifiées n’a rien répondu.", true);
  }
  const auto errors = payload.find("errors");
  if (errors == payload.end() || !errors->is_array() || errors->empty()) return answer;
  std::string sentence;
  for (const json& error : *errors) {
    sentence += (sentence.empty() ? "" : " ") + Member(error, "message");
  }
  answer.sentence = sentence;
  answer.failure = DsFailure::kRefused;
  if (Mentions(sentence, "configuré seulement en lecture")) {
    answer.failure = DsFailure::kUnauthorised;
    answer.sentence = "Démarches Simplifiées répond : « " + sentence +
                      " » ; mettez dans ds.token un jeton en lecture et écriture.";
  }
  return answer;
}

DsAnswer FromStatus(const HttpResponse& response, bool mutation) {
  const int status = response.status;
  if (status == 401 || status == 403) {
    return Failed(DsFailure::kUnauthorised,
                  AccessSentence(FirstMessage(ParseOutside(response.body))));
  }
  if (status == 429) {
    return Failed(DsFailure::kThrottled, "Démarches Simplifiées demande de patienter.");
  }
  if (status >= 500) {
    return Failed(DsFailure::kUnreachable,
                  "Démarches Simplifiées est indisponible (" + std::to_string(status) + ").",
                  mutation);
  }
  return Failed(DsFailure::kMisunderstood, "Démarches Simplifiées a répondu " +
                                               std::to_string(status) + " : vérifiez ds.endpoint.");
}

DsAnswer Judge(const HttpResponse& response, Operation operation) {
  const bool mutation = IsMutation(operation);
  if (!response.Arrived()) {
    const bool slow = response.failure == HttpFailure::kTimeout;
    return Failed(slow && !mutation ? DsFailure::kTimeout : DsFailure::kUnreachable,
                  "Démarches Simplifiées ne répond pas. " + response.words, mutation);
  }
  if (response.status != 200) return FromStatus(response, mutation);
  json body = ParseOutside(response.body);
  if (!body.is_object()) {
    return Failed(DsFailure::kUnreachable, "La réponse de Démarches Simplifiées est illisible.",
                  mutation);
  }
  json data = body.contains("data") ? std::move(body["data"]) : json();
  const auto errors = body.find("errors");
  if (errors != body.end() && errors->is_array() && !errors->empty()) {
    DsAnswer failed = FromRootErrors(*errors, mutation);
    failed.data = std::move(data);
    return failed;
  }
  if (!data.is_object()) {
    return Failed(DsFailure::kUnreachable, "La réponse de Démarches Simplifiées est vide.",
                  mutation);
  }
  DsAnswer answer;
  answer.data = std::move(data);
  if (mutation) return FromPayload(std::move(answer), operation);
  return answer;  // moved: a page of dossiers is megabytes
}

}  // namespace

World RealWorld() {
  return {[] {
            return std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                .count();
          },
          [](std::int64_t ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); },
          {}};
}

// Counted before it is read: nlohmann's callback would cost as much as the reading.
json ParseOutside(const std::string& text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c == '\\') ++at;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kDepthMax) return json(json::value_t::discarded);
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return json::parse(text, nullptr, false);
}

Client::Client(HttpClient& http, ClientOptions options, const World& world)
    : http_(http), options_(std::move(options)), world_(world) {}

// At most posts_per_minute in any minute. A clock that stands still must not hang us.
void Client::KeepPace() {
  const std::int64_t now = world_.now();
  while (!sent_at_.empty() && sent_at_.front() <= now - kMinute) sent_at_.pop_front();
  if (std::cmp_greater_equal(sent_at_.size(), options_.posts_per_minute)) {
    world_.sleep(std::clamp<std::int64_t>(sent_at_.front() + kMinute - now, 1, kMinute));
    sent_at_.pop_front();
  }
  sent_at_.push_back(world_.now());
}

DsAnswer Client::Once(Operation operation, const std::string& body, std::int64_t& wait_until) {
  KeepPace();
  const HttpResponse response = http_.Post(options_.endpoint,
                                           {{"Content-Type", "application/json"},
                                            {"Accept", "application/json"},
                                            {"Authorization", "Bearer " + options_.token}},
                                           body, options_.limits, IsMutation(operation));
  if (response.status == 429) {
    wait_until = std::strtoll(response.Header("RateLimit-Reset").c_str(), nullptr, 10) * 1000;
  }
  return Judge(response, operation);
}

DsAnswer Client::Ask(Operation operation, const json& variables) {
  const std::string body =
      json{{"query", Text(operation)}, {"variables", variables}, {"operationName", Name(operation)}}
          .dump(-1, ' ', false, json::error_handler_t::replace);
  for (int waits = 0;; ++waits) {
    std::int64_t until = 0;
    DsAnswer answer = Once(operation, body, until);
    if (answer.failure != DsFailure::kThrottled || waits == kThrottleWaits) return answer;
    const std::int64_t wait = std::clamp<std::int64_t>(until - world_.now(), 1000, 90'000);
    if (world_.log) world_.log(answer.sentence);
    world_.sleep(wait);
  }
}

bool Client::Put(const std::string& url, const std::string& headers, const std::string& bytes) {
  HttpHeaders given;
  const json announced = ParseOutside(headers);
  for (const auto& [name, value] : announced.items()) {
    if (value.is_string()) given[name] = value.get<std::string>();
  }
  if (options_.endpoint.starts_with("https://") && !url.starts_with("https://")) return false;
  const HttpResponse response = http_.Put(url, given, bytes, options_.limits);
  return response.Arrived() && response.status >= 200 && response.status < 300;
}

DsAnswer Client::AskPatiently(Operation operation, const json& variables) {
  std::int64_t pause = 1000;
  for (int attempt = 1;; ++attempt) {
    DsAnswer answer = Ask(operation, variables);
    if (answer.failure != DsFailure::kUnreachable || attempt >= options_.tries) return answer;
    if (world_.log) world_.log(answer.sentence);
    world_.sleep(pause + world_.now() % 500);  // spread out, so that we do not come back in step
    pause *= 3;
  }
}

}  // namespace aiguillage::connectors
