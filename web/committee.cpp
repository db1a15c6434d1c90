#include "web/committee.h"

#include <algorithm>
#include <map>
#include <set>

#include "storage/calls.h"
#include "storage/journal.h"
#include "web/rails.h"
#include "web/request.h"
#include "web/sight.h"
#include "web/words.h"
#include "workflows/delegation.h"
#include "workflows/panel.h"

namespace aiguillage::web {

namespace {

constexpr int kCandidatesMax = 500;

bool IsCommitteeEvent(const std::string& event) {
  return event.starts_with("committee.") || event.starts_with("waitlist.");
}

std::vector<Choice> ChoicesOf(const engine::Chart& chart) {
  std::vector<Choice> choices;
  for (const auto& transition : chart.transitions) {
    const std::string& label = engine::Attribute(transition, "label");
    if (label.empty()) continue;
    for (const auto& event : transition.events) {
      const bool known = std::any_of(choices.begin(), choices.end(),
                                     [&](const Choice& choice) { return choice.id == event; });
      if (known || !IsCommitteeEvent(event)) continue;
      choices.push_back({event, label, engine::Attribute(transition, "form"),
                         engine::Attribute(transition, "style")});
    }
  }
  return choices;
}

std::string TextAt(const nlohmann::json& data, const char* name) {
  const auto found = data.is_object() ? data.find(name) : data.end();
  return found != data.end() && found->is_string() ? found->get<std::string>() : "";
}

Decided DecidedBy(storage::Session& session, const Sitting& sitting,
                  const storage::JournalRow& row) {
  Decided decided;
  decided.act = row.act;
  decided.at = row.at;
  const Choice* choice = sitting.FindChoice(row.action);
  decided.label = choice == nullptr ? row.action : choice->label;
  decided.who = workflows::ActedBy(session, row.person, row.on_behalf_of);
  if (row.erased || !row.body.is_object()) return decided;
  const auto event = row.body.value("event", nlohmann::json::object());
  const auto data = event.value("data", nlohmann::json::object());
  decided.reason = TextAt(data, "reason");
  decided.conditions = TextAt(data, "conditions");
  decided.conflicts = TextAt(data, "conflicts");
  return decided;
}

// The act released here; else the last decision taken since the sitting was prepared that no other
// sitting released. What was taken back was not decided.
std::optional<Decided> DecisionOn(storage::Session& session, const Sitting& sitting,
                                  const storage::CommitteeItem& item) {
  const auto journal = storage::JournalOf(session, item.project);
  std::set<std::string> undone;
  for (const auto& row : journal) {
    if (row.action == "take_back" && row.body.is_object()) {
      undone.insert(row.body.value("taken_back", ""));
    }
  }
  for (auto row = journal.rbegin(); row != journal.rend(); ++row) {
    if (sitting.FindChoice(row->action) == nullptr || undone.contains(row->act)) continue;
    if (row->act == item.act) return DecidedBy(session, sitting, *row);
    if (!item.act.empty() && !undone.contains(item.act)) continue;
    if (row->at < sitting.session.at || storage::FindItemOfAct(session, row->act)) continue;
    return DecidedBy(session, sitting, *row);
  }
  return std::nullopt;
}

void FillRows(Visit& visit, storage::Session& session, Sitting& sitting) {
  std::vector<forms::Candidate> candidates;
  std::map<std::string, SittingRow> rows;
  for (auto& item : storage::CommitteeItems(session, sitting.session.id)) {
    auto project = storage::FindProjectById(session, item.project);
    if (!project) continue;
    SittingRow row;
    const auto definition = visit.services.catalog.Pinned(session, project->definition);
    const auto panel = workflows::ReadPanel(session, *definition, project->id);
    const Sight sight = SightOf(session, *visit.visitor, *project, visit.now);
    row.own_side = !sight.inside;
    row.state = Rails(definition->chart).Labels(project->states, true);
    row.has_marks = !panel.sheets.empty();
    row.decided = DecisionOn(session, sitting, item);
    row.item = std::move(item);
    row.project = std::move(*project);
    candidates.push_back({row.project.number, panel.scores});
    rows.emplace(row.project.number, std::move(row));
  }
  const auto ranked = forms::Rank(candidates);
  const auto ties = forms::TieWords(ranked);
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    SittingRow& row = rows.at(ranked[i].project);
    row.ranked = ranked[i];
    row.tie = row.has_marks ? ties[i] : "";
    sitting.rows.push_back(std::move(row));
  }
}

std::int64_t SittingNumber(const std::string& text) {
  const auto id = IdIn(text);
  if (!id) throw HttpError(404, "Cette séance n’existe pas.");
  return *id;
}

}  // namespace

std::string Sitting::Title() const { return "Comité du " + FrenchIsoDate(session.held_on); }

std::string Sitting::Href(const std::string& rest) const {
  return "/comite/" + std::to_string(session.id) + rest;
}

const Choice* Sitting::FindChoice(const std::string& id) const {
  for (const auto& choice : choices) {
    if (choice.id == id) return &choice;
  }
  return nullptr;
}

SittingRow* Sitting::FindRow(const std::string& number) {
  for (auto& row : rows) {
    if (row.project.number == number) return &row;
  }
  return nullptr;
}

bool SeesCommittee(const Visitor& visitor, const std::string& call) {
  return Covers(Rule::kCommittee, visitor, {workflows::CallScope(call), ""});
}

bool DecidesInCommittee(const Visitor& visitor, const std::string& call) {
  return Covers(Rule::kDecides, visitor, {workflows::CallScope(call), ""});
}

Sitting ReadSitting(Visit& visit, storage::Session& session) {
  Sitting sitting;
  const auto found =
      storage::FindCommitteeSession(session, SittingNumber(visit.Parameter("sitting")));
  if (!found) throw HttpError(404, "Cette séance n’existe pas.");
  sitting.session = *found;
  if (!SeesCommittee(*visit.visitor, found->call)) {
    throw HttpError(403, "Cette séance est celle du comité d’un autre appel.");
  }
  sitting.may_decide = DecidesInCommittee(*visit.visitor, found->call);
  if (const auto call = storage::FindCall(session, found->call)) sitting.call = *call;
  sitting.definition = visit.services.catalog.Newest(sitting.call.definition);
  if (sitting.definition) sitting.choices = ChoicesOf(sitting.definition->chart);
  FillRows(visit, session, sitting);
  return sitting;
}

std::vector<storage::Project> Candidates(storage::Session& session, const Sitting& sitting) {
  std::set<std::int64_t> there;
  for (const auto& row : sitting.rows) there.insert(row.project.id);
  std::vector<storage::Project> candidates;
  for (const char* state : {"committee", "waitlisted"}) {
    storage::ProjectFilter filter;
    filter.call = sitting.session.call;
    filter.state = state;
    filter.sort = "number";
    filter.limit = kCandidatesMax;
    for (auto& project : storage::ListProjects(session, filter)) {
      if (!there.contains(project.id)) candidates.push_back(std::move(project));
    }
  }
  return candidates;
}

std::string WhyNot(Visit& visit, storage::Session& session, const Sitting& sitting,
                   const SittingRow& row, const std::string& action) {
  if (row.own_side) return "Vous êtes partie à ce projet : vous ne vous prononcez pas.";
  if (row.decided) return "Déjà décidé : « " + row.decided->label + " ».";
  const Choice* choice = sitting.FindChoice(action);
  const std::string label = choice == nullptr ? action : choice->label;
  for (const auto& offered :
       visit.services.desk.ActionsFor(session, row.project, visit.visitor->person.id, visit.now)) {
    if (offered.action.id == action) return offered.reason;
  }
  return "« " + label + " » n’est pas possible : le projet est à l’étape « " + row.state + " ».";
}

workflows::ActRequest HeldAct(const Visit& visit, const SittingRow& row, bool rehearse) {
  workflows::ActRequest request;
  request.project = row.project.number;
  request.action = row.item.decision;
  request.actor = {visit.visitor->person.id, ""};
  request.data = row.item.answers;
  request.key = rehearse ? "" : "comite-" + row.item.key;
  request.now = visit.now;
  request.dry_run = rehearse;
  return request;
}

std::string OutcomeWords(const workflows::Definition& definition,
                         const workflows::ActAnswer& answer) {
  std::string states;
  for (const auto& state : answer.states) states += (states.empty() ? "" : " ") + state;
  std::string words = "Passe à « " + Rails(definition.chart).Labels(states, true) + " »";
  const auto mails = static_cast<std::int64_t>(answer.mails.size());
  words += mails == 0 ? " ; aucun courriel" : " ; " + Plural(mails, "courriel", "courriels");
  std::string told;
  for (const auto& effect : answer.ds) told += (told.empty() ? "" : ", ") + DsEffectLabel(effect);
  if (!told.empty()) words += " ; Démarches Simplifiées : " + told;
  return words + ".";
}

}  // namespace aiguillage::web
