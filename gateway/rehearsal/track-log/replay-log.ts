/** A log through the rules: the same code as live on the same values, so the same triggers (pure). */
import type { LogEntry } from "../../analysis/track-log/log-entry.ts";
import { RuleEngine } from "../../analysis/zones/rule-engine.ts";
import type { Trigger } from "../../analysis/zones/trigger.ts";
import type { ZonesConfig } from "../../config/zones-schema.ts";
import { telling, type JudgedFrame } from "../judged-frame.ts";

/** The rules that are rehearsed and where they stand. */
export interface Rehearsal {
  readonly zones: ZonesConfig;
  readonly timezone: string;
  readonly place?: { readonly lon?: number | undefined; readonly lat?: number | undefined } | undefined;
}

/** What came of it. */
export interface LogReplay {
  readonly triggers: readonly Trigger[];
  readonly frames: number;
  readonly points: number;
  /** Frames that nobody looked at: the gate was shut, the detector silent or the picture broken. */
  readonly notLookedAt: number;
  /** Frames that never reached the log. */
  readonly missingFrames: number;
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  /** The rules as they stood at the end. */
  readonly engine: Pick<RuleEngine, "state" | "why">;
}

/** Replays everything; occurrences are numbered, so that two runs are the same to the byte. `onJudged` is told of every frame. */
export function replayLog(
  entries: Iterable<LogEntry>,
  rehearsal: Rehearsal,
  onJudged?: (frame: JudgedFrame) => void,
): LogReplay {
  let occurrences = 0;
  const engineOf = (): RuleEngine =>
    new RuleEngine({ ...rehearsal, cameraId: rehearsal.zones.camera, newId: () => `occ-${(occurrences += 1)}` });
  let engine = engineOf();
  const triggers: Trigger[] = [];
  const count = { frames: 0, points: 0, notLookedAt: 0, missingFrames: 0 };
  let firstMs: number | null = null;
  let lastMs: number | null = null;
  for (const entry of entries) {
    firstMs ??= entry.nowMs;
    lastMs = entry.nowMs;
    switch (entry.kind) {
      case "frame": {
        count.frames += 1;
        if (entry.seen.tracks === null) count.notLookedAt += 1;
        else count.points += entry.seen.tracks.length;
        triggers.push(...telling(engine, onJudged).step(entry.seen, entry.nowMs));
        break;
      }
      case "lost":
        triggers.push(...engine.close(entry.nowMs, "camera-lost"));
        break;
      case "start": {
        const open = engine.open();
        engine = engineOf();
        engine.resume(open, entry.nowMs);
        break;
      }
      case "gap":
        count.missingFrames += entry.frames;
        break;
      default:
        entry satisfies never;
    }
  }
  return { triggers, ...count, firstMs, lastMs, engine };
}
