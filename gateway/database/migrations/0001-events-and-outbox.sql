-- What outlives a power cut. One file, so that an event and its place in the outbox are one commit.
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- n counts up without gaps within one epoch of this file; hash is SHA-256(previous hash, id, SHA-256(body)).
CREATE TABLE events (
  n           INTEGER PRIMARY KEY,
  id          TEXT    NOT NULL UNIQUE,
  occurrence  TEXT    NOT NULL,
  phase       TEXT    NOT NULL,
  type        TEXT    NOT NULL,
  camera      TEXT    NOT NULL,
  severity    INTEGER NOT NULL,
  at_ms       INTEGER NOT NULL,
  recorded_ms INTEGER NOT NULL,
  body        BLOB    NOT NULL,
  hash        BLOB    NOT NULL,
  crc         INTEGER NOT NULL
) STRICT;

-- A row is not yet acknowledged while seq > lanes.acked.
CREATE TABLE outbox (
  uplink TEXT    NOT NULL,
  lane   INTEGER NOT NULL,
  seq    INTEGER NOT NULL,
  event  INTEGER NOT NULL REFERENCES events (n),
  bytes  INTEGER NOT NULL,
  PRIMARY KEY (uplink, lane, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_event ON outbox (event);

CREATE TABLE lanes (
  uplink TEXT    NOT NULL,
  lane   INTEGER NOT NULL,
  head   INTEGER NOT NULL,
  acked  INTEGER NOT NULL,
  PRIMARY KEY (uplink, lane)
) STRICT, WITHOUT ROWID;

-- Numbers of a lane count within one epoch; a new epoch numbers what is kept anew.
CREATE TABLE epochs (
  uplink TEXT PRIMARY KEY,
  epoch  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Runs of events that had to be given up; each is told to the platform before the lane goes on.
CREATE TABLE gaps (
  uplink   TEXT    NOT NULL,
  lane     INTEGER NOT NULL,
  from_seq INTEGER NOT NULL,
  to_seq   INTEGER NOT NULL,
  reason   TEXT    NOT NULL,
  PRIMARY KEY (uplink, lane, from_seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
  sha256     TEXT PRIMARY KEY,
  sm3        TEXT    NOT NULL,
  bytes      INTEGER NOT NULL,
  media_type TEXT    NOT NULL,
  kind       TEXT    NOT NULL,
  event_id   TEXT    NOT NULL,
  created_ms INTEGER NOT NULL,
  state      TEXT    NOT NULL DEFAULT 'kept'  -- kept | missing | evicted
) STRICT, WITHOUT ROWID;

CREATE TABLE uploads (
  uplink TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  state  TEXT NOT NULL,                        -- waiting | acked | parked | expired
  bad    INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (uplink, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX uploads_waiting ON uploads (uplink, state);

CREATE TABLE occurrences (
  id   TEXT PRIMARY KEY,
  lane INTEGER NOT NULL,
  body TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
