-- What the register does not show to everybody: counting the others went through every project.
create index project_hidden on project (call, collection, state)
  where ended_at > 0 and course_url = '';
