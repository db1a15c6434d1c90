-- Readings of DS that took a while or brought something, the last ones of each démarche. Rewritten
-- while it goes on: a page shows how far another process has come.
create table exchange_run (
  id integer primary key,
  demarche integer not null,
  kind text not null check (kind in ('changes', 'whole', 'replay')),
  outcome text not null check (outcome in ('running', 'done', 'stopped', 'cut_off')),
  words text not null,
  started_at integer not null,
  told_at integer not null,
  expected integer not null,
  first_at integer not null,
  reached_at integer not null,
  seen integer not null,
  created integer not null,
  updated integer not null,
  held integer not null,
  failed integer not null
) strict;
create index exchange_run_demarche on exchange_run (demarche, id);
