-- What a platform holds, in a schema of its own. An event is one row for ever, whatever box, epoch or number it came with.
CREATE TABLE events (
  id          text PRIMARY KEY,
  -- The transaction that stored it: a consumer that reads up to the oldest running one misses nothing (see events_after).
  tx          xid8        NOT NULL DEFAULT pg_current_xact_id(),
  n           bigint      GENERATED ALWAYS AS IDENTITY,
  gw          text        NOT NULL,
  epoch       text        NOT NULL,
  lane        smallint    NOT NULL,
  seq         bigint      NOT NULL,
  type        text        NOT NULL,
  time        text        NOT NULL,
  occurrence  text,
  severity    smallint,
  departments text[]      NOT NULL DEFAULT '{}',
  received    timestamptz NOT NULL,
  body        bytea       NOT NULL
);
CREATE INDEX events_order ON events (tx, n);
CREATE INDEX events_received ON events (received);
CREATE INDEX events_departments ON events USING gin (departments);

CREATE TABLE watermarks (
  gw      text     NOT NULL,
  epoch   text     NOT NULL,
  lane    smallint NOT NULL,
  acked   bigint   NOT NULL,
  last_id text     NOT NULL,
  PRIMARY KEY (gw, epoch, lane)
);

CREATE TABLE quarantine (
  gw       text        NOT NULL,
  epoch    text        NOT NULL,
  lane     smallint    NOT NULL,
  seq      bigint      NOT NULL,
  why      text        NOT NULL,
  received timestamptz NOT NULL,
  body     bytea       NOT NULL,
  PRIMARY KEY (gw, epoch, lane, seq)
);

CREATE TABLE gaps (
  gw       text        NOT NULL,
  epoch    text        NOT NULL,
  lane     smallint    NOT NULL,
  from_seq bigint      NOT NULL,
  to_seq   bigint      NOT NULL,
  reason   text        NOT NULL,
  received timestamptz NOT NULL,
  PRIMARY KEY (gw, epoch, lane, from_seq)
);

CREATE TABLE evidence (
  sha256     text PRIMARY KEY,
  sm3        text        NOT NULL,
  bytes      bigint      NOT NULL,
  media_type text        NOT NULL,
  gw         text        NOT NULL,
  event_id   text        NOT NULL,
  path       text        NOT NULL,
  received   timestamptz NOT NULL
);

-- What a consumer reads: the message as JSON, with its place in the order.
CREATE VIEW event_messages AS
  SELECT tx, n, id, gw, type, severity, departments, occurrence, time, received,
         convert_from(body, 'UTF8')::json AS message
  FROM events;

-- The next events for one department (null: for all) after a place. Numbers are given before a transaction is visible, so
-- "greater than the last number" alone would miss rows; what a running transaction may still add is left for the next call.
CREATE FUNCTION events_after(department text, after_tx xid8, after_n bigint, most integer DEFAULT 500)
RETURNS SETOF event_messages LANGUAGE sql STABLE AS $$
  SELECT * FROM event_messages
  WHERE (tx, n) > (after_tx, after_n)
    AND tx < pg_snapshot_xmin(pg_current_snapshot())
    AND (department IS NULL OR departments @> ARRAY[department])
  ORDER BY tx, n LIMIT most
$$;

-- A word on the channel xueliang_events, once per statement: "look now". What there is to see, events_after tells.
CREATE FUNCTION tell_of_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('xueliang_events', '');
  RETURN NULL;
END $$;
CREATE TRIGGER events_told AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION tell_of_events();
