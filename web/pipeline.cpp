#include "web/pipeline.h"

#include <array>
#include <chrono>
#include <exception>
#include <nlohmann/json.hpp>

#include "storage/error.h"
#include "storage/hash.h"
#include "web/api.h"
#include "web/assets.h"
#include "web/object_access.h"
#include "web/page.h"
#include "web/router.h"
#include "web/session.h"

namespace aiguillage::web {

namespace {

using Step = std::optional<Response> (*)(Visit&, BodySource&, const Route*&);

std::optional<Response> ServeAsset(Visit& visit, BodySource&, const Route*&) {
  auto response = visit.house.assets.Serve(visit.request);
  if (response) visit.route = "/assets";
  return response;
}

std::optional<Response> Recognise(Visit& visit, BodySource&, const Route*&) {
  if (IsApi(visit.request)) {
    RecogniseKey(visit);
  } else {
    RecogniseVisitor(visit);
  }
  return std::nullopt;
}

std::optional<Response> FindPage(Visit& visit, BodySource&, const Route*& route) {
  auto found = FindRoute(visit.request.method, visit.request.path);
  if (found.route == nullptr) {
    if (found.other_method) throw HttpError(405, "Cette page ne se demande pas de cette façon.");
    throw HttpError(404, "Cette page n’existe pas, ou plus.");
  }
  route = found.route;
  visit.route = route->pattern();
  visit.parameters = std::move(found.parameters);
  return std::nullopt;
}

std::optional<Response> CheckEntry(Visit& visit, BodySource&, const Route*& route) {
  // An anonymous page does not know its visitor, nor do the log and the error page behind it.
  if (route->rule() == Rule::kHoldsLink) {
    visit.visitor.reset();
    visit.form_token.clear();
    visit.fresh_form_token = false;
  }
  const auto refused = CheckRule(route->rule(), visit.visitor);
  if (!refused) return std::nullopt;
  visit.refused = NameOf(route->rule());
  if (refused->status == 401 && IsApi(visit.request)) {
    throw HttpError(401, "Il faut montrer une clé : en-tête « Authorization: Bearer … ».");
  }
  if (refused->status == 401 && visit.request.method == "GET") {
    return SeeOther("/connexion" +
                    QueryOf({{"suite", OwnPath(visit.request.path + visit.request.raw_query)}}));
  }
  throw HttpError(refused->status, refused->sentence);
}

std::optional<Response> ReadForm(Visit& visit, BodySource& body, const Route*& route) {
  if (route->IsPost()) ReadBody(visit.request, body, route->method() == Method::kPostFiles);
  return std::nullopt;
}

std::optional<Response> CheckFormToken(Visit& visit, BodySource&, const Route*& route) {
  // Where no session counts there is nobody whose name another site could use.
  const bool anonymous = route->rule() == Rule::kHoldsLink;
  if (route->IsPost() && !anonymous && !HasFormToken(visit)) {
    throw HttpError(403,
                    "Ce formulaire a expiré ou ne vient pas de ce site. Revenez à la page, "
                    "rechargez-la et recommencez.");
  }
  return std::nullopt;
}

std::optional<Response> CheckObject(Visit& visit, BodySource&, const Route*& route) {
  if (route->rule() == Rule::kMeters) {
    const std::string& token = visit.services.options.metrics_token;
    const bool loopback = visit.request.client == "127.0.0.1" || visit.request.client == "::1";
    const bool shown = !token.empty() && storage::SameSecret(visit.request.Header("authorization"),
                                                             "Bearer " + token);
    if (!shown && !(token.empty() && loopback)) throw HttpError(404, "Cette page n’existe pas.");
  } else {
    CheckObjectOf(visit, *route);
  }
  return std::nullopt;
}

std::optional<Response> CallHandler(Visit& visit, BodySource&, const Route*& route) {
  return route->handler()(visit);
}

constexpr std::array<Step, 8> kSteps = {ServeAsset, Recognise,      FindPage,    CheckEntry,
                                        ReadForm,   CheckFormToken, CheckObject, CallHandler};

Response RunSteps(Visit& visit, BodySource& body) {
  const Route* route = nullptr;
  for (const Step step : kSteps) {
    if (auto response = step(visit, body, route)) return std::move(*response);
  }
  throw std::logic_error("Expected the handler to answer, but no step did");
}

void LogFailure(Visit& visit, LogLevel level, nlohmann::json fields) {
  fields["id"] = visit.id;
  fields["route"] = visit.route;
  if (visit.visitor) fields["person"] = visit.visitor->person.id;
  visit.services.log({level, "failure", std::move(fields)});
}

constexpr const char* kNotRead =
    "Le service ne peut pas répondre en ce moment. Rien n’est perdu : réessayez dans un instant.";
// The page's key makes of an act that was sent twice one act.
constexpr const char* kNotWritten =
    "Le service ne peut rien enregistrer en ce moment : votre action n’est pas confirmée. "
    "Revenez à la page précédente, votre saisie y est encore, et envoyez-la de nouveau dans "
    "un instant : elle ne sera faite qu’une fois. Si cela dure, prévenez les personnes "
    "qui gèrent l’appel.";

Response RunCaught(Visit& visit, BodySource& body) {
  try {
    return RunSteps(visit, body);
  } catch (const HttpError& error) {
    return ErrorPage(visit, error.status(), error.sentence());
  } catch (const storage::Trouble& trouble) {
    LogFailure(visit, LogLevel::kWarning, DescribeFailure(trouble));
    return ErrorPage(visit, 503, visit.request.method == "POST" ? kNotWritten : kNotRead);
  } catch (const std::exception& error) {
    LogFailure(visit, LogLevel::kError, DescribeFailure(error));
  } catch (...) {
    LogFailure(visit, LogLevel::kError, {{"kind", "not an exception"}});
  }
  return ErrorPage(visit, 500, "Une erreur inattendue s’est produite. Elle a été enregistrée.");
}

std::string ClientOf(const RequestHead& head, const std::string& trusted_proxy) {
  if (trusted_proxy.empty() || head.client != trusted_proxy) return head.client;
  std::string client = head.client;
  for (const auto& [name, value] : head.headers) {
    if (Lower(name) == "x-forwarded-for") client = Trim(value.substr(value.rfind(',') + 1));
  }
  return client;
}

}  // namespace

Response Answer(House& house, const RequestHead& head, BodySource& body) {
  const auto started = std::chrono::steady_clock::now();
  Visit visit{house,
              house.services,
              {},
              house.services.clock(),
              storage::RandomHex(8),
              {},
              "",
              false,
              {},
              {},
              ""};
  Response response;
  try {
    visit.request = ReadHead(head);
    visit.request.client = ClientOf(head, house.services.options.trusted_proxy);
    response = RunCaught(visit, body);
  } catch (const HttpError& error) {
    if (head.uri.starts_with("/api/")) visit.request.path = "/api/";  // who is answered as one
    response = ErrorPage(visit, error.status(), error.sentence());
    response.Header("Connection", "close");  // what follows on this connection cannot be trusted
  }
  if (visit.fresh_form_token && response.status == 200 && visit.route.rfind("/assets", 0) != 0 &&
      response.body.find("name=\"csrf\"") != std::string::npos) {
    response.Cookie(kVisitCookie, visit.form_token);
  }
  response.Header("X-Request-Id", visit.id);
  Secure(response, house.services.options.https());
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(
                          std::chrono::steady_clock::now() - started)
                          .count();
  house.services.meters.Page(visit.route, response.status, micros);
  nlohmann::json fields = {{"id", visit.id},
                           {"method", visit.request.method},
                           {"route", visit.route},
                           {"status", response.status},
                           {"bytes", response.body.size()},
                           {"micros", micros}};
  if (visit.visitor) fields["person"] = visit.visitor->person.id;
  if (!visit.refused.empty()) fields["refused"] = visit.refused;
  house.services.log({LogLevel::kInfo, "page", std::move(fields)});
  return response;
}

}  // namespace aiguillage::web
