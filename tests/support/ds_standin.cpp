#include "tests/support/ds_standin.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "workflows/calendar.h"

namespace aiguillage::test {

using connectors::HttpFailure;
using connectors::HttpRequest;
using connectors::HttpResponse;

namespace {

using nlohmann::json;

HttpResponse Reply(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

HttpResponse Lost(HttpFailure failure) {
  HttpResponse response;
  response.failure = failure;
  response.words = "coupé";
  return response;
}

json RootError(const std::string& message, const std::string& code) {
  return {{"errors", {{{"message", message}, {"extensions", {{"code", code}}}}}},
          {"data", nullptr}};
}

struct NotFound {
  std::string what;
};

}  // namespace

DsStandIn::DsStandIn(const StandInOptions& options) : options_(options), random_(options.seed) {
  std::ifstream file(AIGUILLAGE_SOURCE_DIR "/workflows/definitions/" + options.folder +
                     "/mapping.json");
  if (!file) throw std::runtime_error(options.folder + "/mapping.json is missing");
  mapping_ = json::parse(file);
  const char* states[] = {"en_construction", "en_instruction", "accepte", "refuse", "sans_suite"};
  for (int i = 0; i < options.dossiers; ++i) {
    const auto draw = random_() % 10;
    Add(states[draw < 5 ? 0 : draw < 7 ? 1 : draw - 5]);
  }
}

std::string DsStandIn::Instant(std::int64_t tick) const {
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return "2026-03-" + two(1 + tick / 86400 % 28) + "T" + two(tick / 3600 % 24) + ":" +
         two(tick / 60 % 60) + ":" + two(tick % 60) + "+01:00";
}

StandInDossier& DsStandIn::Add(const std::string& state) {
  StandInDossier dossier;
  dossier.number = 30'000'001 + static_cast<std::int64_t>(dossiers_.size()) * 7;
  dossier.email = "porteur" + std::to_string(dossiers_.size()) + "@ministere.invalid";
  dossier.group = random_() % 3 == 0 ? 902 : 901;
  Touch(dossier);
  for (const json& rule : mapping_.at("fields")) {
    dossier.champs.push_back(Champ(rule, dossier.number));
  }
  Past(dossier, "depose", "");
  if (state != "en_construction") Past(dossier, "passe_en_instruction", "autre@dgafp.invalid");
  dossier.state = state;
  if (Decided(state)) {
    dossier.motivation = "Déjà décidé.";
    Past(dossier, state == "sans_suite" ? "classe_sans_suite" : state, "autre@dgafp.invalid");
  }
  dossiers_.push_back(std::move(dossier));
  return dossiers_.back();
}

StandInDossier& DsStandIn::At(std::int64_t number) {
  for (StandInDossier& dossier : dossiers_) {
    if (dossier.number == number) return dossier;
  }
  throw NotFound{"Dossier"};
}

std::vector<std::int64_t> DsStandIn::Numbers() const {
  std::vector<std::int64_t> numbers;
  for (const auto& dossier : dossiers_) {
    if (!dossier.deleted) numbers.push_back(dossier.number);
  }
  return numbers;
}

void DsStandIn::Touch(StandInDossier& dossier) {
  dossier.updated = ++tick_;
  if (options_.clock) dossier.updated_at = options_.clock();
}

void DsStandIn::Past(StandInDossier& dossier, const std::string& event, const std::string& email) {
  const bool decision = event == "accepte" || event == "refuse" || event == "classe_sans_suite";
  dossier.traitements.push_back({{"id", "T" + std::to_string(++tick_)},
                                 {"event", event},
                                 {"dateTraitement", Instant(tick_)},
                                 {"emailAgentTraitant", email.empty() ? json() : json(email)},
                                 {"motivation", decision ? json(dossier.motivation) : json()}});
}

void DsStandIn::Write(StandInDossier& dossier, const std::string& to, const std::string& text) {
  for (std::size_t i = 0; i < dossier.champs.size(); ++i) {
    if (mapping_["fields"][i]["to"] != to) continue;
    json& champ = dossier.champs[i];
    champ["stringValue"] = text;
    for (const char* member : {"text", "choice"}) {
      if (champ.contains(member)) champ[member] = text;
    }
    champ["updatedAt"] = Instant(++tick_);
  }
  Touch(dossier);
}

void DsStandIn::Resubmit(StandInDossier& dossier) {
  for (StandInMessage& message : dossier.messages) {
    if (!message.correction.empty() && message.resolved_at.empty()) {
      message.resolved_at = Instant(++tick_);
    }
  }
  Past(dossier, "depose_correction_usager", "");
  Touch(dossier);
}

void DsStandIn::Say(StandInDossier& dossier, const std::string& email, const std::string& body) {
  StandInMessage message;
  message.id = "M" + std::to_string(++tick_);
  message.at = Instant(tick_);
  message.email = email;
  message.body = body;
  dossier.messages.push_back(message);
  Touch(dossier);
}

void DsStandIn::Attest(StandInDossier& dossier) {
  dossier.attestation = File(dossier.number, "attestation");
}

void DsStandIn::Delete(StandInDossier& dossier, const std::string& reason) {
  dossier.deleted = true;
  dossier.deleted_reason = reason;
  Touch(dossier);
}

void DsStandIn::Decide(StandInDossier& dossier, const std::string& state,
                       const std::string& motivation) {
  dossier.state = state;
  dossier.motivation = motivation;
  Past(dossier, state == "sans_suite" ? "classe_sans_suite" : state, "autre@dgafp.invalid");
  Touch(dossier);
}

int DsStandIn::faults_left() const {
  int left = 0;
  for (const StandInFault& fault : faults_) left += fault.count;
  return left;
}

const StandInFault* DsStandIn::Take(const std::string& operation) {
  for (StandInFault& fault : faults_) {
    const bool on_file = operation == "file";
    if (fault.count == 0 || (fault.on.empty() ? on_file : fault.on != operation)) continue;
    if (fault.after-- > 0) continue;
    fault.after = 0;
    --fault.count;
    return &fault;
  }
  return nullptr;
}

HttpResponse DsStandIn::Send(const HttpRequest& request) {
  if (on_request) on_request();
  if (request.method == "PUT") {
    uploads[request.url] = request.body;
    return Reply(204, "");
  }
  return request.method == "POST" ? Graphql(request) : FileAt(request);
}

HttpResponse DsStandIn::FileAt(const HttpRequest& request) {
  ++downloads;
  const StandInFault* fault = Take("file");
  const auto found = files_.find(request.url.substr(0, request.url.find('?')));
  if (found == files_.end() || (fault != nullptr && fault->kind == "file_404")) {
    return Reply(404, "Not Found");
  }
  if (fault != nullptr && fault->kind == "reset") return Lost(HttpFailure::kUnreachable);
  std::string bytes = found->second;
  if (fault != nullptr && fault->kind == "file_corrupt") bytes[0] ^= 1;
  HttpResponse response = Reply(200, "");
  if (request.sink) {
    request.sink(bytes);
  } else {
    response.body = bytes;
  }
  return response;
}

HttpResponse DsStandIn::Graphql(const HttpRequest& request) {
  ++posts;
  const json body = json::parse(request.body);
  const std::string operation = body.at("operationName");
  const StandInFault* fault = Take(operation);
  const std::string kind = fault == nullptr ? "" : fault->kind;
  if (kind == "http500") return Reply(500, RootError("Error", "internal_server_error").dump());
  if (kind == "html502") return Reply(502, "<html>502 Bad Gateway</html>");
  if (kind == "reset") return Lost(HttpFailure::kUnreachable);
  if (kind == "slow") return Lost(HttpFailure::kTimeout);
  if (kind == "deep") return Reply(200, std::string(200'000, '['));
  if (kind == "http429") {
    HttpResponse response = Reply(429, "Trop de requêtes.");
    response.headers["ratelimit-reset"] = "1800000000";
    return response;
  }
  if (kind == "expired_token") return Reply(401, RootError("Token expired", "unauthorized").dump());
  const auto authorization = request.headers.find("Authorization");
  if (kind == "revoked_token" || authorization == request.headers.end() ||
      authorization->second != "Bearer " + options_.token) {
    return Reply(
        403, RootError("Without a token, only persisted queries are allowed", "forbidden").dump());
  }
  if (kind == "timeout")
    return Reply(200, RootError("Timeout on Query.demarche", "timeout").dump());
  json answer;
  try {
    answer = Answer(operation, body.at("variables"));
  } catch (const NotFound& missing) {
    answer = RootError(missing.what + " not found", "not_found");
  }
  if (kind == "applied_then_reset") return Lost(HttpFailure::kUnreachable);
  if (kind == "applied_then_timeout") return Lost(HttpFailure::kTimeout);
  if (kind == "applied_then_502") return Reply(502, "<html>502 Bad Gateway</html>");
  const std::string text = answer.dump();
  return Reply(200, kind == "truncated" ? text.substr(0, text.size() / 2) : text);
}

json DsStandIn::Answer(const std::string& operation, const json& variables) {
  if (variables.contains("input")) {
    const json& input = variables["input"];
    const std::int64_t number = Target(operation, input).number;
    json payload;
    if (options_.read_only) {
      payload = {
          {"errors", {{{"message", "Le jeton utilisé est configuré seulement en lecture"}}}}};
    } else {
      payload = Mutate(operation, input);
    }
    if (!payload.contains("errors")) log_.push_back({operation, number, input});
    const std::map<std::string, std::string> fields = {
        {"PasserEnInstruction", "dossierPasserEnInstruction"},
        {"Accepter", "dossierAccepter"},
        {"Refuser", "dossierRefuser"},
        {"ClasserSansSuite", "dossierClasserSansSuite"},
        {"EnvoyerMessage", "dossierEnvoyerMessage"},
        {"AnnulerCorrection", "dossierAnnulerDemandeCorrection"},
        {"ModifierAnnotations", "dossierModifierAnnotations"},
        {"AjouterLabel", "dossierAjouterLabel"},
        {"SupprimerLabel", "dossierSupprimerLabel"},
        {"ChangerGroupe", "dossierChangerGroupeInstructeur"},
        {"DirectUpload", "createDirectUpload"}};
    return {{"data", {{fields.at(operation), payload}}}};
  }
  const std::int64_t number = variables.at("number");
  if (operation.starts_with("Dossier") && !operation.starts_with("Dossiers") &&
      operation != "DossierNumbers") {
    if (At(number).deleted) throw NotFound{"Dossier"};
    return {{"data", {{"dossier", Show(At(number))}}}};
  }
  if (number != kDemarche) throw NotFound{"Demarche"};
  if (operation == "DemarcheDescriptor") return {{"data", {{"demarche", Descriptor()}}}};
  if (operation == "PendingDeleted" || operation == "Deleted") {
    return DeletedPage(variables, operation == "PendingDeleted");
  }
  return Page(variables, operation == "DossiersPage");
}

// Ascending by (last change, number); the cursor is "change;number" of the last one shown.
json DsStandIn::Page(const json& variables, bool whole) {
  std::vector<const StandInDossier*> list;
  for (const auto& dossier : dossiers_) {
    if (!dossier.deleted) list.push_back(&dossier);
  }
  std::sort(list.begin(), list.end(), [](auto* a, auto* b) { return a->updated < b->updated; });
  const std::string after =
      variables.value("after", json()).is_string() ? variables["after"].get<std::string>() : "";
  const std::int64_t from = after.empty() ? 0 : std::stoll(after);
  const auto since = workflows::ParseInstant(variables.value("updatedSince", ""));
  const std::size_t first = std::min<std::size_t>(100, variables.at("first"));
  json nodes = json::array(), errors = json::array(), cursor;
  bool more = false;
  for (const auto* dossier : list) {
    if (dossier->updated <= from) continue;
    if (options_.clock && since && dossier->updated_at < since.value()) continue;
    if (nodes.size() == first) {
      more = true;
      break;
    }
    cursor = std::to_string(dossier->updated) + ";" + std::to_string(dossier->number);
    if (whole && dossier->unreadable) {
      nodes.push_back(nullptr);
      errors.push_back({{"message", "Cannot return null for non-nullable field X.y"},
                        {"extensions", {{"code", "invalid_null"}}}});
    } else {
      nodes.push_back(whole ? Show(*dossier)
                            : json{{"number", dossier->number}, {"state", dossier->state}});
    }
  }
  json answer = {
      {"data",
       {{"demarche",
         {{"id", "D"},
          {"dossiers",
           {{"pageInfo", {{"hasNextPage", more}, {"endCursor", cursor}}}, {"nodes", nodes}}}}}}}};
  if (!errors.empty()) answer["errors"] = errors;
  return answer;
}

json DsStandIn::DeletedPage(const json& variables, bool pending) {
  json nodes = json::array(), cursor;
  const bool first_page = !variables.value("after", json()).is_string();
  const std::int64_t from = first_page ? 0 : std::stoll(variables["after"].get<std::string>());
  for (const auto& dossier : dossiers_) {
    if (!pending || !dossier.deleted || dossier.updated <= from) continue;
    cursor = std::to_string(dossier.updated);
    nodes.push_back({{"id", "X" + std::to_string(dossier.number)},
                     {"number", dossier.number},
                     {"state", dossier.state},
                     {"reason", dossier.deleted_reason},
                     {"dateSupression", Instant(dossier.updated)}});
  }
  const char* field = pending ? "pendingDeletedDossiers" : "deletedDossiers";
  return {
      {"data",
       {{"demarche",
         {{"id", "D"},
          {field,
           {{"pageInfo", {{"hasNextPage", false}, {"endCursor", cursor}}}, {"nodes", nodes}}}}}}}};
}

}  // namespace aiguillage::test
