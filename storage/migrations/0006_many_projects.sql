-- The pipeline's figures by due date too, so that what is late is summed and never searched for: a
-- deadline ends with its day, so that a cell has few dates. A row goes when its total comes to zero.
drop table project_count;
create table project_count (
  call text not null,
  collection text not null,
  state text not null,
  due_at integer not null,
  total integer not null,
  primary key (call, collection, state, due_at)
) strict;
insert into project_count (call, collection, state, due_at, total)
  select call, coalesce(collection, ''), state, due_at, count(*) from project
  group by call, coalesce(collection, ''), state, due_at;
-- What a lead follows: the projects of a collection, soonest first.
create index project_collection_due on project (collection, due_at);
