/** Thirty seconds of a log in which everything that an entry can say is said, the same each time. */
import type { Track } from "../../tracking/track.ts";
import type { LogEntry } from "../log-entry.ts";
import { quantise } from "../quantise.ts";

const noonMs = Date.parse("2026-03-14T12:00:00+08:00");

/** Two persons and a rod cross the middle of the picture; there is a start, a gap, a blind frame, a moved view, a loss. */
export function halfMinute(): readonly LogEntry[] {
  const entries: LogEntry[] = [{ kind: "start", nowMs: noonMs }];
  for (let frame = 0; frame < 150; frame += 1) {
    const nowMs = noonMs + 200 * (frame + 1);
    if (frame === 60) entries.push({ kind: "gap", nowMs, frames: 4 });
    if (frame === 90) entries.push({ kind: "lost", nowMs });
    if (frame === 100) entries.push({ kind: "start", nowMs });
    const scene = { brightness: 90 + frame / 10, contrast: 30, sharpness: 12.5, blackShare: 0.01, change: frame / 7 };
    const seen = {
      tracks: frame === 40 ? null : [0, 1, 2].flatMap((who) => trackAt(who, frame, nowMs)),
      scene: frame % 3 === 0 ? scene : null,
      ...(frame % 20 === 5 ? { measures: { waterLevelM: frame / 100, flowMs: null } } : {}),
      aspect: frame < 70 ? 16 / 9 : 4 / 3,
      ...(frame === 120 ? { moved: true } : {}),
    };
    entries.push({ kind: "frame", nowMs, seen: quantise(seen) });
  }
  return entries;
}

function trackAt(who: number, frame: number, nowMs: number): readonly Track[] {
  const age = frame - 15 * who;
  if (age < 0 || age > 110) return [];
  const seenNow = age % 13 !== 12;
  return [
    {
      id: who + 1,
      label: who === 2 ? "fishing-rod" : "person",
      state: age < 3 ? "tentative" : seenNow ? "confirmed" : "lost",
      box: { x: 0.1 + 0.006 * age + 0.1 * who, y: 0.2 + 0.1 * who, width: 0.06, height: 0.25 },
      score: 0.6 + 0.1 * Math.sin(age),
      firstSeenMs: nowMs - age * 200,
      lastSeenMs: seenNow ? nowMs : nowMs - 200,
      seenNow,
      hits: age + 1 - Math.floor(age / 13),
      velocity: { x: 0.03, y: 0 },
    },
  ];
}
