/** Why not, per track: every rule that looks at tracks answers for one of them and stops at the first step not passed. */
import { describe, expect, test } from "vitest";
import type { Box } from "../geometry.ts";
import { engineFor, marchNoon, oneZone, still, tell, tracksAt, type Actor } from "./testing/story.ts";

const left = {
  polygon: [
    [0, 0],
    [0.5, 0],
    [0.5, 1],
    [0, 1],
  ],
};
const here: Box = { x: 0.1, y: 0.4, width: 0.06, height: 0.2 };
const there: Box = { ...here, x: 0.7 };
const rodAt = (x: number): Box => ({ x, y: 0.4, width: 0.1, height: 0.1 });
const patch: Box = { x: 0.46, y: 0.2, width: 0.2, height: 0.02 };

/** The last step of the reasoning about one track: `✗ step value (limit) setting`. */
function lastStep(rule: Readonly<Record<string, unknown>>, actors: readonly Actor[], track: number): string {
  const zones = oneZone([rule], left);
  const engine = engineFor(zones);
  tell({ zones, actors, seconds: 4 }, engine);
  const step = engine.why(track)[0]?.steps.at(-1);
  return step ? `${step.passed ? "✓" : "✗"} ${step.step} ${step.value} (${step.limit}) ${step.setting}` : "nothing";
}

describe("count", () => {
  const rule = { type: "crowd-gathering", threshold: 3 };
  test("one of too few", () =>
    expect(lastStep(rule, [still(1, "person", here), still(2, "person", { ...here, x: 0.3 })], 1)).toBe(
      "✗ objects 2 (>= 3) zones/water/rules/crowd-gathering/threshold",
    ));
  test("one beside the zone is not counted", () =>
    expect(lastStep(rule, [still(1, "person", there)], 1)).toMatch(/^✗ zone 0.730, 0.600/));
});

describe("absence", () => {
  const rule = { type: "post-absence", detectedSec: 20 };
  test("who is at the post is why nobody is missed", () =>
    expect(lastStep(rule, [still(1, "person", here)], 1)).toMatch(
      /^✗ away here in 21 frames \(.*\) zones\/water\/rules\/post-absence\/minObjects$/,
    ));
  test("one where two have to be: the time runs", () =>
    expect(lastStep({ ...rule, minObjects: 2 }, [still(1, "person", here)], 1)).toBe(
      "✗ absent 4 (>= 20) zones/water/rules/post-absence/suspectedSec",
    ));
});

describe("area-ratio", () => {
  const rule = { type: "floating-debris", minTrackSec: 0, minObjects: 9 };
  test("a piece whose middle lies ashore counts by what of it covers the water", () =>
    expect(lastStep(rule, [still(1, "floating-debris", patch)], 1)).toMatch(/^✗ coverage 0.001 \(>= 0.01\)/));
  test("a piece ashore covers nothing", () =>
    expect(lastStep(rule, [still(1, "floating-debris", { ...patch, x: 0.6 })], 1)).toBe(
      "✗ covers 0 (> 0 of water) zones/water/polygon",
    ));
  test("foam is not followed long enough", () =>
    expect(lastStep({ ...rule, minTrackSec: 6 }, [still(1, "floating-debris", patch)], 1)).toBe(
      "✗ lasted 4 (>= 6) zones/water/rules/floating-debris/minTrackSec",
    ));
});

describe("co-presence-ratio", () => {
  const rule = { type: "fishing-multi-rod" };
  const angler = still(1, "person", here);
  test("a person without a rod", () =>
    expect(lastStep(rule, [angler], 1)).toBe("✗ own-rods 0 (>= 1) zones/water/rules/fishing-multi-rod/rodReach"));
  test("one rod to one person", () =>
    expect(lastStep(rule, [angler, still(2, "fishing-rod", rodAt(0.15))], 1)).toMatch(/^✗ rods-per-person 1 \(> 1\)/));
  test("a rod over the water counts where its holder stands, not where its box lies", () => {
    const actors = [still(1, "person", { ...here, x: 0.43 }), still(2, "fishing-rod", rodAt(0.48))];
    expect(lastStep(rule, actors, 2)).toMatch(/^✗ rods-per-person 1 \(> 1\)/);
  });
  test("a rod whose holder stands beside the zone", () =>
    expect(lastStep(rule, [still(1, "person", there), still(2, "fishing-rod", rodAt(0.75))], 2)).toMatch(
      /^✗ zone 0.73/,
    ));
  test("a rod that nobody can reach accuses nobody", () =>
    expect(lastStep(rule, [angler, still(2, "fishing-rod", { ...rodAt(0.8), y: 0.9 })], 2)).toMatch(
      /^✗ holder nobody \(within 1 body heights of its butt\)/,
    ));
  test("a rod that is hardly seen and lies at somebody's feet is nobody's", () => {
    const seam = { ...still(2, "fishing-rod", { x: 0.1, y: 0.5, width: 0.2, height: 0.09 }), score: 0.4 };
    expect(lastStep(rule, [angler, seam], 2)).toMatch(
      /^✗ holder nobody \(within 0.5 body heights of its butt, not at his feet\)/,
    );
  });
});

describe("removed-object", () => {
  const rule = { type: "own-theft", kind: "removed-object", labels: ["statue"], minTrackSec: 3, detectedSec: 10 };
  test("what is in its place is not missed", () =>
    expect(lastStep(rule, [still(1, "statue", here)], 1)).toMatch(/^✗ missing in its place \(gone from its place\)/));
  test("what has not stood long enough would not be missed", () =>
    expect(lastStep({ ...rule, minTrackSec: 9 }, [still(1, "statue", here)], 1)).toBe(
      "✗ stood 4 (>= 9) zones/water/rules/own-theft/minTrackSec",
    ));
});

test("while the view has moved that is the reason, of the whole and of each track; after it the rule's own", () => {
  const zones = oneZone([{ type: "site-intrusion", detectedSec: 9 }, { type: "video-black" }], left);
  const engine = engineFor(zones);
  const look = (sec: number, moved: boolean): void =>
    void engine.step({ tracks: tracksAt([still(1, "person", here)], sec, marchNoon), scene: null, moved, measures: { blackShare: 0 } }, marchNoon + sec * 1_000); // prettier-ignore
  const lastOf = (): readonly (string | undefined)[] => [engine.state()[0], engine.why(1)[0]].map((one) => one?.steps.at(-1)?.step); // prettier-ignore
  look(0, false);
  look(1, true);
  expect(lastOf()).toEqual(["view", "view"]);
  expect(engine.state()[0]?.steps).toEqual([
    { step: "view", passed: false, value: "elsewhere", limit: "the view that the zones were drawn for", setting: "zones/water/polygon" }, // prettier-ignore
  ]);
  // The picture itself is judged wherever the camera looks.
  expect(engine.state()[1]?.steps[0]?.step).toBe("blackShare");
  look(2, false);
  expect(lastOf()).toEqual(["stayed", "stayed"]);
});

test("who has not crossed is told where: the zone's outline, the line's ends", () => {
  expect(lastStep({ type: "our-enter", kind: "enter" }, [still(1, "person", here)], 1)).toBe(
    "✗ crossed inside (outside, then inside) zones/water/polygon",
  );
  const line = { id: "gate", from: [0.5, 0], to: [0.5, 1], rules: [{ type: "our-line", kind: "line-crossing" }] };
  const zones = { schema: "xueliang.zones/1", camera: "cam", lines: [line] };
  const engine = engineFor(zones);
  tell({ zones, actors: [still(1, "person", here)], seconds: 4 }, engine);
  expect(engine.why(1)[0]?.steps.at(-1)).toMatchObject({ step: "crossed", setting: "lines/gate/to" });
});
