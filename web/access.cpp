#include "web/access.h"

#include <algorithm>

#include "storage/people.h"
#include "web/rights.h"
#include "workflows/roles.h"

namespace aiguillage::web {

namespace {

bool IsAsked(const RuleRow& row, const workflows::HeldRole& held) {
  return std::find(row.roles.begin(), row.roles.end(), workflows::RoleLike(held.role)) !=
         row.roles.end();
}

bool Reaches(Reach reach, const std::string& scope) {
  return scope.empty() || reach == Reach::kAnywhere ||
         (reach == Reach::kCall && scope.starts_with("call:"));
}

}  // namespace

const char* NameOf(Rule rule) { return RowOf(rule).id; }

bool Visitor::IsStaff() const {
  return std::any_of(roles.begin(), roles.end(),
                     [](const auto& held) { return held.scope.rfind("project:", 0) != 0; });
}

std::optional<Refused403> CheckRule(Rule rule, const std::optional<Visitor>& visitor) {
  const RuleRow& row = RowOf(rule);
  if (!row.account) return std::nullopt;
  if (!visitor) return Refused403{401, "Il faut se connecter pour voir cette page."};
  if (rule == Rule::kStaff && !visitor->IsStaff()) return Refused403{403, row.refusal};
  if (row.roles.empty()) return std::nullopt;
  const bool holds = std::any_of(
      visitor->roles.begin(), visitor->roles.end(),
      [&](const auto& held) { return IsAsked(row, held) && Reaches(row.reach, held.scope); });
  return holds ? std::nullopt : std::optional(Refused403{403, row.refusal});
}

bool Covers(Rule rule, const Visitor& visitor, const std::vector<std::string>& scopes) {
  const RuleRow& row = RowOf(rule);
  return std::any_of(visitor.roles.begin(), visitor.roles.end(), [&](const auto& held) {
    return IsAsked(row, held) && Reaches(row.reach, held.scope) &&
           std::find(scopes.begin(), scopes.end(), held.scope) != scopes.end();
  });
}

std::optional<std::vector<std::string>> CallsShown::Listed() const {
  if (all) return std::nullopt;
  return std::vector<std::string>(ids.begin(), ids.end());
}

std::optional<std::vector<std::int64_t>> CallsShown::DemarchesListed(
    storage::Session& session) const {
  if (all) return std::nullopt;
  std::vector<std::int64_t> numbers;
  for (const auto& call : storage::Calls(session)) {
    if (Has(call.id)) numbers.push_back(call.demarche);
  }
  return numbers;
}

bool CallsShown::HasDemarche(storage::Session& session, std::int64_t demarche) const {
  if (all) return true;
  const auto calls = storage::Calls(session);
  return std::any_of(calls.begin(), calls.end(),
                     [&](const auto& call) { return call.demarche == demarche && Has(call.id); });
}

std::vector<storage::Call> CallsShown::Demarches(storage::Session& session) const {
  auto calls = storage::CallsByDemarche(session);
  std::erase_if(calls, [&](const auto& call) { return !HasDemarche(session, call.demarche); });
  return calls;
}

CallsShown CallsFor(Rule rule, const Visitor& visitor) {
  CallsShown shown;
  for (const auto& held : visitor.roles) {
    if (!IsAsked(RowOf(rule), held)) continue;
    if (held.scope.empty()) shown.all = true;
    if (held.scope.starts_with("call:")) shown.ids.insert(held.scope.substr(5));
  }
  return shown;
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
