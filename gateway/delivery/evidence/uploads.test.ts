/** What waits for a platform: what is spoiled there is offered again later, while the rest goes on. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exampleTrigger } from "../../e2e/peers/example-trigger.ts";
import { openDelivery } from "../../e2e/peers/open-delivery.ts";
import { ClockDouble } from "../../runtime/clock-double.ts";
import { Uploads, type SpoiledEvidence } from "./uploads.ts";

test("put off for a minute, two, four … an hour; never given up, and after a restart at once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "uploads-"));
  try {
    await using opened = await openDelivery({ folder, address: "tcp://127.0.0.1:9", serverKey: "x".repeat(40) });
    for (const name of ["first", "second"])
      await opened.delivery.record(exampleTrigger({ occurrenceId: name }), {
        jpeg: Buffer.from(`picture ${name}`),
        widthPx: 640,
        heightPx: 360,
      });
    const clock = new ClockDouble();
    const said: SpoiledEvidence[] = [];
    const uploads = new Uploads(opened.database, "city", { clock, onSpoiled: (spoiled) => said.push(spoiled) });
    const spoiled = uploads.next()?.sha256 ?? "";
    for (let time = 1; time <= 9; time += 1) {
      uploads.bad(spoiled);
      uploads.spoiled(spoiled);
      expect(uploads.next()?.sha256, "the other one goes on").not.toBe(spoiled);
      const { waitMs = 0, times, sha256 } = said.at(-1) ?? {};
      expect({ times, sha256 }).toEqual({ times: time, sha256: spoiled });
      const plainMs = Math.min(60_000 * 2 ** (time - 1), 3_600_000);
      expect(waitMs).toBeGreaterThanOrEqual(plainMs * 0.8);
      expect(waitMs).toBeLessThanOrEqual(plainMs * 1.2);
      await clock.advance(waitMs - 1);
      expect(uploads.next()?.sha256).not.toBe(spoiled);
      await clock.advance(1);
      expect(uploads.next()?.sha256).toBe(spoiled);
    }
    expect(uploads.waiting()).toBe(2);
    uploads.spoiled(spoiled);
    expect(new Uploads(opened.database, "city", { clock }).next()?.sha256).toBe(spoiled);
    uploads.done(spoiled);
    expect(uploads.waiting()).toBe(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
