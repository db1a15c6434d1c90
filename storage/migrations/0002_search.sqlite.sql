-- One row a project, under the project's id. Accents and case are ignored.
create virtual table project_text using fts5 (title, body, tokenize = 'unicode61 remove_diacritics 2');
