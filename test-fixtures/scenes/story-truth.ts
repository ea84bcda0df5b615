/** The lines of a truth file: a header about the clip, then one line per frame. */
import { HEIGHT, placesOf, WIDTH } from "./camera.ts";
import { surfaceOf, type Stage } from "./stage.ts";
import type { Moment } from "./story-scene.ts";
import type { Story } from "./story.ts";
import { WATER_ID, type SeenObject } from "./truth.ts";

type Point = readonly [number, number];

/** First line of a truth file. Boxes and points are 0..1 from the top left, times are seconds of the clip. */
export interface TruthHeader {
  readonly clip: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly seed: number;
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly camera: string;
  readonly condition: string;
  readonly waterPolygon: readonly Point[];
  /** Zones with rules, in the layout of a zones file. */
  readonly zones: readonly {
    readonly id: string;
    readonly kind: string;
    readonly polygon: readonly Point[];
    readonly rules: readonly unknown[];
  }[];
  /** Pixel marks of the staff gauge with their centimetres. */
  readonly gauge: {
    readonly marks: readonly { readonly at: Point; readonly cm: number }[];
    readonly widthShare: number;
  } | null;
  readonly faults: Story["faults"];
  readonly expected: Story["expected"];
}

/** One frame of a truth file. */
export interface TruthFrame {
  readonly t: number;
  readonly objects: readonly {
    readonly id: string;
    readonly class: string;
    readonly box: readonly number[];
    readonly visible: number;
    readonly owner?: string;
    readonly angling?: true;
  }[];
  /** Share of the water polygon's pixels that show debris, 0..1. */
  readonly debrisShare: number;
  readonly levelCm?: number;
  readonly fault?: string;
}

const round = (v: number, digits = 4): number => Math.round(v * 10 ** digits) / 10 ** digits;

/** The text of the burnt-in clock at a second of the clip. */
export function clockAt(story: Story, t: number): string {
  const start = Date.parse(`${story.clock.replace(" ", "T")}Z`);
  const now = new Date(start + Math.floor(t) * 1000);
  const day = "日一二三四五六"[now.getUTCDay()] ?? "";
  return `${now.toISOString().slice(0, 19).replace("T", " ")} 星期${day}`;
}

/** The header of a story whose visible water is known. */
export function headerTruth(name: string, stage: Stage, water: readonly Point[]): TruthHeader {
  const { story } = stage;
  return {
    clip: name, title: story.title, seed: story.place.seed, seconds: story.seconds, width: WIDTH, height: HEIGHT, fps: story.fps, camera: story.camera.name, condition: story.light.condition,
    waterPolygon: water.map(([x, y]) => [round(x), round(y)]),
    zones: story.zones.map((zone) => ({
      id: zone.id, kind: zone.kind, ...(zone.anchor ? { anchor: zone.anchor } : {}), rules: zone.rules,
      polygon: (zone.area === "water" ? water : zone.area === "picture" ? ([[0, 0], [1, 0], [1, 1], [0, 1]] as const) : hullOf(stage, zone.area)).map(([x, y]): Point => [round(x), round(y)]),
    })),
    gauge: gaugeMarks(stage), faults: story.faults, expected: story.expected,
  }; // prettier-ignore
}

/** The convex outline of a box on the bank, cut at the edges of the picture. */
function hullOf(
  stage: Stage,
  area: { readonly x: readonly [number, number]; readonly inland: readonly [number, number]; readonly highM: number },
): readonly Point[] {
  const place = placesOf({ ...stage.story.camera, roll: 0 });
  const points = surfaceOf(stage, area)
    .map(place)
    .filter((p) => p.w > 0.3)
    .map((p): Point => [p.x, p.y]);
  return clipped(convexHull(points));
}

/** A convex polygon cut to the picture, edge by edge (Sutherland and Hodgman 1974). Clamping its corners instead would bend its sides. */
export function clipped(polygon: readonly Point[]): readonly Point[] {
  const edges: readonly ((p: Point) => number)[] = [(p) => p[0], (p) => 1 - p[0], (p) => p[1], (p) => 1 - p[1]];
  return edges.reduce<readonly Point[]>((left, depth) => {
    return left.flatMap((to, i) => {
      const from = left[(i + left.length - 1) % left.length] ?? to;
      const [a, b] = [depth(from), depth(to)];
      const t = a / (a - b);
      const cut: Point = [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])];
      return [...(a < 0 !== b < 0 ? [cut] : []), ...(b >= 0 ? [to] : [])];
    });
  }, polygon);
}

/** The convex hull of points, counter-clockwise (monotone chain). */
export function convexHull(points: readonly Point[]): readonly Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const p of list) {
      while (chain.length >= 2 && turn(chain[chain.length - 2] ?? p, chain[chain.length - 1] ?? p, p) <= 0) chain.pop();
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

const turn = (a: Point, b: Point, c: Point): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

function gaugeMarks(stage: Stage): TruthHeader["gauge"] {
  const { gauge } = stage.story;
  if (!gauge) return null;
  const place = placesOf({ ...stage.story.camera, roll: 0 });
  const at = (x: number, cm: number): Point => {
    const p = place([x, (cm - 100) / 100, gauge.at[1]]);
    return [round(p.x, 5), round(p.y, 5)];
  };
  const marks = [];
  for (let cm = Math.ceil(gauge.bottomCm / 10) * 10; cm <= gauge.topCm; cm += 10)
    marks.push({ at: at(gauge.at[0], cm), cm });
  const middle = (gauge.bottomCm + gauge.topCm) / 2;
  const left = at(gauge.at[0] - gauge.wideM / 2, middle);
  const right = at(gauge.at[0] + gauge.wideM / 2, middle);
  return { marks, widthShare: round(Math.abs(right[0] - left[0])) };
}

/** Whether a point lies in a polygon (even-odd). */
function inside(polygon: readonly Point[], x: number, y: number): boolean {
  let within = false;
  polygon.forEach((a, i) => {
    const b = polygon[(i + polygon.length - 1) % polygon.length] ?? a;
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) within = !within;
  });
  return within;
}

/** The share of a polygon's pixels that show one of these ids, on every second pixel both ways. */
export function shareOf(polygon: readonly Point[], ids: Uint16Array, wanted: ReadonlySet<number>): number {
  let all = 0;
  let hit = 0;
  for (let y = 1; y < HEIGHT; y += 2) {
    for (let x = 1; x < WIDTH; x += 2) {
      const number = ids[y * WIDTH + x] ?? 0;
      const debris = number !== WATER_ID && wanted.has(number);
      if (!debris && number !== WATER_ID) {
        if (inside(polygon, x / WIDTH, y / HEIGHT)) all += 1;
        continue;
      }
      if (!inside(polygon, x / WIDTH, y / HEIGHT)) continue;
      all += 1;
      if (debris) hit += 1;
    }
  }
  return all === 0 ? 0 : hit / all;
}

/** The truth of a frame. */
export function frameTruth(frame: {
  readonly t: number;
  readonly moment: Moment;
  readonly seen: readonly SeenObject[];
  readonly water: readonly Point[];
  readonly ids: Uint16Array;
}): TruthFrame {
  const debris = new Set(frame.seen.filter((o) => o.class === "floating-debris").map((o) => o.number));
  return {
    t: round(frame.t, 3),
    objects: frame.seen.map((o) => ({
      id: o.id,
      class: o.class,
      box: o.box.map((v) => round(v)),
      visible: round(o.visible, 2),
      ...(o.owner === undefined ? {} : { owner: o.owner }),
      ...(o.angling ? { angling: true as const } : {}),
    })),
    debrisShare: debris.size === 0 || frame.water.length === 0 ? 0 : round(shareOf(frame.water, frame.ids, debris), 5),
    ...(frame.moment.levelCm === null ? {} : { levelCm: round(frame.moment.levelCm, 1) }),
    ...(frame.moment.fault === null ? {} : { fault: frame.moment.fault }),
  };
}
