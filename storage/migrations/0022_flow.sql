-- How projects have moved: the stays of each in the states that have a label, read from its journal
-- by workflows/flow after the act, and what they sum up to. Days are counted from 1970-01-01, of
-- Paris; left_day is null while the stay lasts. side_…: milliseconds in whose hands.
alter table project add column unfollowed integer not null default 1;
create index project_unfollowed on project (id) where unfollowed = 1;

create table stay (
  project integer not null references project (id),
  n integer not null,
  call text not null,
  collection text not null,
  state text not null,
  whole integer not null,
  pass integer not null,
  next text not null,
  entered_at integer not null,
  left_at integer not null,
  entered_day integer not null,
  left_day integer,
  side_holder integer not null,
  side_lead integer not null,
  side_reviewer integer not null,
  side_office integer not null,
  side_nobody integer not null,
  primary key (project, n)
) strict;
create index stay_entered on stay (call, state, entered_day, project);
create index stay_left on stay (call, state, left_day, project) where left_day is not null;

-- What a project adds to the funnel: one row a project.
create table reach (
  project integer not null primary key references project (id),
  call text not null,
  collection text not null,
  administration text not null,
  month integer not null,
  phase text not null,
  outcome text not null
) strict;
create index reach_cell on reach (call, phase, outcome, project);

-- Sums: of whole stays by day (arrived: the first of a project; still: entered then, not left), of
-- finished stays by how long they took, of `reach`. A row goes when its total
-- comes to zero. Each sum is kept by collection, and once more for all of them under '*'. month: year * 12 + month - 1, of leaving, of the application.
create table flow_day (
  call text not null,
  collection text not null,
  state text not null,
  day integer not null,
  arrived integer not null,
  entered integer not null,
  gone integer not null,
  still integer not null,
  primary key (call, collection, state, day)
) strict;
create table stay_count (
  call text not null,
  collection text not null,
  state text not null,
  next text not null,
  month integer not null,
  days integer not null,
  pass integer not null,
  total integer not null,
  side_holder integer not null,
  side_lead integer not null,
  side_reviewer integer not null,
  side_office integer not null,
  side_nobody integer not null,
  primary key (call, collection, state, days, next, pass, month)
) strict;
create table reach_count (
  call text not null,
  collection text not null,
  administration text not null,
  month integer not null,
  phase text not null,
  outcome text not null,
  total integer not null,
  primary key (call, collection, phase, outcome, administration, month)
) strict;
-- What has come to zero is found without looking at the rest.
create index flow_day_empty on flow_day (entered) where entered = 0 and gone = 0;
create index stay_count_empty on stay_count (total) where total = 0;
create index reach_count_empty on reach_count (total) where total = 0;
