// What of a project its visitor may read, by the table of fields in rights.h. The desk says what
// one may do; this says what one sees.
//
//   holder, designer …     public labels, public forms, their own papers, mails sent to them
//   lead, chair, DGAFP     everything of the projects they cover
//   reviewer               everything but the other reviewers' papers; whatever else they are, not
//                          the others' marks before their own are given
#pragma once

#include <string>
#include <vector>

#include "forms/form.h"
#include "storage/documents.h"
#include "storage/journal.h"
#include "storage/outbox.h"
#include "storage/projects.h"
#include "web/visit.h"
#include "workflows/access.h"
#include "workflows/catalog.h"

namespace aiguillage::web {

inline constexpr char kReviewState[] = "expert_review";  // in every call: where projects are marked

struct Sight {
  std::int64_t person = 0;
  std::vector<workflows::HeldRole> roles;  // in this project
  bool inside = false;                     // staff words rather than the public ones
  bool all_papers = false;                 // other people's private documents too
  bool all_mails = false;
  bool names = false;       // who reviewed, who acted inside
  bool owes_marks = false;  // named to review this project, now, no sheet given yet

  bool Holds(const std::string& role) const;
  bool MayRead(const forms::Form* form, const storage::Document& document) const;
  bool MayRead(const storage::OutboxRow& mail) const;
};

Sight SightOf(storage::Session& session, const Visitor& visitor, const storage::Project& project,
              std::int64_t now);
// Files of DS, one's own, and those named by a document one may read.
std::vector<storage::File> ReadableFiles(storage::Session& session, const Sight& sight,
                                         const workflows::Definition& definition,
                                         const storage::Project& project);
const forms::Form* FormOf(const workflows::Definition& definition, const std::string& form);
// The form that an action is done with, by its name, open now or not; null without.
const forms::Form* FormOfAction(const workflows::Definition& definition, const std::string& action);
// « Anne Martin (chef de file) », or the role alone where names are not shown.
std::string ActorWords(storage::Session& session, const Sight& sight, std::int64_t person,
                       std::int64_t on_behalf_of, const std::string& role);
// « Anne Martin », « Anne Martin pour Bruno Petit »: of a document, by the act that wrote it.
std::string SignedBy(storage::Session& session, const std::vector<storage::JournalRow>& journal,
                     const storage::Document& document);
// Who holds a role for a project: « Anne Martin, Bruno Petit », or the role's label.
std::string HoldersWords(storage::Session& session, const Sight& sight, const std::string& role,
                         const storage::Project& project);

}  // namespace aiguillage::web
