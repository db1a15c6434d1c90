-- Keys by which programs read for somebody: only the digest is kept. used_at: 0 before the first time;
-- ended_at: 0 while it opens.
create table api_key (
  id integer primary key,
  person integer not null references person (id),
  label text not null,
  token_hash text not null unique,
  made_at integer not null,
  used_at integer not null default 0,
  ended_at integer not null default 0
) strict;
create index api_key_person on api_key (person) where ended_at = 0;
