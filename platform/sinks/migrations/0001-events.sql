-- What a platform holds. An event is one row for ever, whatever box, epoch or number it came with.
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  id          TEXT PRIMARY KEY,
  gw          TEXT    NOT NULL,
  epoch       TEXT    NOT NULL,
  lane        INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  type        TEXT    NOT NULL,
  time        TEXT    NOT NULL,
  occurrence  TEXT,
  severity    INTEGER,
  received_ms INTEGER NOT NULL,
  body        BLOB    NOT NULL
) STRICT;
CREATE INDEX events_received ON events (received_ms);

CREATE TABLE watermarks (
  gw      TEXT    NOT NULL,
  epoch   TEXT    NOT NULL,
  lane    INTEGER NOT NULL,
  acked   INTEGER NOT NULL,
  last_id TEXT    NOT NULL,
  PRIMARY KEY (gw, epoch, lane)
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (
  gw          TEXT    NOT NULL,
  epoch       TEXT    NOT NULL,
  lane        INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  why         TEXT    NOT NULL,
  received_ms INTEGER NOT NULL,
  body        BLOB    NOT NULL,
  PRIMARY KEY (gw, epoch, lane, seq)
) STRICT;

CREATE TABLE gaps (
  gw          TEXT    NOT NULL,
  epoch       TEXT    NOT NULL,
  lane        INTEGER NOT NULL,
  from_seq    INTEGER NOT NULL,
  to_seq      INTEGER NOT NULL,
  reason      TEXT    NOT NULL,
  received_ms INTEGER NOT NULL,
  PRIMARY KEY (gw, epoch, lane, from_seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
  sha256      TEXT PRIMARY KEY,
  sm3         TEXT    NOT NULL,
  bytes       INTEGER NOT NULL,
  media_type  TEXT    NOT NULL,
  gw          TEXT    NOT NULL,
  event_id    TEXT    NOT NULL,
  path        TEXT    NOT NULL,
  received_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
