// Lists, their counts and the pipeline, declared in storage/projects.h. One predicate for all: what
// a figure counts is what its link shows.
#include <algorithm>
#include <map>

#include "storage/among.h"
#include "storage/dialect.h"
#include "storage/project_columns.h"
#include "storage/text_words.h"

namespace aiguillage::storage {
namespace {

// What ListProjects and CountProjects ask of project p, and the values for it.
class Predicate {
 public:
  Predicate(const Dialect& dialect, const ProjectFilter& filter);
  const std::string& sql() const { return sql_; }
  bool only_cells() const { return only_cells_; }  // project_count knows the answer
  void Bind(Query& query) const;

 private:
  void And(const std::string& condition) {
    sql_ += (sql_.empty() ? " where " : " and ") + condition;
  }

  ProjectFilter filter_;
  std::string sql_, match_;
  bool only_cells_ = true;
};

Predicate::Predicate(const Dialect& dialect, const ProjectFilter& filter) : filter_(filter) {
  if (!filter.call.empty()) And("p.call = :call");
  if (filter.collection == kNoCollection) {
    And("p.collection is null");
  } else if (!filter.collection.empty() && filter.subcollections) {
    And("p.collection in (select slug from collection"
        " where slug = :collection or parent = :parent)");
  } else if (!filter.collection.empty()) {
    And("p.collection = :collection");
  }
  if (!filter.state.empty()) And("p.state = :state");
  only_cells_ = !filter.subcollections && filter.file_holder.empty() && filter.text.empty() &&
                filter.person == 0 && !filter.overdue && filter.reach == ReachFilter{};
  if (!filter.file_holder.empty()) And("p.file_holder = :file_holder");
  if (filter.person != 0) {
    // A union, and no « or »: each half is found by its own index on both databases.
    And("p.id in (select id from project where holder = :person union select q.id"
        " from role_grant g join project q on q.number = substr(g.scope, 9)"
        " where g.person = :granted and g.ended_at = 0 and g.scope like 'project:%')");
  }
  if (filter.overdue) And("p.due_at < :now");
  if (const ReachFilter& reach = filter.reach; !(reach == ReachFilter{})) {
    And("p.id in (select project from reach where 1 = 1" + Among("phase", "phase", reach.phases) +
        (reach.outcome.empty() ? "" : " and outcome = :outcome") +
        (reach.administration.empty() ? "" : " and administration = :administration") +
        Between("month", "month", reach.from_day, reach.to_day) +
        (reach.reviewed_to == 0 ? "" : " and reviewed_day > 0") +
        Between("reviewed_day", "reviewed", 0, reach.reviewed_to) + ")");
  }
  if (filter.shown_to_all) And("(p.ended_at = 0 or p.course_url <> '')");
  if (!filter.text.empty()) {
    auto words = SearchWords(filter.text);
    And(words.empty() ? "1 = 0"
                      : std::string(filter.shown_to_all ? dialect.OpenPredicate()
                                                        : dialect.MatchPredicate()));
    if (!words.empty()) match_ = dialect.MatchValue(words);
  }
}

void Predicate::Bind(Query& query) const {
  if (!filter_.call.empty()) query.In("call", filter_.call);
  if (!filter_.collection.empty() && filter_.collection != kNoCollection) {
    query.In("collection", filter_.collection);
    if (filter_.subcollections) query.In("parent", filter_.collection);
  }
  if (!filter_.state.empty()) query.In("state", filter_.state);
  if (!filter_.file_holder.empty()) query.In("file_holder", filter_.file_holder);
  if (filter_.person != 0) query.In("person", filter_.person).In("granted", filter_.person);
  if (filter_.overdue) query.In("now", filter_.now);
  BindAmong(query, "phase", filter_.reach.phases);
  if (!filter_.reach.outcome.empty()) query.In("outcome", filter_.reach.outcome);
  if (!filter_.reach.administration.empty()) {
    const std::string& named = filter_.reach.administration;
    query.In("administration", named == kNoCollection ? "" : named);
  }
  BindBetween(query, "month", filter_.reach.from_day, filter_.reach.to_day);
  BindBetween(query, "reviewed", 0, filter_.reach.reviewed_to);
  if (!match_.empty()) query.In("match", match_);
}

std::string Order(const std::string& sort) {
  if (sort == "number") return "p.id";
  if (sort == "title") return "lower(p.title), p.id";
  if (sort == "since") return "p.since_at, p.id";
  return "p.due_at, p.id";
}

// The same question asked of the counters, which hold '' where a project has no collection.
std::int64_t CountCells(Session& session, const ProjectFilter& filter) {
  std::string sql = "select coalesce(sum(total), 0) from project_count where 1 = 1";
  if (!filter.call.empty()) sql += " and call = :call";
  if (!filter.collection.empty()) sql += " and collection = :collection";
  if (!filter.state.empty()) sql += " and state = :state";
  std::int64_t count = 0;
  Query query(session, sql);
  if (!filter.call.empty()) query.In("call", filter.call);
  bool none = filter.collection == kNoCollection;
  if (!filter.collection.empty()) query.In("collection", none ? "" : filter.collection);
  if (!filter.state.empty()) query.In("state", filter.state);
  query.Out(count).One();
  return count;
}

// Those of them that are not shown to all, from an index that holds nothing else.
std::int64_t CountHidden(Session& session, const ProjectFilter& filter) {
  ProjectFilter every = filter;
  every.shown_to_all = false;
  Predicate predicate(session.dialect(), every);
  std::int64_t count = 0;
  Query query(session, "select count(*) from project p" +
                           (predicate.sql().empty() ? " where " : predicate.sql() + " and ") +
                           "p.ended_at > 0 and p.course_url = ''");
  predicate.Bind(query);
  query.Out(count).One();
  return count;
}

}  // namespace

std::vector<Project> ListProjects(Session& session, const ProjectFilter& filter) {
  Predicate predicate(session.dialect(), filter);
  Project project;
  Query query(session, "select " + kProjectColumns + " from project p" + predicate.sql() +
                           " order by " + Order(filter.sort) + " limit :limit offset :offset");
  predicate.Bind(query);
  query.In("limit", filter.limit).In("offset", filter.offset);
  return OutProject(query, project).All(project);
}

std::vector<Project> ProjectsAfter(Session& session, const std::string& call, std::int64_t id,
                                   int limit) {
  Project project;
  Query query(session, "select " + kProjectColumns +
                           " from project p where p.id > :id and p.call = :call"
                           " order by p.id limit :limit");
  query.In("id", id).In("call", call).In("limit", limit);
  return OutProject(query, project).All(project);
}

std::vector<std::int64_t> ProjectIdsAfter(Session& session, std::int64_t id, int limit) {
  std::int64_t found = 0;
  Query query(session, "select id from project where id > :id order by id limit :limit");
  query.In("id", id).In("limit", limit).Out(found);
  return query.All(found);
}

std::vector<Project> Publications(Session& session) {
  Project project;
  Query query(session, "select " + kProjectColumns +
                           " from project p where p.publication_on <> '' and p.ended_at = 0"
                           " and p.erased = 0 and p.state <> 'suspended'"
                           " order by p.publication_on desc, p.id limit 500");
  return OutProject(query, project).All(project);
}

namespace {

constexpr int kNewestOfAWord = 100;
constexpr double kOpenWeight = 3;  // a word of the title tells more than one of the dossier

std::vector<std::int64_t> NewestWith(Session& session, const std::string& phrase, bool open,
                                     std::int64_t but) {
  std::int64_t id = 0;
  Query query(session, session.dialect().Newest(open));
  query.In("match", session.dialect().MatchPhrase(phrase)).In("but", but);
  query.In("limit", kNewestOfAWord).Out(id);
  return query.All(id);
}

// A rare word tells more than one that many have.
double WeightOf(std::size_t projects) { return 1.0 / (1.0 + static_cast<double>(projects)); }

}  // namespace

// A word that a million projects have costs no more than one that a hundred have: the newest of
// each are looked at, and rows are read of the nearest only.
std::vector<Project> NearestProjects(Session& session, const std::vector<std::string>& phrases,
                                     std::int64_t but, int limit) {
  std::vector<std::string> cut;  // words alone: nothing in them is an operator
  for (const std::string& phrase : phrases) {
    std::string words;
    for (const std::string& word : TextWords(phrase)) words += (words.empty() ? "" : " ") + word;
    if (!words.empty()) cut.push_back(std::move(words));
  }
  std::map<std::int64_t, double> weights;
  for (const std::string& phrase : cut) {
    const auto anywhere = NewestWith(session, phrase, false, but);
    for (const auto id : anywhere) weights[id] += WeightOf(anywhere.size());
    const auto open = NewestWith(session, phrase, true, but);
    for (const auto id : open) weights[id] += kOpenWeight * WeightOf(open.size());
  }
  std::vector<std::pair<double, std::int64_t>> order;  // the nearest first, then the newest
  for (const auto& [id, weight] : weights) order.emplace_back(-weight, -id);
  std::sort(order.begin(), order.end());
  std::vector<Project> nearest;
  for (const auto& [weight, id] : order) {
    if (nearest.size() >= static_cast<std::size_t>(limit)) break;
    auto project = FindProjectById(session, -id);
    if (project && !project->erased) nearest.push_back(std::move(*project));
  }
  return nearest;
}

std::int64_t CountProjects(Session& session, const ProjectFilter& filter) {
  Predicate predicate(session.dialect(), filter);
  if (predicate.only_cells()) {
    return CountCells(session, filter) - (filter.shown_to_all ? CountHidden(session, filter) : 0);
  }
  std::int64_t count = 0;
  Query query(session, "select count(*) from project p" + predicate.sql());
  predicate.Bind(query);
  query.Out(count).One();
  return count;
}

std::vector<std::string> NumbersHeldBy(Session& session, std::int64_t person, int limit) {
  // Sorted only where that chooses: this is asked for each page that somebody opens.
  const auto read = [&](const std::string& order, int most) {
    std::string number;
    Query query(session,
                "select number from project where holder = :person" + order + " limit :limit");
    query.In("person", person).In("limit", most).Out(number);
    return query.All(number);
  };
  auto numbers = read("", limit + 1);
  if (static_cast<int>(numbers.size()) > limit) numbers = read(" order by due_at, id", limit);
  return numbers;
}

std::vector<StandingCount> CountByStates(Session& session, const std::string& call,
                                         std::int64_t now) {
  StandingCount standing;
  Query query(session,
              "select states, count(*), sum(case when due_at < :now then 1 else 0 end) from project"
              " where call = :call group by states order by states");
  query.In("now", now).In("call", call);
  query.Out(standing.states).Out(standing.count).Out(standing.overdue);
  return query.All(standing);
}

std::vector<PipelineCell> Pipeline(Session& session, const std::string& call, std::int64_t now) {
  PipelineCell cell;
  Query query(session,
              "select call, collection, state, sum(total),"
              " sum(case when due_at < :now then total else 0 end) from project_count"
              " where call = :call or :every = 1 group by call, collection, state"
              " order by call, collection, state");
  query.In("now", now).In("call", call).In("every", call.empty());
  query.Out(cell.call).Out(cell.collection).Out(cell.state).Out(cell.count).Out(cell.overdue);
  return query.All(cell);
}

}  // namespace aiguillage::storage
