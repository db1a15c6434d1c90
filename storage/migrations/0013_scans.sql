-- Files that the antivirus has not judged yet: looked for every half minute, hardly ever there.
create index file_waiting on file (id) where scan = 'waiting';
