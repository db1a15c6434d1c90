-- Who asked to be told of a call, without an account: the address counts once the link mailed to it was
-- used, and the row goes when they end it. token_hash: SHA-256 of the secret of that link.
create table call_subscriber (
  id integer primary key,
  call text not null references call (id),
  address text not null,
  token_hash text not null unique,
  asked_at integer not null,
  confirmed_at integer not null,
  unique (call, address)
) strict;
create index call_subscriber_waiting on call_subscriber (asked_at) where confirmed_at = 0;
-- What the public calendar last said of a project: every change is counted, so that other calendars move the
-- day they hold, and a day that will not be is told, not left out. day: the last one announced; moved_from:
-- the one before it, '' when it never moved.
create table publication_slot (
  project integer not null primary key references project (id),
  day text not null,
  moved_from text not null,
  changes integer not null,
  changed_at integer not null
) strict;
insert into publication_slot (project, day, moved_from, changes, changed_at)
  select id, publication_on, '', version, since_at from project where publication_on <> '' and erased = 0;
-- Mails to who has no account, found again when they want to be forgotten.
create index outbox_outsider on outbox (address) where person is null and project is null;
