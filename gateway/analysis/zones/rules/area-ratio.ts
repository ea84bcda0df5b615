/** Too much of a water surface is covered, or too many pieces drift on it. */
import type { Track } from "../../tracking/track.ts";
import { areaInBox } from "../coverage.ts";
import { Ground } from "../ground.ts";
import { asObject, needsTracks, reasoning, type Heed, type Look, type Rule, type Verdict } from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import { ShareRun } from "../share-run.ts";
import { Trend } from "../trend.ts";
import type { TraceStep } from "../trigger.ts";
import { counts, countsSteps, heedOf, type Zone } from "../zone.ts";

/** A box holds water too: the share of a debris box that is debris, unless the rule says otherwise. */
const BOX_FILL = 0.65;

/** Holds while coverage, the largest piece or the number of pieces is over its threshold in enough of the frames. */
export class AreaRatio implements Rule {
  readonly needs = needsTracks;
  readonly heeds: Heed;
  readonly #settings: RuleSettings;
  readonly #zone: Zone;
  readonly #ground: Ground;
  readonly #trend = new Trend();
  readonly #threshold: number;
  readonly #run: ShareRun;

  constructor(settings: RuleSettings, zone: Zone, threshold: number) {
    this.#settings = settings;
    this.#zone = zone;
    this.#ground = new Ground(zone);
    this.#threshold = threshold;
    // A piece counts by its share of the water, wherever its anchor lies.
    this.heeds = heedOf({ ...zone, anchor: "any" }, settings.labels);
    const { persistRatio, detectedSec, clearSec } = settings;
    this.#run = new ShareRun({ share: persistRatio, spanMs: (detectedSec + 5) * 1000, gapMs: clearSec * 1000 });
  }

  rests(t: number): boolean {
    return this.#run.rests(t) && this.#trend.isStill;
  }

  look({ t, beforeT, tracks }: Look): Verdict {
    const { path, suspectedSec, clearBelow, largest, minObjects } = this.#settings;
    const seen = this.#measure(tracks);
    const growth = this.#trend.take(t, seen.ratio);
    const limits = [
      seen.ratio / this.#threshold,
      largest === undefined ? 0 : seen.largest / largest,
      minObjects === undefined ? 0 : seen.pieces.length / minObjects,
    ];
    const share = Math.max(...limits);
    const over = share >= 1;
    this.#run.push(t, over, seen.ratio, beforeT);
    const run = over ? this.#run.longest() : null;
    const heldMs = run ? t - run.sinceT : 0;
    const heldSec = Math.round(heldMs / 100) / 10;
    const value = round(seen.ratio);
    return {
      state: over ? "holds" : share > 0 && share >= clearBelow ? "between" : "clear",
      heldMs,
      value,
      threshold: this.#threshold,
      measure: {
        coverage: value,
        largest: round(seen.largest),
        objects: seen.pieces.length,
        growthPerMin: round(growth),
        heldSec,
      },
      objects: seen.pieces.slice(0, 64).map((track) => asObject(track)),
      steps: reasoning(
        decision(path, {
          ratio: value,
          threshold: this.#threshold,
          over,
          pieces: seen.pieces.length,
          minObjects,
          ratioShare: limits[0] ?? 0,
        }),
        {
          step: "held",
          passed: heldMs >= suspectedSec * 1000,
          value: heldSec,
          limit: `>= ${suspectedSec}`,
          setting: `${path}/suspectedSec`,
        },
      ),
    };
  }

  /** A piece counts by its share of the water, wherever its anchor lies, and when it was followed long enough. */
  whyWhole(track: Track, _look: Look, frame: readonly TraceStep[]): readonly TraceStep[] {
    const { path, minTrackSec } = this.#settings;
    const covers = round(this.#ground.share([track.box]));
    const followedSec = Math.round((track.lastSeenMs - track.firstSeenMs) / 100) / 10;
    const setting = `zones/${this.#zone.id}/polygon`;
    return [
      ...countsSteps(track, this.#settings),
      {
        step: "covers",
        passed: areaInBox(this.#zone.polygon, track.box) > 0,
        value: covers,
        limit: `> 0 of ${this.#zone.id}`,
        setting,
      },
      {
        step: "lasted",
        passed: this.#lasts(track),
        value: followedSec,
        limit: `>= ${minTrackSec}`,
        setting: `${path}/minTrackSec`,
      },
      ...frame,
    ];
  }

  #measure(tracks: readonly Track[]): { ratio: number; largest: number; pieces: readonly Track[] } {
    const fill = this.#settings.boxFill ?? BOX_FILL;
    const pieces: Track[] = [];
    let largest = 0;
    for (const track of tracks) {
      if (!counts(track, this.#settings) || !this.#lasts(track)) continue;
      if (areaInBox(this.#zone.polygon, track.box) <= 0) continue;
      pieces.push(track);
      if (this.#settings.largest !== undefined) largest = Math.max(largest, this.#ground.share([track.box]));
    }
    const ratio = fill * this.#ground.share(pieces.map((p) => p.box));
    return { ratio, largest: fill * largest, pieces };
  }

  /** Foam and glint flicker: what was followed for a moment and then only remembered is no thing that drifts. */
  #lasts({ firstSeenMs, lastSeenMs }: Track): boolean {
    return lastSeenMs - firstSeenMs >= this.#settings.minTrackSec * 1000;
  }
}

function decision(
  path: string,
  seen: {
    ratio: number;
    threshold: number;
    over: boolean;
    pieces: number;
    minObjects: number | undefined;
    ratioShare: number;
  },
) {
  // The count decides only where the area does not: the trace names the setting that did it.
  if (seen.ratioShare < 1 && seen.minObjects !== undefined && seen.over && seen.pieces >= seen.minObjects) {
    return {
      step: "objects",
      passed: true,
      value: seen.pieces,
      limit: `>= ${seen.minObjects}`,
      setting: `${path}/minObjects`,
    };
  }
  return {
    step: "coverage",
    passed: seen.over,
    value: seen.ratio,
    limit: `>= ${seen.threshold}`,
    setting: `${path}/threshold`,
  };
}

function round(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}
