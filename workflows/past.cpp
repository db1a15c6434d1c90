#include "workflows/past.h"

#include <map>
#include <tuple>

#include "storage/journal.h"
#include "workflows/desk_rows.h"

namespace aiguillage::workflows {
namespace {

std::string CollectionThen(const storage::PastRow& row) {
  if (!row.moved || !row.next_body.is_object() || !row.next_body.contains("undo")) {
    return row.collection;  // erased, or an act taken back, written before these kept it
  }
  return row.next_body.at("undo").at("project").at("collection");
}

}  // namespace

std::vector<PastCount> PipelineAt(storage::Session& session, Catalog& catalog, std::int64_t at) {
  // The definitions are read after the rows: one statement at a time.
  std::map<std::tuple<std::string, std::string, std::string, std::string>, std::int64_t> rows;
  storage::EachProjectAt(session, at, [&](const storage::PastRow& row) {
    ++rows[{row.call, CollectionThen(row), row.definition, row.states}];
  });
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> cells;
  for (const auto& [key, count] : rows) {
    const auto& [call, collection, hash, states] = key;
    const auto definition = catalog.Pinned(session, hash);
    cells[{call, collection, ColumnState(definition->chart, Words(states))}] += count;
  }
  std::vector<PastCount> counts;
  for (const auto& [key, count] : cells) {
    const auto& [call, collection, state] = key;
    counts.push_back({call, collection, state, count});
  }
  return counts;
}

}  // namespace aiguillage::workflows
