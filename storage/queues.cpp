#include "storage/queues.h"

#include "storage/session.h"

namespace aiguillage::storage {

std::vector<Queue> Queues(Session& session, std::int64_t now) {
  std::vector<Queue> queues;
  for (const char* kind : {"mail", "ds"}) {
    Queue queue{std::string(kind) == "mail" ? "mails" : kind};
    Query(session,
          "select count(*), coalesce(min(not_before), 0) from outbox"
          " where kind = :kind and status = 'pending' and not_before <= :now")
        .In("kind", std::string(kind))
        .In("now", now)
        .Out(queue.waiting)
        .Out(queue.oldest_at)
        .One();
    queues.push_back(queue);
  }
  Queue timers{"timers"};
  Query(session,
        "select count(*), coalesce(min(due_at), 0) from timer"
        " where status = 'waiting' and due_at <= :now")
      .In("now", now)
      .Out(timers.waiting)
      .Out(timers.oldest_at)
      .One();
  queues.push_back(timers);
  Queue dossiers{"dossiers"}, quarantined{"quarantined"};
  Query(session,
        "select count(*), coalesce(min(at), 0) from dossier where status in ('received', 'files')")
      .Out(dossiers.waiting)
      .Out(dossiers.oldest_at)
      .One();
  Query(session, "select count(*), coalesce(min(at), 0) from dossier where status = 'quarantined'")
      .Out(quarantined.waiting)
      .Out(quarantined.oldest_at)
      .One();
  queues.push_back(dossiers);
  queues.push_back(quarantined);
  return queues;
}

std::int64_t ProjectsHeld(Session& session) {
  std::int64_t held = 0;
  Query(session, "select cast(coalesce(sum(total), 0) as bigint) from project_count")
      .Out(held)
      .One();
  return held;
}

}  // namespace aiguillage::storage
