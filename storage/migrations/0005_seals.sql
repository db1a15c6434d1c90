-- The journal's daily seal: one digest over the heads of all chains, itself a chain. Who rewrites a
-- project's whole chain, consistently, meets the head that was sealed.
create table seal (
  day text not null primary key,
  at integer not null,
  heads integer not null,
  previous text not null,
  hash text not null
) strict;

-- Heads that the seal of that day was the first to cover; the others were covered before.
create table seal_head (
  project integer not null references project (id),
  seq integer not null,
  hash text not null,
  day text not null references seal (day),
  primary key (project, seq)
) strict;
create index seal_head_day on seal_head (day, project);
