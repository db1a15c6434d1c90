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
