#include "storage/purge.h"

#include <algorithm>

#include "storage/dialect.h"
#include "storage/session.h"

namespace aiguillage::storage {
namespace {

std::int64_t Number(Session& session, const std::string& sql) {
  std::int64_t count = 0;
  Query query(session, sql);
  query.Out(count).One();
  return count;
}

// The file hashes of the project that no other project names.
std::vector<std::string> OwnFiles(Session& session, std::int64_t project) {
  std::string hash;
  Query query(session,
              "select distinct f.hash from file f where f.project = :project and not exists"
              " (select 1 from file o where o.hash = f.hash and o.project <> f.project)"
              " order by f.hash");
  query.In("project", project).Out(hash);
  return query.All(hash);
}

void ForProject(Session& session, std::string_view sql, std::int64_t project) {
  Query query(session, sql);
  query.In("project", project).Run();
}

// Its lines in mails that told of several projects' deadlines: these are of no project.
void ForgetReminders(Session& session, std::int64_t project) {
  std::string number;
  Query named(session, "select number from project where id = :project");
  named.In("project", project).Out(number).One();
  struct Told {
    std::int64_t id = 0;
    nlohmann::json payload;
  } told;
  Query query(session,
              "select id, payload from outbox where project is null"
              " and topic = 'deadline_reminders' and payload like :pattern");
  query.In("pattern", "%" + number + " %").Out(told.id).Out(told.payload);
  for (auto& one : query.All(told)) {
    auto& items = one.payload["items"];
    for (std::size_t i = items.size(); i > 0; --i) {
      if (items[i - 1].value("label", "").starts_with(number + " ")) items.erase(i - 1);
    }
    Query update(session, "update outbox set payload = :payload where id = :id");
    update.In("payload", one.payload).In("id", one.id).Run();
  }
}

struct Rule {
  const char* words;
  const char* sql;  // counts what breaks it
};

const Rule kRules[] = {
    {"task without project",
     "select count(*) from task t left join project p on p.id = t.project where p.id is null"},
    {"timer without project",
     "select count(*) from timer t left join project p on p.id = t.project where p.id is null"},
    {"journal row without project",
     "select count(*) from journal j left join project p on p.id = j.project where p.id is null"},
    {"file without project",
     "select count(*) from file f left join project p on p.id = f.project where p.id is null"},
    {"document without project",
     "select count(*) from document d left join project p on p.id = d.project where p.id is null"},
    {"message without project",
     "select count(*) from message m left join project p on p.id = m.project where p.id is null"},
    {"document without its act in the journal",
     "select count(*) from document d left join journal j on j.act = d.act"
     " where d.act <> '' and j.act is null"},
    {"outbox row without its act in the journal",
     "select count(*) from outbox o left join journal j on j.act = o.act"
     " where o.project is not null and o.act <> '' and j.act is null"},
    {"project without journal",
     "select count(*) from project p where not exists"
     " (select 1 from journal j where j.project = p.id)"},
    {"journal row erased under a project that is not",
     "select count(*) from journal j join project p on p.id = j.project"
     " where j.erased = 1 and p.erased = 0"},
    {"person unknown to the record",
     "select count(*) from role_grant g left join person p on p.id = g.person where p.id is null"},
    {"pipeline count that differs from its projects",
     "select count(*) from (select call, coalesce(collection, '') as collection, state, due_at,"
     " count(*) as total from project group by call, coalesce(collection, ''), state, due_at) a"
     " full join project_count c"
     " on c.call = a.call and c.collection = a.collection and c.state = a.state"
     " and c.due_at = a.due_at"
     " where a.total is null or c.total is null or a.total <> c.total"},
    {"full-text row without project",
     "select count(*) from project_text where rowid not in (select id from project)"},
};

}  // namespace

std::vector<std::string> EraseProject(Session& session, std::int64_t project) {
  auto hashes = OwnFiles(session, project);
  static const char* kStatements[] = {
      "update journal set erased = 1, person = null, on_behalf_of = null, body = null, salt = null"
      " where project = :project",
      "delete from act_key where project = (select number from project where id = :project)",
      "delete from role_grant where scope ="
      " (select 'project:' || number from project where id = :project)",
      "delete from dossier_correction where number ="
      " (select dossier from project where id = :project)",
      "delete from dossier where number = (select dossier from project where id = :project)",
      "delete from dossier_thread where number ="
      " (select dossier from project where id = :project)",
      "delete from document where project = :project",
      "delete from draft where project = :project",
      "delete from message where project = :project",
      "delete from file where project = :project",
      // Mails of other projects that left in one of these, or were about to.
      "update outbox set lead = null, lease_until = 0,"
      " attempts = case when status = 'sending' then 0 else attempts end,"
      " status = case when status = 'sending' then 'pending' else status end"
      " where lead in (select id from outbox where project = :project)",
      "delete from outbox where project = :project",
      "delete from publication_slot where project = :project",
      "delete from task where project = :project",
      "delete from committee_item where project = :project",
      "delete from timer where project = :project",
      "delete from incident where project = :project",
      "delete from ds_conflict where project = :project",
      "delete from survey_answer where survey in (select id from survey where project = :project)",
      "delete from survey where project = :project",
      "update project set erased = 1, title = '', holder = null, administration = '', siret = '',"
      " snapshot = 'null', unfollowed = 1 where id = :project",
  };
  ForgetReminders(session, project);
  for (const char* sql : kStatements) ForProject(session, sql, project);
  ForProject(session, session.dialect().ForgetText(), project);
  session.memo().Forget();
  return hashes;
}

Counts CountRecord(Session& session) {
  Counts counts;
  counts.projects = Number(session, "select count(*) from project");
  counts.journal = Number(session, "select count(*) from journal");
  counts.erased = Number(session, "select count(*) from journal where erased = 1");
  return counts;
}

std::vector<std::string> FindOrphans(Session& session) {
  std::vector<std::string> found;
  for (const Rule& rule : kRules) {
    std::int64_t count = Number(session, rule.sql);
    if (count > 0) found.push_back(std::to_string(count) + " × " + rule.words);
  }
  return found;
}

}  // namespace aiguillage::storage
