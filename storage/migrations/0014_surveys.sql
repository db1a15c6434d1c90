-- Anonymous surveys of published trainings, and who ended an incident, how and why.
-- definition: the questionnaire as it was when the survey was opened. token_hash: SHA-256 of the secret
-- in the link, which is nowhere else. closes_on: the last day, '' without.
create table survey (
  id integer primary key,
  project integer not null references project (id),
  form text not null,
  definition text not null references definition (hash),
  token_hash text not null unique,
  opened_at integer not null,
  opened_by integer references person (id),
  closes_on text not null,
  closed_at integer not null,
  closed_by integer references person (id)
) strict;
create index survey_project on survey (project, id);
create unique index survey_open on survey (project, form) where closed_at = 0;
-- Nobody's answer: no person, no address, no hour. Ids are drawn at random, so that they do not tell in
-- which order answers came.
create table survey_answer (
  id integer primary key,
  survey integer not null references survey (id),
  day text not null,
  answers text not null
) strict;
create index survey_answer_survey on survey_answer (survey);
-- choice: retry | mended | skip, '' while it is open or was closed before this was asked.
alter table incident add column closed_by integer references person (id);
alter table incident add column choice text not null default '';
alter table incident add column reason text not null default '';
create index incident_at on incident (at, id);
