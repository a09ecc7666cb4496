-- A report ends the forms about its person: found by the person, not by going through everybody's.
CREATE INDEX sessions_person ON sessions (day, person);
