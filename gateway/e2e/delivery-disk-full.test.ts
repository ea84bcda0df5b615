/** A full disk: events go on without pictures and say so, then they wait, and come through as soon as there is room. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeCurvePair } from "../../platform/router.ts";
import { exampleTrigger } from "./peers/example-trigger.ts";
import { openDelivery, until } from "./peers/open-delivery.ts";

const disk = mkdtempSync(join(tmpdir(), "disk-"));
let mounted = false;
beforeAll(() => {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=48m", "tmpfs", disk], { stdio: "ignore" });
    mounted = true;
  } catch {
    console.warn("skipped: a small disk needs the right to mount one");
  }
});
afterAll(() => {
  if (mounted) execFileSync("umount", ["-l", disk]);
  rmSync(disk, { recursive: true, force: true });
});

test("a full disk costs pictures first, then patience, never an event", { timeout: 120_000 }, async (context) => {
  if (!mounted) context.skip();
  const freeBytes = (): number => statfsSync(disk).bavail * statfsSync(disk).bsize;
  await using opened = await openDelivery({
    folder: disk,
    address: "tcp://127.0.0.1:9",
    serverKey: makeCurvePair().publicKey,
    evidenceMegabytes: 1_000,
  });
  const { delivery } = opened;
  let n = 0;
  const record = (): Promise<void> => {
    n += 1;
    return delivery.record(exampleTrigger({ occurrenceId: `occ-${n}` }), {
      jpeg: randomBytes(900_000),
      widthPx: 1920,
      heightPx: 1080,
    });
  };
  const newest = (): {
    readonly data: { readonly evidenceMissing: string | null; readonly evidence: readonly unknown[] };
  } => delivery.newestEvents(1)[0] as ReturnType<typeof newest>;
  do await record();
  while (newest().data.evidenceMissing === null);
  // A twentieth of the disk is left to the events.
  expect(freeBytes()).toBeGreaterThan(0.03 * 48 * 2 ** 20);
  expect(freeBytes()).toBeLessThan(0.05 * 48 * 2 ** 20);
  expect(newest().data).toMatchObject({ evidenceMissing: "disk-full", evidence: [] });
  expect(delivery.status().lastError?.code).toBe("EVIDENCE_DISK_FULL");
  // Now not a block is left: SQLite itself cannot write, and gets the ballast.
  const filler = join(disk, "filler");
  fillUp(filler);
  for (let i = 0; i < 300; i += 1) await delivery.record(exampleTrigger({ occurrenceId: `ballast-${i}` }), null);
  // The ballast is eaten too: what comes now waits.
  fillUp(`${filler}2`);
  let through = 0;
  const waiting = Array.from({ length: 200 }, (_, i) =>
    delivery.record(exampleTrigger({ occurrenceId: `late-${i}` }), null).then(() => (through += 1)),
  );
  await until("the full database is noticed", () => delivery.status().lastError?.code === "DATABASE_FULL");
  expect(through).toBeLessThan(200);
  rmSync(filler, { force: true });
  rmSync(`${filler}2`, { force: true });
  await Promise.all(waiting);
  const ids = delivery.newestEvents(100_000).map((event) => (event as { correlationid: string }).correlationid);
  expect(ids.filter((id) => id.startsWith("late-")).length).toBe(200);
  expect(new Set(ids).size).toBe(n + 500);
});

function fillUp(path: string): void {
  for (const size of [1_048_576, 65_536, 4_096]) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(size), { flag: "a" });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
    }
  }
}
