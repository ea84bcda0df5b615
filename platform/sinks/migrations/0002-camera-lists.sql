-- Lists of cameras are found without reading every event.
CREATE INDEX events_cameras ON events (received_ms) WHERE type = 'system.cameras.v1';
