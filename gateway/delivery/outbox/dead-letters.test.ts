/** What is kept of events that will never be delivered. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "vitest";
import { Database } from "../../database/database.ts";
import { DeadLetters } from "./dead-letters.ts";

const letter = { atMs: 1, why: "rejected", detail: "no event", eventId: "a", events: 1 };

test("the same event once, the newest first, another uplink's apart, and never more than a thousand", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dead-letters-"));
  try {
    using database = await Database.open(join(folder, "gateway.db"));
    const letters = new DeadLetters(database, "city");
    new DeadLetters(database, "street").note(letter);
    letters.note(letter);
    letters.note({ ...letter, atMs: 2 });
    letters.note({ ...letter, why: "full", eventId: null, events: 200 });
    assert.deepEqual(letters.told().events, 201);
    assert.deepEqual(
      letters.told().newest.map(({ why, atMs }) => [why, atMs]),
      [["full", 1], ["rejected", 1]], // prettier-ignore
    );
    for (let n = 0; n < 1_005; n += 1) letters.note({ ...letter, eventId: `e${n}` });
    assert.equal(letters.told().events, 1_000);
    assert.equal(letters.told().newest.length, 20);
    assert.equal(letters.told().newest[0]?.eventId, "e1004");
    assert.equal(new DeadLetters(database, "street").told().events, 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
