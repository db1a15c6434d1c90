// A sitting of the selection committee as its pages need it: who may, the agenda in order of merit,
// what is held, what was decided.
//
//   const Sitting sitting = ReadSitting(visit, session);     // of {sitting}; 404, 403 in words
//   sitting.rows[0].ranked.rank 1   sitting.rows[0].tie ""   sitting.rows[0].decided->label « … »
//
// Decisions are told from the journal, whoever took them and where: through this sitting or alone
// on the project's own page.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "forms/scores.h"
#include "storage/committee.h"
#include "storage/projects.h"
#include "web/visit.h"
#include "workflows/catalog.h"

namespace aiguillage::web {

// What a committee can decide, by the rails of its call.
struct Choice {
  std::string id, label, form, style;
};

struct Decided {
  std::string act, label, reason, conditions, conflicts;
  std::string who;  // who acted
  std::int64_t at = 0;
};

struct SittingRow {
  storage::Project project;
  storage::CommitteeItem item;
  std::string state;      // where the project stands, in staff words
  bool own_side = false;  // the visitor is on the project's own side: nothing is shown of it
  bool has_marks = false;
  forms::Ranked ranked;
  std::string tie;  // why it stands there among those of the same mark
  std::optional<Decided> decided;

  bool Holds() const { return !item.decision.empty() && !decided; }
};

struct Sitting {
  storage::CommitteeSession session;
  storage::Call call;
  std::shared_ptr<const workflows::Definition> definition;  // the newest of the call
  std::vector<Choice> choices;
  std::vector<SittingRow> rows;  // by rank
  bool may_decide = false;       // chair or pilot of this call; the others read

  std::string Title() const;  // « Comité du 2 mars 2027 »
  std::string Href(const std::string& rest = "") const;
  const Choice* FindChoice(const std::string& id) const;
  SittingRow* FindRow(const std::string& number);
};

// The calls whose committee the visitor belongs to, or whose office.
bool SeesCommittee(const Visitor& visitor, const std::string& call);
bool DecidesInCommittee(const Visitor& visitor, const std::string& call);
Sitting ReadSitting(Visit& visit, storage::Session& session);
// Of a call's projects those that a committee may still decide on, the agenda's own left out.
std::vector<storage::Project> Candidates(storage::Session& session, const Sitting& sitting);

// Why this decision cannot be taken on that row whatever the answers, "" when it can.
std::string WhyNot(Visit& visit, storage::Session& session, const Sitting& sitting,
                   const SittingRow& row, const std::string& action);
// The act a held decision would be, or is: the same key however often it is sent.
workflows::ActRequest HeldAct(const Visit& visit, const SittingRow& row, bool rehearse);
// « passe à « Lauréat » ; 3 courriels ; Démarches Simplifiées : acceptation »
std::string OutcomeWords(const workflows::Definition& definition,
                         const workflows::ActAnswer& answer);

}  // namespace aiguillage::web
