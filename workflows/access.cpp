#include "workflows/access.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "storage/calls.h"
#include "storage/tasks.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

// A holder with more living projects than this sees the first ones; nobody has that many.
constexpr int kHeldProjectsMax = 500;
// Of an absent person who lends one place: those read to find the ones that are there.
constexpr int kLentTasksMax = 5000;

bool Covers(const std::vector<std::string>& scopes, const std::string& scope) {
  return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

// Own roles for the project: grants that cover it, and being its holder.
std::vector<HeldRole> OwnRolesIn(storage::Session& session, std::int64_t person,
                                 const storage::Project& project,
                                 const std::vector<std::string>& scopes,
                                 std::int64_t on_behalf_of) {
  std::vector<HeldRole> held;
  if (project.holder == person && person != 0) {
    held.push_back({"project_holder", ProjectScope(project.number), on_behalf_of});
  }
  const auto grants = storage::GrantsOf(session, person);
  for (const std::string& scope : scopes) {  // closest first
    for (const auto& grant : grants) {
      if (grant.scope == scope) held.push_back({grant.role, grant.scope, on_behalf_of});
    }
  }
  return held;
}

std::optional<storage::Person> ActivePerson(storage::Session& session, std::int64_t person) {
  auto found = storage::FindPerson(session, person);
  if (found && !found->active) found.reset();
  return found;
}

// What is lent to somebody now. Who was disabled lends nothing any more.
std::vector<storage::Delegation> Loans(storage::Session& session, std::int64_t person,
                                       std::int64_t now) {
  auto loans = storage::DelegationsTo(session, person, now);
  std::erase_if(loans, [&](const auto& loan) { return !ActivePerson(session, loan.person); });
  return loans;
}

std::vector<storage::Person> ActiveHolders(storage::Session& session, const std::string& role,
                                           const std::string& scope) {
  auto people = storage::Holders(session, role, scope);
  std::erase_if(people, [](const storage::Person& person) { return !person.active; });
  return people;
}

// What of an absent person's grants is lent by a delegation of this scope.
std::optional<std::string> LentScope(const std::string& granted, const std::string& lent) {
  if (lent.empty() || granted == lent) return granted;
  if (granted.empty()) return lent;  // held everywhere, lent for one place
  return std::nullopt;
}

// Where a task is, as far as its line says: enough to know which scopes cover it.
storage::Project PlaceOf(const storage::TaskLine& line) {
  storage::Project place;
  place.number = line.number;
  place.collection = line.collection;
  place.call = line.call;
  return place;
}

// Under the scopes where the roles are held. A loan of one place takes them all: what is filed
// there is told from the rest by the place of its project.
void AddKeysOf(storage::Session& session, std::int64_t person, std::set<std::string>& keys) {
  keys.insert("person:" + std::to_string(person));
  for (const std::string& number : storage::NumbersHeldBy(session, person, kHeldProjectsMax)) {
    keys.insert(AssigneeKey("project_holder", ProjectScope(number)));
  }
  for (const auto& grant : storage::GrantsOf(session, person)) {
    keys.insert(AssigneeKey(grant.role, grant.scope));
    if (grant.role == "co_holder" && grant.scope.starts_with("project:")) {
      keys.insert(AssigneeKey("project_holder", grant.scope));
    }
    if (!grant.scope.starts_with("collection:")) continue;  // and whatever is below it
    for (const auto& collection : storage::Collections(session)) {
      if (CollectionScope(collection.parent) == grant.scope) {
        keys.insert(AssigneeKey(grant.role, CollectionScope(collection.slug)));
      }
    }
  }
}

}  // namespace

std::vector<std::string> ScopesOf(storage::Session& session, const storage::Project& project) {
  std::vector<std::string> scopes = {ProjectScope(project.number)};
  if (!project.collection.empty()) {
    scopes.push_back(CollectionScope(project.collection));
    const auto collection = storage::FindCollection(session, project.collection);
    if (collection && !collection->parent.empty()) {
      scopes.push_back(CollectionScope(collection->parent));
    }
  }
  if (!project.call.empty()) scopes.push_back(CallScope(project.call));
  scopes.emplace_back();
  return scopes;
}

std::vector<HeldRole> RolesIn(storage::Session& session, std::int64_t person,
                              const storage::Project& project, std::int64_t now) {
  if (!ActivePerson(session, person)) return {};
  const auto scopes = ScopesOf(session, project);
  auto held = OwnRolesIn(session, person, project, scopes, 0);
  for (const auto& delegation : Loans(session, person, now)) {
    if (!Covers(scopes, delegation.scope)) continue;
    // Not what the absent holds for others in turn: a loan is not lent on.
    for (auto& role : OwnRolesIn(session, delegation.person, project, scopes, delegation.person)) {
      held.push_back(std::move(role));
    }
  }
  return held;
}

std::vector<HeldRole> RolesOf(storage::Session& session, std::int64_t person, std::int64_t now) {
  if (!ActivePerson(session, person)) return {};
  std::vector<HeldRole> held;
  const auto add = [&](std::int64_t whose, const std::string& lent, std::int64_t on_behalf_of) {
    for (const auto& grant : storage::GrantsOf(session, whose)) {
      const auto scope = LentScope(grant.scope, lent);
      if (scope) held.push_back({grant.role, *scope, on_behalf_of});
    }
    for (const std::string& number : storage::NumbersHeldBy(session, whose, kHeldProjectsMax)) {
      if (!lent.empty() && lent != ProjectScope(number)) continue;
      held.push_back({"project_holder", ProjectScope(number), on_behalf_of});
    }
  };
  add(person, "", 0);
  for (const auto& delegation : Loans(session, person, now)) {
    add(delegation.person, delegation.scope, delegation.person);
  }
  return held;
}

Onlooker::Onlooker(storage::Session& session, std::int64_t person, std::int64_t now)
    : session_(session) {
  if (!ActivePerson(session, person)) return;
  Add(person, std::nullopt);
  for (const auto& loan : Loans(session, person, now)) Add(loan.person, loan.scope);
}

void Onlooker::Add(std::int64_t person, std::optional<std::string> lent) {
  Eyes eyes{person, std::move(lent), {}, {}};
  for (const auto& grant : storage::GrantsOf(session_, person)) {
    if (grant.scope.empty() && IsOfProject(grant.role)) {
      eyes.pools.push_back(AssigneeKey(grant.role, grant.scope));
    } else {
      eyes.scopes.insert(grant.scope);
    }
  }
  eyes_.push_back(std::move(eyes));
}

bool Onlooker::MaySee(const storage::Project& project) const {
  if (eyes_.empty()) return false;
  if (eyes_.front().scopes.contains("")) return true;  // one's own, and they cover everything
  const auto scopes = ScopesOf(session_, project);
  std::vector<std::string> pools;
  for (const Eyes& eyes : eyes_) {
    if (eyes.lent && !Covers(scopes, *eyes.lent)) continue;
    if (project.holder == eyes.person) return true;
    for (const auto& scope : scopes) {
      if (eyes.scopes.contains(scope)) return true;
    }
    pools.insert(pools.end(), eyes.pools.begin(), eyes.pools.end());
  }
  if (pools.empty()) return false;
  for (const auto& task : storage::OpenTasks(session_, project.id)) {
    if (Covers(pools, task.assignee)) return true;
  }
  return false;
}

bool MaySee(storage::Session& session, std::int64_t person, const storage::Project& project,
            std::int64_t now) {
  return Onlooker(session, person, now).MaySee(project);
}

Assignment AssigneeFor(storage::Session& session, const std::string& role,
                       const storage::Project& project) {
  const auto scopes = ScopesOf(session, project);
  if (role == "project_holder") {
    const auto holder = ActivePerson(session, project.holder);
    if (holder) return {AssigneeKey(role, ProjectScope(project.number)), false};
  } else {
    for (const std::string& scope : scopes) {
      if (!ActiveHolders(session, role, scope).empty()) return {AssigneeKey(role, scope), false};
    }
  }
  const bool fell_back = role != "program_admin";
  for (const std::string& scope : scopes) {
    if (!ActiveHolders(session, "program_admin", scope).empty()) {
      return {AssigneeKey("program_admin", scope), fell_back};
    }
  }
  return {AssigneeKey("program_admin", ""), fell_back};
}

std::vector<storage::Person> PeopleWith(storage::Session& session, const std::string& role,
                                        const storage::Project& project) {
  if (role == "project_holder") {
    auto holder = ActivePerson(session, project.holder);
    return holder ? std::vector<storage::Person>{*holder} : std::vector<storage::Person>{};
  }
  for (const std::string& scope : ScopesOf(session, project)) {
    auto people = ActiveHolders(session, role, scope);
    if (!people.empty()) return people;
  }
  return {};
}

std::string NamesOf(storage::Session& session, const std::string& role,
                    const storage::Project& project) {
  std::string names;
  for (const auto& person : PeopleWith(session, role, project)) {
    if (!names.empty()) names += ", ";
    names += person.name.empty() ? person.email : person.name;
  }
  return names.empty() ? RoleLabel(role) : names;
}

bool SameSiren(const std::string& siret, const std::string& other) {
  return siret.size() >= 9 && other.size() >= 9 && siret.compare(0, 9, other, 0, 9) == 0;
}

std::vector<std::string> AssigneesIn(storage::Session& session, std::int64_t person,
                                     const storage::Project& project, std::int64_t now) {
  if (!ActivePerson(session, person)) return {};
  std::set<std::string> keys;
  AddKeysOf(session, person, keys);
  const auto scopes = ScopesOf(session, project);
  for (const auto& loan : Loans(session, person, now)) {
    if (Covers(scopes, loan.scope)) AddKeysOf(session, loan.person, keys);
  }
  return {keys.begin(), keys.end()};
}

std::vector<AskedTask> WorklistOf(storage::Session& session, std::int64_t person, std::int64_t now,
                                  int limit) {
  if (!ActivePerson(session, person)) return {};
  std::vector<AskedTask> asked;
  std::set<std::int64_t> known;
  const auto add = [&](std::int64_t whose, const std::string& lent, std::int64_t on_behalf_of) {
    std::set<std::string> keys;
    AddKeysOf(session, whose, keys);
    const int most = lent.empty() ? limit : std::max(limit, kLentTasksMax);
    for (auto& line : storage::Worklist(session, {keys.begin(), keys.end()}, most)) {
      if (!lent.empty() && !Covers(ScopesOf(session, PlaceOf(line)), lent)) continue;
      if (known.insert(line.task.id).second) asked.push_back({std::move(line), on_behalf_of});
    }
  };
  add(person, "", 0);
  for (const auto& loan : Loans(session, person, now)) add(loan.person, loan.scope, loan.person);
  const auto place = [](const AskedTask& one) {
    return std::tuple(one.line.task.due_at == 0, one.line.task.due_at, one.line.task.id);
  };
  std::sort(asked.begin(), asked.end(),
            [&](const auto& one, const auto& other) { return place(one) < place(other); });
  if (asked.size() > static_cast<std::size_t>(limit)) asked.resize(static_cast<std::size_t>(limit));
  return asked;
}

}  // namespace aiguillage::workflows
