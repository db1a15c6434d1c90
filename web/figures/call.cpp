#include "web/figures/call.h"

#include <algorithm>
#include <map>
#include <optional>

#include "storage/calls.h"
#include "storage/facts.h"
#include "storage/flow.h"
#include "storage/projects.h"
#include "web/figures/call_rails.h"
#include "web/figures/measured.h"
#include "web/figures/measures.h"
#include "web/figures/passages.h"
#include "web/figures/reached.h"

namespace aiguillage::web {

namespace {

using Kind = FigureColumn::Kind;

struct Success {
  std::int64_t applied = 0, admitted = 0, selected = 0;
};

std::string PhaseList(const std::vector<std::string>& phases) {
  std::string text;
  for (const auto& phase : phases) text += (text.empty() ? "" : ",") + phase;
  return text;
}

// Which phases mean what, over all the rails asked about: each rails name their own.
struct Milestones {
  std::vector<std::string> admitted, selected;
  std::string admissible_from, selected_from;

  Milestones(const CallRails& rails, const Measures& measures)
      : admitted(rails.PhasesFrom(measures.admissible_from())),
        selected(rails.PhasesFrom(measures.selected_from())),
        admissible_from(PhaseList(measures.admissible_from())),
        selected_from(PhaseList(measures.selected_from())) {}

  void Add(Success& success, const storage::ReachCount& reach) const {
    const auto among = [&](const std::vector<std::string>& phases) {
      return std::find(phases.begin(), phases.end(), reach.phase) != phases.end();
    };
    success.applied += reach.total;
    if (among(admitted)) success.admitted += reach.total;
    if (among(selected)) success.selected += reach.total;
  }
};

double Whole(std::int64_t value) { return static_cast<double>(value); }

FigureCell Percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? FigureCell::Without("sans objet")
                    : FigureCell(100.0 * Whole(part) / Whole(whole));
}

std::vector<FigureCell> SuccessRow(const std::string& label, const Success& success,
                                   const Milestones& milestones, const FigureQuestion& question,
                                   const std::string& administration, bool alone = false) {
  const auto cell = [&](std::int64_t count, const std::string& phase) {
    return FigureCell(Whole(count),
                      count == 0 ? "" : ReachedAddress(question, phase, administration, alone));
  };
  return {FigureCell(label),
          cell(success.applied, ""),
          cell(success.admitted, milestones.admissible_from),
          Percent(success.admitted, success.applied),
          cell(success.selected, milestones.selected_from),
          Percent(success.selected, success.applied)};
}

Figure SuccessFigure(const char* id, const char* column, const char* label) {
  return {id,
          {{column, label, Kind::kText},
           {"applied", "Dossiers", Kind::kCount},
           {"admitted", "Recevables", Kind::kCount},
           {"admitted_share", "Part recevable", Kind::kPercent},
           {"selected", "Lauréats", Kind::kCount},
           {"selected_share", "Part lauréate", Kind::kPercent}},
          {},
          "Aucun dossier n’est arrivé sur la période."};
}

Figure ByCall(storage::Session& session, workflows::Catalog& catalog,
              const std::vector<storage::ReachCount>& reached, const Milestones& together,
              const FigureQuestion& question) {
  Figure figure = SuccessFigure("success_calls", "call", "Appel");
  for (const auto& id : question.calls) {
    const auto call = storage::FindCall(session, id);
    if (!call) continue;
    // Its own where there are others: reading rails is most of what this panel costs.
    std::optional<Milestones> own;
    if (question.calls.size() > 1) {
      own.emplace(CallRails(session, catalog, {id}), Measures(session, catalog, {id}));
    }
    const Milestones& milestones = own ? *own : together;
    Success success;
    for (const auto& reach : reached) {
      if (reach.call == id) milestones.Add(success, reach);
    }
    if (success.applied == 0) continue;
    FigureQuestion one = question;
    one.calls = {id};
    figure.rows.push_back(SuccessRow(call->title, success, milestones, one, ""));
  }
  return figure;
}

Figure ByAdministration(const std::vector<storage::ReachCount>& reached,
                        const Milestones& milestones, const FigureQuestion& question) {
  Figure figure = SuccessFigure("success_administrations", "administration", "Administration");
  std::map<std::string, Success> administrations;
  for (const auto& reach : reached) milestones.Add(administrations[reach.administration], reach);
  std::vector<std::pair<std::string, Success>> order(administrations.begin(),
                                                     administrations.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.second.applied > b.second.applied;
  });
  if (order.size() > kAdministrationsMax) order.resize(kAdministrationsMax);
  for (const auto& [name, success] : order) {
    figure.rows.push_back(SuccessRow(name.empty() ? "Non renseignée" : name, success, milestones,
                                     question, name.empty() ? storage::kNoCollection : name));
  }
  return figure;
}

Figure ByCollection(storage::Session& session, const Milestones& milestones,
                    const FigureQuestion& question) {
  Figure figure = SuccessFigure("success_collections", "collection", "Collection");
  std::map<std::string, Success> collections;
  for (const auto& reach : storage::Reached(session, FilterOf(session, question), true)) {
    milestones.Add(collections[reach.collection], reach);
  }
  auto known = storage::Collections(session);
  known.push_back({"", "", "Sans collection", "", "", 0});
  for (const auto& collection : known) {
    const auto found = collections.find(collection.slug);
    if (found == collections.end()) continue;
    FigureQuestion one = question;
    one.collection = collection.slug.empty() ? storage::kNoCollection : collection.slug;
    figure.rows.push_back(SuccessRow((collection.parent.empty() ? "" : "› ") + collection.label,
                                     found->second, milestones, one, "", true));
  }
  return figure;
}

// What documents tell of the applications: amounts, people, shares.
Figure Told(const std::vector<storage::FactSum>& sums, const Measures& measures,
            const FigureQuestion& question) {
  Figure figure{"call_measures",
                {{"measure", "Mesure", Kind::kText},
                 {"projects", "Projets qui la disent", Kind::kCount},
                 {"sum", "Total", Kind::kScore},
                 {"mean", "Moyenne", Kind::kScore},
                 {"share", "Part de « oui »", Kind::kPercent}},
                {},
                "Aucun dossier de la période ne dit ces mesures."};
  for (const auto& measure : measures.Of("call")) {
    const auto sum = std::find_if(sums.begin(), sums.end(),
                                  [&](const auto& one) { return one.name == measure.id; });
    if (sum == sums.end()) continue;
    const bool yes = measure.kind == "yes";
    const FigureCell none = FigureCell::Without("sans objet");
    const std::string unit = measure.kind == "amount" ? " (€)" : "";
    const std::string rows = MeasuredAddress(question, measure.id);
    const double mean = sum->value / Whole(sum->total);
    figure.rows.push_back({FigureCell(measure.label + unit), FigureCell(Whole(sum->total), rows),
                           FigureCell(sum->value, rows), yes ? none : FigureCell(mean, rows),
                           yes ? FigureCell(100 * mean, rows) : none});
  }
  return figure;
}

// What reviewers did, by collection.
Figure Reviews(storage::Session& session, const std::vector<storage::FactSum>& sums,
               const FigureQuestion& question) {
  Figure figure{"reviews",
                {{"collection", "Collection", Kind::kText},
                 {"projects", "Projets notés", Kind::kCount},
                 {"sheets", "Fiches rendues", Kind::kScore},
                 {"per_project", "Fiches par projet", Kind::kScore},
                 {"score", "Note moyenne sur 100", Kind::kScore},
                 {"wide", "Avec un écart à discuter", Kind::kPercent}},
                {},
                "Aucun projet noté sur la période."};
  std::map<std::string, std::map<std::string, storage::FactSum>> facts;
  for (const auto& sum : sums) facts[sum.collection][sum.name] = sum;
  auto collections = storage::Collections(session);
  collections.push_back({"", "", "Sans collection", "", "", 0});
  for (const auto& collection : collections) {
    const auto& of = facts[collection.slug];
    const auto score = of.find("score"), sheets = of.find("sheets"), wide = of.find("wide_gap");
    if (score == of.end() || sheets == of.end()) continue;
    const double projects = Whole(score->second.total);
    FigureQuestion one = question;
    one.collection = collection.slug.empty() ? storage::kNoCollection : collection.slug;
    const auto cell = [&](double value, const char* measure) {
      return FigureCell(value, MeasuredAddress(one, measure, true));
    };
    figure.rows.push_back(
        {FigureCell(collection.label), cell(projects, "score"),
         cell(sheets->second.value, "sheets"), cell(sheets->second.value / projects, "sheets"),
         cell(score->second.value / projects, "score"),
         wide == of.end()
             ? FigureCell::Without("une seule fiche")
             : cell(100 * wide->second.value / Whole(wide->second.total), "wide_gap")});
  }
  return figure;
}

}  // namespace

std::vector<Figure> CallFigures(storage::Session& session, workflows::Catalog& catalog,
                                const FigureQuestion& question) {
  const CallRails rails(session, catalog, question.calls);
  const Measures measures(session, catalog, question.calls);
  const Milestones milestones(rails, measures);
  const auto filter = FilterOf(session, question);
  const auto reached = storage::Reached(session, filter);
  const auto by_collection = storage::FactSums(session, filter, true);
  auto together = by_collection;  // a chosen collection with those below it
  if (question.collection.empty()) together = storage::FactSums(session, filter);
  return {ByCall(session, catalog, reached, milestones, question),
          ByAdministration(reached, milestones, question),
          ByCollection(session, milestones, question), Told(AddedUp(together), measures, question),
          Reviews(session, by_collection, question)};
}

}  // namespace aiguillage::web
