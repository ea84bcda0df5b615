/** What would have fired with other rules, and why a rule did or did not fire. */
import { ConfigError } from "../../runtime/errors.ts";
import { ruleMakers, type RuleMaker } from "../../analysis/zones/rule-engine.ts";
import type { LogEntry } from "../../analysis/track-log/log-entry.ts";
import type { Track } from "../../analysis/tracking/track.ts";
import type { WhyAnswer } from "../preview.ts";
import { differenceOf, happenings, type Difference, type Happening } from "./difference.ts";
import { readLog } from "./read-log.ts";
import { replayLog, type Rehearsal } from "./replay-log.ts";
import { runHappenings } from "./run-happenings.ts";
import { Stopped } from "./run-rules.ts";
import { Shelf, type Stretch } from "./stretch.ts";

const dayMs = 86_400_000;

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
  /** Rules that had to be run; the others were known from an earlier preview. */
  readonly rulesRun: number;
}

/** Rules whose answers are kept, each for one stretch of log. */
const mostRuns = 256;

/** Previews of some cameras; keeps what was decoded and what was answered, so that the next edit costs only what it changed. */
export class Rehearsing {
  readonly #shelf = new Shelf();
  readonly #runs = new Map<string, readonly Happening[]>();

  /**
   * Runs the span with the present rules and with a draft.
   * @param isStopped asked a few hundred times a second
   * @throws ConfigError TRACK_LOG_EMPTY when the log has nothing of it, Stopped
   */
  async preview(
    span: Span,
    present: Rehearsal,
    draft: Rehearsal,
    isStopped: () => boolean = () => false,
  ): Promise<Preview> {
    const makers = [present, draft].map((one) => ruleMakers({ ...one, cameraId: one.zones.camera }));
    const [before = [], after = []] = makers;
    const stretch = await this.#shelf.stretch(span.folder, span.fromMs - warmUpMs(makers.flat()), span.toMs);
    const about = aboutOf(stretch);
    if ((about.lastMs ?? -Infinity) < span.fromMs) throw nothing(span);
    const keyOf = ({ key }: RuleMaker): string => `${stretch.key} ${key}`;
    const unknown = new Map(makers.flat().map((maker) => [keyOf(maker), maker]));
    for (const key of unknown.keys()) if (this.#runs.has(key)) unknown.delete(key);
    const ran = runHappenings(stretch, [...unknown.values()], isStopped);
    for (const [i, key] of [...unknown.keys()].entries()) this.#runs.set(key, ran[i] ?? []);
    const told = (rules: readonly RuleMaker[]): readonly Happening[] =>
      rules
        .flatMap((maker) => this.#told(keyOf(maker)).filter(({ startMs }) => startMs >= span.fromMs))
        .sort((a, b) => a.startMs - b.startMs);
    const difference = differenceOf(told(before), told(after));
    this.#forget();
    return { ...difference, ...about, damagedBytes: stretch.damagedBytes, rulesRun: unknown.size };
  }

  /** A stretch of log, from memory where it was read before. */
  stretch(folder: string, fromMs: number, toMs: number): Promise<Stretch> {
    return this.#shelf.stretch(folder, fromMs, toMs);
  }

  /** An answer that is known; it becomes the newest. */
  #told(key: string): readonly Happening[] {
    const told = this.#runs.get(key) ?? [];
    this.#runs.delete(key);
    this.#runs.set(key, told);
    return told;
  }

  #forget(): void {
    for (const key of this.#runs.keys()) {
      if (this.#runs.size <= mostRuns) return;
      this.#runs.delete(key);
    }
  }
}

/** One preview without a memory for the next. @throws ConfigError TRACK_LOG_EMPTY when the log has nothing of it */
export async function preview(span: Span, present: Rehearsal, draft: Rehearsal): Promise<Preview> {
  return new Rehearsing().preview(span, present, draft);
}

/**
 * Rules remember: a rehearsal begins so much earlier than what it tells of. Those that hold between two limits may remember
 * for as long as they like; a day is what is granted.
 */
function warmUpMs(makers: readonly RuleMaker[]): number {
  const sways = ["level-threshold", "scene-quality", "count", "area-ratio", "removed-object"];
  const each = makers.map(({ settings }) => {
    const { kind, detectedSec, windowSec, clearSec, cooldownSec, minTrackSec } = settings;
    return sways.includes(kind) ? dayMs : (detectedSec + windowSec + clearSec + cooldownSec + minTrackSec + 60) * 2_000;
  });
  return Math.min(dayMs, Math.max(600_000, ...each));
}

function aboutOf({ parts }: Stretch): Pick<Preview, "frames" | "points" | "missingFrames" | "firstMs" | "lastMs"> {
  const about = { frames: 0, points: 0, missingFrames: 0 };
  for (const { columns, blocks } of parts)
    for (const { frames, points, fromEntry, toEntry, isPlain } of blocks) {
      about.frames += frames;
      about.points += points;
      for (let entry = fromEntry; !isPlain && entry < toEntry; entry += 1)
        about.missingFrames += columns.missing.get(entry) ?? 0;
    }
  const [first, last] = [parts[0], parts.at(-1)];
  const firstMs = first?.columns.nowMs[first.blocks[0]?.fromEntry ?? 0] ?? null;
  const lastMs = last?.columns.nowMs[(last.blocks.at(-1)?.toEntry ?? 1) - 1] ?? null;
  return { ...about, firstMs, lastMs };
}

/**
 * The reasoning of every rule at one moment, or with a track of every rule about that one, from the engine itself: it gets
 * every frame up to then, and is asked what it thinks.
 * @throws ConfigError TRACK_LOG_EMPTY when the log has nothing of that time, or the track was not in the picture then; Stopped
 */
export async function why(
  span: Omit<Span, "fromMs" | "toMs">,
  atMs: number,
  rehearsal: Rehearsal,
  track: number | null,
  isStopped: () => boolean = () => false,
): Promise<WhyAnswer> {
  const makers = ruleMakers({ ...rehearsal, cameraId: rehearsal.zones.camera });
  const log = await readLog(span.folder, atMs - warmUpMs(makers), atMs);
  let newest: readonly Track[] = [];
  let left = 0;
  const until = function* (): Generator<LogEntry> {
    for (const entry of log.entries()) {
      left = (left + 1) % 1_024;
      if (left === 0 && isStopped()) throw new Stopped();
      if (entry.nowMs > atMs) continue;
      if (entry.kind === "frame" && entry.seen.tracks !== null) newest = entry.seen.tracks;
      yield entry;
    }
  };
  const { lastMs, engine, triggers } = replayLog(until(), rehearsal);
  const isThere = track === null || newest.some(({ id }) => id === track);
  if (lastMs === null || !isThere) throw nothing(span);
  const rules =
    track === null ? engine.state().map(({ open, ...one }) => ({ ...one, open: open !== null })) : engine.why(track);
  return {
    atMs: lastMs,
    rules: rules.map(({ ruleId, zoneId, eventType, open, steps }) => ({ ruleId, zoneId, eventType, open, steps })),
    tracks: newest.map(({ id, label, score, box }) => ({ id, label, score, box })),
    open: happenings(triggers).filter(({ endMs }) => endMs === null),
  };
}

function nothing({ cameraId, folder }: Pick<Span, "cameraId" | "folder">): ConfigError {
  return new ConfigError("TRACK_LOG_EMPTY", { camera: cameraId, path: folder });
}
