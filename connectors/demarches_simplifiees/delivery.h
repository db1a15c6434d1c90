// One row of the outbox on its way to one dossier: look, do one thing, look again.
//
//   accept, dossier en construction with a correction pending:
//     look -> cancel the correction -> look -> passer en instruction -> look -> accepter -> done
//
// Before a call that DS writes in the dossier's history, what it will write is noted in the row
// (payload.did), so that the pull knows our echo even when the power goes in between.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "connectors/demarches_simplifiees/client.h"
#include "connectors/demarches_simplifiees/demarche.h"
#include "connectors/demarches_simplifiees/mapping.h"
#include "storage/documents.h"
#include "storage/outbox.h"

namespace aiguillage::connectors {

struct Verdict {
  enum class Kind {
    kLookAgain,
    kSent,
    kSentInPart,      // gone, but DS made less of it than we asked: a human must look
    kLater,           // nothing wrong here: DS cannot now
    kFailed,          // a human must look
    kConflict,        // DS says otherwise: a human must choose
    kNotDeliverable,  // an archived dossier takes no message
    kStop,            // nothing can be sent at all
  };
  Kind kind = Kind::kLookAgain;
  std::string sentence;
};

Verdict FromFailure(const DsAnswer& answer);

// A file of ours that a decision carries to the holder.
struct Justificatif {
  std::string name, type, bytes, md5;
};

struct DeliveryNeeds {
  Client& client;
  const Demarche& demarche;
  const Mapping& mapping;                    // for annotations
  std::string decided_by;                    // e-mail of who acted here, the first to be asked …
  std::string instructeur;                   // … then those configured
  std::string collection;                    // slug
  std::vector<storage::Document> documents;  // of the project, for annotations
  std::optional<Justificatif> justificatif;
  std::string public_url;
  std::string node;                                     // opaque id of the dossier
  std::function<void(const storage::OutboxRow&)> note;  // stores the row
};

class Delivery {
 public:
  Delivery(DeliveryNeeds needs, storage::OutboxRow& row) : needs_(std::move(needs)), row_(row) {}
  Verdict Run();
  const nlohmann::json& dossier() const { return dossier_; }  // as last looked at

 private:
  using json = nlohmann::json;
  Verdict Next();
  Verdict TowardsState(const std::string& target);
  Verdict Decide(const std::string& target);
  Verdict CancelCorrection();
  Verdict Message(bool correction);
  Verdict CorrectionMade(const json& ours, const json& messages);
  Verdict Upload(json& input);
  Verdict Annotate();
  Verdict Label();
  Verdict Group();
  std::string AnnotationText(const AnnotationRule& rule) const;
  json Annotations(std::string& problem) const;
  Verdict Send(Operation operation, json input, const std::string& event, bool last);
  Verdict AfterRefusal(const std::string& sentence) const;
  bool Note(const std::string& event, const std::string& motivation);
  void Unnote();
  std::string Reference() const;
  std::string Body(bool correction) const;

  DeliveryNeeds needs_;
  storage::OutboxRow& row_;
  json dossier_;
  std::string instructeur_;  // id of the one who acts
  std::string refused_;      // what DS answered to the last call, "" when it did not refuse
  int doubts_ = 0;
};

// The motivation a row carries to DS; refusals always have one.
std::string MotivationOf(const storage::OutboxRow& row);
// The DS state a row leads to, "" when it leads to none: instruct -> en_instruction.
std::string TargetOf(const std::string& effect);
bool SameWords(const std::string& a,
               const std::string& b);  // line ends and blanks at the ends aside
bool IsDecided(const std::string& ds_state);
std::string FrenchState(const std::string& ds_state);  // « en construction »

}  // namespace aiguillage::connectors
