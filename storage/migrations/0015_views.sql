-- A list as one filtered it, kept under a name by its reader. address: path and query of our own list.
create table saved_view (
  id integer primary key,
  person integer not null references person (id),
  name text not null,
  address text not null,
  at integer not null
) strict;
create unique index saved_view_name on saved_view (person, name);
-- Answers are told by groups of five or more, never one by one: whoever looks before and after an
-- answer would read it. part: the group, from 1; 0 while the group is too small.
alter table survey_answer add column part integer not null default 0;
update survey_answer set part = 1
  where survey in (select survey from survey_answer group by survey having count(*) >= 5);
-- In whose place somebody wrote, while they were absent.
alter table message add column on_behalf_of integer references person (id);
