-- The words of a message as the pilot of a call wrote them, for the whole call (collection '') or for
-- one collection; the newest version is in force. removed: the rails' own words are, again.
create table mail_text (
  call text not null references call (id),
  message text not null,
  collection text not null,
  version integer not null,
  removed integer not null,
  words text not null,
  html text not null,
  person integer not null references person (id),
  at integer not null,
  primary key (call, message, collection, version)
) strict;
