#include "storage/publication_slots.h"

#include <algorithm>

#include "storage/of_calls.h"
#include "storage/project_columns.h"

namespace aiguillage::storage {
namespace {

bool SaysTheSame(const Project& one, const Project& other) {
  const auto ended = [](const Project& project) {
    return project.ended_at > 0 || project.state == "suspended";
  };
  return one.publication_on == other.publication_on && one.course_url == other.course_url &&
         one.title == other.title && one.collection == other.collection &&
         ended(one) == ended(other);
}

std::vector<PublicationSlot> SlotsWhere(Session& session, const std::string& from) {
  PublicationSlot slot;
  Query query(session,
              "select " + kProjectColumns +
                  ", coalesce(s.day, p.publication_on), coalesce(s.moved_from, ''),"
                  " coalesce(s.changes, p.version), coalesce(s.changed_at, p.since_at) from " +
                  from + " and p.erased = 0 order by 22 desc, p.id limit 1000");
  OutProject(query, slot.project)
      .Out(slot.day)
      .Out(slot.moved_from)
      .Out(slot.changes)
      .Out(slot.changed_at);
  return query.All(slot);
}

}  // namespace

void KeepSlot(Session& session, const Project& before, const Project& after, std::int64_t now) {
  if (before.publication_on.empty() && after.publication_on.empty()) return;
  if (SaysTheSame(before, after)) return;
  Query query(session,
              "insert into publication_slot (project, day, moved_from, changes, changed_at)"
              " values (:project, :day, '', 0, :now) on conflict (project) do update set"
              " moved_from = case when excluded.day in ('', publication_slot.day)"
              " then publication_slot.moved_from else publication_slot.day end,"
              " day = case when excluded.day = '' then publication_slot.day else excluded.day end,"
              " changes = publication_slot.changes + 1, changed_at = excluded.changed_at");
  query.In("project", after.id).In("day", after.publication_on).In("now", now).Run();
}

std::vector<PublicationSlot> PublicationSlots(Session& session) {
  auto slots = SlotsWhere(session,
                          "project p left join publication_slot s on s.project = p.id"
                          " where p.publication_on <> ''");
  // Announced once, and without a day now.
  for (auto& dropped : SlotsWhere(session,
                                  "publication_slot s join project p on p.id = s.project"
                                  " where p.publication_on = '' and s.day <> ''")) {
    slots.push_back(std::move(dropped));
  }
  return slots;
}

std::vector<Project> PublishedBetween(Session& session, const std::string& from,
                                      const std::string& to,
                                      const std::optional<std::vector<std::string>>& calls) {
  Project project;
  Query query(session, "select " + kProjectColumns +
                           " from project p where p.publication_on <> ''"
                           " and p.publication_on between :from and :to and p.course_url <> ''"
                           " and p.ended_at = 0 and p.erased = 0 and p.state <> 'suspended'" +
                           AmongCalls("p.call", calls) + " order by p.publication_on, p.id");
  query.In("from", from).In("to", to);
  BindCalls(query, calls);
  return OutProject(query, project).All(project);
}

}  // namespace aiguillage::storage
