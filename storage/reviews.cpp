#include "storage/reviews.h"

#include <tuple>

#include "storage/among.h"
#include "storage/flow.h"

namespace aiguillage::storage {
namespace {

struct ReviewPlace {
  std::string call, collection;
  std::int64_t day = 0;
};

ReviewPlace KnownReview(Session& session, std::int64_t project) {
  ReviewPlace place;
  Query query(session, "select call, collection, reviewed_day from reach where project = :project");
  query.In("project", project).Out(place.call).Out(place.collection).Out(place.day).One();
  return place;
}

}  // namespace

void FollowReviews(Session& session, const std::vector<Moves>& projects) {
  std::map<std::tuple<std::string, std::string, std::int64_t>, std::int64_t> changes;
  const auto add = [&](const ReviewPlace& place, std::int64_t sign) {
    if (place.day != 0) changes[{place.call, place.collection, place.day}] += sign;
  };
  for (const Moves& moves : projects) {
    add(KnownReview(session, moves.project), -1);
    add({moves.call, moves.collection, moves.reviewed_day}, +1);
  }
  for (const auto& [key, total] : changes) {
    if (total == 0) continue;
    const auto& [call, collection, day] = key;
    Query query(session,
                "insert into reviewed_count (call, collection, day, total)"
                " values (:call, :collection, :day, :total)"
                " on conflict (call, collection, day) do update set"
                " total = reviewed_count.total + excluded.total");
    query.In("call", call).In("collection", collection).In("day", day).In("total", total).Run();
  }
  session.Execute("delete from reviewed_count where total = 0");
}

std::map<std::string, std::int64_t> ReviewedBy(Session& session, const FlowFilter& filter,
                                               std::int64_t day) {
  std::string collection;
  std::int64_t total = 0;
  Query query(session, "select collection, sum(total) from reviewed_count where day <= :day" +
                           Among("call", "call", filter.calls) +
                           Among("collection", "collection", filter.collections) +
                           " group by collection");
  query.In("day", day);
  BindAmong(query, "call", filter.calls);
  BindAmong(query, "collection", filter.collections);
  query.Out(collection).Out(total);
  std::map<std::string, std::int64_t> reviewed;
  query.Each([&] { reviewed[collection] = total; });
  return reviewed;
}

std::vector<std::string> ReviewFaults(Session& session) {
  std::int64_t count = 0;
  Query(session,
        "select count(*) from (select call, collection, reviewed_day, count(*) as total from reach"
        " where reviewed_day > 0 group by call, collection, reviewed_day) a"
        " full join reviewed_count c on c.call = a.call and c.collection = a.collection"
        " and c.day = a.reviewed_day"
        " where a.total is null or c.total is null or a.total <> c.total")
      .Out(count)
      .One();
  if (count == 0) return {};
  return {std::to_string(count) + " × sum of reviewed trainings that differs from them"};
}

}  // namespace aiguillage::storage
