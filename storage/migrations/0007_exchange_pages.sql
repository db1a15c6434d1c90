-- What a person completed of a dossier, beside what DS told, which stays as it came. The newest row
-- of a field counts; the others say who wrote what before. value: JSON, null takes it back.
create table dossier_correction (
  id integer primary key,
  number integer not null,
  field text not null,
  value text not null,
  person integer not null references person (id),
  at integer not null
) strict;
create index dossier_correction_number on dossier_correction (number, id);

-- A call's mapping as its pilot saved it; the newest version is in force. JSON null: the
-- definition's own file is, again.
create table call_mapping (
  call text not null references call (id),
  version integer not null,
  mapping text not null,
  person integer not null references person (id),
  at integer not null,
  primary key (call, version)
) strict;

-- The form of a démarche as last read, rewritten only when it changed.
create table descriptor (
  demarche integer not null primary key,
  revision text not null,
  at integer not null
) strict;
