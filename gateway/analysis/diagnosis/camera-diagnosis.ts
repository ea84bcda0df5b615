/** One camera's state of health: what its picture measures, what is wrong with it, and whether rules may look at it. */
import type { Frame } from "../capture/frame.ts";
import type { GreyPicture, Scene } from "../detection/scene.ts";
import type { DiagnosisStatus } from "../../runtime/status.ts";
import type { Polygon } from "../geometry.ts";
import { OpenKinds } from "./kinds.ts";
import { ObservedTime, type BlindReason, type KeptHour, type ObservedSum } from "./observed-time.ts";
import { PictureDiagnosis, type KeptPicture, type Measures } from "./picture-diagnosis.ts";

/** What outlives a restart. */
export interface KeptDiagnosis extends KeptPicture {
  readonly hours: readonly KeptHour[];
  /** The view was another one than usual. */
  readonly viewMoved?: boolean;
}

/** One complete hour, as a measurement for the platform. */
export interface ObservedHour {
  readonly fromMs: number;
  readonly toMs: number;
  readonly sum: ObservedSum;
}

/** The measure by which the log and the rules know that nobody looked: the place of its reason, from 1. */
export const blindCodes: Readonly<Record<"view-moved" | "covered" | "black" | "frozen", number>> = {
  "view-moved": 1,
  covered: 2,
  black: 3,
  frozen: 4,
};

/** Looks in a row that make a view moved, and those that make it right again. Suspending early costs less than a wrong alarm. */
const movedLooks = 3;
const backLooks = 5;
const movedBelow = 0.5;
const backAbove = 0.55;
/** Seconds after which a frozen picture is no longer looked at. */
const frozenSec = 10;
const coveredFrom = 0.6;
const blackFrom = 0.98;
/** Frames in a row that the detector did not answer make a stretch that was not observed. */
const silentDetectorFrames = 3;

/** Everything of one camera. Pure: time comes in, nothing goes out but what is returned. */
export class CameraDiagnosis {
  readonly #picture: PictureDiagnosis;
  readonly #grey: () => GreyPicture;
  readonly #kinds = new OpenKinds();
  readonly #time: ObservedTime;
  #movedCount = 0;
  #backCount = 0;
  #isMoved = false;
  #pictureBlind: keyof typeof blindCodes | null = null;
  #unanswered = 0;
  #measures: Measures = {};
  #clockOffsetSec: number | null = null;
  #hours: ObservedHour[] = [];

  constructor(options: {
    readonly rate: number;
    readonly hourOf: (nowMs: number) => number;
    /** The water, 0..1 of the picture. */
    readonly water?: readonly Polygon[];
    /** The grey version of the newest frame. */
    readonly grey: () => GreyPicture;
    readonly kept?: KeptDiagnosis | null;
  }) {
    const { rate, hourOf, grey, water = [], kept = null } = options;
    this.#picture = new PictureDiagnosis({ rate, hourOf, water, kept });
    this.#grey = grey;
    this.#time = new ObservedTime(kept?.hours);
    this.#setMoved(kept?.viewMoved ?? false);
  }

  /** What the camera's clock differs from the box's, seconds; null when it does not say. */
  set clockOffsetSec(value: number | null) {
    this.#clockOffsetSec = value;
  }

  /** Takes in every frame; the measures of the second, or what must be said of every frame, or null when there is nothing. */
  look(frame: Frame, scene: Scene, nowMs: number): Measures | null {
    const measured = this.#picture.look(frame, this.#grey(), scene, nowMs);
    if (measured) {
      const { noFrameSec = 0, ...rest } = measured;
      this.#measures = {
        ...rest,
        clockOffsetSec: this.#clockOffsetSec === null ? null : Math.abs(this.#clockOffsetSec),
        noFrameSec,
      };
      this.#kinds.step({ ...scene, ...this.#measures }, nowMs);
      this.#judge(scene);
    }
    const blind = this.#pictureBlind === null ? null : blindCodes[this.#pictureBlind];
    if (!measured) return blind === null ? null : { blind };
    return blind === null ? this.#measures : { ...this.#measures, blind };
  }

  /** No frame for so long: the measures of that second. */
  silent(silentSec: number, nowMs: number): Measures {
    this.#measures = { noFrameSec: silentSec };
    this.#kinds.step(this.#measures, nowMs);
    return this.#measures;
  }

  /** Why rules must not look at this camera's tracks; null when they may. */
  get pictureBlind(): keyof typeof blindCodes | null {
    return this.#pictureBlind;
  }

  /** Notes whether the detector answered a frame that it was asked about. */
  answered(isAnswered: boolean): void {
    this.#unanswered = isAnswered ? 0 : this.#unanswered + 1;
  }

  /** Counts the time since the last call; about once a second. */
  count(now: { readonly online: boolean; readonly shedding: boolean }, nowMs: number): void {
    const full = this.#time.add(
      { online: now.online, intact: now.online && this.#kinds.open.length === 0, blind: this.#blind(now) },
      nowMs,
    );
    if (full) this.#hours.push({ fromMs: full.startMs, toMs: full.startMs + 3_600_000, sum: full.sum });
    if (this.#hours.length > 24) this.#hours.shift();
  }

  /** The hours that are complete and were not taken yet, oldest first. */
  takeHours(): readonly ObservedHour[] {
    const hours = this.#hours;
    if (hours.length > 0) this.#hours = [];
    return hours;
  }

  /** The water was drawn anew. */
  takeWater(water: readonly Polygon[]): void {
    this.#picture.takeWater(water);
  }

  /** A person says that the view as it is now is the right one. */
  acceptView(): void {
    this.#picture.acceptView();
    this.#setMoved(false);
    this.#backCount = 0;
    this.#movedCount = 0;
    if (this.#pictureBlind === "view-moved") this.#pictureBlind = null;
  }

  status(now: { readonly online: boolean; readonly shedding: boolean }): DiagnosisStatus {
    return {
      open: this.#kinds.open,
      blind: this.#blind(now),
      knowsView: this.#picture.knowsView,
      day: this.#time.day,
      measures: this.#measures,
    };
  }

  keep(): KeptDiagnosis {
    return { ...this.#picture.keep(), hours: this.#time.keep(), viewMoved: this.#isMoved };
  }

  #blind({ online, shedding }: { readonly online: boolean; readonly shedding: boolean }): BlindReason | null {
    if (!online) return "no-frame";
    if (this.#pictureBlind) return this.#pictureBlind;
    if (this.#unanswered >= silentDetectorFrames) return "detector";
    return shedding ? "load" : null;
  }

  #setMoved(isMoved: boolean): void {
    this.#isMoved = isMoved;
    this.#picture.viewMoved = isMoved;
  }

  #judge(scene: Scene): void {
    const { referenceMatch, coveredShare, frozenSec: stillSec } = this.#measures;
    if (typeof referenceMatch === "number") {
      this.#movedCount = referenceMatch < movedBelow ? this.#movedCount + 1 : 0;
      this.#backCount = referenceMatch >= backAbove ? this.#backCount + 1 : 0;
      if (this.#movedCount >= movedLooks) this.#setMoved(true);
      if (this.#backCount >= backLooks) this.#setMoved(false);
    }
    if (scene.blackShare >= blackFrom) this.#pictureBlind = "black";
    else if ((coveredShare ?? 0) >= coveredFrom) this.#pictureBlind = "covered";
    else if ((stillSec ?? 0) >= frozenSec) this.#pictureBlind = "frozen";
    else this.#pictureBlind = this.#isMoved ? "view-moved" : null;
  }
}
