-- The secret address of somebody's calendar of deadlines: one a person, of which only the digest is kept.
create table calendar_address (
  person integer primary key references person (id),
  token_hash text not null unique,
  made_at integer not null
) strict;
