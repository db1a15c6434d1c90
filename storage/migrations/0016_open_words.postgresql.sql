-- What anybody logged in may search by: title, number, administration, skills. Until its next act a
-- project has its title only, which stands before the word « . » in what was stored.
alter table project_text add column open tsvector not null default ''::tsvector;
update project_text t set open = coalesce((
  select array_to_tsvector(array_agg(w.lexeme)) from unnest(t.words) w, unnest(t.words) stop
  where stop.lexeme = '.' and w.positions[1] < stop.positions[1]), ''::tsvector);
create index project_text_open on project_text using gin (open);
