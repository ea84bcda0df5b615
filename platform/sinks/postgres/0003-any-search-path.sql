-- The same for whoever asks, whatever the search path of his connection is.
CREATE OR REPLACE FUNCTION events_after(department text, after_tx xid8, after_n bigint, most integer DEFAULT 500)
RETURNS SETOF event_messages LANGUAGE sql STABLE AS $$
  SELECT * FROM xueliang.event_messages
  WHERE (tx, n) > (after_tx, after_n)
    AND tx < pg_snapshot_xmin(pg_current_snapshot())
    AND (department IS NULL OR departments @> ARRAY[department])
  ORDER BY tx, n LIMIT most
$$;
