-- One row a project, under the project's id: its words as storage/text_words.cpp cuts them, accents
-- and case gone. No extension is needed, which a plain user could not create everywhere.
create table project_text (
  rowid integer not null primary key,
  words tsvector not null
);
create index project_text_words on project_text using gin (words);

-- The last group that each writing process committed, for the COMMIT whose answer was lost.
create table writer_mark (
  writer text not null primary key,
  mark integer not null,
  at integer not null
);
