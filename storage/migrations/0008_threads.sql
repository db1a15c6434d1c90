-- What is said around a dossier in DS: messages, opinions, attestation. It moves without the dossier's
-- content, so it has no versions: the last of it is kept, as received but for addresses.
create table dossier_thread (
  number integer not null primary key,
  hash text not null,
  raw text not null,
  at integer not null
) strict;
