/** A thing that stood in its place is gone from it. */
import type { Box } from "../../geometry.ts";
import type { Track } from "../../tracking/track.ts";
import { near } from "../nearness.ts";
import { needsTracks, reasoning, type Heed, type Look, type Rule, type Verdict } from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import { shownSec } from "../shown.ts";
import { Stays } from "../stays.ts";
import type { TraceStep } from "../trigger.ts";
import { counts, heedOf, inside, type Zone } from "../zone.ts";

/** A thing must have stood this long to be missed, unless the rule says otherwise. */
const STOOD_SEC = 30;
const SAME_SPOT = 0.5;
/** A place that somebody hides counts neither as empty nor as full. */
const HIDING_REACH = 0.05;

interface Missed {
  readonly box: Box;
  readonly label: string;
  readonly score: number;
  readonly track: number;
  readonly goneT: number;
  emptyMs: number;
}

/** Holds while a thing that stood for long is missing from its place; after the clear time the empty place is the new normal. */
export class RemovedObject implements Rule {
  readonly needs = needsTracks;
  readonly heeds: Heed;
  readonly #settings: RuleSettings;
  readonly #zone: Zone;
  readonly #aspect: number;
  readonly #stays: Stays;
  #settled = new Map<number, Missed>();
  #missed: Missed[] = [];
  #lastT = 0;

  constructor(settings: RuleSettings, zone: Zone, aspect: number) {
    this.#settings = settings;
    this.#zone = zone;
    this.#aspect = aspect;
    this.heeds = heedOf(zone, settings.labels);
    this.#stays = new Stays({ aspect, sameSpot: settings.sameSpot ?? SAME_SPOT });
  }

  /** As long as nothing has stood here long enough to be missed. */
  rests(): boolean {
    return this.#settled.size === 0 && this.#missed.length === 0;
  }

  look({ t, beforeT, tracks }: Look): Verdict {
    const { path, suspectedSec, detectedSec, clearSec } = this.#settings;
    const stepMs = t - this.#lastT;
    this.#lastT = t;
    const things = tracks.filter(
      (track) => track.seenNow && counts(track, this.#settings) && inside(this.#zone, track.box),
    );
    this.#remember(things, { t, beforeT });
    for (const missed of this.#missed) {
      const hidden = tracks.some(
        (o) => o.label !== missed.label && near(o.box, missed.box, { reach: HIDING_REACH, aspect: this.#aspect }),
      );
      if (!hidden) missed.emptyMs += stepMs;
    }
    const back = (m: Missed): boolean =>
      things.some((o) => o.label === m.label && near(o.box, m.box, { reach: HIDING_REACH, aspect: this.#aspect }));
    const keepMs = (detectedSec + clearSec) * 1000;
    this.#missed = this.#missed.filter((m) => m.emptyMs <= keepMs && !back(m));
    const longest = this.#missed.reduce<Missed | null>((a, b) => (a && a.emptyMs >= b.emptyMs ? a : b), null);
    const heldMs = longest?.emptyMs ?? 0;
    const held = longest !== null && heldMs >= suspectedSec * 1000;
    const seconds = Math.round(heldMs / 100) / 10;
    return {
      state: held ? "holds" : "clear",
      heldMs,
      value: seconds,
      threshold: detectedSec,
      measure: { missing: this.#missed.length, emptySec: seconds },
      objects: longest ? [{ track: longest.track, label: longest.label, score: longest.score, box: longest.box }] : [],
      steps: reasoning(
        {
          step: "missing",
          passed: longest !== null,
          value: this.#missed.length,
          limit: ">= 1",
          setting: `${path}/minTrackSec`,
        },
        {
          step: "empty",
          passed: held,
          value: shownSec(heldMs, suspectedSec),
          limit: `>= ${suspectedSec}`,
          setting: `${path}/suspectedSec`,
        },
      ),
    };
  }

  /** What is in its place cannot be missed; whether it would be is asked first. */
  why(track: Track, { t }: Look): readonly TraceStep[] {
    const setting = `${this.#settings.path}/minTrackSec`;
    const since = this.#stays.since(track.id, t);
    const least = this.#stoodMs / 1000;
    const stoodSec = since === null ? 0 : shownSec(t - since, least);
    return [
      { step: "stood", passed: stoodSec >= least, value: stoodSec, limit: `>= ${least}`, setting },
      { step: "missing", passed: false, value: "in its place", limit: "gone from its place", setting },
    ];
  }

  get #stoodMs(): number {
    return (this.#settings.minTrackSec > 0 ? this.#settings.minTrackSec : STOOD_SEC) * 1000;
  }

  /** Keeps what has stood long enough, and moves what is not seen any more to the missed. */
  #remember(things: Look["tracks"], { t, beforeT }: Pick<Look, "t" | "beforeT">): void {
    const stoodMs = this.#stoodMs;
    const here = new Map<number, Missed>();
    for (const { track, sinceT } of this.#stays.step(things, { t, beforeT })) {
      if (t - sinceT < stoodMs) continue;
      here.set(track.id, {
        box: track.box,
        label: track.label,
        score: track.score,
        track: track.id,
        goneT: t,
        emptyMs: 0,
      });
    }
    for (const [id, was] of this.#settled)
      if (!here.has(id) && !this.#missed.some((m) => m.track === id)) this.#missed.push(was);
    this.#settled = here;
  }
}
