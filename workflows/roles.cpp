#include "workflows/roles.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <sstream>

namespace aiguillage::workflows {

namespace {

const std::vector<Role>& StandardRoles() {
  static const std::vector<Role> kRoles = {
      {"project_holder", "porteur de projet", true, "project_holder", "porteurs de projet"},
      {"co_holder", "co-porteur", true, "co_holder", "co-porteurs"},
      {"collection_lead", "chef de file de collection", false, "collection_lead",
       "chefs de file de collection"},
      {"program_admin", "administrateur pilote (DGAFP)", false, "program_admin",
       "administrateurs pilotes (DGAFP)"},
      {"case_officer", "instructeur DGAFP", false, "case_officer", "instructeurs DGAFP"},
      {"reviewer", "relecteur", true, "reviewer", "relecteurs"},
      {"committee_member", "membre du comité", false, "committee_member", "membres du comité"},
      {"committee_chair", "président du comité", false, "committee_chair", "présidents du comité"},
      {"designer", "concepteur", true, "designer", "concepteurs"},
      {"trainer", "formateur", true, "trainer", "formateurs"},
      {"central_training_manager", "responsable de formation central", false,
       "central_training_manager", "responsables de formation centraux"},
      {"local_training_officer", "référent local de formation", false, "local_training_officer",
       "référents locaux de formation"},
      {"entity_admin", "administrateur d’espace dédié", false, "entity_admin",
       "administrateurs d’espace dédié"},
      {"integrator", "intégrateur", true, "integrator", "intégrateurs"},
      {"auditor", "auditeur", false, "auditor", "auditeurs"},
  };
  return kRoles;
}

std::mutex declared_mutex;  // guards declared
std::vector<Role>& Declared() {
  static std::vector<Role> declared;
  return declared;
}

// Asked for each line of each list: of all roles only the one is copied.
std::optional<Role> FindRole(const std::string& id) {
  const auto is_it = [&](const Role& role) { return role.id == id; };
  const auto& standard = StandardRoles();
  const auto found = std::find_if(standard.begin(), standard.end(), is_it);
  if (found != standard.end()) return *found;
  const std::lock_guard<std::mutex> lock(declared_mutex);
  const auto declared = std::find_if(Declared().begin(), Declared().end(), is_it);
  return declared == Declared().end() ? std::nullopt : std::optional(*declared);
}

bool IsId(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

// Rails name their roles in the singular: the noun before its complements takes the mark.
//   « relais de branche » -> « relais de branche »     « tuteur » -> « tuteurs »
std::string PluralOf(const std::string& label) {
  const std::size_t end = std::min(label.find(' '), label.size());
  const std::string noun = label.substr(0, end), rest = label.substr(end);
  if (noun.ends_with("s") || noun.ends_with("x") || noun.ends_with("z")) return label;
  if (noun.ends_with("al")) return noun.substr(0, noun.size() - 1) + "ux" + rest;
  return noun + (noun.ends_with("eau") || noun.ends_with("eu") ? "x" : "s") + rest;
}

}  // namespace

std::vector<Role> Roles() {
  std::vector<Role> roles = StandardRoles();
  const std::lock_guard<std::mutex> lock(declared_mutex);
  roles.insert(roles.end(), Declared().begin(), Declared().end());
  return roles;
}

std::string DeclareRoles(const std::string& declared) {
  std::istringstream entries(declared);
  for (std::string entry; std::getline(entries, entry, '|');) {
    std::istringstream parts(entry);
    Role role;
    std::getline(parts, role.id, ':');
    std::getline(parts, role.label, ':');
    std::getline(parts, role.like);
    const auto& standard = StandardRoles();
    const auto named = [&](const std::string& id) {
      return std::find_if(standard.begin(), standard.end(),
                          [&](const Role& one) { return one.id == id; });
    };
    const auto like = named(role.like);
    if (!IsId(role.id) || role.label.empty() || like == standard.end()) {
      return "rôle « " + entry + " » : attendu id:libellé:rôle, le dernier étant un rôle connu.";
    }
    if (named(role.id) != standard.end() || role.id == "actor" || role.id == "system" ||
        role.id == "timer" || role.id == "ds") {
      return "rôle « " + role.id + " » : ce nom est déjà pris.";
    }
    role.of_project = like->of_project;
    role.plural = PluralOf(role.label);
    const std::lock_guard<std::mutex> lock(declared_mutex);
    const auto known = std::find_if(Declared().begin(), Declared().end(),
                                    [&](const Role& one) { return one.id == role.id; });
    if (known == Declared().end()) {
      Declared().push_back(role);
    } else if (known->like != role.like) {
      return "rôle « " + role.id + " » : d’autres rails le disent comme « " + known->like + " ».";
    } else {
      known->label = role.label;
      known->plural = role.plural;
    }
  }
  return "";
}

std::vector<std::string> RolesOfRails(const std::string& declared) {
  std::vector<std::string> ids;
  for (const Role& role : StandardRoles()) ids.push_back(role.id);
  std::istringstream entries(declared);
  for (std::string entry; std::getline(entries, entry, '|');) {
    ids.push_back(entry.substr(0, entry.find(':')));
  }
  return ids;
}

std::string RoleLike(const std::string& id) {
  const auto role = FindRole(id);
  return role ? role->like : id;
}

bool IsRole(const std::string& id) { return FindRole(id).has_value(); }

bool IsOfProject(const std::string& id) {
  const auto role = FindRole(id);
  return role && role->of_project;
}

std::string RoleLabel(const std::string& id) {
  if (const auto role = FindRole(id)) return role->label;
  if (id == "system") return "Aiguillage";
  if (id == "timer") return "échéance";
  if (id == "ds") return "Démarches Simplifiées";
  return id;
}

std::string RolePlural(const std::string& id) {
  const auto role = FindRole(id);
  return role ? role->plural : RoleLabel(id);
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
