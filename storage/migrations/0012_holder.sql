-- A draft belongs to an action: two actions of a project may share a form, and each has its own.
-- What was kept by form alone cannot tell which action it was for, and goes.
drop table draft;
create table draft (
  project integer not null references project (id),
  action text not null,
  person integer not null references person (id) on delete cascade,
  form text not null,
  at integer not null,
  answers text not null,
  primary key (project, action, person)
) strict;
create index draft_person on draft (person);

-- What people write to each other about a project. kind: public (the project's own people read it),
-- internal (those who decide on it do). key: of the page it was written on, so that one message sent
-- twice is one message.
create table message (
  id integer primary key,
  project integer not null references project (id),
  person integer not null references person (id),
  role text not null,
  kind text not null check (kind in ('public', 'internal')),
  body text not null,
  at integer not null,
  key text not null unique
) strict;
create index message_project on message (project, id);
