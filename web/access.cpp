#include "web/access.h"

#include <algorithm>

#include "storage/calls.h"
#include "storage/people.h"
#include "workflows/roles.h"

namespace aiguillage::web {

const char* NameOf(Rule rule) {
  switch (rule) {
    case Rule::kPublic:
      return "public";
    case Rule::kLoggedIn:
      return "logged_in";
    case Rule::kSeesProject:
      return "sees_project";
    case Rule::kSeesPanel:
      return "sees_panel";
    case Rule::kSeesFile:
      return "sees_file";
    case Rule::kStaff:
      return "staff";
    case Rule::kCommittee:
      return "committee";
    case Rule::kDecides:
      return "decides";
    case Rule::kSteering:
      return "steering";
    case Rule::kOffice:
      return "office";
    case Rule::kPilot:
      return "pilot";
    case Rule::kHoldsLink:
      return "holds_link";
    case Rule::kMeters:
      return "meters";
  }
  return "";
}

bool Visitor::Holds(const std::string& role) const {
  return std::any_of(roles.begin(), roles.end(),
                     [&](const auto& held) { return held.role == role; });
}

bool Visitor::HoldsLike(const std::string& standard) const {
  return std::any_of(roles.begin(), roles.end(),
                     [&](const auto& held) { return workflows::RoleLike(held.role) == standard; });
}

bool Visitor::IsStaff() const {
  return std::any_of(roles.begin(), roles.end(),
                     [](const auto& held) { return held.scope.rfind("project:", 0) != 0; });
}

std::optional<Refused403> CheckRule(Rule rule, const std::optional<Visitor>& visitor) {
  if (rule == Rule::kPublic || rule == Rule::kMeters || rule == Rule::kHoldsLink) {
    return std::nullopt;
  }
  if (!visitor) return Refused403{401, "Il faut se connecter pour voir cette page."};
  switch (rule) {
    case Rule::kStaff:
      if (!visitor->IsStaff()) return Refused403{403, "Cette page est réservée aux services."};
      break;
    case Rule::kCommittee:
      if (!visitor->IsOffice() && !visitor->HoldsLike("committee_chair") &&
          !visitor->HoldsLike("committee_member")) {
        return Refused403{403, "Cette page est réservée au comité de sélection et à la DGAFP."};
      }
      break;
    case Rule::kDecides:
      if (!visitor->Holds("program_admin") && !visitor->HoldsLike("committee_chair")) {
        return Refused403{403, "Décider revient au président du comité et au pilote (DGAFP)."};
      }
      break;
    case Rule::kSteering:
      if (!visitor->IsOffice() && !visitor->Holds("auditor")) {
        return Refused403{403, "Cette page est réservée au pilotage (DGAFP)."};
      }
      break;
    case Rule::kOffice:
      if (!visitor->IsOffice()) return Refused403{403, "Cette page est réservée à la DGAFP."};
      break;
    case Rule::kPilot:
      if (!visitor->Holds("program_admin")) {
        return Refused403{403, "Cette page est réservée au pilote du programme (DGAFP)."};
      }
      break;
    default:
      break;
  }
  return std::nullopt;
}

std::string ForeignProjectSentence(storage::Session& session, const storage::Project& project) {
  const auto collection = storage::FindCollection(session, project.collection);
  if (!collection) return "Ce projet ne relève pas de vos collections ni de vos projets.";
  std::string sentence = "Ce projet relève de la collection « " + collection->label + " ».";
  const std::string scope = workflows::CollectionScope(collection->slug);
  for (const auto& role : workflows::Roles()) {
    if (role.like != "collection_lead") continue;
    const auto leads = storage::Holders(session, role.id, scope);
    if (leads.empty()) continue;
    return sentence + " À qui s’adresser : " + leads.front().name + " (" + role.label + ").";
  }
  return sentence;
}

}  // namespace aiguillage::web
