#include "web/figures/now.h"

#include <algorithm>
#include <map>
#include <set>

#include "storage/calls.h"
#include "storage/flow.h"
#include "storage/projects.h"
#include "web/figures/call_rails.h"
#include "web/figures/passages.h"
#include "web/figures/reached.h"
#include "web/filters.h"
#include "web/rails.h"
#include "workflows/catalog.h"
#include "workflows/flow.h"

namespace aiguillage::web {

namespace {

struct Standing {
  std::int64_t count = 0, overdue = 0;
};

using Labels = std::vector<std::pair<std::string, std::string>>;  // id and label, in order

std::vector<storage::PipelineCell> CellsAsked(storage::Session& session,
                                              const FigureQuestion& question,
                                              const std::vector<storage::Collection>& collections) {
  const std::set<std::string> calls(question.calls.begin(), question.calls.end());
  std::set<std::string> slugs;
  if (question.collection == storage::kNoCollection) slugs.insert("");
  for (const auto& one : collections) {
    if (one.slug == question.collection || one.parent == question.collection) {
      slugs.insert(one.slug);
    }
  }
  auto cells = storage::Pipeline(session, calls.size() == 1 ? *calls.begin() : "", question.now);
  std::erase_if(cells, [&](const auto& cell) {
    return !calls.contains(cell.call) ||
           (!question.collection.empty() && !slugs.contains(cell.collection));
  });
  return cells;
}

// What the rails of the calls name, in their order.
Labels StatesOf(storage::Session& session, workflows::Catalog& catalog,
                const FigureQuestion& question) {
  Labels states;
  for (const auto& id : question.calls) {
    const auto call = storage::FindCall(session, id);
    const auto definition = call ? catalog.Newest(call->definition) : nullptr;
    if (!definition) continue;
    for (auto& column : Rails(definition->chart).Columns()) {
      const bool known = std::any_of(states.begin(), states.end(),
                                     [&](const auto& one) { return one.first == column.first; });
      if (!known) states.push_back(std::move(column));
    }
  }
  return states;
}

// « Numérique », « Numérique › IA ».
Labels CollectionLabels(const std::vector<storage::Collection>& collections) {
  std::map<std::string, std::string> labels;
  for (const auto& one : collections) labels[one.slug] = one.label;
  Labels order;
  for (const auto& one : collections) {
    const auto parent = labels.find(one.parent);
    order.emplace_back(one.slug,
                       parent == labels.end() ? one.label : parent->second + " › " + one.label);
  }
  return order;
}

// One row for each id that was counted: the named ones in their order, then what nothing names.
template <typename Counted, typename Cells, typename Former>
Figure CountedBy(Figure figure, const std::map<std::string, Counted>& counted, Labels labels,
                 const Cells& cells, const Former& former) {
  for (const auto& [id, standing] : counted) {
    const bool known =
        std::any_of(labels.begin(), labels.end(),
                    [&, &wanted = id](const auto& one) { return one.first == wanted; });
    if (!known) labels.emplace_back(id, former(id));
  }
  for (const auto& [id, label] : labels) {
    const auto found = counted.find(id);
    if (found == counted.end()) continue;
    figure.rows.push_back(cells(id, label.empty() ? "Sans collection" : label, found->second));
  }
  return figure;
}

constexpr char kNothingYet[] =
    "Aucun projet pour l’instant : ils arrivent de Démarches Simplifiées dès que l’appel est "
    "ouvert.";
constexpr char kNothingThen[] = "Aucun projet n’était encore arrivé à cette date.";

std::vector<FigureColumn> Columns(const char* id, const char* label) {
  return {{id, label, FigureColumn::kText}, {"count", "Projets", FigureColumn::kCount}};
}

std::vector<FigureColumn> ColumnsNow(const char* id, const char* label) {
  auto columns = Columns(id, label);
  columns.push_back({"overdue", "En retard", FigureColumn::kCount});
  return columns;
}

// At the end of a past day, from the sums of moves; what was late then, nothing tells.
std::vector<Figure> ThenFigures(storage::Session& session, workflows::Catalog& catalog,
                                const FigureQuestion& question,
                                const std::vector<storage::Collection>& collections) {
  storage::FlowFilter filter = FilterOf(session, question);
  filter.on_day = workflows::DayOf(question.on);
  std::map<std::string, std::int64_t> by_state, by_collection;
  for (const auto& one : storage::StandingOn(session, filter)) {
    by_state[one.state] += one.projects;
    by_collection[one.collection] += one.projects;
  }
  PassagesAsked asked = PassagesOf(question);
  asked.from = asked.to = "";
  asked.entered = asked.columns = true;
  asked.on = question.on;
  const auto cells = [](const PassagesAsked& rows, const std::string& label, std::int64_t count) {
    const std::string address = PassagesAddress(rows);
    return std::vector{FigureCell(label, address), FigureCell(static_cast<double>(count), address)};
  };
  const auto in_state = [&](const std::string& state, const std::string& label,
                            std::int64_t count) {
    PassagesAsked rows = asked;
    rows.state = state;
    return cells(rows, label, count);
  };
  const auto in_collection = [&](const std::string& slug, const std::string& label,
                                 std::int64_t count) {
    PassagesAsked rows = asked;
    rows.collection = slug.empty() ? storage::kNoCollection : slug;
    rows.alone = true;
    return cells(rows, label, count);
  };
  const auto former = [&](const std::string& state) {
    return FormerLabel(session, catalog, state);
  };
  const auto same = [](const std::string& slug) { return slug; };
  return {CountedBy({"now_states", Columns("state", "Étape"), {}, kNothingThen}, by_state,
                    StatesOf(session, catalog, question), in_state, former),
          CountedBy({"now_collections", Columns("collection", "Collection"), {}, kNothingThen},
                    by_collection, CollectionLabels(collections), in_collection, same)};
}

// Where projects come from, as their dossiers write it, from the sums that « Dossiers » reads.
Figure ByAdministrationNow(storage::Session& session, FigureQuestion question) {
  question.from = question.to = "";
  std::map<std::string, std::int64_t> projects;
  for (const auto& reach : storage::Reached(session, FilterOf(session, question))) {
    projects[reach.administration] += reach.total;
  }
  std::vector<std::pair<std::string, std::int64_t>> order(projects.begin(), projects.end());
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (order.size() > kAdministrationsMax) order.resize(kAdministrationsMax);
  Figure figure{
      "now_administrations", Columns("administration", "Administration"), {}, kNothingYet};
  for (const auto& [name, count] : order) {
    const std::string address =
        ReachedAddress(question, "", name.empty() ? storage::kNoCollection : name);
    figure.rows.push_back({FigureCell(name.empty() ? "Non renseignée" : name, address),
                           FigureCell(static_cast<double>(count), address)});
  }
  return figure;
}

}  // namespace

std::vector<Figure> NowFigures(storage::Session& session, workflows::Catalog& catalog,
                               const FigureQuestion& question) {
  const auto collections = storage::Collections(session);
  if (!question.on.empty()) return ThenFigures(session, catalog, question, collections);
  std::map<std::string, Standing> by_state, by_collection;
  for (const auto& cell : CellsAsked(session, question, collections)) {
    for (Standing* standing : {&by_state[cell.state], &by_collection[cell.collection]}) {
      standing->count += cell.count;
      standing->overdue += cell.overdue;
    }
  }
  storage::ProjectFilter asked;
  asked.call = question.calls.size() == 1 ? question.calls.front() : "";
  const auto cells = [](storage::ProjectFilter filter, const std::string& label,
                        const Standing& standing) {
    const std::string all = RegisterAddress(filter);
    filter.overdue = true;
    return std::vector{FigureCell(label, all), FigureCell(static_cast<double>(standing.count), all),
                       FigureCell(static_cast<double>(standing.overdue),
                                  standing.overdue == 0 ? "" : RegisterAddress(filter))};
  };
  const auto in_state = [&](const std::string& state, const std::string& label,
                            const Standing& standing) {
    storage::ProjectFilter filter = asked;
    filter.collection = question.collection;
    filter.subcollections =
        !question.collection.empty() && question.collection != storage::kNoCollection;
    filter.state = state;
    return cells(filter, label, standing);
  };
  const auto in_collection = [&](const std::string& slug, const std::string& label,
                                 const Standing& standing) {
    storage::ProjectFilter filter = asked;
    filter.collection = slug.empty() ? storage::kNoCollection : slug;
    return cells(filter, label, standing);
  };
  const auto former = [&](const std::string& state) {
    return FormerLabel(session, catalog, state);
  };
  const auto same = [](const std::string& slug) { return slug; };
  return {CountedBy({"now_states", ColumnsNow("state", "Étape"), {}, kNothingYet}, by_state,
                    StatesOf(session, catalog, question), in_state, former),
          CountedBy({"now_collections", ColumnsNow("collection", "Collection"), {}, kNothingYet},
                    by_collection, CollectionLabels(collections), in_collection, same),
          ByAdministrationNow(session, question)};
}

}  // namespace aiguillage::web
