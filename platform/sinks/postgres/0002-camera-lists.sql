-- Lists of cameras are found without reading every event.
CREATE INDEX events_cameras ON events (tx, n) WHERE type = 'system.cameras.v1';
