/** All measures of one camera's picture that are not the scene's: once a second, against what this camera usually shows. */
import type { Frame } from "../capture/frame.ts";
import type { GreyPicture, Scene } from "../detection/scene.ts";
import type { Polygon } from "../geometry.ts";
import { Baseline, type KeptBaseline } from "./baseline.ts";
import { BlockinessMeter } from "./blockiness.ts";
import { ColourCast } from "./colour-cast.ts";
import { ColourMeter } from "./colour.ts";
import { FrameRate } from "./frame-rate.ts";
import { NoiseMeter } from "./noise.ts";
import type { KeptTints } from "./passing-tints.ts";
import { ReferenceView, type KeptReference, type Likeness } from "./reference-view.ts";
import { Shake } from "./shake.ts";
import { Stillness } from "./stillness.ts";
import { StripeMeter } from "./stripes.ts";
import { View } from "./view.ts";
import { WaterColour } from "./water-colour.ts";

/** Measurements by the names that rules use; null: no reading, which is never the same as zero. */
export type Measures = Readonly<Record<string, number | null>>;

/** What outlives a restart. */
export interface KeptPicture {
  /** By kind of light: colour, infrared. */
  readonly references: readonly (KeptReference | null)[];
  readonly baselines: Readonly<Record<string, KeptBaseline>>;
  /** Missing in what an earlier release kept. */
  readonly tints?: KeptTints | undefined;
}

const lookEveryMs = 1_000;
/** Mean luma below which shapes cannot be compared, and the share of black pixels of a black picture. */
const darkBelow = 30;
const blackShare = 0.98;
/** Contrast below which even a running clock is hardly seen: nothing can be said of stillness. */
const leastContrast = 6;
/** Detail left of another scene below which it is no scene at all, but something right before the lens. */
const noDetail = 0.35;
/** A covered share from which nothing else about the picture can be said. */
const covered = 0.4;
/** Coarse light that is laid out like this is the same scene: it may have blurred, but nothing stands before the lens. */
const sameScene = 0.8;
/** Chroma below which a camera is in its infrared mode, which has a usual look of its own. */
const infraredBelow = 2.5;
/** Standard deviation of luma above which nobody calls a picture foggy. */
const plentyOfContrast = 25;
/** Damaged looks of the newest twenty that count as a torn picture. */
const damagedLooks = 10;

const newBaselines = () => ({
  blockiness: new Baseline(),
  contrast: new Baseline(),
  waterA: new Baseline(),
  waterB: new Baseline(),
});

/** One camera. Nothing here reads a clock. */
export class PictureDiagnosis {
  readonly #stillness = new Stillness();
  readonly #shake = new Shake();
  readonly #noise = new NoiseMeter();
  readonly #stripes = new StripeMeter();
  readonly #blockiness = new BlockinessMeter();
  readonly #colour = new ColourMeter();
  #waterColour: WaterColour;
  readonly #frameRate: FrameRate;
  #baselines = newBaselines();
  #cast = new ColourCast();
  readonly #hourOf: (nowMs: number) => number;
  #view: View | null = null;
  #size = "";
  #references: [ReferenceView, ReferenceView] | null = null;
  #kept: KeptPicture | null;
  #lookedMs: number | null = null;
  #stillSec = 0;
  #damage = 0;
  /** The view is known to be another one: nothing is learnt from it. */
  viewMoved = false;

  constructor(options: {
    /** Frames a second that the camera is asked for. */
    readonly rate: number;
    readonly hourOf: (nowMs: number) => number;
    /** The water, 0..1 of the picture; empty: none was drawn. */
    readonly water?: readonly Polygon[];
    readonly kept?: KeptPicture | null;
  }) {
    this.#frameRate = new FrameRate(options.rate);
    this.#waterColour = new WaterColour(options.water ?? []);
    this.#hourOf = options.hourOf;
    this.#kept = options.kept ?? null;
    for (const [name, baseline] of Object.entries(this.#baselines)) {
      const kept = this.#kept?.baselines[name];
      if (kept) baseline.restore(kept);
    }
    if (this.#kept) this.#cast.restore({ ...this.#kept.baselines, tints: this.#kept.tints });
  }

  /** Takes in every frame; measures once a second and gives null in between. */
  look(frame: Frame, grey: GreyPicture, scene: Scene, nowMs: number): Measures | null {
    this.#frameRate.arrived(nowMs);
    this.#stillSec = this.#stillness.look(grey, nowMs);
    this.#shake.look(grey);
    const sinceMs = this.#lookedMs === null ? Infinity : nowMs - this.#lookedMs;
    // A tenth of a second is given: at five frames a second the fifth must not be missed by a millisecond.
    if (sinceMs >= 0 && sinceMs < lookEveryMs - 100) return null;
    this.#lookedMs = nowMs;
    return this.#measure(frame, grey, scene, nowMs);
  }

  /** The water was drawn anew. */
  takeWater(water: readonly Polygon[]): void {
    this.#waterColour = new WaterColour(water);
  }

  /** Forgets how the camera usually looks, its colours and contrast too: a person says that the new view is the right one. */
  acceptView(): void {
    for (const reference of this.#references ?? []) reference.forget();
    this.#baselines = newBaselines();
    this.#cast = new ColourCast();
    this.#kept = null;
    this.viewMoved = false;
  }

  /** Whether it is known how the camera usually looks. */
  get knowsView(): boolean {
    return this.#references?.some((reference) => reference.isReady && reference.hasStructure) ?? false;
  }

  keep(): KeptPicture {
    const references =
      this.#references?.map((one) => (one.isReady ? one.keep() : null)) ?? this.#kept?.references ?? [];
    const own = Object.fromEntries(Object.entries(this.#baselines).map(([name, one]) => [name, one.keep()]));
    const { tints, ...colours } = this.#cast.keep();
    return { references, baselines: { ...own, ...colours }, tints };
  }

  #measure(frame: Frame, grey: GreyPicture, scene: Scene, nowMs: number): Measures {
    const isBlack = scene.blackShare >= blackShare;
    const isDark = isBlack || scene.brightness < darkBelow;
    const colour = this.#colour.measure(frame);
    const likeness = isDark ? null : this.#compare(grey, colour.chroma < infraredBelow ? 1 : 0);
    const coveredShare = likeness && coveredShareOf(likeness);
    const isCovered = (coveredShare ?? 0) >= covered;
    const referenceMatch = likeness && !isCovered ? likeness.match : null;
    const isOrdinary = likeness !== null && !isCovered && likeness.match >= 0.5;
    const hour = this.#hourOf(nowMs);
    const hasColour = isOrdinary && colour.chroma >= infraredBelow;
    if (!hasColour) this.#cast.unseen(nowMs);
    return {
      frozenSec: isBlack || scene.contrast < leastContrast ? null : this.#stillSec,
      sharpnessRatio: isOrdinary ? squared(likeness.detailRatio) : null,
      coveredShare,
      referenceMatch,
      contrastRatio: isCovered || isDark ? null : this.#contrast(scene.contrast, hour),
      waterColourShare: hasColour ? this.#water(frame, hour) : null,
      castK: hasColour ? this.#cast.measure(colour, hour, nowMs) : null,
      noiseSigma: this.#noise.measure(frame),
      stripeRatio: isOrdinary ? this.#stripes.measure(grey) : null,
      blockiness: this.#torn(frame, hour, isOrdinary),
      shakePx: isDark || this.#shake.meanPx === null ? null : this.#shake.meanPx * grey.factor,
      frameRateRatio: this.#frameRate.ratio(nowMs),
      noFrameSec: 0,
    };
  }

  /** 0: colour, 1: infrared. */
  #compare(grey: GreyPicture, light: 0 | 1): Likeness | null {
    const [view, references] = this.#viewOf(grey);
    view.take(grey);
    const own = references[light];
    const other = references[1 - light];
    if (!own.isReady || !own.hasStructure) {
      // Where the camera has moved, the first night does not show what it usually looks like.
      if (!this.viewMoved) own.learn(view);
      // A grey bag over the lens looks like infrared light that was never seen before: the other kind of light knows better.
      const elsewhere = other?.isReady === true && other.hasStructure ? other.compare(view) : null;
      return elsewhere && (elsewhere.coveredShare ?? 0) >= covered ? elsewhere : null;
    }
    const likeness = own.compare(view);
    const { match, coveredShare, detailRatio, layout } = likeness;
    const isClear = layout >= sameScene || (coveredShare ?? 0) < 0.3;
    if (match >= 0.6 && isClear && (detailRatio ?? 1) > 0.6) own.learn(view);
    // An edge needs focus: in a blurred picture only the coarse light says where the camera points.
    return (detailRatio ?? 1) < 0.7 && layout > match ? { ...likeness, match: layout } : likeness;
  }

  #viewOf(grey: GreyPicture): readonly [View, readonly [ReferenceView, ReferenceView]] {
    const size = `${grey.widthPx}x${grey.heightPx}`;
    if (!this.#view || !this.#references || this.#size !== size) {
      this.#size = size;
      const view = new View(grey.widthPx, grey.heightPx);
      this.#view = view;
      this.#references = [new ReferenceView(view), new ReferenceView(view)];
      for (const [i, reference] of this.#references.entries()) {
        const kept = this.#kept?.references[i];
        if (kept) reference.restore(kept);
      }
    }
    return [this.#view, this.#references];
  }

  /** Share of the water that has another colour than it usually has at this hour. */
  #water(frame: Frame, hour: number): number | null {
    const { waterA, waterB } = this.#baselines;
    return this.#waterColour.measure(frame, { a: waterA, b: waterB }, hour);
  }

  /** Contrast against the usual one of this hour; a picture with plenty of it is never foggy. */
  #contrast(contrast: number, hour: number): number | null {
    const usual = this.#baselines.contrast.at(hour);
    const ratio = usual === null ? null : contrast / Math.max(1, usual);
    if (ratio === null || ratio > 0.75) this.#baselines.contrast.learn(hour, contrast);
    else this.#baselines.contrast.learnStrange(hour, contrast);
    return ratio !== null && contrast >= plentyOfContrast ? Math.max(1, ratio) : ratio;
  }

  /** Blockiness against the usual one; a decoder that reports damage all the time says it more surely than pixels. */
  #torn(frame: Frame, hour: number, isOrdinary: boolean): number | null {
    this.#damage = Math.max(0, Math.min(2 * damagedLooks, this.#damage + (frame.intact ? -1 : 1)));
    if (this.#damage >= damagedLooks) return 3;
    if (!isOrdinary) return null;
    const measured = this.#blockiness.measure(frame);
    const usual = this.#baselines.blockiness.at(hour);
    const ratio = measured === null || usual === null ? null : measured / Math.max(1, usual);
    if (measured !== null && (ratio ?? 1) < 1.4) this.#baselines.blockiness.learn(hour, measured);
    return ratio;
  }
}

/** Blocks without structure; or, where nothing is left of scene and detail, what is missing of the detail. */
function coveredShareOf({ layout, match, coveredShare, detailRatio }: Likeness): number | null {
  if (layout >= sameScene) return 0;
  const isBlank = layout < 0.5 && match < 0.4 && detailRatio !== null && detailRatio < noDetail;
  return isBlank ? Math.max(coveredShare ?? 0, 1 - detailRatio) : coveredShare;
}

/** Detail is a mean of absolute values, sharpness a variance. */
function squared(ratio: number | null): number | null {
  return ratio === null ? null : ratio * ratio;
}
