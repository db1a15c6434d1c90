#include "web/sight.h"

#include <algorithm>

#include "forms/scores.h"
#include "storage/people.h"
#include "web/rights.h"
#include "web/text.h"
#include "web/words.h"
#include "workflows/delegation.h"
#include "workflows/roles.h"

namespace aiguillage::web {

namespace {

bool IsMachine(const std::string& role) {
  return role.empty() || role == "system" || role == "timer" || role == "ds";
}

bool Judges(const std::string& role) {
  const std::string like = workflows::RoleLike(role);
  return like == "reviewer" || like.starts_with("committee");
}

// The role given for this very project: « any reviewer » owes nothing here. Once the step is over
// nobody's marks can be swayed any more.
bool IsToReview(const Sight& sight, const storage::Project& project) {
  const auto states = SplitWords(project.states);
  if (std::find(states.begin(), states.end(), kReviewState) == states.end()) return false;
  return std::any_of(sight.roles.begin(), sight.roles.end(), [&](const auto& held) {
    return workflows::RoleLike(held.role) == "reviewer" && held.on_behalf_of == 0 &&
           held.scope == workflows::ProjectScope(project.number);
  });
}

bool HasGivenMarks(storage::Session& session, const Sight& sight, const storage::Project& project) {
  const auto documents = storage::DocumentsOf(session, project.id);
  return std::any_of(documents.begin(), documents.end(), [&](const auto& document) {
    return document.form == forms::kScoreSheet && document.person == sight.person &&
           !document.taken_back;
  });
}

}  // namespace

bool Sight::Holds(const std::string& role) const {
  return std::any_of(roles.begin(), roles.end(),
                     [&](const auto& held) { return held.role == role; });
}

bool Sight::MayRead(const forms::Form* form, const storage::Document& document) const {
  if (owes_marks && document.form == forms::kScoreSheet && document.person != person) return false;
  if (all_papers || (person != 0 && document.person == person)) return true;
  return form != nullptr && form->is_public;
}

bool Sight::MayRead(const storage::OutboxRow& mail) const {
  if (mail.kind != "mail") return all_mails;
  return all_mails || (mail.person == person && mail.status != "withdrawn");
}

Sight SightOf(storage::Session& session, const Visitor& visitor, const storage::Project& project,
              std::int64_t now) {
  Sight sight;
  sight.person = visitor.person.id;
  sight.roles = workflows::RolesIn(session, visitor.person.id, project, now);
  sight.inside = Shows(Field::kInside, sight.roles);
  sight.all_papers = Shows(Field::kPapers, sight.roles);
  sight.names = Shows(Field::kJudges, sight.roles);
  sight.all_mails = Shows(Field::kMails, sight.roles);
  sight.owes_marks = IsToReview(sight, project) && !HasGivenMarks(session, sight, project);
  return sight;
}

std::vector<storage::File> ReadableFiles(storage::Session& session, const Sight& sight,
                                         const workflows::Definition& definition,
                                         const storage::Project& project) {
  auto files = storage::FilesOf(session, project.id);
  if (sight.all_papers) return files;
  std::string named;  // every answer one may read, as text: hashes stand in it as they are
  for (const auto& document : storage::DocumentsOf(session, project.id)) {
    if (sight.MayRead(FormOf(definition, document.form), document))
      named += document.answers.dump();
  }
  std::erase_if(files, [&](const storage::File& file) {
    return file.source != "ds" && file.person != sight.person &&
           named.find(file.hash) == std::string::npos;
  });
  return files;
}

const forms::Form* FormOf(const workflows::Definition& definition, const std::string& form) {
  const auto found = definition.forms.find(form);
  return found == definition.forms.end() ? nullptr : &found->second;
}

const forms::Form* FormOfAction(const workflows::Definition& definition,
                                const std::string& action) {
  for (const auto& transition : definition.chart.transitions) {
    for (const auto& event : transition.events) {
      const std::string& form = engine::Attribute(transition, "form");
      if (event == action && !form.empty()) return FormOf(definition, form);
    }
  }
  return nullptr;
}

std::string ActorWords(storage::Session& session, const Sight& sight, std::int64_t person,
                       std::int64_t on_behalf_of, const std::string& role) {
  if (person == 0 || IsMachine(role))
    return role.empty() ? "Aiguillage" : workflows::RoleLabel(role);
  const bool hidden = !sight.names && person != sight.person && Judges(role);
  if (hidden) return workflows::RoleLabel(role);
  return workflows::ActedBy(session, person, on_behalf_of) + " (" + workflows::RoleLabel(role) +
         ")";
}

std::string SignedBy(storage::Session& session, const std::vector<storage::JournalRow>& journal,
                     const storage::Document& document) {
  std::int64_t absent = 0;
  for (const auto& row : journal) {
    if (!document.act.empty() && row.act == document.act && row.person == document.person) {
      absent = row.on_behalf_of;
    }
  }
  return workflows::ActedBy(session, document.person, absent);
}

std::string HoldersWords(storage::Session& session, const Sight& sight, const std::string& role,
                         const storage::Project& project) {
  const bool hidden = !sight.names && Judges(role);
  if (hidden) return "";
  if (role == "project_holder") return workflows::NameOf(session, project.holder);
  const auto assignment = workflows::AssigneeFor(session, role, project);
  const auto at = assignment.assignee.find('@');
  if (assignment.fell_back || at == std::string::npos) return "";
  std::string names;
  for (const auto& person : storage::Holders(session, role, assignment.assignee.substr(at + 1))) {
    names += (names.empty() ? "" : ", ") + NameOf(person);
  }
  return names;
}

}  // namespace aiguillage::web
