-- How often somebody wants which kind of mail; without a row the house's own pace holds.
create table mail_pace (
  person integer not null references person (id),
  kind text not null,
  pace text not null,
  primary key (person, kind)
) strict;
-- pace: '' leaves by itself; else the row may leave in one mail with others of its person, and `lead` is
-- the row that carries it.
alter table outbox add column pace text not null default '';
alter table outbox add column lead integer references outbox (id);
create index outbox_paced on outbox (person, not_before) where status = 'pending' and pace <> '';
create index outbox_lead on outbox (lead) where lead is not null;
-- What a mail server said when it refused somebody's address for good, '' while it takes mails.
alter table person add column refused text not null default '';
create index person_refused on person (id) where refused <> '';
