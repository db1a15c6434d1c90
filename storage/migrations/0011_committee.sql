-- A sitting of the committee, its agenda, and what is decided there but not yet released: until then
-- only the committee and DGAFP see it. act: the journalled act a decision became, '' before.
create table committee_session (
  id integer primary key,
  call text not null references call (id),
  held_on text not null,
  note text not null,
  person integer not null references person (id),
  at integer not null
) strict;
create index committee_session_call on committee_session (call, held_on);

create table committee_item (
  session integer not null references committee_session (id),
  project integer not null references project (id),
  decision text not null,
  answers text not null,
  key text not null,
  person integer references person (id),
  at integer not null,
  act text not null,
  primary key (session, project)
) strict;
create index committee_item_project on committee_item (project);
create index committee_item_act on committee_item (act) where act <> '';
