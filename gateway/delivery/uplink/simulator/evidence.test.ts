/** Evidence under every fault, seed by seed: all of it arrives whole, little of it twice, and a weaker platform is caught. */
import { expect, test } from "vitest";
import { specifiedEvidence, weakenedEvidence, type EvidenceVariant } from "./evidence-store.ts";
import { EvidenceWorld, type EvidenceOutcome } from "./evidence-world.ts";

const seeds = 400;

function run(variant: EvidenceVariant, count: number): readonly EvidenceOutcome[] {
  return Array.from({ length: count }, (_, seed) => new EvidenceWorld(seed + 1, variant).run());
}
const sum = (all: readonly EvidenceOutcome[], of: "blobs" | "lost" | "cuts" | "resent"): number =>
  all.reduce((total, one) => total + one[of], 0);

test("as specified: nothing lost, and every file is the one that the box had", { timeout: 300_000 }, () => {
  const all = run(specifiedEvidence, seeds);
  const [blobs, lost, cuts, resent] = (["blobs", "lost", "cuts", "resent"] as const).map((of) => sum(all, of));
  console.log(`simulated evidence: seeds ${seeds}, files ${blobs}, cuts ${cuts}, lost ${lost}, resent ${resent} bytes`);
  expect(all.find((one) => one.lost > 0)).toBeUndefined();
  expect(cuts).toBeGreaterThan(5 * seeds);
});

test.each(weakenedEvidence)("caught: $name", { timeout: 300_000 }, (variant) => {
  expect(sum(run(variant, seeds), "lost")).toBeGreaterThan(0);
});

test("a seed repeats itself", () => {
  const again = (): EvidenceOutcome => new EvidenceWorld(7, specifiedEvidence).run();
  expect(again()).toEqual(again());
});
