-- The record. One text for both databases: storage/dialect.cpp turns « integer » into « bigint »,
-- « integer primary key » into an identity and drops « strict » for PostgreSQL.
-- Times (…_at) are epoch milliseconds UTC, 0 = not yet; dates are ISO text; JSON is canonical text.
-- due_at is 253402300799999 (year 9999) where nothing is due, so that it sorts last by its index.
-- A reference that may be missing is null here and 0 (or "") in C++.

create table call (
  id text not null primary key,
  title text not null,
  definition text not null,
  demarche integer not null,
  opens text not null,
  closes text not null,
  status text not null check (status in ('draft', 'published', 'closed', 'archived')),
  settings text not null
) strict;

create table collection (
  slug text not null primary key,
  parent text references collection (slug),
  label text not null,
  entity text not null,
  orientation text not null,
  position integer not null
) strict;

create table definition (
  hash text not null primary key,
  name text not null,
  taken_at integer not null
) strict;
create index definition_newest on definition (name, taken_at);

create table definition_file (
  definition text not null references definition (hash),
  path text not null,
  content text not null,
  primary key (definition, path)
) strict;

create table person (
  id integer primary key,
  email text not null unique,
  name text not null,
  siret text not null,
  phone text not null,
  active integer not null,
  created_at integer not null
) strict;

-- « grant » is a word of SQL.
create table role_grant (
  id integer primary key,
  person integer not null references person (id),
  role text not null,
  scope text not null,
  granted_at integer not null,
  ended_at integer not null
) strict;
create unique index role_grant_running on role_grant (person, role, scope) where ended_at = 0;
create index role_grant_holders on role_grant (role, scope, person) where ended_at = 0;
create index role_grant_scope on role_grant (scope);

create table delegation (
  id integer primary key,
  person integer not null references person (id),
  delegate integer not null references person (id),
  scope text not null,
  from_at integer not null,
  until_at integer not null
) strict;
create index delegation_delegate on delegation (delegate, until_at);
create index delegation_person on delegation (person, until_at);

create table login_link (
  token_hash text not null primary key,
  person integer not null references person (id),
  created_at integer not null check (created_at > 0),
  expires_at integer not null,
  consumed_at integer not null,
  reusable integer not null,
  next text not null
) strict;
create index login_link_person on login_link (person, created_at);

create table web_session (
  token_hash text not null primary key,
  person integer not null references person (id),
  auth_method text not null,
  csrf text not null,
  created_at integer not null,
  seen_at integer not null
) strict;
create index web_session_person on web_session (person);

create table project_counter (
  year integer not null primary key,
  last integer not null
) strict;

create table project (
  id integer primary key,
  number text not null unique,
  call text not null references call (id),
  definition text not null references definition (hash),
  title text not null,
  collection text references collection (slug),
  holder integer references person (id),
  administration text not null,
  siret text not null,
  dossier integer,
  version integer not null,
  states text not null,
  state text not null,
  file_holder text not null,
  since_at integer not null,
  due_at integer not null,
  created_at integer not null,
  ended_at integer not null,
  erased integer not null default 0,
  snapshot text not null
) strict;
create unique index project_dossier on project (dossier) where dossier is not null;
create index project_state on project (call, state, due_at);
create index project_collection on project (collection, state, due_at);
create index project_due on project (due_at, id, call, collection, state);
create index project_holder on project (holder);
create index project_ended on project (ended_at) where ended_at > 0;

-- What a GROUP BY would count, kept by the same transaction. collection is '' without one.
create table project_count (
  call text not null,
  collection text not null,
  state text not null,
  total integer not null,
  primary key (call, collection, state)
) strict;

create table journal (
  project integer not null references project (id),
  seq integer not null,
  act text not null unique,
  action text not null,
  role text not null,
  at integer not null,
  states text not null,
  definition text not null,
  digest text not null,
  previous text not null,
  hash text not null,
  erased integer not null,
  person integer references person (id),
  on_behalf_of integer references person (id),
  body text,
  salt text,
  primary key (project, seq)
) strict;
create index journal_at on journal (at);

-- project: the number found in the answer, so that erasing a project finds its answers.
create table act_key (
  key text not null primary key,
  digest text not null,
  answer text not null,
  project text not null,
  at integer not null
) strict;
create index act_key_project on act_key (project);
create index act_key_at on act_key (at);

create table task (
  id integer primary key,
  project integer not null references project (id),
  state text not null,
  action text not null,
  label text not null,
  role text not null,
  assignee text not null,
  since_at integer not null,
  due_at integer not null,
  version integer not null,
  status text not null check (status in ('open', 'done', 'withdrawn')),
  closed_at integer not null,
  closed_by integer references person (id)
) strict;
create index task_project on task (project, status);
create index task_worklist on task (assignee, due_at, id) where status = 'open';
create index task_role on task (role) where status = 'open';
create index task_closed_by on task (closed_by, closed_at) where closed_by is not null;

create table timer (
  id integer primary key,
  project integer not null references project (id),
  kind text not null check (kind in ('deadline', 'send')),
  event text not null,
  owner text not null,
  send_id text not null,
  rule text not null,
  resume text not null,
  started_at integer not null,
  due_at integer not null,
  status text not null check (status in ('waiting', 'stopped', 'fired', 'cancelled')),
  stopped_at integer not null,
  remaining_days integer not null,
  data text not null
) strict;
create index timer_project on timer (project);
create index timer_due on timer (due_at, id) where status = 'waiting';

create table outbox (
  id integer primary key,
  kind text not null check (kind in ('mail', 'ds')),
  key text not null unique,
  project integer references project (id),
  act text not null,
  topic text not null,
  person integer references person (id),
  address text not null,
  copy integer not null,
  payload text not null,
  status text not null check (status in ('pending', 'sending', 'sent', 'uncertain', 'failed',
    'withdrawn', 'skipped', 'not_configured', 'not_deliverable')),
  detail text not null,
  attempts integer not null,
  created_at integer not null,
  not_before integer not null,
  lease_until integer not null,
  done_at integer not null
) strict;
create index outbox_project on outbox (project, id);
create index outbox_act on outbox (act);
create index outbox_status on outbox (status, kind, id);
create index outbox_pending on outbox (kind, not_before, id) where status = 'pending';
create index outbox_sending on outbox (kind, lease_until, id) where status = 'sending';

create table document (
  id integer primary key,
  project integer not null references project (id),
  form text not null,
  version integer not null,
  person integer references person (id),
  act text not null,
  at integer not null,
  answers text not null,
  taken_back integer not null,
  unique (project, form, version)
) strict;
create index document_act on document (act);

create table draft (
  project integer not null references project (id),
  form text not null,
  person integer not null references person (id),
  at integer not null,
  answers text not null,
  primary key (project, form, person)
) strict;

create table file (
  id integer primary key,
  project integer not null references project (id),
  hash text not null,
  name text not null,
  type text not null,
  size integer not null,
  source text not null,
  field text not null,
  scan text not null,
  person integer references person (id),
  at integer not null
) strict;
create index file_project on file (project);
create index file_hash on file (hash);

create table dossier (
  number integer not null,
  version integer not null,
  demarche integer not null,
  node text not null,
  hash text not null,
  ds_state text not null,
  raw text not null,
  at integer not null,
  status text not null check (status in ('received', 'files', 'project', 'quarantined', 'superseded')),
  reasons text not null,
  primary key (number, version)
) strict;
create index dossier_status on dossier (status, number);
create index dossier_demarche on dossier (demarche, number);

create table ds_cursor (
  demarche integer not null,
  kind text not null,
  value text not null,
  primary key (demarche, kind)
) strict;

create table setting (
  name text not null primary key,
  value text not null
) strict;

create table incident (
  id integer primary key,
  project integer references project (id),
  kind text not null,
  sentence text not null,
  at integer not null,
  closed_at integer not null
) strict;
create unique index incident_open on incident (coalesce(project, 0), kind) where closed_at = 0;
