#include "workflows/roles.h"

#include <algorithm>

namespace aiguillage::workflows {

const std::vector<Role>& Roles() {
  static const std::vector<Role> kRoles = {
      {"project_holder", "porteur de projet", true},
      {"co_holder", "co-porteur", true},
      {"collection_lead", "chef de file de collection", false},
      {"program_admin", "administrateur pilote (DGAFP)", false},
      {"case_officer", "instructeur DGAFP", false},
      {"reviewer", "relecteur", true},
      {"committee_member", "membre du comité", false},
      {"committee_chair", "président du comité", false},
      {"designer", "concepteur", true},
      {"trainer", "formateur", true},
      {"central_training_manager", "responsable de formation central", false},
      {"local_training_officer", "référent local de formation", false},
      {"entity_admin", "administrateur d’espace dédié", false},
      {"integrator", "intégrateur", true},
      {"auditor", "auditeur", false},
  };
  return kRoles;
}

bool IsRole(const std::string& id) {
  return std::any_of(Roles().begin(), Roles().end(),
                     [&](const Role& role) { return role.id == id; });
}

std::string RoleLabel(const std::string& id) {
  for (const Role& role : Roles()) {
    if (role.id == id) return role.label;
  }
  if (id == "system") return "Aiguillage";
  if (id == "timer") return "échéance";
  if (id == "ds") return "Démarches Simplifiées";
  return id;
}

std::string RoleLabels(const std::vector<std::string>& ids) {
  std::string text;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) text += i + 1 == ids.size() ? " ou " : ", ";
    text += RoleLabel(ids[i]);
  }
  return text;
}

bool IsScope(const std::string& scope) {
  if (scope.empty()) return true;
  for (const char* kind : {"collection:", "call:", "project:"}) {
    if (scope.starts_with(kind) && scope.size() > std::string(kind).size()) return true;
  }
  return false;
}

std::string ProjectScope(const std::string& number) { return "project:" + number; }
std::string CollectionScope(const std::string& slug) { return "collection:" + slug; }
std::string CallScope(const std::string& call) { return "call:" + call; }
std::string AssigneeKey(const std::string& role, const std::string& scope) {
  return role + "@" + scope;
}

}  // namespace aiguillage::workflows
