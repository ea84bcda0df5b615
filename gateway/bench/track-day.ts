/** A day of tracks for the bench, the same on every machine: as a camera at a bank sees it, or with everybody in a zone all day. */
import { seeded } from "../../native/seeded.ts";
import type { Track } from "../analysis/tracking/track.ts";
import type { ZoneConfig } from "../config/zones-schema.ts";

/** Five a second for a day. */
export const dayFrames = 432_000;
export const dayPoints = 864_000;
export const frameMs = 200;
export const dayStartMs = Date.parse("2026-03-14T00:00:00+08:00");

/** A day: what is in the picture frame by frame, and the zones it is looked at with. */
export interface TrackDay {
  readonly zones: readonly Pick<ZoneConfig, "id" | "polygon">[];
  /** The first zone as somebody has just redrawn it, and once more. */
  readonly redrawn: readonly [ZoneConfig["polygon"], ZoneConfig["polygon"]];
  frames(): Generator<readonly Track[]>;
}

/** Two persons who walk to and fro from zone to zone, a new track every minute; the zones cover the picture. */
export const everywhere: TrackDay = {
  zones: [
    [0, 0],
    [0.5, 0],
    [0, 0.5],
    [0.5, 0.5],
  ].map(([x = 0, y = 0], i) => ({
    id: `quarter-${i}`,
    polygon: [
      [x, y],
      [x + 0.5, y],
      [x + 0.5, y + 0.5],
      [x, y + 0.5],
    ],
  })),
  redrawn: [
    [
      [0.02, 0.03],
      [0.48, 0.01],
      [0.5, 0.47],
      [0.01, 0.49],
    ],
    [
      [0.02, 0.03],
      [0.48, 0.01],
      [0.5, 0.47],
    ],
  ],
  *frames() {
    for (let frame = 0; frame < dayFrames; frame += 1) yield [0, 1].map((who) => walking(frame, who));
  },
};

function walking(frame: number, who: number): Track {
  return {
    id: 1 + who + 2 * Math.floor(frame / 300),
    label: "person",
    state: "confirmed",
    box: { x: 0.45 + 0.4 * Math.sin(frame / 90 + who), y: 0.3 + 0.2 * Math.cos(frame / 70), width: 0.05, height: 0.2 },
    score: 0.6 + 0.2 * Math.sin(frame / 11),
    firstSeenMs: dayStartMs + Math.floor(frame / 300) * 60_000,
    lastSeenMs: dayStartMs + frame * frameMs,
    seenNow: true,
    hits: 1 + (frame % 300),
    velocity: { x: 0.01, y: 0 },
  };
}

/** Anglers with their rods, people on the path and people about, few by night and many in the afternoon. */
export const bank: TrackDay = {
  zones: [
    {
      id: "water",
      polygon: [
        [0, 0.66],
        [0.24, 0.6],
        [0.55, 0.63],
        [1, 0.55],
        [1, 0.8],
        [0.5, 0.88],
        [0, 0.92],
      ],
    },
    {
      id: "pier",
      polygon: [
        [0.62, 0.5],
        [0.8, 0.47],
        [0.86, 0.66],
        [0.66, 0.7],
      ],
    },
    {
      id: "gate",
      polygon: [
        [0.02, 0.36],
        [0.12, 0.33],
        [0.16, 0.5],
        [0.04, 0.54],
      ],
    },
    {
      id: "path",
      polygon: [
        [0.3, 0.36],
        [0.6, 0.32],
        [0.6, 0.42],
        [0.3, 0.47],
      ],
    },
  ],
  redrawn: [
    [
      [0, 0.68],
      [0.24, 0.62],
      [0.55, 0.63],
      [1, 0.57],
      [1, 0.82],
      [0.5, 0.88],
      [0, 0.92],
    ],
    [
      [0, 0.7],
      [0.24, 0.62],
      [0.55, 0.6],
      [1, 0.57],
      [1, 0.82],
      [0.5, 0.88],
    ],
  ],
  *frames() {
    const random = seeded(5);
    let people: Person[] = [];
    let ids = 0;
    let points = 0;
    for (let frame = 0; frame < dayFrames; frame += 1) {
      // An eightieth of those who are wanted comes every five seconds: a hundred seconds is what the shortest stay.
      const wanted = byHour[Math.floor(frame / 18_000)] ?? 0;
      if (random() < wanted / arrivals) {
        const come = arrival(random, frame, (ids += 1));
        people.push(come);
        if (come.stays) people.push({ ...come, id: (ids += 1), label: "fishing-rod" });
      }
      people = people.filter(({ untilFrame }) => frame < untilFrame);
      const tracks = people.slice(0, dayPoints - points).map((person) => seen(person, frame, random));
      points += tracks.length;
      yield tracks;
    }
  },
};

/** How many are wanted hour by hour, against one another. */
const byHour = [2, 2, 2, 2, 4, 10, 18, 20, 20, 22, 24, 22, 20, 22, 26, 30, 34, 32, 26, 18, 10, 6, 4, 2];
/** Chosen so that a little more than `dayPoints` come. */
const arrivals = 7_900;

interface Person {
  readonly id: number;
  readonly label: string;
  readonly fromFrame: number;
  readonly untilFrame: number;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  /** Frames from the one place to the other. */
  readonly walkFrames: number;
  /** An angler: walks to a place and stays there; the others go on for ever. */
  readonly stays: boolean;
  hits: number;
  lastSeenMs: number;
}

function arrival(random: () => number, fromFrame: number, id: number): Person {
  const kind = random();
  const side = random() < 0.5 ? -0.02 : 1;
  const at = (low: number, high: number): number => low + (high - low) * random();
  const about = { id, label: "person", fromFrame, from: [side, at(0.33, 0.55)] as const, hits: 0, lastSeenMs: 0 };
  if (kind < 0.12) {
    const walkFrames = Math.round(at(100, 250));
    const to = [at(0.1, 0.9), at(0.54, 0.68)] as const;
    return { ...about, to, walkFrames, untilFrame: fromFrame + Math.round(at(1_500, 9_000)), stays: true };
  }
  const walkFrames = Math.round(at(120, 500));
  const to = kind < 0.9 ? ([1 - side, at(0.33, 0.5)] as const) : ([at(0.2, 0.8), at(0.4, 0.8)] as const);
  return { ...about, to, walkFrames, untilFrame: fromFrame + Math.round(walkFrames * at(0.6, 1)), stays: false };
}

/** A track as trackers give it: trembling, with scores that sway, lost for a moment now and then. */
function seen(person: Person, frame: number, random: () => number): Track {
  const { id, label, fromFrame, from, to, walkFrames, stays } = person;
  const age = frame - fromFrame;
  const way = stays ? Math.min(1, age / walkFrames) : age / walkFrames;
  const isRod = label === "fishing-rod";
  const x = from[0] + (to[0] - from[0]) * way + 0.002 * (random() - 0.5) + (isRod ? 0.03 : 0);
  const foot = from[1] + (to[1] - from[1]) * way + 0.01 * Math.sin(age / 25) + 0.004 * (random() - 0.5);
  const height = (isRod ? 0.06 : 0.05) + 0.25 * foot;
  const seenNow = age < 2 || random() > 0.03;
  if (seenNow) {
    person.hits += 1;
    person.lastSeenMs = dayStartMs + frame * frameMs;
  }
  return {
    id,
    label,
    state: age < 2 ? "tentative" : seenNow ? "confirmed" : "lost",
    box: { x, y: foot - height, width: isRod ? 0.12 : height * 0.25, height },
    score: (isRod ? 0.5 : 0.65) + 0.15 * Math.sin(age / 17 + id) + 0.1 * random(),
    firstSeenMs: dayStartMs + fromFrame * frameMs,
    lastSeenMs: person.lastSeenMs,
    seenNow,
    hits: person.hits,
    velocity: { x: (to[0] - from[0]) / (walkFrames / 5), y: 0 },
  };
}
