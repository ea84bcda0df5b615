/** Somebody comes into a zone or goes out of it, seen on both sides of its border. */
import type { Track } from "../../tracking/track.ts";
import { shareIn } from "../../geometry.ts";
import { Crossings, followedStep } from "../crossings.ts";
import { Recent } from "../recent.ts";
import { needsTracks, type Heed, type Look, type Rule, type Verdict } from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import { placeKeyOf } from "../shared-steps.ts";
import { SideMemory, type Change, type Sided } from "../side-memory.ts";
import type { TraceStep } from "../trigger.ts";
import { anchorPoint, borderHeedOf, counts, inside, type Zone } from "../zone.ts";

const OUTSIDE = 0;
const INSIDE = 1;
const sideIn = { none: OUTSIDE, all: INSIDE, some: null } as const;

/** Holds in the frame in which entering (or leaving) is believed. Who is born inside never entered, who vanishes never left. */
export class Border implements Rule {
  readonly needs = needsTracks;
  readonly heeds: Heed;
  readonly sided: Sided;
  readonly #settings: RuleSettings;
  readonly #wanted: number;
  readonly #sides: SideMemory;
  readonly #crossings: Crossings;
  readonly #notYet: TraceStep;
  /** The newest crossing's reasoning by track, for whoever asks why; as many as there were lately. */
  readonly #judged = new Recent<readonly TraceStep[]>(64);

  constructor(settings: RuleSettings, zone: Zone, options: { readonly way: "in" | "out"; readonly aspect: number }) {
    this.#settings = settings;
    this.heeds = borderHeedOf(zone, settings.labels);
    this.#wanted = options.way === "in" ? INSIDE : OUTSIDE;
    this.#sides = new SideMemory(options.aspect);
    this.#crossings = new Crossings(settings);
    const setting = placeKeyOf(settings);
    this.#notYet = { step: options.way === "in" ? "entered" : "left", passed: false, value: 0, limit: ">= 1", setting };
    this.sided = {
      follow: (look) => this.#follow(look),
      judge: (changes, t) => this.#judge(changes, t),
      memory: this.#sides,
      sideOf: (box) => (inside(zone, box) ? INSIDE : OUTSIDE),
      ...(zone.anchor === "bottom" ? { sideIn: (feet) => sideIn[shareIn(zone.polygon, feet)] } : {}),
      placeOf: (box) => anchorPoint(box, zone.anchor),
      zone,
    };
  }

  /** Sides are remembered of who is there; a crossing tells itself in one frame. */
  rests(): boolean {
    return true;
  }

  look(look: Look): Verdict {
    return this.#judge(this.#follow(look), look.t);
  }

  #follow({ t, beforeT, tracks }: Pick<Look, "t" | "beforeT" | "tracks">): readonly Change[] {
    const sights = [];
    for (const track of tracks) {
      if (!track.seenNow || !counts(track, this.#settings)) continue;
      sights.push({ track, side: this.sided.sideOf(track.box), point: this.sided.placeOf(track.box) });
    }
    return this.#sides.look(sights, { t, beforeT });
  }

  #judge(changes: readonly Change[], t: number): Verdict {
    const { step, setting } = this.#notYet;
    let steps: readonly TraceStep[] = [this.#notYet];
    const crossed = [];
    for (const { track, to, followedMs } of changes) {
      if (to !== this.#wanted) continue;
      steps = [{ step, passed: true, value: 1, limit: ">= 1", setting }, followedStep(followedMs, this.#settings)];
      this.#judged.set(track.id, steps);
      if (steps.every((s) => s.passed)) crossed.push(track);
    }
    return this.#crossings.verdict(crossed, t, steps);
  }

  why(track: Track): readonly TraceStep[] {
    const side = this.#sides.sideOf(track.id);
    const value = side === null ? "not yet believed" : side === INSIDE ? "inside" : "outside";
    const limit = this.#wanted === INSIDE ? "outside, then inside" : "inside, then outside";
    const crossed = { step: "crossed", passed: false, value, limit, setting: placeKeyOf(this.#settings) };
    return this.#judged.get(track.id) ?? [crossed];
  }
}
