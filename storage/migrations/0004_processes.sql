-- What several processes on one record must know of each other.

-- How often a source asked for a log-in link within the hour, whichever process it asked. `who` is a
-- digest; rows are deleted with their hour.
create table request_count (
  who text not null primary key,
  since_at integer not null,
  total integer not null
) strict;

-- Work that one of them does at a time: reading DS.
create table lease (
  name text not null primary key,
  holder text not null,
  until_at integer not null
) strict;
