-- What projects' documents tell in numbers, by name (figures.json beside the rails), and the
-- sums of it, by month of the application; collection '*' for all of them. Values in hundredths;
-- weight: how many answers a value stands for, 1 for others.
create table fact (
  project integer not null references project (id),
  name text not null,
  value integer not null,
  weight integer not null,
  primary key (project, name)
) strict;
create table fact_sum (
  call text not null,
  collection text not null,
  name text not null,
  month integer not null,
  total integer not null,
  weight integer not null,
  value integer not null,
  weighted integer not null,
  primary key (call, collection, name, month)
) strict;
create index fact_sum_empty on fact_sum (total) where total = 0;
update project set unfollowed = 1 where unfollowed = 0;
