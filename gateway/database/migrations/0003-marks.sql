-- What people said of occurrences; the events themselves are never changed.
CREATE TABLE marks (
  occurrence TEXT PRIMARY KEY,
  mark       TEXT    NOT NULL,  -- true | false | unsure
  note       TEXT,
  user       TEXT    NOT NULL,
  at_ms      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX events_phase ON events (phase, at_ms);
