#include "web/rights.h"

#include <algorithm>
#include <stdexcept>

#include "workflows/roles.h"

namespace aiguillage::web {

namespace {

using Names = std::vector<std::string>;

const Names kAtWork = {"program_admin", "case_officer"};
const Names kLookingOn = {"program_admin", "case_officer", "auditor"};
const Names kDeciding = {"program_admin", "case_officer", "auditor", "collection_lead",
                         "committee_chair"};
const Names kSitting = {"program_admin", "case_officer", "committee_chair", "committee_member"};
const Names kOwnSide = {"project_holder", "co_holder"};

bool AnyLike(const std::vector<workflows::HeldRole>& held, const Names& wanted) {
  return std::any_of(held.begin(), held.end(), [&](const auto& one) {
    return std::find(wanted.begin(), wanted.end(), workflows::RoleLike(one.role)) != wanted.end();
  });
}

}  // namespace

namespace {

// By what one is to the thing itself.
std::vector<RuleRow> RulesOfOnesOwn() {
  return {
      {.rule = Rule::kPublic, .id = "public", .who = "tout le monde", .account = false},
      {.rule = Rule::kMeters,
       .id = "meters",
       .who = "la machine elle-même, ou qui présente le jeton metrics.token",
       .account = false},
      {.rule = Rule::kHoldsLink,
       .id = "holds_link",
       .who = "qui a reçu l’adresse, qui tient lieu de secret ; personne n’est reconnu",
       .account = false},
      {.rule = Rule::kLoggedIn,
       .id = "logged_in",
       .who = "toute personne connectée, pour elle-même"},
      {.rule = Rule::kSeesProject,
       .id = "sees_project",
       .who = "qui a un rôle dans ce projet, sa collection ou son appel ; un vivier (« tout "
              "relecteur ») seulement tant qu’une tâche l’y attend"},
      {.rule = Rule::kSeesPanel,
       .id = "sees_panel",
       .who = "qui voit le projet et lit les avis : chef de file, comité, DGAFP ; un relecteur une "
              "fois ses notes rendues"},
      {.rule = Rule::kSeesFile,
       .id = "sees_file",
       .who = "qui voit le projet et peut lire le document où le fichier est joint"},
      {.rule = Rule::kReadsMail,
       .id = "reads_mail",
       .who = "la personne à qui il est adressé, et qui lit les courriels d’autrui dans ce projet"},
  };
}

// By a role, wherever the table says that it must be held.
std::vector<RuleRow> RulesOfRoles() {
  return {
      {.rule = Rule::kStaff,
       .id = "staff",
       .who = "qui a un rôle au-delà d’un seul projet",
       .refusal = "Cette page est réservée aux services."},
      {.rule = Rule::kCommittee,
       .id = "committee",
       .who =
           "comité de sélection (membres, président), pilote ou instructeur : de tous les appels, "
           "ou du leur",
       .roles = kSitting,
       .reach = Reach::kCall,
       .refusal = "Cette page est réservée au comité de sélection et à la DGAFP."},
      {.rule = Rule::kDecides,
       .id = "decides",
       .who = "président du comité ou pilote : de tous les appels, ou du leur",
       .roles = {"program_admin", "committee_chair"},
       .reach = Reach::kCall,
       .refusal = "Décider revient au président du comité et au pilote (DGAFP)."},
      {.rule = Rule::kSteering,
       .id = "steering",
       .who = "pilote, instructeur ou auditeur : de tous les appels, ou du sien",
       .roles = kLookingOn,
       .reach = Reach::kCall,
       .refusal = "Cette page est réservée au pilotage (DGAFP)."},
      {.rule = Rule::kOffice,
       .id = "office",
       .who = "pilote ou instructeur : de tous les appels, ou du sien",
       .roles = kAtWork,
       .reach = Reach::kCall,
       .refusal = "Cette page est réservée à la DGAFP."},
      {.rule = Rule::kPilot,
       .id = "pilot",
       .who = "pilote : de tous les appels, ou du sien",
       .roles = {"program_admin"},
       .reach = Reach::kCall,
       .refusal = "Cette page est réservée au pilote du programme (DGAFP)."},
      {.rule = Rule::kDirectory,
       .id = "directory",
       .who = "pilote ou instructeur de tous les appels",
       .roles = kAtWork,
       .reach = Reach::kEverywhere,
       .refusal = "Les personnes relèvent de la DGAFP, pour tous les appels."},
      {.rule = Rule::kPeople,
       .id = "people",
       .who = "pilote de tous les appels",
       .roles = {"program_admin"},
       .reach = Reach::kEverywhere,
       .refusal = "Les personnes et leurs rôles relèvent du pilote de tous les appels (DGAFP)."},
  };
}

}  // namespace

const std::vector<RuleRow>& RuleTable() {
  static const std::vector<RuleRow> rows = [] {
    auto all = RulesOfOnesOwn();
    for (auto& row : RulesOfRoles()) all.push_back(std::move(row));
    return all;
  }();
  return rows;
}

const RuleRow& RowOf(Rule rule) {
  for (const RuleRow& row : RuleTable()) {
    if (row.rule == rule) return row;
  }
  throw std::logic_error("Expected every rule to have its row in web/rights.cpp, but one has none");
}

const std::vector<ParameterRow>& ParameterTable() {
  static const std::vector<ParameterRow> rows = {
      {"number", Object::kProject, "un projet"},
      {"file", Object::kFile, "un fichier d’un projet"},
      {"mail", Object::kMail, "un envoi, d’un projet ou de connexion"},
      {"dossier", Object::kDossier, "un dossier de Démarches Simplifiées"},
      {"incident", Object::kIncident, "un incident, d’un projet ou de l’ensemble"},
      {"call", Object::kCall, "un appel"},
      {"sitting", Object::kSitting, "une séance du comité d’un appel"},
      {"person", Object::kPerson, "une personne"},
      // Parts of what is named before them, or one's own: the page looks for them there only.
      {"action", Object::kNone, "une action des rails, demandée au guichet"},
      {"act", Object::kNone, "un acte du projet"},
      {"form", Object::kNone, "un formulaire"},
      {"version", Object::kNone, "une version du document, de la correspondance ou d’un texte"},
      {"message", Object::kNone, "un message que les règles de l’appel envoient"},
      {"grant", Object::kNone, "un rôle de la personne"},
      {"absence", Object::kNone, "une absence de la personne, ou la sienne"},
      {"session", Object::kNone, "une de ses propres connexions"},
      {"token", Object::kNone, "un lien de connexion, d’enquête ou d’annonces : qui l’a reçu"},
      {"survey", Object::kNone, "une enquête du projet"},
      {"view", Object::kNone, "une des listes que l’on garde"},
      {"key", Object::kNone, "une de ses propres clés pour les programmes"},
      {"panel", Object::kNone, "un panneau de chiffres : ceux des appels que l’on voit"},
      {"task", Object::kNone, "une tâche du projet, demandée au guichet"},
  };
  return rows;
}

Object ObjectOf(const std::string& pattern) {
  Object object = Object::kNone;
  for (auto at = pattern.find('{'); at != std::string::npos; at = pattern.find('{', at + 1)) {
    const std::string name = pattern.substr(at + 1, pattern.find('}', at) - at - 1);
    const auto& rows = ParameterTable();
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.name == name; });
    if (row == rows.end()) {
      throw std::logic_error("Expected {" + name + "} of " + pattern +
                             " to have its row in web/rights.cpp, but it has none");
    }
    if (object == Object::kNone) object = row->object;
  }
  return object;
}

const char* NameOf(Object object) {
  switch (object) {
    case Object::kNone:
      return "";
    case Object::kProject:
      return "project";
    case Object::kFile:
      return "file";
    case Object::kMail:
      return "mail";
    case Object::kDossier:
      return "dossier";
    case Object::kIncident:
      return "incident";
    case Object::kCall:
      return "call";
    case Object::kSitting:
      return "sitting";
    case Object::kPerson:
      return "person";
  }
  return "";
}

const std::vector<FieldRow>& FieldTable() {
  static const std::vector<FieldRow> rows = {
      {Field::kInside,
       "inside",
       "libellés internes des étapes et des actes",
       {"program_admin", "case_officer", "auditor", "collection_lead", "committee_chair",
        "reviewer", "committee_member"}},
      {Field::kPapers, "papers",
       "documents internes d’autrui : avis, notes avant qu’elles soient rendues, notes internes, "
       "motifs",
       kDeciding},
      {Field::kJudges, "judges", "noms des relecteurs et des membres du comité", kDeciding},
      {Field::kMails, "mails", "courriels adressés à d’autres, envois à Démarches Simplifiées",
       kLookingOn},
  };
  return rows;
}

bool Shows(Field field, const std::vector<workflows::HeldRole>& roles) {
  if (AnyLike(roles, kOwnSide) && !AnyLike(roles, kLookingOn)) return false;
  for (const FieldRow& row : FieldTable()) {
    if (row.field == field) return AnyLike(roles, row.roles);
  }
  throw std::logic_error("Expected every field to have its row in web/rights.cpp");
}

}  // namespace aiguillage::web
