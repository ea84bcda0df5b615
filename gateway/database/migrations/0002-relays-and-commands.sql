-- Events of other gateways have numbers below zero: they are no part of this box's own chain, which counts up from one.
-- via: JSON list of the gateways that an event passed, this one included; NULL for an event of this box.
ALTER TABLE events ADD COLUMN via TEXT;
CREATE INDEX events_occurrence ON events (occurrence);

-- 1: acknowledged out of its turn, while the watermark of its lane is still before it.
ALTER TABLE outbox ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;

-- A relay's knowledge of the lanes of the gateways behind it; final: how far the last platform of the way has them.
CREATE TABLE relay_marks (
  gw      TEXT    NOT NULL,
  epoch   TEXT    NOT NULL,
  lane    INTEGER NOT NULL,
  acked   INTEGER NOT NULL,
  last_id TEXT    NOT NULL,
  final   INTEGER NOT NULL,
  PRIMARY KEY (gw, epoch, lane)
) STRICT, WITHOUT ROWID;

-- Numbers of those lanes that are here and not yet everywhere they go to.
CREATE TABLE relay_waiting (
  gw    TEXT    NOT NULL,
  epoch TEXT    NOT NULL,
  lane  INTEGER NOT NULL,
  seq   INTEGER NOT NULL,
  event INTEGER NOT NULL,
  PRIMARY KEY (gw, epoch, lane, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX relay_waiting_event ON relay_waiting (event);

-- What gateways behind this one sent and is no event, with its bytes.
CREATE TABLE relay_quarantine (
  gw    TEXT    NOT NULL,
  epoch TEXT    NOT NULL,
  lane  INTEGER NOT NULL,
  seq   INTEGER NOT NULL,
  why   TEXT    NOT NULL,
  at_ms INTEGER NOT NULL,
  body  BLOB    NOT NULL,
  PRIMARY KEY (gw, epoch, lane, seq)
) STRICT;

-- Commands that were accepted or refused; the answer is kept, so that the same command has its effect once.
CREATE TABLE commands (
  cmd     TEXT PRIMARY KEY,
  counter INTEGER NOT NULL,
  key     TEXT    NOT NULL,
  op      TEXT    NOT NULL,
  uplink  TEXT    NOT NULL,
  at_ms   INTEGER NOT NULL,
  state   TEXT    NOT NULL,  -- accepted | running | done | failed | denied | expired
  detail  TEXT    NOT NULL,
  body    BLOB    NOT NULL
) STRICT;

-- Who may command: what gateway.yaml names, and what was changed since by command. counter: the highest one seen.
CREATE TABLE command_keys (
  id      TEXT PRIMARY KEY,
  alg     TEXT    NOT NULL,
  public  TEXT    NOT NULL,
  state   TEXT    NOT NULL,  -- trusted | offered | revoked
  counter INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- hash: SHA-256(previous hash, body).
CREATE TABLE audit (
  n     INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  body  TEXT    NOT NULL,
  hash  BLOB    NOT NULL
) STRICT;

-- A change that goes back by itself unless a platform is reached under it.
CREATE TABLE config_trials (
  cmd      TEXT PRIMARY KEY,
  at_ms    INTEGER NOT NULL,
  file     TEXT    NOT NULL,
  before   BLOB    NOT NULL,
  revision TEXT    NOT NULL
) STRICT;
