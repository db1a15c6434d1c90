-- Where projects stand and since when, states within a column too: what the drawing of the rails
-- tells the age by.
create index stay_lasting on stay (call, state, entered_day) where left_day is null;
