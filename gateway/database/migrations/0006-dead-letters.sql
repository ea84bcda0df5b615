-- Events that will never count as delivered, and why: given up here (full, damaged, retention, too-big) or put aside by the
-- platform (rejected). The newest of each uplink stay.
CREATE TABLE dead_letters (
  n        INTEGER PRIMARY KEY,
  uplink   TEXT    NOT NULL,
  at_ms    INTEGER NOT NULL,
  why      TEXT    NOT NULL,
  detail   TEXT    NOT NULL,
  -- NULL: a run of several.
  event_id TEXT,
  events   INTEGER NOT NULL,
  -- A platform says the same of the same event once more after a session that broke.
  UNIQUE (uplink, event_id, why)
) STRICT;
