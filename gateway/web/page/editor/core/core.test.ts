/** The pure core of the zone editor, with and without chance. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CameraView, RuleSet, XY } from "../../../api.ts";
import { broughtAlong } from "./brought-along.ts";
import { changesOf } from "./changes.ts";
import { convertedPoints, withCopy } from "./copying.ts";
import { draftText, readDraft } from "./draft-text.ts";
import { faultsOf } from "./faults.ts";
import { begun, historySteps, redone, rested, stepped, undone } from "./history.ts";
import { listed } from "./listed.ts";
import { dwellText, marksOf } from "./live-marks.ts";
import { areaOf, inside, nearestEdge, nearestPoint, projected, shifted } from "./measure.ts";
import { clashesOf, merged } from "./merging.ts";
import { freeId, freeName } from "./naming.ts";
import { pointsOfLine, shapeAt, shapesOf, stored, withPoints, withoutShape } from "./shape.ts";
import { snap } from "./snap.ts";
import { inserted, midpoint, removed, uncrossed } from "./vertices.ts";
import { panned, toPicture, toStage, wholeView, zoomed } from "./view.ts";

const square: readonly XY[] = [
  [0.2, 0.2],
  [0.6, 0.2],
  [0.6, 0.6],
  [0.2, 0.6],
];
const rules: RuleSet = {
  zones: [
    { id: "shore", name: "岸线", polygon: square, rules: [{ type: "fishing-multi-rod", score: 0.4 }] },
    { id: "quay", polygon: [[0.1, 0.1], [0.3, 0.12345678], [0.2, 0.4]], rules: [] }, // prettier-ignore
  ],
  lines: [{ id: "gate", from: [0.2, 0.5], to: [0.8, 0.5], rules: [] }],
  masks: [],
  schedules: [],
  holidays: [],
};
const shore = { kind: "zone", id: "shore" } as const;
const scale = { width: 960, height: 540 };
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const anyPoint = fc.tuple(unit, unit);
const outline = fc.array(anyPoint, { minLength: 3, maxLength: 16 });

test("brought along: every shape by the same way, the border stays the border, nothing leaves the picture", () => {
  const polygon: readonly XY[] = [[0, 0.5], [0.95, 0.5], [1, 1], [0, 1]]; // prettier-ignore
  const moved = broughtAlong({ ...rules, masks: [{ id: "sky", polygon }] }, [0.1, -0.05]);
  const points = (id: string): unknown => shapesOf(moved).find((shape) => shape.id === id)?.points;
  expect(points("sky")).toEqual([[0, 0.45], [1, 0.45], [1, 1], [0, 1]]); // prettier-ignore
  expect(points("gate")).toEqual([[0.3, 0.45], [0.9, 0.45]]); // prettier-ignore
  expect(points("shore")).toEqual([[0.3, 0.15], [0.7, 0.15], [0.7, 0.55], [0.3, 0.55]]); // prettier-ignore
  expect(broughtAlong(rules, [0, 0])).toBe(rules);
});

describe("who is in a drawn zone", () => {
  const track = { id: 7, cls: "person", conf: 0.8, box: [0.3, 0.5, 0.06, 0.2], anchor: [0.33, 0.7], state: "confirmed" } as const; // prettier-ignore
  const zoneOf = (isApplied: boolean, dwellSec?: number): string | undefined => {
    const zones = dwellSec === undefined ? [] : [{ id: "shore", dwellSec }];
    const header = { cam: "north", seq: 1, atMs: 9_000, w: 960, h: 540, tracks: [{ ...track, zones }], fired: [] };
    const parts = { shapes: shapesOf(rules), chosen: null, hovered: null, limitOf: () => 20 };
    return marksOf(header, new Map(), { ...parts, isApplied: () => isApplied }).map(dwellText)[0];
  };
  test("the box knows whose rod reaches in, as long as the zone lies as it has it", () => {
    expect([zoneOf(true), zoneOf(true, 4), zoneOf(false, 4)]).toEqual(["", "4.0 / 20 s", ""]);
  });
});

test("a line that is bent and straightened again is what it was, to the letter", () => {
  const ref = { kind: "line", id: "gate" } as const;
  const before = rules.lines[0];
  const bent = withPoints(rules, ref, [[0.2, 0.5], [0.4, 0.7], [0.8, 0.5]]); // prettier-ignore
  expect(bent.lines[0]).toMatchObject({ from: [0.2, 0.5], via: [[0.4, 0.7]], to: [0.8, 0.5] });
  expect(shapeAt(bent, ref)?.points).toHaveLength(3);
  const straight = withPoints(bent, ref, [[0.2, 0.5], [0.8, 0.5]]); // prettier-ignore
  expect(new Map(Object.entries(straight.lines[0] ?? {}))).toEqual(new Map(Object.entries(before ?? {})));
  expect(changesOf(rules, bent)).toMatchObject([{ what: "moved" }]);
  expect(changesOf(rules, straight)).toEqual([]);
});

describe("stored coordinates", () => {
  test("four decimals inside the picture, and storing twice is storing once", () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), (value) => {
        const once = stored(value);
        expect(once).toBeGreaterThanOrEqual(0);
        expect(once).toBeLessThanOrEqual(1);
        expect(String(once).length).toBeLessThanOrEqual(6);
        expect(stored(once)).toBe(once);
      }),
    );
  });

  test("fifty rounds of opening and storing without an edit give the very same rule set", () => {
    let present = rules;
    for (let round = 0; round < 50; round += 1) {
      present = JSON.parse(JSON.stringify(present)) as RuleSet;
      expect(changesOf(rules, present)).toEqual([]);
    }
    expect(JSON.stringify(present)).toBe(JSON.stringify(rules));
  });

  test("an edit of one shape leaves every other node the same object, odd decimals included", () => {
    const edited = withPoints(rules, shore, shifted(square, [0.1, 0]));
    expect(edited.zones[1]).toBe(rules.zones[1]);
    expect(edited.lines[0]).toBe(rules.lines[0]);
    expect(changesOf(rules, edited)).toEqual([{ kind: "zone", id: "shore", name: "岸线", what: "moved" }]);
  });

  test("the place on the screen and back is the same stored point at any size and zoom", () => {
    const size = fc.integer({ min: 200, max: 3_000 });
    fc.assert(
      fc.property(anyPoint, size, size, fc.double({ min: 1, max: 8, noNaN: true }), anyPoint, (at, w, h, factor, c) => {
        const stage = { width: w, height: h };
        const view = zoomed(wholeView, factor, c);
        const [px, py] = toStage(view, [stored(at[0]), stored(at[1])], stage);
        const back = toPicture(view, [px / w, py / h]);
        expect([stored(back[0]), stored(back[1])]).toEqual([stored(at[0]), stored(at[1])]);
      }),
    );
  });
});

describe("moving", () => {
  test("a shape stops at the border and keeps its form", () => {
    fc.assert(
      fc.property(outline, fc.tuple(fc.double({ min: -2, max: 2, noNaN: true }), unit), (points, by) => {
        const there = shifted(points, by);
        for (const [x, y] of there) {
          expect(x).toBeGreaterThanOrEqual(-1e-12);
          expect(x).toBeLessThanOrEqual(1 + 1e-12);
          expect(y).toBeLessThanOrEqual(1 + 1e-12);
        }
        expect(areaOf(there)).toBeCloseTo(areaOf(points), 9);
      }),
    );
  });

  test("a vertex put in on an edge changes no area, and taken out again nothing at all", () => {
    fc.assert(
      fc.property(outline, fc.nat(15), (points, n) => {
        const edge = n % points.length;
        const exact = [...points.slice(0, edge + 1), midpoint(points, edge), ...points.slice(edge + 1)];
        expect(areaOf(exact)).toBeCloseTo(areaOf(points), 9);
        expect(removed(inserted(points, edge, midpoint(points, edge)), edge + 1)).toEqual(points);
      }),
    );
  });
});

describe("nearest", () => {
  test("no edge is nearer than the one found", () => {
    fc.assert(
      fc.property(outline, anyPoint, (points, at) => {
        const hit = nearestEdge(points, true, at, scale);
        for (const [index, a] of points.entries()) {
          const b = points[(index + 1) % points.length] ?? a;
          const [x, y] = projected(a, b, at, scale);
          expect(Math.hypot((x - at[0]) * 960, (y - at[1]) * 540)).toBeGreaterThanOrEqual(
            (hit?.distancePx ?? 0) - 1e-9,
          );
        }
      }),
    );
  });

  test("a concave outline: the edge at the pointer, not the first whose box holds it", () => {
    const notch: readonly XY[] = [[0, 0], [1, 1], [1, 0.95], [0.9, 0.2], [0.5, 0]]; // prettier-ignore
    expect(nearestEdge(notch, true, [0.92, 0.3], scale)?.index).toBe(2);
  });

  test("nothing to find is null", () => {
    expect(nearestPoint([], [0, 0], scale)).toBeNull();
    expect(nearestEdge([[0, 0]], false, [0, 0], scale)).toBeNull();
  });
});

describe("snap", () => {
  const field = { outlines: [{ points: square, closed: true }], scale, grid: 0 } as const;
  test.each([
    ["a vertex wins over its edges and is taken exactly", [0.6052, 0.2052], [0.6, 0.2], "vertex"],
    ["an edge", [0.4, 0.21], [0.4, 0.2], "edge"],
    ["the border", [0.003, 0.8], [0, 0.8], "border"],
    ["nothing near", [0.45, 0.43], [0.45, 0.43], "nothing"],
  ] as const)("%s", (_, at, expected, to) => {
    const snapped = snap(at, field);
    expect(snapped.to).toBe(to);
    expect(snapped.at[0]).toBeCloseTo(expected[0], 9);
    expect(snapped.at[1]).toBeCloseTo(expected[1], 9);
  });

  test("the grid takes what nothing else took", () => {
    expect(snap([0.443, 0.431], { ...field, grid: 0.05 })).toEqual({ at: [0.45, 0.45], to: "grid" });
  });
});

describe("undo", () => {
  test("any hundred steps go back to the beginning and forth to the end", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: historySteps }), (steps) => {
        let history = begun<object>({ n: -1 });
        const first = history.present;
        for (const n of steps) history = stepped(history, { n });
        const last = history.present;
        steps.forEach(() => (history = undone(history)));
        expect(history.present).toBe(first);
        steps.forEach(() => (history = redone(history)));
        expect(history.present).toBe(last);
        expect(redone(history)).toEqual(history);
      }),
    );
  });

  test("a run of nudges is one step until it rests", () => {
    let history = begun(0);
    history = stepped(history, 1, "nudge");
    history = stepped(history, 2, "nudge");
    expect(history.past).toEqual([0]);
    history = stepped(rested(history), 3, "nudge");
    expect(history.past).toEqual([0, 2]);
    expect(undone(history).present).toBe(2);
  });

  test("a step after undo forgets what was taken back; the hundred and first forgets the first", () => {
    let history = begun(0);
    for (let n = 1; n <= historySteps + 1; n += 1) history = stepped(history, n);
    expect(history.past).toHaveLength(historySteps);
    expect(history.past[0]).toBe(1);
    history = stepped(undone(history), -1);
    expect(history.future).toEqual([]);
  });
});

describe("faults", () => {
  const of = (polygon: readonly XY[], more: Partial<RuleSet> = {}): string | undefined =>
    faultsOf({ ...rules, lines: [], ...more, zones: [{ id: "z", polygon, rules: [] }] }, { objectWidth: 0.1 })[0]?.text
      .en;
  const line = (from: XY, to: XY, masks: RuleSet["masks"] = [], via: readonly XY[] = []): string | undefined =>
    faultsOf(
      { ...rules, zones: [], masks, lines: [{ id: "l", ...pointsOfLine([from, ...via, to]), rules: [] }] },
      { objectWidth: 0.1 },
    ).find(({ shape }) => shape.kind === "line")?.text.en;
  const bowTie: readonly XY[] = [[0.1, 0.1], [0.9, 0.9], [0.9, 0.1], [0.1, 0.9]]; // prettier-ignore

  test("a bow-tie names its edges and is mended by one exchange", () => {
    const [fault] = faultsOf(
      { ...rules, lines: [], zones: [{ id: "z", polygon: bowTie, rules: [] }] },
      { objectWidth: null },
    );
    expect(fault?.edges).toEqual([0, 2]);
    expect(of(uncrossed(bowTie, ...(fault?.swap ?? [0, 0])))).toBeUndefined();
  });
  test.each([
    ["a good one", of(square), undefined],
    ["tiny", of([[0.5, 0.5], [0.52, 0.5], [0.52, 0.52]]), /0.1 %/], // prettier-ignore
    ["two corners at one place", of([...square, [0.2, 0.6]]), /same place/],
    ["wholly in a mask", of(square, { masks: [{ id: "m", polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }] }), /inside the mask/], // prettier-ignore
    ["a good line", line([0.2, 0.5], [0.8, 0.5]), undefined],
    ["a double click", line([0.2, 0.5], [0.2, 0.502]), /almost no length/],
    ["shorter than an object", line([0.2, 0.5], [0.25, 0.5]), /step over/],
    ["along the border", line([0.02, 0.1], [0.03, 0.9]), /border/],
    ["a bend away from the border", line([0.02, 0.1], [0.03, 0.9], [], [[0.3, 0.5]]), undefined],
    ["longer than an object, but only along its bend", line([0.5, 0.5], [0.55, 0.5], [], [[0.52, 0.6]]), undefined],
    ["over itself", line([0.2, 0.2], [0.2, 0.8], [], [[0.8, 0.8], [0.8, 0.2]]), /Edge .* crosses edge/], // prettier-ignore
    ["bent at its own end", line([0.2, 0.2], [0.8, 0.8], [], [[0.5, 0.2], [0.8, 0.8]]), /stand at the same place/], // prettier-ignore
    ["bent into a mask", line([0.2, 0.2], [0.8, 0.2], [{ id: "m", polygon: [[0.4, 0.4], [0.6, 0.4], [0.6, 0.7], [0.4, 0.7]] }], [[0.5, 0.6]]), /Crosses the mask/], // prettier-ignore
    ["through a mask", line([0.2, 0.5], [0.8, 0.5], [{ id: "m", polygon: [[0.4, 0.4], [0.5, 0.4], [0.5, 0.6], [0.4, 0.6]] }]), /Crosses the mask/], // prettier-ignore
  ])("%s", (_, found, expected) => {
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(expected);
  });
});

describe("copy", () => {
  test("ids stay unique, names count on, the copy stands aside", () => {
    const shape = shapeAt(rules, shore);
    if (!shape) throw new Error("no shore");
    const once = withCopy(rules, shape, shape.points);
    const twice = withCopy(once.rules, shape, shape.points);
    expect(shapesOf(twice.rules).filter(({ kind }) => kind === "zone").map(({ id, name }) => [id, name])).toEqual([
      ["shore", "岸线"],
      ["quay", "quay"],
      ["shore-1", "岸线 2"],
      ["shore-2", "岸线 3"],
    ]); // prettier-ignore
    expect(shapeAt(once.rules, once.ref)?.points[0]).toEqual([0.22, 0.22]);
    expect((once.rules.zones[2]?.rules[0] as { score: number }).score).toBe(0.4);
  });

  test("keep-shape keeps the form in pixels and stays inside", () => {
    fc.assert(
      fc.property(outline, (points) => {
        const there = convertedPoints(points, 16 / 9, 4 / 3, "shape");
        for (const [x, y] of there) expect(x >= 0 && x <= 1 && y >= 0 && y <= 1).toBe(true);
      }),
    );
    const [a, b, c] = convertedPoints(square, 16 / 9, 4 / 3, "shape");
    const width = (b?.[0] ?? 0) - (a?.[0] ?? 0);
    const height = (c?.[1] ?? 0) - (b?.[1] ?? 0);
    expect((width * (4 / 3)) / height).toBeCloseTo(16 / 9, 2);
    expect(convertedPoints(square, 16 / 9, 4 / 3, "fraction")).toBe(square);
  });

  test("names", () => {
    expect(freeId(rules, "zone")).toBe("zone-1");
    expect(freeName(rules, "岸线")).toBe("岸线 2");
  });
});

describe("three-way answer", () => {
  const mine = withPoints(rules, shore, shifted(square, [0.1, 0]));
  const theirs = withoutShape(withPoints(rules, { kind: "line", id: "gate" }, [[0, 0], [1, 1]]), { kind: "zone", id: "quay" }); // prettier-ignore

  test("what only one side changed is joined by itself", () => {
    expect(clashesOf({ base: rules, mine, theirs })).toEqual([]);
    const both = merged({ base: rules, mine, theirs }, {});
    expect(both.zones.map(({ id }) => id)).toEqual(["shore"]);
    expect(both.zones[0]?.polygon).toEqual(mine.zones[0]?.polygon);
    expect(both.lines[0]?.to).toEqual([1, 1]);
  });

  test("what both changed is asked, and the answer is followed", () => {
    const other = withPoints(rules, shore, shifted(square, [0, 0.1]));
    const sides = { base: rules, mine, theirs: other };
    expect(clashesOf(sides).map(({ id }) => id)).toEqual(["shore"]);
    expect(merged(sides, { "zone shore": "mine" }).zones[0]).toBe(mine.zones[0]);
    expect(merged(sides, {}).zones[0]).toBe(other.zones[0]);
  });

  test("removed here, changed there, is a clash; without a base every difference is one", () => {
    const gone = withoutShape(rules, shore);
    expect(clashesOf({ base: rules, mine, theirs: gone })).toHaveLength(1);
    expect(merged({ base: rules, mine, theirs: gone }, { "zone shore": "mine" }).zones.map(({ id }) => id)).toContain(
      "shore",
    );
    expect(clashesOf({ base: null, mine, theirs: rules })).toHaveLength(1);
  });
});

describe("kept drafts", () => {
  const kept = { baseRevision: "abc", base: rules, rules, savedMs: 1 };
  test("what is kept is read again", () => {
    expect(readDraft(draftText(kept))).toEqual({ version: 1, ...kept });
  });
  test.each([
    ["nothing", null],
    ["half a text", "{"],
    ["a number", "7"],
    ["another version", '{"version":2}'],
    ["no rules", '{"version":1,"baseRevision":"a","savedMs":1,"base":{},"rules":{}}'],
  ])("%s is no draft", (_, text) => {
    expect(readDraft(text)).toBeNull();
  });
});

describe("view", () => {
  test("never shows what is not there, and keeps the point under the pointer unless the border forbids", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0.2, max: 5, noNaN: true }), anyPoint), { maxLength: 20 }),
        (moves) => {
          let view = wholeView;
          for (const [factor, at] of moves) {
            view = panned(zoomed(view, factor, at), [at[0] - 0.5, at[1] - 0.5]);
            expect(view.zoom).toBeGreaterThanOrEqual(1);
            expect(view.zoom).toBeLessThanOrEqual(8);
            expect(view.left).toBeGreaterThanOrEqual(0);
            expect(view.left + 1 / view.zoom).toBeLessThanOrEqual(1 + 1e-9);
          }
        },
      ),
    );
    expect(toPicture(zoomed(wholeView, 4, [0.3, 0.7]), [0.3, 0.7])).toEqual([0.3, 0.7]);
  });
});

test("inside: even-odd, a notch is outside", () => {
  expect(inside(square, [0.4, 0.4])).toBe(true);
  expect(inside(square, [0.7, 0.4])).toBe(false);
});

test("cameras of which only states and figures are told stay the same list; a new name or size is another", () => {
  const told = (name: string, widthPx: number, frames: number): readonly CameraView[] =>
    [{ id: "north", name, widthPx, heightPx: 540, frames }] as unknown as readonly CameraView[];
  const before = told("North", 960, 1);
  expect(listed(before, told("North", 960, 2))).toBe(before);
  for (const now of [told("Pier", 960, 2), told("North", 1280, 2), [...before, ...told("South", 1, 1)], null])
    expect(listed(before, now)).toBe(now);
  expect(listed(null, before)).toBe(before);
});
