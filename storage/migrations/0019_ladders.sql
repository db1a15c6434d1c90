-- How a deadline's instant was counted, so that a changed calendar moves it; the one extension that
-- somebody may have granted; and the next step of its ladder of reminders, found by its instant.
alter table timer add column counts text not null default '';
alter table timer add column counts_from integer not null default 0;
alter table timer add column extension text not null default '';
alter table timer add column extended_at integer not null default 0;
alter table timer add column rung integer not null default 0;
alter table timer add column rung_at integer not null default 0;
update timer set counts = rule, counts_from = started_at where kind = 'deadline';
create index timer_rung on timer (rung_at, id) where rung_at > 0;
-- The mail of reminders that still waits for a person: what falls due meanwhile joins it.
create index outbox_reminders on outbox (person)
  where status = 'pending' and topic = 'deadline_reminders';
