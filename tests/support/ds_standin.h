// Démarches Simplifiées in a small box: one démarche held in memory, answering the operations we
// send as CONTRACT says the service does, and failing on demand. It is an HttpClient, so that no
// socket is needed. Its form is the one that mentor/mapping.json names.
//
//   DsStandIn ds({.dossiers = 12, .seed = 1});
//   ds.Arm({.kind = "applied_then_reset", .on = "Accepter"});
//   Sync(context with ds as its HttpClient, …);
//   ds.log()      every mutation carried out, in order: {"Accepter", 30000001}
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "connectors/http_client.h"

namespace aiguillage::test {

inline bool Decided(const std::string& state) {
  return state == "accepte" || state == "refuse" || state == "sans_suite";
}

struct StandInMessage {
  std::string id, email, body, at, correction;  // correction: reason, "" for a plain message
  std::string resolved_at;
};

struct StandInDossier {
  std::int64_t number = 0;
  std::string state = "en_construction", motivation, email, deleted_reason;
  int group = 901;
  bool archived = false, deleted = false, unreadable = false, annotations_invalid = false;
  std::int64_t updated = 0;     // its place in the order of changes …
  std::int64_t updated_at = 0;  // … and when, by the stand-in's clock
  nlohmann::json champs = nlohmann::json::array();
  std::map<std::string, std::string> annotations;
  nlohmann::json traitements = nlohmann::json::array();
  std::vector<StandInMessage> messages;
  nlohmann::json avis = nlohmann::json::array(), labels = nlohmann::json::array();
  nlohmann::json attestation;  // a File once there is one
};

// kind: http500 html502 http429 reset slow truncated timeout expired_token revoked_token deep
//       applied_then_reset applied_then_502 applied_then_timeout (done, but the answer is lost)
//       file_404 file_corrupt
struct StandInFault {
  std::string kind;
  std::string on = {};  // an operation, "file", "" for any operation
  int count = 1;
  int after = 0;  // matching requests let through first
};

struct StandInMutation {
  std::string operation;
  std::int64_t dossier = 0;
  nlohmann::json input;
};

struct StandInOptions {
  int dossiers = 12;
  unsigned seed = 1;
  std::string token = "secret";
  bool read_only = false;
  std::string folder = "mentor";  // of the definition whose mapping.json names its form
  // Its own clock, in epoch milliseconds; without one, every reading « since » shows all there is.
  std::function<std::int64_t()> clock = {};
};

class DsStandIn : public connectors::HttpClient {
 public:
  static constexpr std::int64_t kDemarche = 4242;
  static constexpr const char* kEndpoint = "http://ds.invalid/api/v2/graphql";
  static constexpr const char* kInstructeur = "instructrice@dgafp.invalid";

  static inline const std::map<std::string, std::string> kLabels = {{"À examiner", "L1"},
                                                                    {"Complet", "L2"}};

  explicit DsStandIn(const StandInOptions& options);
  connectors::HttpResponse Send(const connectors::HttpRequest& request) override;

  StandInDossier& Add(const std::string& state);  // a new one, at the end
  StandInDossier& At(std::int64_t number);
  std::vector<std::int64_t> Numbers() const;
  void Touch(StandInDossier& dossier);
  // Changes what is written in the champ that mapping.json gives to `to`.
  void Write(StandInDossier& dossier, const std::string& to, const std::string& text);
  void Resubmit(StandInDossier& dossier);  // the holder files again: corrections are resolved
  void Say(StandInDossier& dossier, const std::string& email, const std::string& body);
  void Attest(StandInDossier& dossier);  // late, and without a sign of it in the feed
  void Delete(StandInDossier& dossier, const std::string& reason);
  void Decide(StandInDossier& dossier, const std::string& state, const std::string& motivation);

  void Arm(const StandInFault& fault) { faults_.push_back(fault); }
  void Disarm() { faults_.clear(); }
  int faults_left() const;
  const std::vector<StandInMutation>& log() const { return log_; }
  int posts = 0, downloads = 0;
  nlohmann::json more_annotations = nlohmann::json::array();  // {champ, label, type}
  bool others_may_act = false;                                // « Instructeur-2 » too
  std::map<std::string, std::string> uploads;                 // by address

  std::function<void(nlohmann::json& champs)> change_form;  // the démarche's, as described
  std::function<void()> on_request;  // called first; may throw, as a power cut does

 private:
  using json = nlohmann::json;
  const StandInFault* Take(const std::string& operation);
  connectors::HttpResponse Graphql(const connectors::HttpRequest& request);
  connectors::HttpResponse FileAt(const connectors::HttpRequest& request);
  json Answer(const std::string& operation, const json& variables);
  json Page(const json& variables, bool whole);
  json DeletedPage(const json& variables, bool pending);
  StandInDossier& Target(const std::string& operation, const json& input);
  json Mutate(const std::string& operation, const json& input);
  json Decision(StandInDossier& dossier, const json& input, const std::string& state);
  json Message(StandInDossier& dossier, const json& input);
  json Label(StandInDossier& dossier, const json& input);
  json Annotate(StandInDossier& dossier, const json& input);
  json Show(const StandInDossier& dossier) const;
  json Descriptor() const;
  json Champ(const json& rule, std::int64_t number);
  json File(std::int64_t number, const std::string& name);
  void Past(StandInDossier& dossier, const std::string& event, const std::string& email);
  std::string Instant(std::int64_t tick) const;

  StandInOptions options_;
  std::mt19937 random_;
  json mapping_;
  std::vector<StandInDossier> dossiers_;
  std::map<std::string, std::string> files_;  // address -> bytes
  std::vector<StandInFault> faults_;
  std::vector<StandInMutation> log_;
  std::int64_t tick_ = 0;
};

}  // namespace aiguillage::test
