// Everybody's first screen: what is expected of me, what waits for others, what I just did.
#include "storage/tasks.h"

#include <algorithm>
#include <map>
#include <set>

#include "storage/calls.h"
#include "storage/journal.h"
#include "web/done.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/queue.h"
#include "web/rails.h"
#include "web/words.h"
#include "web/workload.h"
#include "workflows/access.h"
#include "workflows/calendar.h"
#include "workflows/delegation.h"

namespace aiguillage::web {

namespace {

constexpr std::int64_t kWeekMs = 7LL * 24 * 3'600'000;
constexpr int kWaitingMax = 15;
constexpr std::int64_t kLastSecondMs = 1000;

constexpr int kFollowedMax = 200;  // of each collection, those due first

using Asked = std::vector<workflows::AskedTask>;

void AddMine(View& view, storage::Session& session, const Asked& asked, std::int64_t now) {
  std::map<std::string, std::string> labels;
  for (const auto& one : storage::Collections(session)) labels[one.slug] = one.label;
  view.SetList("mine");
  for (const auto& [line, absent] : asked) {
    const auto collection = labels.find(line.collection);
    view.AddRow("mine")
        .Set("task_label", line.task.label)
        .Set("task_for", absent == 0 ? "" : "pour " + workflows::NameOf(session, absent))
        .Set("task_href", AddressOfTask(line))
        .Set("project_href", "/projets/" + line.number)
        .Set("project_number", line.number)
        .Set("project_title", line.title)
        .Set("project_collection",
             collection == labels.end() ? "sans collection" : collection->second)
        .Set("task_since", SinceWords(line.task.since_at, now))
        .Set("task_due", DueWords(line.task.due_at, now))
        .Set("task_tone", DueTone(line.task.due_at, now))
        .Set("task_late", DueTone(line.task.due_at, now) == "late");
  }
}

// « Valider le cadrage : 3, dont 1 en retard », the most frequent first: what is missing, in a
// line.
void AddSummary(View& view, const Asked& asked, std::int64_t now) {
  struct Count {
    std::string label;
    int all = 0, late = 0;
  };
  std::vector<Count> counts;
  for (const auto& [line, absent] : asked) {
    auto found = std::find_if(counts.begin(), counts.end(),
                              [&](const Count& one) { return one.label == line.task.label; });
    if (found == counts.end()) found = counts.insert(counts.end(), {line.task.label});
    ++found->all;
    if (DueTone(line.task.due_at, now) == "late") ++found->late;
  }
  std::stable_sort(counts.begin(), counts.end(),
                   [](const Count& a, const Count& b) { return a.all > b.all; });
  std::string words;
  for (const auto& one : counts) {
    words += (words.empty() ? "" : " · ") + one.label + " : " + std::to_string(one.all);
    if (one.late > 0) words += ", dont " + std::to_string(one.late) + " en retard";
  }
  view.Set("mine_summary", counts.size() == asked.size() ? "" : words);
}

struct Followed {
  std::vector<storage::Project> projects;
  bool more = false;  // than were read
};

// Live projects this person follows: their own, and those of the collections they lead.
Followed FollowedBy(storage::Session& session, const Visitor& visitor, std::int64_t now) {
  Followed followed;
  std::set<std::int64_t> seen;
  const auto add = [&](storage::ProjectFilter filter) {
    filter.limit = kFollowedMax + 1;
    filter.now = now;
    auto projects = storage::ListProjects(session, filter);
    if (projects.size() > kFollowedMax) {
      // What is over is due last: behind one of those comes no live one.
      followed.more = followed.more || projects.back().ended_at == 0;
      projects.pop_back();
    }
    for (auto& project : projects) {
      if (project.ended_at == 0 && seen.insert(project.id).second) {
        followed.projects.push_back(std::move(project));
      }
    }
  };
  storage::ProjectFilter own;
  own.person = visitor.person.id;
  add(own);
  for (const auto& held : visitor.roles) {
    if (held.scope.rfind("collection:", 0) != 0) continue;
    storage::ProjectFilter led;
    led.collection = held.scope.substr(11);
    add(led);
  }
  return followed;
}

void AddWaiting(View& view, Visit& visit, storage::Session& session, const Asked& mine) {
  std::set<std::string> in_my_hands;
  for (const auto& one : mine) in_my_hands.insert(one.line.number);
  std::map<std::string, int> by_holder;
  int count = 0;
  view.SetList("waiting");
  const Followed followed = FollowedBy(session, *visit.visitor, visit.now);
  for (const auto& project : followed.projects) {
    if (in_my_hands.count(project.number) > 0) continue;
    ++count;
    ++by_holder[project.file_holder];
    if (count > kWaitingMax) continue;
    const auto definition = visit.services.catalog.Pinned(session, project.definition);
    view.AddRow("waiting")
        .Set("wait_href", "/projets/" + project.number)
        .Set("wait_title", project.title)
        .Set("wait_state",
             Rails(definition->chart).Labels(project.states, visit.visitor->IsStaff()))
        .Set("wait_holder", project.file_holder.empty() ? "" : RoleLabel(project.file_holder))
        .Set("wait_since", SinceWords(project.since_at, visit.now))
        .Set("wait_due", DueWords(project.due_at, visit.now))
        .Set("wait_tone", DueTone(project.due_at, visit.now));
  }
  std::string split;
  for (const auto& [role, number] : by_holder) {
    split += (split.empty() ? "" : " · ") +
             (role.empty() ? "sans suite attendue" : RoleLabel(role)) + " : " +
             std::to_string(number);
  }
  view.Set("waiting_count", (followed.more ? "plus de " : "") + std::to_string(count))
      .Set("waiting_split", followed.more ? "" : split)
      .Set("waiting_more", count > kWaitingMax);
}

void AddDone(View& view, Visit& visit, storage::Session& session) {
  view.SetList("done");
  const auto lines = storage::RecentlyDone(session, visit.visitor->person.id, visit.now - kWeekMs);
  for (const auto& line : lines) {
    const auto last = storage::LastJournal(session, line.task.project);
    const bool mine = last && CanTakeBack(visit, *last) && last->at == line.task.closed_at;
    view.AddRow("done")
        .Set("done_label", line.task.label)
        .Set("done_href", "/projets/" + line.number)
        .Set("done_number", line.number)
        .Set("done_title", line.title)
        .Set("done_when", workflows::FrenchInstant(line.task.closed_at))
        .Set("done_act", mine ? last->act : "");
  }
}

// « Vous agissez aussi pour Anne Martin, jusqu’au 21 août 2026 » and the other way round: the last
// day is one of the absence. Who has no account any more lends nothing and stands in for nobody.
void AddDelegations(View& view, Visit& visit, storage::Session& session) {
  view.SetList("delegations");
  const std::int64_t me = visit.visitor->person.id;
  const auto add = [&](std::int64_t other, const std::string& before, const std::string& after,
                       std::int64_t until) {
    const auto person = storage::FindPerson(session, other);
    if (!person || !person->active) return;
    view.AddRow("delegations")
        .Set("delegation",
             before + NameOf(*person) + after + workflows::FrenchDate(until - kLastSecondMs));
  };
  for (const auto& row : storage::DelegationsTo(session, me, visit.now)) {
    add(row.person, "Vous agissez aussi pour ", ", jusqu’au ", row.until_at);
  }
  for (const auto& row : storage::DelegationsOf(session, me, visit.now)) {
    add(row.delegate, "", " agit pour vous jusqu’au ", row.until_at);
  }
}

}  // namespace

Response TasksPage(Visit& visit) {
  View view;
  std::size_t count = 0;
  const auto& visitor = *visit.visitor;
  visit.services.database.Read([&](storage::Session& session) {
    const auto asked = workflows::WorklistOf(session, visitor.person.id, visit.now);
    count = asked.size();
    AddMine(view, session, asked, visit.now);
    AddSummary(view, asked, visit.now);
    AddWaiting(view, visit, session, asked);
    AddDone(view, visit, session);
    AddDoneNotice(view, visit, session);
    AddDelegations(view, visit, session);
    AddWorkload(view, visit, session);
  });
  std::string roles;
  for (const auto& held : visitor.roles) {
    const std::string label = RoleLabel(held.role);
    if (roles.find(label) == std::string::npos) roles += (roles.empty() ? "" : ", ") + label;
  }
  view.Set("mine_count", std::to_string(count))
      .Set("first_name", FirstName(visitor.person))
      .Set("my_roles", FirstUpper(roles))
      .Set("may_steer", !CheckRule(Rule::kSteering, visit.visitor));
  return Page(visit, 200, "tasks",
              (count > 0 ? "(" + std::to_string(count) + ") " : "") + "Mes tâches",
              std::move(view));
}

Response TakeBackAct(Visit& visit) {
  const auto answer = visit.services.desk.TakeBack(visit.project->number, visit.Parameter("act"),
                                                   {visit.visitor->person.id, ""}, visit.now);
  if (!answer) return ErrorPage(visit, 409, answer.refusal().sentence);
  return SeeOther("/projets/" + visit.project->number + "?fait=" + answer.value().act);
}

}  // namespace aiguillage::web
