/** A disk that was put back to an older state: its numbers would pass for old ones, so everything gets new ones. */
import { randomBytes } from "node:crypto";
import type { Database } from "../../database/database.ts";

/** Numbers everything that is kept for `uplink` anew, in order, under a new random epoch; one transaction. */
export function renumber(database: Database, uplink: string): void {
  database.transaction(() => {
    database.run(
      "INSERT OR REPLACE INTO epochs (uplink, epoch) VALUES (?, ?)",
      uplink,
      randomBytes(16).toString("hex"),
    );
    database.run("DELETE FROM gaps WHERE uplink = ?", uplink);
    for (const lane of [0, 1, 2]) {
      // Everything kept, acknowledged or not, in order: the platform knows each event by its id.
      database.run("CREATE TEMP TABLE IF NOT EXISTS anew (seq INTEGER, event INTEGER, bytes INTEGER)");
      database.run("DELETE FROM anew");
      database.run(
        "INSERT INTO anew SELECT row_number() OVER (ORDER BY seq), event, bytes FROM outbox WHERE uplink = ? AND lane = ?",
        uplink,
        lane,
      );
      database.run("DELETE FROM outbox WHERE uplink = ? AND lane = ?", uplink, lane);
      database.run(
        "INSERT INTO outbox (uplink, lane, seq, event, bytes) SELECT ?, ?, seq, event, bytes FROM anew",
        uplink,
        lane,
      );
      database.run(
        "UPDATE lanes SET acked = 0, head = (SELECT count(*) FROM anew) WHERE uplink = ? AND lane = ?",
        uplink,
        lane,
      );
    }
  });
}
