-- Where DS and we decided otherwise of one dossier: what each said, and how a person settled it. While
-- one is open nothing more is told of its project. here, there: JSON {state, motivation, by, at}.
create table ds_conflict (
  id integer primary key,
  project integer not null references project (id),
  outbox integer not null,
  here text not null,
  there text not null,
  opened_at integer not null,
  closed_at integer not null,
  closed_by integer references person (id),
  choice text not null,
  reason text not null
) strict;
create index ds_conflict_project on ds_conflict (project, id);
create unique index ds_conflict_open on ds_conflict (project) where closed_at = 0;
create index ds_conflict_oldest on ds_conflict (closed_at, id);
