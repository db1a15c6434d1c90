#include "storage/facts.h"

#include <map>
#include <tuple>

#include "storage/among.h"
#include "storage/flow.h"

namespace aiguillage::storage {
namespace {

struct FactPlace {
  std::string call, collection;
  std::int64_t month = 0;
};

struct FactChange {
  std::int64_t total = 0, weight = 0, value = 0, weighted = 0;
  bool operator==(const FactChange&) const = default;
};
using FactChanges =
    std::map<std::tuple<std::string, std::string, std::string, std::int64_t>, FactChange>;

void AddFacts(FactChanges& changes, const FactPlace& place, const std::vector<Fact>& facts,
              std::int64_t sign) {
  for (const Fact& fact : facts) {
    for (const std::string& collection : {place.collection, std::string(kAllCollections)}) {
      FactChange& change = changes[{place.call, collection, fact.name, place.month}];
      change.total += sign;
      change.weight += sign * fact.weight;
      change.value += sign * fact.value;
      change.weighted += sign * fact.value * fact.weight;
    }
  }
}

std::vector<Fact> KnownFacts(Session& session, std::int64_t project) {
  Fact fact;
  Query query(session,
              "select name, value, weight from fact where project = :project order by name");
  query.In("project", project).Out(fact.name).Out(fact.value).Out(fact.weight);
  return query.All(fact);
}

FactPlace KnownPlace(Session& session, std::int64_t project) {
  FactPlace place;
  Query query(session, "select call, collection, month from reach where project = :project");
  query.In("project", project).Out(place.call).Out(place.collection).Out(place.month).One();
  return place;
}

void WriteFacts(Session& session, const Moves& moves) {
  Query(session, "delete from fact where project = :project").In("project", moves.project).Run();
  for (const Fact& fact : moves.facts) {
    Query query(session,
                "insert into fact (project, name, value, weight)"
                " values (:project, :name, :value, :weight)");
    query.In("project", moves.project).In("name", fact.name).In("value", fact.value);
    query.In("weight", fact.weight).Run();
  }
}

}  // namespace

void FollowFacts(Session& session, const std::vector<Moves>& projects) {
  FactChanges changes;
  for (const Moves& moves : projects) {
    const auto known = KnownFacts(session, moves.project);
    if (known.empty() && moves.facts.empty()) continue;
    if (!known.empty()) AddFacts(changes, KnownPlace(session, moves.project), known, -1);
    AddFacts(changes, {moves.call, moves.collection, moves.month}, moves.facts, +1);
    WriteFacts(session, moves);
  }
  for (const auto& [key, change] : changes) {
    if (change == FactChange{}) continue;
    const auto& [call, collection, name, month] = key;
    Query query(session,
                "insert into fact_sum"
                " (call, collection, name, month, total, weight, value, weighted)"
                " values (:call, :collection, :name, :month, :total, :weight, :value, :weighted)"
                " on conflict (call, collection, name, month) do update set"
                " total = fact_sum.total + excluded.total,"
                " weight = fact_sum.weight + excluded.weight,"
                " value = fact_sum.value + excluded.value,"
                " weighted = fact_sum.weighted + excluded.weighted");
    query.In("call", call).In("collection", collection).In("name", name).In("month", month);
    query.In("total", change.total).In("weight", change.weight).In("value", change.value);
    query.In("weighted", change.weighted).Run();
  }
  session.Execute("delete from fact_sum where total = 0");
}

std::vector<FactSum> FactSums(Session& session, const FlowFilter& asked, bool by_collection) {
  const FlowFilter filter = WholeMonths(asked);
  FactSum sum;
  std::int64_t value = 0, weighted = 0;
  Query query(session,
              "select collection, name, sum(total), sum(weight), sum(value), sum(weighted)"
              " from fact_sum where collection " +
                  std::string(by_collection || !filter.collections.empty() ? "<> '*'" : "= '*'") +
                  Among("call", "call", filter.calls) +
                  Among("collection", "collection", filter.collections) +
                  Between("month", "month", filter.from_day, filter.to_day) +
                  " group by collection, name order by collection, name");
  BindAmong(query, "call", filter.calls);
  BindAmong(query, "collection", filter.collections);
  BindBetween(query, "month", filter.from_day, filter.to_day);
  query.Out(sum.collection).Out(sum.name).Out(sum.total).Out(sum.weight).Out(value).Out(weighted);
  std::vector<FactSum> sums;
  query.Each([&] {
    sum.value = static_cast<double>(value) / 100;
    sum.weighted = static_cast<double>(weighted) / 100;
    sums.push_back(sum);
  });
  return sums;
}

namespace {

// Rows of one name under the predicate of their sums.
std::string NamedRows(const FlowFilter& filter) {
  return " from fact f join reach r on r.project = f.project where f.name = :name" +
         Among("r.call", "call", filter.calls) +
         Among("r.collection", "collection", filter.collections) +
         Between("r.month", "month", filter.from_day, filter.to_day);
}

Query& BindNamed(Query& query, const FlowFilter& filter, const std::string& name) {
  query.In("name", name);
  BindAmong(query, "call", filter.calls);
  BindAmong(query, "collection", filter.collections);
  BindBetween(query, "month", filter.from_day, filter.to_day);
  return query;
}

}  // namespace

std::vector<FactRow> ListFacts(Session& session, const FlowFilter& asked, const std::string& name,
                               int limit, int offset) {
  const FlowFilter filter = WholeMonths(asked);
  FactRow row;
  Query query(session,
              "select p.number, p.title, n.collection, n.value, n.weight from (select f.project,"
              " r.collection, f.value, f.weight" +
                  NamedRows(filter) +
                  " order by f.project desc limit :limit offset :offset) n"
                  " join project p on p.id = n.project order by n.project desc");
  BindNamed(query, filter, name).In("limit", limit).In("offset", offset);
  query.Out(row.number).Out(row.title).Out(row.collection).Out(row.value).Out(row.weight);
  return query.All(row);
}

std::int64_t WeightToldFrom(Session& session, const FlowFilter& asked, const std::string& name,
                            std::int64_t least) {
  const FlowFilter filter = WholeMonths(asked);
  for (std::int64_t told = least;;) {
    std::int64_t hidden = 0, next = 0;
    Query few(session,
              "select coalesce(sum(f.weight), 0)" + NamedRows(filter) + " and f.weight < :told");
    BindNamed(few, filter, name).In("told", told).Out(hidden).One();
    if (hidden == 0 || hidden >= least) return told;
    Query more(session, "select f.weight" + NamedRows(filter) +
                            " and f.weight >= :told order by f.weight limit 1");
    BindNamed(more, filter, name).In("told", told).Out(next).One();
    if (next == 0) return told;
    told = next + 1;
  }
}

std::vector<std::string> FactFaults(Session& session) {
  std::int64_t count = 0;
  Query(session,
        "select count(*) from (select r.call, r.place, f.name, r.month, count(*) as total,"
        " sum(f.weight) as weight, sum(f.value) as value, sum(f.value * f.weight) as weighted"
        " from fact f join"
        " (select project, call, month, collection as place from reach"
        " union all select project, call, month, '*' from reach) r on r.project = f.project"
        " group by r.call, r.place, f.name, r.month) a full join fact_sum s"
        " on s.call = a.call and s.collection = a.place and s.name = a.name and s.month = a.month"
        " where a.total is null or s.total is null or a.total <> s.total or a.weight <> s.weight"
        " or a.value <> s.value or a.weighted <> s.weighted")
      .Out(count)
      .One();
  if (count == 0) return {};
  return {std::to_string(count) + " × sum of what documents tell that differs from it"};
}

}  // namespace aiguillage::storage
