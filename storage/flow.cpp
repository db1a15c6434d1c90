// Keeping the moves of projects and their sums, declared in storage/flow.h.
#include "storage/flow.h"

#include <map>
#include <tuple>

#include "storage/reviews.h"
#include "storage/session.h"

namespace aiguillage::storage {
namespace {

constexpr const char* kSideColumns[kSides] = {"side_holder", "side_lead", "side_reviewer",
                                              "side_office", "side_nobody"};

// What changes in the sums, gathered over many projects: most of them meet in the same cells.
struct Sums {
  using DayKey = std::tuple<std::string, std::string, std::string, std::int64_t>;
  using StayKey = std::tuple<std::string, std::string, std::string, std::string, std::int64_t,
                             std::int64_t, int>;
  using ReachKey =
      std::tuple<std::string, std::string, std::string, std::int64_t, std::string, std::string>;
  struct Flow {
    std::int64_t arrived = 0, entered = 0, gone = 0, still = 0;
    bool operator==(const Flow&) const = default;
  };
  struct Stayed {
    std::int64_t total = 0;
    BySide sides{};
  };
  std::map<DayKey, Flow> days;
  std::map<StayKey, Stayed> stays;
  std::map<ReachKey, std::int64_t> reached;

  void Add(Moves moves, std::int64_t sign);
  void AddIn(const Moves& moves, std::int64_t sign);  // in one collection
  void Write(Session& session) const;
};

void Sums::Add(Moves moves, std::int64_t sign) {
  if (moves.call.empty()) return;  // nothing was known of it
  AddIn(moves, sign);
  moves.collection = kAllCollections;
  AddIn(moves, sign);
}

void Sums::AddIn(const Moves& moves, std::int64_t sign) {
  bool first = true;
  for (const Stay& stay : moves.stays) {
    const bool lasts = stay.next.empty();
    if (stay.whole) {
      Flow& flow = days[{moves.call, moves.collection, stay.state, stay.entered_day}];
      flow.entered += sign;
      if (first) flow.arrived += sign;
      if (lasts) flow.still += sign;
      if (!lasts) days[{moves.call, moves.collection, stay.state, stay.left_day}].gone += sign;
    }
    first = false;
    if (lasts) continue;
    Stayed& stayed =
        stays[{moves.call, moves.collection, stay.state, stay.next, FirstOfMonth(stay.left_day),
               stay.left_day - stay.entered_day, stay.pass}];
    stayed.total += sign;
    for (std::size_t i = 0; i < kSides; ++i) stayed.sides[i] += sign * stay.sides[i];
  }
  reached[{moves.call, moves.collection, moves.administration, moves.month, moves.phase,
           moves.outcome}] += sign;
}

void Sums::Write(Session& session) const {
  for (const auto& [key, flow] : days) {
    if (flow == Flow{}) continue;
    const auto& [call, collection, state, day] = key;
    Query query(session,
                "insert into flow_day (call, collection, state, day, arrived, entered, gone, still)"
                " values (:call, :collection, :state, :day, :arrived, :entered, :gone, :still)"
                " on conflict (call, collection, state, day) do update set"
                " arrived = flow_day.arrived + excluded.arrived,"
                " entered = flow_day.entered + excluded.entered,"
                " gone = flow_day.gone + excluded.gone,"
                " still = flow_day.still + excluded.still");
    query.In("call", call).In("collection", collection).In("state", state).In("day", day);
    query.In("arrived", flow.arrived).In("entered", flow.entered).In("gone", flow.gone);
    query.In("still", flow.still).Run();
  }
  for (const auto& [key, stayed] : stays) {
    if (stayed.total == 0 && stayed.sides == BySide{}) continue;
    const auto& [call, collection, state, next, month, lasted, pass] = key;
    Query query(session,
                "insert into stay_count (call, collection, state, next, month, days, pass, total,"
                " side_holder, side_lead, side_reviewer, side_office, side_nobody)"
                " values (:call, :collection, :state, :next, :month, :days, :pass, :total,"
                " :side_holder, :side_lead, :side_reviewer, :side_office, :side_nobody)"
                " on conflict (call, collection, state, days, next, pass, month) do update set"
                " total = stay_count.total + excluded.total,"
                " side_holder = stay_count.side_holder + excluded.side_holder,"
                " side_lead = stay_count.side_lead + excluded.side_lead,"
                " side_reviewer = stay_count.side_reviewer + excluded.side_reviewer,"
                " side_office = stay_count.side_office + excluded.side_office,"
                " side_nobody = stay_count.side_nobody + excluded.side_nobody");
    query.In("call", call).In("collection", collection).In("state", state).In("next", next);
    query.In("month", month).In("days", lasted).In("pass", pass).In("total", stayed.total);
    for (std::size_t i = 0; i < kSides; ++i) query.In(kSideColumns[i], stayed.sides[i]);
    query.Run();
  }
  for (const auto& [key, total] : reached) {
    if (total == 0) continue;
    const auto& [call, collection, administration, month, phase, outcome] = key;
    Query query(session,
                "insert into reach_count"
                " (call, collection, administration, month, phase, outcome, total)"
                " values (:call, :collection, :administration, :month, :phase, :outcome, :total)"
                " on conflict (call, collection, phase, outcome, administration, month)"
                " do update set total = reach_count.total + excluded.total");
    query.In("call", call).In("collection", collection).In("administration", administration);
    query.In("month", month).In("phase", phase).In("outcome", outcome).In("total", total).Run();
  }
  session.Execute("delete from flow_day where entered = 0 and gone = 0");
  session.Execute("delete from stay_count where total = 0");
  session.Execute("delete from reach_count where total = 0");
}

Moves Known(Session& session, std::int64_t project) {
  Moves moves;
  moves.project = project;
  Query reach(session,
              "select call, collection, administration, month, phase, outcome from reach"
              " where project = :project");
  reach.In("project", project).Out(moves.call).Out(moves.collection).Out(moves.administration);
  reach.Out(moves.month).Out(moves.phase).Out(moves.outcome).One();
  Stay stay;
  Query query(session,
              "select state, whole, pass, next, entered_at, left_at, entered_day,"
              " coalesce(left_day, 0), side_holder, side_lead, side_reviewer, side_office,"
              " side_nobody from stay where project = :project order by n");
  query.In("project", project).Out(stay.state).Out(stay.whole).Out(stay.pass).Out(stay.next);
  query.Out(stay.entered_at).Out(stay.left_at).Out(stay.entered_day).Out(stay.left_day);
  for (auto& side : stay.sides) query.Out(side);
  moves.stays = query.All(stay);
  return moves;
}

void WriteRows(Session& session, const Moves& moves) {
  Query(session, "delete from stay where project = :project").In("project", moves.project).Run();
  std::int64_t n = 0;
  for (const Stay& stay : moves.stays) {
    Query query(session,
                "insert into stay (project, n, call, collection, state, whole, pass, next,"
                " entered_at, left_at, entered_day, left_day, side_holder, side_lead,"
                " side_reviewer, side_office, side_nobody) values (:project, :n, :call,"
                " :collection, :state, :whole, :pass, :next, :entered_at, :left_at, :entered_day,"
                " :left_day, :side_holder, :side_lead, :side_reviewer, :side_office,"
                " :side_nobody)");
    query.In("project", moves.project).In("n", ++n).In("call", moves.call);
    query.In("collection", moves.collection).In("state", stay.state).In("whole", stay.whole);
    query.In("pass", stay.pass).In("next", stay.next).In("entered_at", stay.entered_at);
    query.In("left_at", stay.left_at).In("entered_day", stay.entered_day);
    query.Ref("left_day", stay.left_day);  // null while it lasts
    for (std::size_t i = 0; i < kSides; ++i) query.In(kSideColumns[i], stay.sides[i]);
    query.Run();
  }
  Query query(
      session,
      "insert into reach (project, call, collection, administration, month, phase, outcome,"
      " reviewed_day) values (:project, :call, :collection, :administration, :month, :phase,"
      " :outcome, :reviewed_day)"
      " on conflict (project) do update set call = excluded.call,"
      " collection = excluded.collection, administration = excluded.administration,"
      " month = excluded.month, phase = excluded.phase, outcome = excluded.outcome,"
      " reviewed_day = excluded.reviewed_day");
  query.In("project", moves.project).In("call", moves.call).In("collection", moves.collection);
  query.In("administration", moves.administration).In("month", moves.month);
  query.In("phase", moves.phase).In("outcome", moves.outcome);
  query.In("reviewed_day", moves.reviewed_day).Run();
}

}  // namespace

std::vector<std::int64_t> Unfollowed(Session& session, int limit) {
  std::int64_t id = 0;
  Query query(session, "select id from project where unfollowed = 1 order by id limit :limit");
  query.In("limit", limit).Out(id);
  return query.All(id);
}

std::int64_t CountUnfollowed(Session& session, int limit) {
  std::int64_t count = 0;
  Query query(session,
              "select count(*) from (select 1 from project where unfollowed = 1 limit :limit) u");
  query.In("limit", limit).Out(count).One();
  return count;
}

void Unfollow(Session& session) {
  session.Execute("update project set unfollowed = 1 where unfollowed = 0");
}

void Unfollow(Session& session, std::int64_t project) {
  Query(session, "update project set unfollowed = 1 where id = :project")
      .In("project", project)
      .Run();
}

void Follow(Session& session, const std::vector<Moves>& projects) {
  FollowFacts(session, projects);
  FollowReviews(session, projects);
  Sums sums;
  for (const Moves& moves : projects) {
    const Moves known = Known(session, moves.project);
    sums.Add(known, -1);
    sums.Add(moves, +1);
    WriteRows(session, moves);
    Query(session, "update project set unfollowed = 0 where id = :project")
        .In("project", moves.project)
        .Run();
  }
  sums.Write(session);
}

std::vector<std::string> FlowFaults(Session& session) {
  // Each row once in its collection and once in all of them, as the sums are kept.
  const std::string stays =
      "(select s.*, s.collection as place from stay s"
      " union all select s.*, '*' from stay s) s";
  const std::string reached =
      "(select r.*, r.collection as place from reach r"
      " union all select r.*, '*' from reach r) r";
  const std::pair<const char*, std::string> rules[] = {
      {"sum of moves by day that differs from its stays",
       "select count(*) from (select call, place, state, day, sum(arrived) as arrived,"
       " sum(entered) as entered, sum(gone) as gone, sum(still) as still from ("
       "select call, place, state, entered_day as day, case when n = 1 then 1 else 0 end"
       " as arrived, 1 as entered, 0 as gone, case when left_day is null then 1 else 0 end as still"
       " from " +
           stays +
           " where whole = 1 union all select call, place, state, left_day, 0, 0, 1,"
           " 0 from " +
           stays +
           " where whole = 1 and left_day is not null) m"
           " group by call, place, state, day) a full join flow_day f"
           " on f.call = a.call and f.collection = a.place and f.state = a.state"
           " and f.day = a.day where a.entered is null or f.entered is null"
           " or a.arrived <> f.arrived or a.entered <> f.entered or a.gone <> f.gone"
           " or a.still <> f.still"},
      {"sum of finished stays that differs from them",
       "select count(*) from (select call, place, state, next, pass,"
       " left_day - entered_day as days, count(*) as total, sum(side_holder) as held, "
       "sum(side_lead) as led,"
       " sum(side_reviewer) as reviewed, sum(side_office) as steered, sum(side_nobody) as paused"
       " from " +
           stays +
           " where left_day is not null"
           " group by call, place, state, next, pass, left_day - entered_day) a full join"
           " (select call, collection, state, next, pass, days, sum(total) as total,"
           " sum(side_holder) as held, sum(side_lead) as led,"
           " sum(side_reviewer) as reviewed, sum(side_office) as steered, sum(side_nobody) as "
           "paused from stay_count"
           " group by call, collection, state, next, pass, days) c"
           " on c.call = a.call and c.collection = a.place and c.state = a.state"
           " and c.next = a.next and c.pass = a.pass and c.days = a.days"
           " where a.total is null or c.total is null or a.total <> c.total or a.held <> c.held"
           " or a.led <> c.led or a.reviewed <> c.reviewed or a.steered <> c.steered"
           " or a.paused <> c.paused"},
      {"sum of the funnel that differs from its projects",
       "select count(*) from (select call, place, administration, month, phase, outcome,"
       " count(*) as total from " +
           reached +
           " group by call, place, administration, month, phase, outcome) a"
           " full join reach_count c on c.call = a.call and c.collection = a.place"
           " and c.administration = a.administration and c.month = a.month and c.phase = a.phase"
           " and c.outcome = a.outcome"
           " where a.total is null or c.total is null or a.total <> c.total"},
  };
  std::vector<std::string> faults = FactFaults(session);
  for (auto& fault : ReviewFaults(session)) faults.push_back(std::move(fault));
  for (const auto& [words, sql] : rules) {
    std::int64_t count = 0;
    Query(session, sql).Out(count).One();
    if (count > 0) faults.push_back(std::to_string(count) + " × " + words);
  }
  return faults;
}

}  // namespace aiguillage::storage
