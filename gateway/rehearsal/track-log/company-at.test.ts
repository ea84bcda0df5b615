import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pointBytes } from "../../analysis/track-log/points.ts";
import type { Track } from "../../analysis/tracking/track.ts";
import { Company, companyHeedOf } from "../../analysis/zones/company.ts";
import { settle } from "../../analysis/zones/settings.ts";
import { CompanyAt } from "./company-at.ts";
import { Shelf } from "./stretch.ts";
import { plainTurn, writeTurns } from "./testing/log-of-turns.ts";

let folder = "";
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "company-at-"))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

/** Mostly in twentieths, so that some are exactly as far apart as is asked, and some by one step of the log less or more. */
const place = fc
  .record({ whole: fc.integer({ min: 0, max: 19 }), step: fc.constantFrom(0, 0, 0, -1, 1) })
  .map(({ whole, step }) => whole / 20 + step / 40_000);
const state = fc.constantFrom<Track["state"]>("confirmed", "confirmed", "confirmed", "lost", "tentative", "ended");
const someone = fc.record({ label: fc.constantFrom("person", "person", "rod", "boat"), x: place, y: place, state });
const frames = fc.array(fc.array(someone, { maxLength: 5 }), { minLength: 5, maxLength: 30 });
const labels = fc.subarray(["person", "rod", "boat", "lamp"], { minLength: 1, maxLength: 2 });
const asked = fc.oneof(
  fc.record({ with: labels }),
  fc.record({ withAll: labels }),
  fc.record({ without: labels }),
  fc.record({ with: labels, without: labels }),
);

test("company of which it is told that it does not fit does not, and hardly any other", async () => {
  const found = { fits: 0, doubts: 0, wrong: 0 };
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      frames,
      fc.tuple(asked, fc.constantFrom(0, 0.5, 1, 2)).map(([keys, reach]) => ({ ...keys, reach })),
      fc.constantFrom(1, 2),
      async (seen, keys, aspect) => {
        const at = await mkdtemp(join(folder, String((run += 1))));
        await writeTurns(
          at,
          seen.map(() => plainTurn),
          (frame, nowMs) => tracksOf(seen[frame] ?? [], nowMs),
        );
        const settings = settle({ type: "our-company", kind: "presence-dwell", ...keys }, "zones/a") ?? expect.fail();
        const { company } = companyHeedOf(settings, aspect);
        if (!company) return;
        for (const { columns, blocks } of (await new Shelf().stretch(at, 0, 4e12)).parts) {
          const companyAt = new CompanyAt(company, columns);
          for (const block of blocks) {
            columns.open(block);
            for (let entry = block.fromEntry; entry < block.toEntry; entry += 1)
              for (const [k, track] of columns.tracks(entry).entries()) {
                const point = (columns.pointsAt[entry] ?? 0) + k * pointBytes;
                const { fits } = new Company(track, columns.tracks(entry), settings, aspect);
                const may = companyAt.mayBeIn(block) && companyAt.mayFit(block, entry, point, company);
                if (fits) expect(may).toBe(true);
                found[fits ? "fits" : may ? "doubts" : "wrong"] += 1;
              }
          }
        }
      },
    ),
    { numRuns: 600, seed: 5 },
  );
  expect(found.fits).toBeGreaterThan(1_000);
  expect(found.wrong).toBeGreaterThan(9 * found.doubts);
}, 120_000);

function tracksOf(
  all: typeof someone extends fc.Arbitrary<infer One> ? readonly One[] : never,
  nowMs: number,
): Track[] {
  return all.map(({ label, x, y, state: at }, i) => ({
    // Who comes and goes is told of by number and label: another label is another one.
    id: 10 * (i + 1) + label.length,
    label,
    state: at,
    box: { x, y, width: 0.05, height: i === 0 ? 0.2 : 0.1 },
    score: 0.9,
    firstSeenMs: nowMs,
    lastSeenMs: nowMs,
    seenNow: true,
    hits: 1,
    velocity: { x: 0, y: 0 },
  }));
}
