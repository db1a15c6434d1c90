#include "web/figures/now.h"

#include <algorithm>
#include <map>
#include <set>

#include "storage/calls.h"
#include "storage/projects.h"
#include "web/filters.h"
#include "web/rails.h"
#include "workflows/catalog.h"

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
template <typename Filtered>
Figure CountedBy(Figure figure, const std::map<std::string, Standing>& counted, Labels labels,
                 const Filtered& filtered) {
  for (const auto& [id, standing] : counted) {
    const bool known =
        std::any_of(labels.begin(), labels.end(),
                    [&, &wanted = id](const auto& one) { return one.first == wanted; });
    if (!known) labels.emplace_back(id, id);
  }
  for (const auto& [id, label] : labels) {
    const auto found = counted.find(id);
    if (found == counted.end()) continue;
    storage::ProjectFilter filter = filtered(id);
    const std::string all = RegisterAddress(filter);
    filter.overdue = true;
    const Standing& standing = found->second;
    figure.rows.push_back({FigureCell(label.empty() ? "Sans collection" : label, all),
                           FigureCell(static_cast<double>(standing.count), all),
                           FigureCell(static_cast<double>(standing.overdue),
                                      standing.overdue == 0 ? "" : RegisterAddress(filter))});
  }
  figure.empty =
      "Aucun projet pour l’instant : ils arrivent de Démarches Simplifiées dès que l’appel est "
      "ouvert.";
  return figure;
}

}  // namespace

std::vector<Figure> NowFigures(storage::Session& session, workflows::Catalog& catalog,
                               const FigureQuestion& question) {
  const auto collections = storage::Collections(session);
  std::map<std::string, Standing> by_state, by_collection;
  for (const auto& cell : CellsAsked(session, question, collections)) {
    for (Standing* standing : {&by_state[cell.state], &by_collection[cell.collection]}) {
      standing->count += cell.count;
      standing->overdue += cell.overdue;
    }
  }
  storage::ProjectFilter asked;
  asked.call = question.calls.size() == 1 ? question.calls.front() : "";
  const auto in_state = [&](const std::string& state) {
    storage::ProjectFilter filter = asked;
    filter.collection = question.collection;
    filter.subcollections =
        !question.collection.empty() && question.collection != storage::kNoCollection;
    filter.state = state;
    return filter;
  };
  const auto in_collection = [&](const std::string& slug) {
    storage::ProjectFilter filter = asked;
    filter.collection = slug.empty() ? storage::kNoCollection : slug;
    return filter;
  };
  const auto columns = [](const char* id, const char* label) {
    return std::vector<FigureColumn>{{id, label, FigureColumn::kText},
                                     {"count", "Projets", FigureColumn::kCount},
                                     {"overdue", "En retard", FigureColumn::kCount}};
  };
  return {CountedBy({"now_states", columns("state", "Étape"), {}, ""}, by_state,
                    StatesOf(session, catalog, question), in_state),
          CountedBy({"now_collections", columns("collection", "Collection"), {}, ""}, by_collection,
                    CollectionLabels(collections), in_collection)};
}

}  // namespace aiguillage::web
