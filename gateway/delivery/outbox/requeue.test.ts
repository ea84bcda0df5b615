/** A platform that comes back from a backup: what is offered to it again. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Database } from "../../database/database.ts";
import { noteDay } from "../../database/lived-days.ts";
import { keepAcked, Outbox } from "./outbox.ts";

const dayMs = 86_400_000;
const todayMs = Date.UTC(2026, 6, 20);
const in2038 = Date.UTC(2038, 0, 19);

test("pictures of the days that are kept, whatever a wrong clock dated one of them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "requeue-"));
  try {
    using database = await Database.open(join(folder, "gateway.db"));
    const keep = (name: string, atMs: number): void => {
      database.run(
        `INSERT INTO evidence (sha256, sm3, bytes, media_type, kind, event_id, created_ms)
         VALUES (?, '', 1, 'image/jpeg', 'snapshot', ?, ?)`,
        name,
        name,
        atMs,
      );
      database.run("INSERT INTO uploads (uplink, sha256, state) VALUES ('city', ?, 'acked')", name);
    };
    for (let ago = 30; ago >= 0; ago -= 1) noteDay(database, todayMs - ago * dayMs);
    keep("long ago", todayMs - 20 * dayMs);
    keep("this week", todayMs - (keepAcked.days - 1) * dayMs);
    keep("today", todayMs);
    keep("misdated", in2038);
    new Outbox(database, "city").requeue(0, 1);
    const offered = database.all("SELECT sha256 FROM uploads WHERE state = 'waiting' ORDER BY sha256");
    expect(offered.map((row) => row["sha256"])).toEqual(["misdated", "this week", "today"]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
