/** What would have fired with other rules, and why a rule did or did not fire. */
import { ConfigError } from "../../runtime/errors.ts";
import type { RuleState } from "../../analysis/zones/rule-engine.ts";
import type { LogEntry } from "../../analysis/track-log/log-entry.ts";
import { differenceOf, happenings, type Difference, type Happening } from "./difference.ts";
import { readLog } from "./read-log.ts";
import { replayLog, type LogReplay, type Rehearsal } from "./replay-log.ts";

/** Rules remember: a rehearsal begins so much earlier than what it tells of. */
const warmUpMs = 86_400_000;

/** The time asked for. */
export interface Span {
  readonly folder: string;
  readonly cameraId: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A preview. */
export interface Preview extends Difference {
  readonly frames: number;
  readonly points: number;
  readonly missingFrames: number;
  readonly damagedBytes: number;
  readonly firstMs: number | null;
  readonly lastMs: number | null;
}

/**
 * Replays the span with the present rules and with a draft.
 * @throws ConfigError TRACK_LOG_EMPTY when the log has nothing of it
 */
export async function preview(span: Span, present: Rehearsal, draft: Rehearsal): Promise<Preview> {
  const log = await readLog(span.folder, span.fromMs - warmUpMs, span.toMs);
  const run = (rehearsal: Rehearsal): LogReplay => replayLog(log.entries(), rehearsal);
  const [before, after] = [run(present), run(draft)];
  if ((before.lastMs ?? -Infinity) < span.fromMs) throw nothing(span);
  const { frames, points, missingFrames, firstMs, lastMs } = before;
  return {
    ...differenceOf(happenings(before.triggers, span.fromMs), happenings(after.triggers, span.fromMs)),
    frames,
    points,
    missingFrames,
    damagedBytes: log.damagedBytes,
    firstMs,
    lastMs,
  };
}

/** The reasoning of every rule at one moment. */
export interface Why {
  /** Time of the newest frame at or before the moment. */
  readonly atMs: number;
  readonly rules: readonly RuleState[];
  /** Tracks of the newest frame that was looked at. */
  readonly tracks: readonly { readonly id: number; readonly label: string; readonly score: number }[];
  /** Occurrences that were open then. */
  readonly open: readonly Happening[];
}

/**
 * Replays up to `atMs`. With a track, other objects of its label are left out: the answer is about that one alone, in the
 * company of what is not like it.
 * @throws ConfigError TRACK_LOG_EMPTY
 */
export async function why(
  span: Omit<Span, "fromMs" | "toMs">,
  atMs: number,
  rehearsal: Rehearsal,
  track: number | null,
): Promise<Why> {
  const log = await readLog(span.folder, atMs - warmUpMs, atMs);
  const label = track === null ? null : labelOf(log.entries(), track);
  let tracks: Why["tracks"] = [];
  const until = function* (): Generator<LogEntry> {
    for (const entry of log.entries()) {
      if (entry.nowMs > atMs) continue;
      if (entry.kind !== "frame" || entry.seen.tracks === null) {
        yield entry;
        continue;
      }
      const seen = entry.seen.tracks.filter((one) => label === null || one.id === track || one.label !== label);
      tracks = seen;
      yield { ...entry, seen: { ...entry.seen, tracks: seen } };
    }
  };
  const { lastMs, state, triggers } = replayLog(until(), rehearsal);
  if (lastMs === null || (track !== null && label === null)) throw nothing(span);
  return {
    atMs: lastMs,
    rules: state,
    tracks: tracks.map(({ id, label: own, score }) => ({ id, label: own, score })),
    open: happenings(triggers).filter(({ endMs }) => endMs === null),
  };
}

function labelOf(entries: Iterable<LogEntry>, track: number): string | null {
  let label: string | null = null;
  for (const entry of entries)
    if (entry.kind === "frame") label = entry.seen.tracks?.find(({ id }) => id === track)?.label ?? label;
  return label;
}

function nothing({ cameraId, folder }: Pick<Span, "cameraId" | "folder">): ConfigError {
  return new ConfigError("TRACK_LOG_EMPTY", { camera: cameraId, path: folder });
}
