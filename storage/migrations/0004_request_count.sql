-- How often a source asked for a log-in link within the hour, whichever process it asked. `who` is a
-- digest; rows are deleted with their hour.
create table request_count (
  who text not null primary key,
  since_at integer not null,
  total integer not null
) strict;
