#include <CLI/CLI.hpp>
#include <sstream>

#include "web/cli/command_line.h"
#include "web/login.h"
#include "workflows/roles.h"

namespace aiguillage::web {
namespace {

using nlohmann::json;

struct AddOptions {
  std::string email, name, role, scope, siret;
};

// The ids of all roles, for the sentence that refuses an unknown one.
std::string KnownRoles() {
  std::string words;
  for (const auto& role : workflows::Roles()) words += (words.empty() ? "" : ", ") + role.id;
  return words;
}

int AddUser(Invocation& invocation, const AddOptions& options) {
  Workplace& workplace = invocation.Open();  // first: the rails say which roles there are
  if (!workflows::IsRole(options.role)) {
    return invocation.Refuse(
        {"unknown_role",
         "Rôle inconnu « " + options.role + " » ; connus : " + KnownRoles() + ".",
         {}});
  }
  if (!workflows::IsScope(options.scope)) {
    return invocation.Refuse({"bad_scope",
                              "Périmètre refusé « " + options.scope +
                                  " », attendu : collection:NOM, call:ID ou project:NUMÉRO.",
                              {}});
  }
  const auto person = workplace.database().Write([&](storage::Session& s) {
    if (auto known = storage::FindPersonByEmail(s, options.email)) {
      if (!options.name.empty()) known->name = options.name;
      if (!options.siret.empty()) known->siret = options.siret;
      storage::UpdatePerson(s, *known);
      return *known;
    }
    storage::Person fresh;
    fresh.email = options.email;
    fresh.name = options.name;
    fresh.siret = options.siret;
    fresh.created_at = invocation.now;
    fresh.id = storage::InsertPerson(s, fresh);
    return fresh;
  });
  workplace.desk().GrantRole(person.id, options.role, options.scope, invocation.now);
  invocation.Answer({{"id", person.id},
                     {"email", person.email},
                     {"name", person.name},
                     {"role", options.role},
                     {"scope", options.scope}},
                    person.email + " : " + options.role + " " + options.scope);
  return kDone;
}

int ListUsers(Invocation& invocation) {
  json list = json::array();
  std::ostringstream words;
  invocation.Open().database().Read([&](storage::Session& s) {
    for (const auto& person : storage::People(s)) {
      json roles = json::array();
      words << person.email << "  " << person.name;
      for (const auto& grant : storage::GrantsOf(s, person.id)) {
        roles.push_back({{"role", grant.role}, {"scope", grant.scope}});
        words << "  " << grant.role << (grant.scope.empty() ? "" : "@") << grant.scope;
      }
      words << '\n';
      list.push_back({{"id", person.id},
                      {"email", person.email},
                      {"name", person.name},
                      {"siret", person.siret},
                      {"active", person.active},
                      {"roles", roles}});
    }
  });
  invocation.Answer(list, words.str());
  return kDone;
}

// A single-use log-in URL, for the operator who helps somebody whose mail does not arrive.
int LinkUser(Invocation& invocation, const std::string& email) {
  Workplace& workplace = invocation.Open();
  const auto person = workplace.PersonOf(email);
  const std::string url = IssueLoginLink(workplace.database(), workplace.config().public_url,
                                         person.id, "/taches", invocation.now);
  invocation.Answer({{"email", person.email}, {"url", url}}, url);
  return kDone;
}

}  // namespace

void AddUserVerbs(CLI::App& app, Invocation& invocation) {
  auto* family = app.add_subcommand("user", "les personnes et leurs rôles");
  family->require_subcommand(1)->fallthrough();

  auto options = std::make_shared<AddOptions>();
  auto* add = family->add_subcommand("add", "ajoute une personne, ou un rôle à une personne");
  add->fallthrough();
  add->add_option("--email", options->email, "adresse")->required();
  add->add_option("--name", options->name, "nom affiché")->required();
  add->add_option("--role", options->role, "rôle, par exemple collection_lead")->required();
  add->add_option("--scope", options->scope, "collection:NOM, call:ID ou project:NUMÉRO");
  add->add_option("--siret", options->siret, "administration, 14 chiffres");
  add->callback([&invocation, options] {
    invocation.verb = [&invocation, options] { return AddUser(invocation, *options); };
  });

  auto* list = family->add_subcommand("list", "toutes les personnes");
  list->fallthrough();
  list->callback(
      [&invocation] { invocation.verb = [&invocation] { return ListUsers(invocation); }; });

  auto email = std::make_shared<std::string>();
  auto* link = family->add_subcommand("link", "un lien de connexion à usage unique");
  link->fallthrough();
  link->add_option("--email", *email, "adresse")->required();
  link->callback([&invocation, email] {
    invocation.verb = [&invocation, email] { return LinkUser(invocation, *email); };
  });
}

}  // namespace aiguillage::web
