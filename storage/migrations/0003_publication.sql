-- What <aap:set> says of a training's publication: the calendar lists it, nothing else of a project
-- is public. publication_on is an ISO date, '' without.
alter table project add column publication_on text not null default '';
alter table project add column course_url text not null default '';
create index project_publication on project (publication_on) where publication_on <> '';
