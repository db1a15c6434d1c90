-- Since when nobody has looked at a training that is online: the day it was published or, if later,
-- of its last review (figures.json beside the rails names those acts); 0 for what is not online.
-- The sums of it are by collection only.
alter table reach add column reviewed_day integer not null default 0;
create index reach_reviewed on reach (call, reviewed_day, project) where reviewed_day > 0;
create table reviewed_count (
  call text not null,
  collection text not null,
  day integer not null,
  total integer not null,
  primary key (call, collection, day)
) strict;
create index reviewed_count_empty on reviewed_count (total) where total = 0;
-- The rows behind a sum of what documents tell, and those told by few answers.
create index fact_named on fact (name, weight, project);
update project set unfollowed = 1 where unfollowed = 0;
