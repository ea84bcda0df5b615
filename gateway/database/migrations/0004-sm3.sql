-- SM3(previous sm3, body) beside hash; NULL: a line of a release without it, and the first one after those stands on nothing.
ALTER TABLE audit ADD COLUMN sm3 BLOB;
