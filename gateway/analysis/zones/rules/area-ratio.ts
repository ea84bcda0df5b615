/** Too much of a water surface is covered, or too many pieces drift on it. */
import type { Track } from "../../tracking/track.ts";
import { areaInBox } from "../coverage.ts";
import { Drifts } from "../drifts.ts";
import { Ground } from "../ground.ts";
import { LazyVerdict, type VerdictNumbers } from "../lazy-verdict.ts";
import { asObject, needsTracks, reasoning, type AsIf, type Heed, type Look, type Rule, type Verdict } from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import { ShareRun } from "../share-run.ts";
import { shown, shownSec } from "../shown.ts";
import { Trend } from "../trend.ts";
import type { TraceStep } from "../trigger.ts";
import { counts, countsSteps, heedOf, type Zone } from "../zone.ts";

/** A box holds water too: the share of a debris box that is debris, unless the rule says otherwise. */
const BOX_FILL = 0.65;
/** A piece has moved, or grown, when less of it than this lies where it stood, unless the rule says otherwise. */
const SAME_SPOT = 0.5;

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
  /** Where pieces have to have drifted: what has, and for how long it would have held without that; else null. */
  readonly #drift: { readonly pieces: Drifts; readonly run: ShareRun } | null;

  constructor(settings: RuleSettings, zone: Zone, threshold: number) {
    this.#settings = settings;
    this.#zone = zone;
    this.#ground = new Ground(zone);
    this.#threshold = threshold;
    // A piece counts by its share of the water, wherever its anchor lies.
    this.heeds = heedOf({ ...zone, anchor: "any" }, settings.labels);
    const { persistRatio, detectedSec, clearSec, windowSec, sameSpot = SAME_SPOT, drift = "any" } = settings;
    const run = { share: persistRatio, spanMs: (detectedSec + 5) * 1000, gapMs: clearSec * 1000 };
    this.#run = new ShareRun(run);
    this.#drift =
      drift === "any"
        ? null
        : { pieces: new Drifts({ drift, sameSpot, windowMs: windowSec * 1000 }), run: new ShareRun(run) };
  }

  rests(t: number): boolean {
    return this.#run.rests(t) && this.#trend.isStill;
  }

  /** Of what was open, what lies there has come already: it may be caught where it does not move any more. */
  resumed(t: number): void {
    this.#drift?.pieces.trustUntil(t + Math.max(this.#settings.detectedSec, this.#settings.windowSec) * 1000);
  }

  look(look: Look): Verdict {
    const lying = look.tracks.filter((track) => this.#lies(track));
    this.#drift?.pieces.step(lying, look);
    const lasting = lying.filter((track) => this.#lasts(track));
    const counted = this.#drift ? lasting.filter(({ id }) => this.#drift?.pieces.of(id).counts) : lasting;
    const covered = this.#measure(counted);
    const growth = this.#trend.take(look.t, covered.ratio);
    const { reached, numbers } = this.#judge(this.#run, covered, look);
    const seen: AreaSeen = { ...covered, growth, reached, standing: lasting.length - counted.length };
    if (!this.#drift) return new AreaVerdict(this.#settings, seen, numbers);
    const whole = seen.standing > 0 ? this.#measure(lasting) : covered;
    const asIf = this.#judge(this.#drift.run, whole, look);
    if (seen.standing === 0 || asIf.reached < 0) return new AreaVerdict(this.#settings, seen, numbers);
    const withStanding = { ...seen, ...whole, reached: asIf.reached, standing: 0 };
    const verdict = new AreaVerdict(this.#settings, withStanding, asIf.numbers);
    return new AreaVerdict(this.#settings, seen, numbers, verdict);
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
      ...this.#driftStep(track),
      ...frame,
    ];
  }

  #driftStep({ id }: Track): readonly TraceStep[] {
    if (!this.#drift) return [];
    const { sameSpot = SAME_SPOT } = this.#settings;
    const { share, counts: passed, isJudged } = this.#drift.pieces.of(id);
    const value = isJudged ? shown(share, 2, (one) => one < sameSpot) : "not judged";
    return [{ ...driftAsked(this.#settings), passed, value }];
  }

  /** Whether so much is over a limit, and since when. */
  #judge(run: ShareRun, { ratio, largest, pieces }: Covered, { t, beforeT }: Pick<Look, "t" | "beforeT">): Judged {
    const { clearBelow, largest: leastLargest, minObjects } = this.#settings;
    const limits = [
      ratio / this.#threshold,
      leastLargest === undefined ? 0 : largest / leastLargest,
      minObjects === undefined ? 0 : pieces.length / minObjects,
    ];
    const share = Math.max(...limits);
    const over = share >= 1;
    run.push(t, over, ratio, beforeT);
    const longest = over ? run.longest() : null;
    const state = over ? "holds" : share > 0 && share >= clearBelow ? "between" : "clear";
    const heldMs = longest ? t - longest.sinceT : 0;
    return {
      reached: limits.findIndex((one) => one >= 1),
      numbers: { state, heldMs, value: round(ratio), threshold: this.#threshold },
    };
  }

  #measure(pieces: readonly Track[]): Covered {
    const fill = this.#settings.boxFill ?? BOX_FILL;
    let largest = 0;
    if (this.#settings.largest !== undefined)
      for (const { box } of pieces) largest = Math.max(largest, this.#ground.share([box]));
    const ratio = fill * this.#ground.share(pieces.map((p) => p.box));
    return { ratio, largest: fill * largest, pieces };
  }

  /** Whether it is a piece and lies on the water. */
  #lies(track: Track): boolean {
    return counts(track, this.#settings) && areaInBox(this.#zone.polygon, track.box) > 0;
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

interface Judged {
  /** Which limit was reached first: that of the area, of the largest piece or of the number; -1: none. */
  readonly reached: number;
  readonly numbers: VerdictNumbers;
}

interface AreaSeen extends Covered {
  readonly growth: number;
  readonly reached: number;
  /** Pieces left out because they do not drift. */
  readonly standing: number;
}

/** How much of the water is covered, and by what. */
class AreaVerdict extends LazyVerdict {
  readonly #settings: RuleSettings;
  readonly #seen: AreaSeen;
  readonly #withStanding: Verdict | null;

  /** @param withStanding what there would be with the pieces that do not drift, where that is enough */
  constructor(settings: RuleSettings, seen: AreaSeen, numbers: VerdictNumbers, withStanding: Verdict | null = null) {
    super(numbers);
    this.#settings = settings;
    this.#seen = seen;
    this.#withStanding = withStanding;
  }

  get asIf(): AsIf | undefined {
    return this.#withStanding ? { verdict: this.#withStanding, step: this.#driftStep } : undefined;
  }

  get measure(): Verdict["measure"] {
    const { largest, pieces, growth, standing } = this.#seen;
    return {
      coverage: this.value,
      largest: round(largest),
      objects: pieces.length,
      ...(standing > 0 ? { standing } : {}),
      growthPerMin: round(growth),
      heldSec: this.heldSec,
    };
  }

  get objects(): Verdict["objects"] {
    return this.#seen.pieces.slice(0, 64).map((track) => asObject(track));
  }

  get steps(): readonly TraceStep[] {
    const left = this.#seen.standing > 0 ? [this.#driftStep] : [];
    return reasoning(...left, this.#decision, this.heldStep(this.#settings));
  }

  /** How many of the pieces drift: it decides where they are too few and all together would be enough. */
  get #driftStep(): TraceStep {
    const { pieces, standing, reached } = this.#seen;
    return {
      ...driftAsked(this.#settings),
      step: "drifting",
      passed: reached >= 0 || this.#withStanding === null,
      value: `${pieces.length} of ${pieces.length + standing}`,
    };
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

function driftAsked({ path, sameSpot = SAME_SPOT }: RuleSettings): Pick<TraceStep, "step" | "limit" | "setting"> {
  return { step: "drift", limit: `< ${sameSpot} in its place`, setting: `${path}/drift` };
}
