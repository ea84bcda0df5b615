-- Occurrences whose evidence may not be deleted, whatever its age and the room.
CREATE TABLE holds (
  occurrence TEXT PRIMARY KEY,
  user       TEXT    NOT NULL,
  reason     TEXT    NOT NULL,
  at_ms      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Evidence that is gone and of which nobody has been told yet.
CREATE TABLE deletions (
  sha256     TEXT PRIMARY KEY,
  sm3        TEXT    NOT NULL,
  kind       TEXT    NOT NULL,
  bytes      INTEGER NOT NULL,
  event_id   TEXT    NOT NULL,
  created_ms INTEGER NOT NULL,
  deleted_ms INTEGER NOT NULL,
  why        TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
