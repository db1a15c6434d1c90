// Where projects are late, and nudging everybody they wait for at once.
#include "web/attention.h"

#include <algorithm>

#include "storage/calls.h"
#include "storage/flow.h"
#include "storage/hash.h"
#include "web/figures/ages.h"
#include "web/pages/handlers.h"
#include "web/text.h"
#include "web/words.h"
#include "workflows/access.h"
#include "workflows/flow.h"
#include "workflows/reminders.h"
#include "workflows/roles.h"

namespace aiguillage::web {

namespace {

constexpr std::size_t kSentencesMax = 6;

struct Late {
  const BoardRow* row;
  std::string state, label;
  std::int64_t overdue = 0;
};

// The worst cells first; « sans collection » has no list of its own to lead to.
std::vector<Late> LateCells(const Board& board) {
  std::vector<Late> late;
  for (const auto& row : board.rows) {
    for (const auto& [state, label] : board.columns) {
      const auto found = row.cells.find(state);
      if (found == row.cells.end() || found->second.overdue == 0 || row.slug.empty()) continue;
      late.push_back({&row, state, label, found->second.overdue});
    }
  }
  std::stable_sort(late.begin(), late.end(),
                   [](const Late& a, const Late& b) { return a.overdue > b.overdue; });
  if (late.size() > kSentencesMax) late.resize(kSentencesMax);
  return late;
}

storage::FlowFilter CellOf(const std::vector<std::string>& calls, const Late& late) {
  storage::FlowFilter filter;
  filter.calls = calls;
  filter.collections = {late.row->slug};
  filter.states = {late.state};
  return filter;
}

// « (leur attente médiane à l’étape : 19 jours) »; "" where moves are not followed yet.
std::string MedianWords(storage::Session& session, const std::vector<std::string>& calls,
                        const Late& late, std::int64_t now) {
  const auto ages =
      AgesByState(storage::LateByDay(session, CellOf(calls, late), now), workflows::ParisDay(now));
  const auto found = ages.find(late.state);
  if (found == ages.end()) return "";
  const char* whose =
      late.overdue == 1 ? " (attente à l’étape : " : " (leur attente médiane à l’étape : ";
  return whose + Plural(found->second.median, "jour", "jours") + ")";
}

// Is that role more than one person here? Those named for a project are as many as the projects
// that are late; the others hold it for the collection, the call or everywhere.
bool AreSeveral(storage::Session& session, const storage::LateHolder& holder,
                const std::string& call, const Late& late) {
  if (workflows::IsOfProject(holder.role)) return holder.projects > 1;
  storage::Project there;
  there.call = call;
  there.collection = late.row->slug;
  return workflows::PeopleWith(session, holder.role, there).size() > 1;
}

// « chefs de file de collection ou instructeur DGAFP »: in whose hands the late projects are.
std::string HolderWords(storage::Session& session, const std::vector<std::string>& calls,
                        const Late& late, std::int64_t now) {
  const auto holders = storage::LateHolders(session, CellOf(calls, late), now);
  std::string words;
  for (std::size_t i = 0; i < holders.size(); ++i) {
    words += i == 0 ? "" : i + 1 == holders.size() ? " ou " : ", ";
    words += AreSeveral(session, holders[i], calls.front(), late)
                 ? workflows::RolePlural(holders[i].role)
                 : RoleLabel(holders[i].role);
  }
  return words.empty() ? "ceux dont c’est le tour" : words;
}

// « Relance : 4 projets relancés auprès de 2 personnes, 1 déjà relancé aujourd’hui. »
std::string NudgedWords(const workflows::NudgedCell& done) {
  std::string words;
  const auto add = [&](const std::string& part) { words += (words.empty() ? "" : ", ") + part; };
  if (done.nudged > 0) {
    add(Plural(done.nudged, "projet relancé", "projets relancés") + " auprès de " +
        Plural(done.people, "personne", "personnes"));
  }
  if (done.already > 0) add(Plural(done.already, "déjà relancé", "déjà relancés") + " aujourd’hui");
  if (done.nobody > 0) {
    add(Plural(done.nobody, "projet où il n’y a personne", "projets où il n’y a personne") +
        " à relancer");
  }
  if (words.empty()) add("plus aucun retard ici, personne à relancer");
  if (done.left > 0) {
    words += ". " + Plural(done.left, "autre projet attend", "autres projets attendent") +
             " : relancez de nouveau pour la suite";
  }
  return "Relance : " + words + ".";
}

void AddNudged(View& view, const Visit& visit, storage::Session& session) {
  const std::string key = visit.request.Query("relance").substr(0, 64);
  const auto done = key.empty() ? std::nullopt : workflows::FindNudgedCell(session, key);
  const bool own = done && done->person == visit.visitor->person.id;
  view.Set("nudged", own ? NudgedWords(*done) : "");
}

}  // namespace

void AddAttention(View& view, Visit& visit, storage::Session& session, const Board& board) {
  AddNudged(view, visit, session);
  const auto office = CallsFor(Rule::kOffice, *visit.visitor);
  const bool may = board.call.empty() ? office.all : office.Has(board.call);
  auto calls = storage::Calls(session);
  std::erase_if(calls,
                [&](const auto& call) { return !board.call.empty() && call.id != board.call; });
  std::vector<std::string> ids;
  for (const auto& call : calls) ids.push_back(call.id);
  view.SetList("attention").Set("att_call", board.call);
  for (const Late& late : LateCells(board)) {
    view.AddRow("attention")
        .Set("att_words", Plural(late.overdue, "projet", "projets") + " en retard à l’étape « " +
                              late.label + " », collection " + late.row->label +
                              MedianWords(session, ids, late, visit.now))
        .Set("att_href", BoardLink(board, late.row->slug, late.state, true))
        .Set("att_may", may)
        .Set("att_turn", HolderWords(session, ids, late, visit.now))
        .Set("att_collection", late.row->slug)
        .Set("att_collection_label", late.row->label)
        .Set("att_state", late.state)
        .Set("att_label", late.label)
        .Set("att_key", storage::RandomHex(16));
  }
}

Response NudgeCellAct(Visit& visit) {
  const Request& form = visit.request;
  workflows::NudgeCellRequest request;
  request.call = form.Field("appel");
  request.collection = form.Field("collection");
  request.state = form.Field("etape");
  request.key = form.Field("cle").substr(0, 64);
  request.actor = {visit.visitor->person.id, ""};
  request.now = visit.now;
  if (request.collection.empty() || request.state.empty() || request.key.empty()) {
    throw HttpError(422, "Une relance part d’une phrase de la page « Pilotage » : rouvrez-la.");
  }
  const auto office = CallsFor(Rule::kOffice, *visit.visitor);
  if (request.call.empty() && !office.all) {
    throw HttpError(422, "Choisissez d’abord un appel : vous n’avez pas de rôle dans tous.");
  }
  if (!request.call.empty() && !office.Has(request.call)) {
    throw HttpError(403, "Cet appel n’est pas de ceux où vous avez un rôle.");
  }
  const auto done = visit.services.desk.NudgeCell(request);
  if (!done) throw HttpError(409, done.refusal().sentence);
  return SeeOther("/pilotage" + QueryOf({{"appel", request.call}, {"relance", request.key}}) +
                  "#attention");
}

}  // namespace aiguillage::web
