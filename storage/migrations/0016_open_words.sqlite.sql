-- The open words are FTS5's own column « title »: a project has its title there until its next act.
select 1;
