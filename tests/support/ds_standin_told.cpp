// What the stand-in does when it is told something: decisions, messages, annotations.
#include <algorithm>
#include <stdexcept>

#include "tests/support/ds_standin.h"

namespace aiguillage::test {

using nlohmann::json;

namespace {

const std::map<std::string, std::string> kFrench = {{"en_construction", "en construction"},
                                                    {"en_instruction", "en instruction"},
                                                    {"accepte", "accepté"},
                                                    {"refuse", "refusé"},
                                                    {"sans_suite", "classé sans suite"}};

}  // namespace

// A correction is cancelled by its message alone: the real input knows no dossierId.
StandInDossier& DsStandIn::Target(const std::string& operation, const json& input) {
  if (operation != "AnnulerCorrection") {
    const std::string id = input.at("dossierId");
    return At(std::stoll(id.substr(id.find('-') + 1)));
  }
  if (input.contains("dossierId")) throw std::runtime_error("dossierId is not defined there");
  for (StandInDossier& dossier : dossiers_) {
    for (const StandInMessage& message : dossier.messages) {
      if (message.id == input.at("messageId")) return dossier;
    }
  }
  throw std::runtime_error("no such message");
}

json DsStandIn::Mutate(const std::string& operation, const json& input) {
  StandInDossier& dossier = Target(operation, input);
  const auto refuse = [](const std::string& text) {
    return json{{"errors", {{{"message", text}}}}};
  };
  if (operation == "AjouterLabel" || operation == "SupprimerLabel") return Label(dossier, input);
  if (operation == "ChangerGroupe") {
    const std::string group = input.at("groupeInstructeurId");
    if (group == "G" + std::to_string(dossier.group)) {
      return refuse("Le dossier est déjà avec le groupe instructeur: 'x'");
    }
    dossier.group = std::stoi(group.substr(1));
    Touch(dossier);
    return {{"dossier", Show(dossier)}};
  }
  if (operation == "DirectUpload") {
    return {{"directUpload",
             {{"url", "http://ds.invalid/uploads/" + input.at("checksum").get<std::string>()},
              {"headers", R"({"Content-MD5": "x"})"},
              {"signedBlobId", "blob-" + input.at("checksum").get<std::string>()}}}};
  }
  if (input.at("instructeurId") != "Instructeur-1" && !others_may_act) {
    return refuse("L’instructeur n’a pas les droits d’accès à ce dossier");
  }
  if (operation == "EnvoyerMessage") return Message(dossier, input);
  if (operation == "ModifierAnnotations") return Annotate(dossier, input);
  if (operation == "Accepter") return Decision(dossier, input, "accepte");
  if (operation == "Refuser") return Decision(dossier, input, "refuse");
  if (operation == "ClasserSansSuite") return Decision(dossier, input, "sans_suite");
  if (operation == "AnnulerCorrection") {
    for (StandInMessage& message : dossier.messages) {
      if (message.id != input.at("messageId") || message.correction.empty() ||
          !message.resolved_at.empty())
        continue;
      message.resolved_at = Instant(++tick_);
      return {{"message", {{"id", message.id}}}};
    }
    return refuse("La demande de correction ne peut pas être annulée");
  }
  if (dossier.state != "en_construction") {
    return refuse("Le dossier est déjà " + kFrench.at(dossier.state));
  }
  dossier.state = "en_instruction";
  Past(dossier, "passe_en_instruction", kInstructeur);
  Touch(dossier);
  return {{"dossier", Show(dossier)}};
}

json DsStandIn::Decision(StandInDossier& dossier, const json& input, const std::string& state) {
  if (dossier.state != "en_instruction" || dossier.annotations_invalid) {
    return {{"errors", {{{"message", "Le dossier est déjà " + kFrench.at(dossier.state)}}}}};
  }
  dossier.state = state;
  dossier.motivation = input.value("motivation", "");
  Past(dossier, state == "sans_suite" ? "classe_sans_suite" : state, kInstructeur);
  Touch(dossier);
  return {{"dossier", Show(dossier)}};
}

json DsStandIn::Label(StandInDossier& dossier, const json& input) {
  const std::string id = input.at("labelId");
  const auto worn = std::find_if(dossier.labels.begin(), dossier.labels.end(),
                                 [&](const json& label) { return label["id"] == id; });
  const bool is_worn = worn != dossier.labels.end();
  for (const auto& [name, known] : kLabels) {
    if (known != id || is_worn) continue;
    dossier.labels.push_back({{"id", id}, {"name", name}});
    return {{"dossier", Show(dossier)}};
  }
  if (is_worn) dossier.labels.erase(worn);
  return {{"dossier", Show(dossier)}};  // labels do not move updatedAt
}

json DsStandIn::Message(StandInDossier& dossier, const json& input) {
  if (dossier.archived) {
    return {{"errors",
             {{{"message",
                "Le champ « Dossier » Il n’est pas possible d’envoyer un message sur un dossier "
                "supprimé, à archiver ou en brouillon"}}}}};
  }
  StandInMessage message;
  message.id = "M" + std::to_string(++tick_);
  message.at = Instant(tick_);
  message.email = kInstructeur;
  message.body = input.at("body");
  const bool pending =
      std::any_of(dossier.messages.begin(), dossier.messages.end(),
                  [](const auto& m) { return !m.correction.empty() && m.resolved_at.empty(); });
  if (input.contains("correction") && !pending && !Decided(dossier.state)) {
    message.correction = input["correction"];
    if (dossier.state == "en_instruction") {
      dossier.state = "en_construction";
      Past(dossier, "repasse_en_construction", kInstructeur);
    }
  }
  dossier.messages.push_back(message);
  Touch(dossier);
  const json correction =
      message.correction.empty() ? json() : json{{"reason", message.correction}};
  return {{"message", {{"id", message.id}, {"createdAt", message.at}, {"correction", correction}}}};
}

json DsStandIn::Annotate(StandInDossier& dossier, const json& input) {
  for (const json& entry : input.at("annotations")) {
    for (const auto& [kind, value] : entry.at("value").items()) {
      dossier.annotations[entry.at("id")] =
          value.is_string() ? value.get<std::string>() : value.dump();
    }
  }
  Touch(dossier);
  return {{"annotations", json::array()}};
}

}  // namespace aiguillage::test
