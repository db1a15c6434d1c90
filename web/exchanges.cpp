#include "web/exchanges.h"

#include <algorithm>

#include "connectors/demarches_simplifiees/thread.h"
#include "storage/hash.h"
#include "storage/tasks.h"
#include "web/words.h"
#include "workflows/access.h"
#include "workflows/calendar.h"
#include "workflows/delegation.h"
#include "workflows/roles.h"

namespace aiguillage::web {

namespace {

constexpr const char* kTeam[] = {"project_holder", "co_holder", "designer", "integrator"};
constexpr const char* kDeciders[] = {"collection_lead", "case_officer", "program_admin",
                                     "committee_chair"};

template <std::size_t N>
bool IsOneOf(const char* const (&roles)[N], const std::string& role) {
  return std::find(std::begin(roles), std::end(roles), workflows::RoleLike(role)) !=
         std::end(roles);
}

void AddDsMessages(const Visit& visit, storage::Session& session, const Sight& sight,
                   std::vector<ThreadLine>& thread) {
  const auto& project = *visit.project;
  if (project.dossier == 0) return;
  const auto holder = storage::FindPerson(session, project.holder);
  for (const auto& said : connectors::MessagesAround(session, project.dossier)) {
    const auto at = workflows::ParseInstant(said.at);
    ThreadLine line;
    line.at = at ? at.value() : 0;
    line.kind = "ds";
    line.text = Trim(said.text);
    const auto author = storage::FindPersonByEmail(session, Lower(said.author));
    const bool own = author && holder && author->id == holder->id;
    // Who instructs there is named to those who work inside only.
    line.who = own             ? NameOf(*author) + " (porteur de projet)"
               : !sight.inside ? "Instruction du dossier"
               : author        ? NameOf(*author)
                               : said.author;
    if (!said.correction.empty()) {
      line.correction =
          said.resolved_at.empty() ? "demande de correction" : "demande de correction, levée";
    }
    for (const auto& file : said.attachments) {
      line.files += (line.files.empty() ? "" : ", ") + file;
    }
    thread.push_back(std::move(line));
  }
}

// Everybody who reads the internal notes: « Anne Martin (chef de file), … ».
std::string InternalReaders(storage::Session& session, const storage::Project& project) {
  std::string words;
  std::vector<std::int64_t> named;
  const auto scopes = workflows::ScopesOf(session, project);
  for (const auto& role : workflows::Roles()) {
    if (!IsOneOf(kDeciders, role.id) && workflows::RoleLike(role.id) != "auditor") continue;
    for (const auto& scope : scopes) {
      for (const auto& person : storage::Holders(session, role.id, scope)) {
        const bool known = std::find(named.begin(), named.end(), person.id) != named.end();
        if (known || person.id == project.holder) continue;
        named.push_back(person.id);
        words += (words.empty() ? "" : ", ") + NameOf(person) + " (" + role.label + ")";
      }
    }
  }
  return words;
}

struct Readers {
  storage::Session& session;
  const storage::Project& project;
  std::int64_t author, now;
  std::vector<storage::Person> people = {};

  void Add(const storage::Person& person) {
    const bool known = std::any_of(people.begin(), people.end(),
                                   [&](const auto& one) { return one.id == person.id; });
    if (known || person.id == author || !person.active) return;
    if (!workflows::MaySee(session, person.id, project, now)) return;
    people.push_back(person);
  }
  void AddRole(const std::string& role) {
    for (const auto& person : workflows::PeopleWith(session, role, project)) Add(person);
  }
};

std::vector<storage::Person> WithStandIns(Readers& readers) {
  const auto told = readers.people;
  for (const auto& person : told) {
    for (const auto& other :
         workflows::StandInsOf(readers.session, person.id, readers.project, readers.now)) {
      readers.Add(other);
    }
  }
  return readers.people;
}

}  // namespace

std::vector<ThreadLine> ThreadOf(const Visit& visit, storage::Session& session,
                                 const Sight& sight) {
  std::vector<ThreadLine> thread;
  for (auto& message : storage::MessagesOf(session, visit.project->id)) {
    if (message.kind != "public" && !sight.all_papers) continue;
    thread.push_back(
        {message.at, ActorWords(session, sight, message.person, message.on_behalf_of, message.role),
         std::move(message.body), message.kind, "", ""});
  }
  AddDsMessages(visit, session, sight, thread);
  std::stable_sort(thread.begin(), thread.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return thread;
}

workflows::HeldRole WritesAs(const Sight& sight, const std::string& kind) {
  workflows::HeldRole lent;
  for (const auto& held : sight.roles) {
    const bool writes = sight.all_papers ? IsOneOf(kDeciders, held.role)
                                         : kind == "public" && IsOneOf(kTeam, held.role);
    if (writes && held.on_behalf_of == 0) return held;
    if (writes && lent.role.empty()) lent = held;
  }
  return lent;
}

void AddExchanges(View& view, const Visit& visit, storage::Session& session, const Sight& sight,
                  const std::vector<ThreadLine>& thread, const TypedMessage& typed, bool shown) {
  view.SetList("thread");
  for (const auto& line : thread) {
    if (!shown) break;
    view.AddRow("thread")
        .Set("th_who", FirstUpper(line.who))
        .Set("th_when", line.at == 0 ? "" : workflows::FrenchInstant(line.at))
        .Set("th_iso", workflows::IsoInstant(line.at))
        .Set("th_text", line.text)
        .Set("th_internal", line.kind == "internal")
        .Set("th_ds", line.kind == "ds")
        .Set("th_correction", line.correction)
        .Set("th_files", line.files);
  }
  const bool internal = shown && !WritesAs(sight, "internal").role.empty();
  std::string told;
  if (internal) {
    for (const auto& person :
         PublicReaders(session, *visit.project, visit.visitor->person.id, visit.now)) {
      told += (told.empty() ? "" : ", ") + NameOf(person);
    }
  }
  view.Set("may_write", shown && !WritesAs(sight, "public").role.empty())
      .Set("may_note", internal)
      .Set("to_holder", sight.all_papers)
      .Set("public_readers", told)
      .Set("note_readers", internal ? InternalReaders(session, *visit.project) : "")
      .Set("message_key", storage::RandomHex(16))
      .Set("public_text", typed.kind == "public" ? typed.text : "")
      .Set("public_error", typed.kind == "public" ? typed.error : "")
      .Set("note_text", typed.kind == "internal" ? typed.text : "")
      .Set("note_error", typed.kind == "internal" ? typed.error : "")
      .Set("message_max", std::to_string(kMessageCharactersMax));
}

std::vector<storage::Person> PublicReaders(storage::Session& session,
                                           const storage::Project& project, std::int64_t author,
                                           std::int64_t now) {
  Readers readers{session, project, author, now};
  for (const char* role : kTeam) readers.AddRole(role);
  const auto of_team = [&](std::int64_t person) {
    const auto roles = workflows::RolesIn(session, person, project, now);
    return std::any_of(roles.begin(), roles.end(), [](const auto& held) {
      return IsOneOf(kTeam, held.role) && held.scope.starts_with("project:");
    });
  };
  // A word from inside is for the project's people; theirs is for those who can answer it.
  if (!of_team(author)) return WithStandIns(readers);
  for (const auto& task : storage::OpenTasks(session, project.id)) {
    if (IsOneOf(kDeciders, task.role)) readers.AddRole(task.role);
  }
  readers.AddRole("case_officer");
  for (const auto& message : storage::MessagesOf(session, project.id)) {
    if (message.kind != "public" || IsOneOf(kTeam, message.role)) continue;
    if (const auto person = storage::FindPerson(session, message.person)) readers.Add(*person);
  }
  if (readers.people.empty()) readers.AddRole("program_admin");
  return WithStandIns(readers);
}

}  // namespace aiguillage::web
