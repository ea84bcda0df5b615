/** Too much of a water surface is covered, or too many pieces drift on it. */
import type { Track } from "../../tracking/track.ts";
import { areaInBox } from "../coverage.ts";
import { Ground } from "../ground.ts";
import { LazyVerdict, type VerdictNumbers } from "../lazy-verdict.ts";
import { asObject, needsTracks, reasoning, type Heed, type Look, type Rule, type Verdict } from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import { ShareRun } from "../share-run.ts";
import { shown, shownSec } from "../shown.ts";
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
    const { clearBelow, largest, minObjects } = this.#settings;
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
    return new AreaVerdict(
      this.#settings,
      { ...seen, growth, reached: limits.findIndex((one) => one >= 1) },
      {
        state: over ? "holds" : share > 0 && share >= clearBelow ? "between" : "clear",
        heldMs: run ? t - run.sinceT : 0,
        value: round(seen.ratio),
        threshold: this.#threshold,
      },
    );
  }

  /** A piece counts by its share of the water, wherever its anchor lies, and when it was followed long enough. */
  whyWhole(track: Track, _look: Look, frame: readonly TraceStep[]): readonly TraceStep[] {
    const { path, minTrackSec } = this.#settings;
    const covers = round(this.#ground.share([track.box]));
    const followedSec = shownSec(track.lastSeenMs - track.firstSeenMs, minTrackSec);
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

  #measure(tracks: readonly Track[]): Covered {
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

/** What covers the water. */
interface Covered {
  readonly ratio: number;
  readonly largest: number;
  readonly pieces: readonly Track[];
}

interface AreaSeen extends Covered {
  readonly growth: number;
  /** Which limit was reached first: that of the area, of the largest piece or of the number; -1: none. */
  readonly reached: number;
}

/** How much of the water is covered, and by what. */
class AreaVerdict extends LazyVerdict {
  readonly #settings: RuleSettings;
  readonly #seen: AreaSeen;

  constructor(settings: RuleSettings, seen: AreaSeen, numbers: VerdictNumbers) {
    super(numbers);
    this.#settings = settings;
    this.#seen = seen;
  }

  get measure(): Verdict["measure"] {
    const { largest, pieces, growth } = this.#seen;
    return {
      coverage: this.value,
      largest: round(largest),
      objects: pieces.length,
      growthPerMin: round(growth),
      heldSec: this.heldSec,
    };
  }

  get objects(): Verdict["objects"] {
    return this.#seen.pieces.slice(0, 64).map((track) => asObject(track));
  }

  get steps(): readonly TraceStep[] {
    return reasoning(this.#decision, this.heldStep(this.#settings));
  }

  /** The largest piece and the count decide only where the area does not: the trace names the setting that did it. */
  get #decision(): TraceStep {
    const { path, minObjects = 0, largest: leastLargest = 0 } = this.#settings;
    const { ratio, largest, pieces, reached } = this.#seen;
    const step = (name: string, value: number, least: number, key: string): TraceStep => ({
      step: name,
      passed: reached >= 0,
      value: shown(value, 4, (one) => one >= least),
      limit: `>= ${least}`,
      setting: `${path}/${key}`,
    });
    if (reached === 1) return step("largest", largest, leastLargest, "largest");
    if (reached === 2) return step("objects", pieces.length, minObjects, "minObjects");
    return step("coverage", ratio, this.threshold, "threshold");
  }
}

function round(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}
