#include "connectors/demarches_simplifiees/delivery.h"

#include <algorithm>
#include <map>
#include <utility>

#include "storage/hash.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;
using Kind = Verdict::Kind;

constexpr int kStepsMax = 12;
constexpr int kDoubtsMax = 2;

std::string Plain(const std::string& text) {
  std::string plain;
  for (const char c : text) {
    if (c != '\r') plain += c;
  }
  const auto first = plain.find_first_not_of(" \t\n");
  if (first == plain.npos) return "";
  return plain.substr(first, plain.find_last_not_of(" \t\n") - first + 1);
}

// Labels and groupes are changed in the name of the token alone.
bool NamesInstructeur(Operation operation) {
  return operation != Operation::kAjouterLabel && operation != Operation::kSupprimerLabel &&
         operation != Operation::kChangerGroupe;
}

}  // namespace

Verdict FromFailure(const DsAnswer& answer) {
  switch (answer.failure) {
    case DsFailure::kUnauthorised:
      return {Kind::kStop, answer.sentence};
    case DsFailure::kNotFound:
      return {Kind::kFailed, "Le dossier n’est plus visible dans Démarches Simplifiées."};
    case DsFailure::kMisunderstood:
      return {Kind::kFailed, answer.sentence};
    default:
      return {Kind::kLater, answer.sentence};
  }
}

std::string TargetOf(const std::string& effect) {
  static const std::map<std::string, std::string> targets = {{"instruct", "en_instruction"},
                                                             {"accept", "accepte"},
                                                             {"refuse", "refuse"},
                                                             {"close", "sans_suite"}};
  const auto found = targets.find(effect);
  return found == targets.end() ? "" : found->second;
}

bool SameWords(const std::string& a, const std::string& b) { return Plain(a) == Plain(b); }

bool IsDecided(const std::string& state) {
  return state == "accepte" || state == "refuse" || state == "sans_suite";
}

std::string FrenchState(const std::string& state) {
  static const std::map<std::string, std::string> words = {{"en_construction", "en construction"},
                                                           {"en_instruction", "en instruction"},
                                                           {"accepte", "accepté"},
                                                           {"refuse", "refusé"},
                                                           {"sans_suite", "classé sans suite"}};
  const auto found = words.find(state);
  return found == words.end() ? state : found->second;
}

std::string MotivationOf(const storage::OutboxRow& row) {
  const std::string text = Plain(TextAt(row.payload, "motivation"));
  if (!text.empty() || row.topic == "accept") return text;
  return "Les motifs de cette décision vous sont adressés par courriel.";
}

Verdict Delivery::Run() {
  for (int step = 0; step < kStepsMax; ++step) {
    const DsAnswer look = needs_.client.AskPatiently(Operation::kDossierStatus,
                                                     {{"number", PartOf(row_.payload, "dossier")}});
    if (!look.Ok()) return FromFailure(look);
    dossier_ = PartOf(look.data, "dossier");
    const json& group = PartOf(PartOf(dossier_, "groupeInstructeur"), "number");
    const std::int64_t number = group.is_number_integer() ? group.get<std::int64_t>() : 0;
    instructeur_ = needs_.demarche.InstructeurFor(number, needs_.decided_by);
    if (instructeur_.empty()) {
      instructeur_ = needs_.demarche.InstructeurFor(number, needs_.instructeur);
    }
    Verdict verdict = Next();
    if (verdict.kind != Kind::kLookAgain) return verdict;
  }
  return {Kind::kLater, "Démarches Simplifiées ne se stabilise pas sur ce dossier."};
}

Verdict Delivery::Next() {
  const std::string& effect = row_.topic;
  if (effect == "message" || effect == "correction") return Message(effect == "correction");
  if (effect == "annotate") return Annotate();
  const std::string target = TargetOf(effect);
  if (target.empty()) return {Kind::kFailed, "Effet inconnu : « " + effect + " »."};
  return TowardsState(target);
}

// The next call on the way from the state DS shows to the one we want.
Verdict Delivery::TowardsState(const std::string& target) {
  const std::string state = TextAt(dossier_, "state");
  if (state == target) {
    if (!IsDecided(target) || SameWords(TextAt(dossier_, "motivation"), MotivationOf(row_))) {
      return {Kind::kSent, ""};
    }
    return {Kind::kConflict, "Démarches Simplifiées dit déjà « " + FrenchState(state) +
                                 " », avec une autre motivation que la nôtre."};
  }
  if (IsDecided(state)) {
    return {Kind::kConflict, "Démarches Simplifiées dit « " + FrenchState(state) +
                                 " », alors que nous voulions « " + FrenchState(target) + " »."};
  }
  if (state == "en_instruction") return Decide(target);
  if (!TextAt(dossier_, "dateDerniereCorrectionEnAttente").empty()) {
    if (Verdict verdict = CancelCorrection(); verdict.kind != Kind::kSent) return verdict;
  }
  return Send(Operation::kPasserEnInstruction, json::object(), "passe_en_instruction",
              target == "en_instruction");
}

Verdict Delivery::Decide(const std::string& target) {
  json input = json::object();
  const std::string motivation = MotivationOf(row_);
  if (!motivation.empty()) input["motivation"] = motivation;
  if (needs_.justificatif) {
    if (Verdict verdict = Upload(input); verdict.kind != Kind::kSent) return verdict;
  }
  if (target == "accepte") return Send(Operation::kAccepter, input, "accepte", true);
  if (target == "refuse") return Send(Operation::kRefuser, input, "refuse", true);
  return Send(Operation::kClasserSansSuite, input, "classe_sans_suite", true);
}

// The file that goes with a decision: announced, put where DS says, named by what it is signed
// with. A blob that no decision names is dropped by DS: sending it again harms nobody.
Verdict Delivery::Upload(json& input) {
  if (!refused_.empty()) return {Kind::kSent, ""};  // Send says it
  const Justificatif& file = *needs_.justificatif;
  const json about = {{"dossierId", needs_.node},
                      {"filename", file.name},
                      {"byteSize", file.bytes.size()},
                      {"checksum", file.md5},
                      {"contentType", file.type}};
  const DsAnswer answer = needs_.client.AskPatiently(Operation::kDirectUpload, {{"input", about}});
  if (!answer.Ok()) return FromFailure(answer);
  const json& upload = PartOf(PartOf(answer.data, "createDirectUpload"), "directUpload");
  if (!needs_.client.Put(TextAt(upload, "url"), TextAt(upload, "headers"), file.bytes)) {
    return {Kind::kLater, "Le justificatif n’a pas pu être remis à Démarches Simplifiées."};
  }
  input["justificatif"] = TextAt(upload, "signedBlobId");
  return {Kind::kSent, ""};
}

Verdict Delivery::CancelCorrection() {
  const DsAnswer answer = needs_.client.AskPatiently(Operation::kDossierMessages,
                                                     {{"number", PartOf(row_.payload, "dossier")}});
  if (!answer.Ok()) return FromFailure(answer);
  for (const json& message : PartOf(PartOf(answer.data, "dossier"), "messages")) {
    const json& correction = PartOf(message, "correction");
    if (!correction.is_object() || !TextAt(correction, "dateResolution").empty() ||
        !TextAt(message, "discardedAt").empty()) {
      continue;
    }
    return Send(Operation::kAnnulerCorrection, {{"messageId", TextAt(message, "id")}}, "", true);
  }
  return {Kind::kSent, ""};  // resolved meanwhile
}

std::string Delivery::Reference() const {
  return "[" + TextAt(row_.payload, "number") + "/" + storage::Sha256(row_.key).substr(0, 8) + "]";
}

std::string Delivery::Body(bool correction) const {
  std::string text = Plain(TextAt(row_.payload, "body"));
  if (text.empty() && correction) {
    text =
        "Votre dossier est à compléter. Le détail de ce qui est attendu vous est adressé par "
        "courriel.";
  }
  if (text.empty()) text = "Votre projet : " + TextAt(row_.payload, "public_label") + ".";
  return text + "\n\n" + Reference();
}

Verdict Delivery::Message(bool correction) {
  const std::string state = TextAt(dossier_, "state");
  const DsAnswer answer = needs_.client.AskPatiently(Operation::kDossierMessages,
                                                     {{"number", PartOf(row_.payload, "dossier")}});
  if (!answer.Ok()) return FromFailure(answer);
  const json& messages = PartOf(PartOf(answer.data, "dossier"), "messages");
  for (const json& message : messages) {
    if (TextAt(message, "body").find(Reference()) == std::string::npos) continue;
    return correction ? CorrectionMade(message, messages) : Verdict{Kind::kSent, ""};
  }
  if (PartOf(dossier_, "archived") == json(true)) {
    return {Kind::kNotDeliverable,
            "Le dossier est archivé dans Démarches Simplifiées : il ne reçoit plus de message."};
  }
  if (correction && IsDecided(state)) {
    return {Kind::kConflict, "Démarches Simplifiées dit « " + FrenchState(state) +
                                 " » : un complément n’y peut plus être demandé."};
  }
  json input = {{"body", Body(correction)}};
  if (correction) input["correction"] = "incomplete";
  const bool moves = correction && state == "en_instruction";
  return Send(Operation::kEnvoyerMessage, input, moves ? "repasse_en_construction" : "",
              !correction);
}

// DS sends the words and says nothing when it makes no request of them: looked up in the thread.
Verdict Delivery::CorrectionMade(const json& ours, const json& messages) {
  const bool made = PartOf(ours, "correction").is_object();
  row_.payload["correction_made"] = made;
  if (made) return {Kind::kSent, ""};
  if (PartOf(row_.payload, "did").is_array()) row_.payload["did"].clear();  // DS wrote nothing
  const bool pending = std::any_of(messages.begin(), messages.end(), [](const json& message) {
    const json& correction = PartOf(message, "correction");
    return correction.is_object() && TextAt(correction, "dateResolution").empty();
  });
  if (pending) {
    return {Kind::kSent,
            "Une demande de correction attendait déjà le porteur : celle-ci est partie comme "
            "simple message."};
  }
  return {Kind::kSentInPart,
          "Le message est parti, mais Démarches Simplifiées n’a pas ouvert de demande de "
          "correction : le porteur ne peut pas modifier son dossier. Ouvrez-la là-bas."};
}

// What DS will write in the dossier's history because of us, noted before it can. False: it was.
bool Delivery::Note(const std::string& event, const std::string& motivation) {
  json entry = {{"event", event}};
  if (!motivation.empty()) entry["motivation"] = motivation;
  json& did = row_.payload["did"];
  if (!did.is_array()) did = json::array();
  if (std::find(did.begin(), did.end(), entry) != did.end()) return false;
  did.push_back(std::move(entry));
  needs_.note(row_);
  return true;
}

void Delivery::Unnote() {
  row_.payload["did"].erase(row_.payload["did"].size() - 1);
  needs_.note(row_);
}

Verdict Delivery::Send(Operation operation, json input, const std::string& event, bool last) {
  if (!refused_.empty()) return AfterRefusal(refused_);
  if (instructeur_.empty() && NamesInstructeur(operation)) {
    return {Kind::kLater,
            "Personne parmi ds.instructeur n’instruit dans le groupe de ce dossier : ajoutez-en un "
            "dans Démarches Simplifiées ou dans la configuration."};
  }
  if (operation != Operation::kAnnulerCorrection) input["dossierId"] = needs_.node;
  if (NamesInstructeur(operation)) input["instructeurId"] = instructeur_;
  const bool noted = !event.empty() && Note(event, TextAt(input, "motivation"));
  const DsAnswer answer = needs_.client.Ask(operation, {{"input", std::move(input)}});
  if (answer.Ok()) return {last ? Kind::kSent : Kind::kLookAgain, ""};
  if (answer.failure == DsFailure::kRefused) {
    refused_ = answer.sentence;
    if (noted) Unnote();
    return {};  // the state decides, never the message alone
  }
  if (answer.doubtful && ++doubts_ <= kDoubtsMax) return {};
  return FromFailure(answer);
}

// DS refused, and looking again changed nothing: we would send the same.
Verdict Delivery::AfterRefusal(const std::string& sentence) const {
  if (Mentions(sentence, "SIRET")) return {Kind::kLater, sentence};
  if (Mentions(sentence, "en attente de correction")) return {Kind::kLater, sentence};
  if (Mentions(sentence, "à archiver")) return {Kind::kNotDeliverable, sentence};
  if (Mentions(sentence, "déjà en instruction") && TextAt(dossier_, "state") == "en_instruction") {
    return {
        Kind::kFailed,
        "Démarches Simplifiées refuse la décision alors que le dossier est en instruction : ses "
        "annotations privées sont invalides ou incomplètes. Complétez-les dans Démarches "
        "Simplifiées."};
  }
  return {Kind::kFailed, "Démarches Simplifiées refuse : « " + sentence + " »."};
}

}  // namespace aiguillage::connectors
