/** Somebody or something stays in a zone, alone or in the company that the rule asks for. */
import type { Track } from "../../tracking/track.ts";
import { anglingOf, atZoneStep, isAtZone, type Angling, type RodReach } from "../angling.ts";
import { companyOf } from "../company.ts";
import { Jerks } from "../jerks.ts";
import {
  asObject,
  needsTracks,
  reasoning,
  type Heed,
  type Look,
  type Rule,
  type Steady,
  type Verdict,
} from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import { Stays, type Stay } from "../stays.ts";
import type { TraceStep, TriggerObject } from "../trigger.ts";
import { counts, heedOf, inside, insideStep, reachHeedOf, type Zone } from "../zone.ts";

/** How one object meets what the rule asks besides staying. */
interface Fit {
  readonly fits: boolean;
  readonly others: readonly Track[];
  readonly steps: readonly TraceStep[];
}

const alwaysFits: Fit = { fits: true, others: [], steps: [] };
const none: readonly Track[] = [];
const noCompany: ReadonlyMap<number, readonly Track[]> = new Map();

/** Holds while the object that has stayed longest (or the `minObjects`-th longest) has stayed long enough. */
export class PresenceDwell implements Rule {
  readonly needs = needsTracks;
  readonly heeds: Heed;
  readonly steady: Steady | undefined;
  readonly #settings: RuleSettings;
  readonly #zone: Zone;
  readonly #aspect: number;
  readonly #stays: Stays;
  readonly #jerks: Jerks | null;
  readonly #isPlain: boolean;
  /** Set where the company are rods: they bring whoever holds them into the zone. */
  readonly #angling: (Angling & RodReach) | null;
  #sinceT: number | null = null;

  constructor(settings: RuleSettings, zone: Zone, aspect: number) {
    this.#settings = settings;
    this.#zone = zone;
    this.#aspect = aspect;
    this.#stays = new Stays({ aspect, sameSpot: settings.sameSpot });
    this.#jerks = settings.jerksPerMin === undefined ? null : new Jerks(settings.jerksPerMin);
    const { with: any, withAll, without, maxSpeed } = settings;
    const angling = anglingOf(settings);
    this.#angling = angling && { ...angling, aspect };
    const { labels } = settings;
    this.heeds = this.#angling ? reachHeedOf(zone, labels, this.#angling) : heedOf(zone, labels);
    const isMember = (track: Track): boolean => counts(track, settings) && inside(zone, track.box);
    this.#isPlain = !any && !withAll && !without && maxSpeed === undefined && this.#jerks === null;
    const isSteady = this.#isPlain && !settings.sameSpot;
    const goneOn = (t: number): void => this.#stays.goneOn(t);
    this.steady = isSteady ? { zone, settings, isMember, sinceT: () => this.#sinceT, goneOn } : undefined;
  }

  /** Turns are counted in every frame; a stay is only touched by who is there. */
  rests(): boolean {
    return this.#jerks === null;
  }

  look({ t, beforeT, tracks }: Look): Verdict {
    const settings = this.#settings;
    this.#jerks?.step(tracks, t);
    const fitting: Track[] = [];
    let company = noCompany;
    let within = 0;
    let nearMiss: readonly TraceStep[] | null = null;
    const rods = this.#rods(tracks);
    for (const track of tracks) {
      if (!counts(track, settings) || !this.#isHere(track, rods)) continue;
      within += 1;
      const { fits, others, steps } = this.#isPlain ? alwaysFits : this.#fits(track, tracks);
      if (!fits) {
        nearMiss ??= steps;
        continue;
      }
      fitting.push(track);
      if (others.length > 0) company = new Map([...company, [track.id, others]]);
    }
    const stays = this.#stays.step(fitting, { t, beforeT });
    this.#sinceT = stays[(settings.minObjects ?? 1) - 1]?.sinceT ?? null;
    return new DwellVerdict(settings, { t, stays, within, fitting: fitting.length, company, nearMiss });
  }

  why(track: Track, { t, tracks }: Look): readonly TraceStep[] {
    const since = this.#stays.since(track.id, t);
    const steps = this.#isPlain ? [] : this.#fits(track, tracks).steps;
    return [...steps, stayedStep(since === null ? null : t - since, this.#settings)];
  }

  whyHere(track: Track, { tracks }: Look): TraceStep {
    return this.#angling
      ? atZoneStep(this.#zone, track.box, this.#rods(tracks), this.#angling)
      : insideStep(this.#zone, track.box);
  }

  #isHere(track: Track, rods: readonly Track[]): boolean {
    return this.#angling ? isAtZone(this.#zone, track.box, () => rods, this.#angling) : inside(this.#zone, track.box);
  }

  #rods(tracks: readonly Track[]): readonly Track[] {
    return this.#angling ? tracks.filter(this.#angling.isRod) : none;
  }

  /** Whether one object is as the rule wants it: its company, its speed, its jerks. */
  #fits(track: Track, all: readonly Track[]): Fit {
    const settings = this.#settings;
    const company = companyOf(track, all, settings, this.#aspect);
    const steps = [...company.steps];
    if (settings.maxSpeed !== undefined) {
      const speed = Math.hypot(track.velocity.x * this.#aspect, track.velocity.y);
      steps.push({
        step: "speed",
        passed: speed <= settings.maxSpeed,
        value: Number(speed.toFixed(3)),
        limit: `<= ${settings.maxSpeed}`,
        setting: `${settings.path}/maxSpeed`,
      });
    }
    if (this.#jerks) {
      const rate = Math.max(...[track, ...company.others].map((one) => this.#jerks?.perMinute(one.id) ?? 0));
      const least = settings.jerksPerMin ?? 0;
      steps.push({
        step: "jerks",
        passed: rate >= least,
        value: rate,
        limit: `>= ${least}`,
        setting: `${settings.path}/jerksPerMin`,
      });
    }
    return { fits: steps.every((s) => s.passed), others: company.others, steps };
  }
}

/** What was seen in one frame. */
interface Seen {
  readonly t: number;
  readonly stays: readonly Stay[];
  readonly within: number;
  readonly fitting: number;
  readonly company: ReadonlyMap<number, readonly Track[]>;
  readonly nearMiss: readonly TraceStep[] | null;
}

/** The numbers at once; words and objects only when somebody asks, for most frames nobody does. */
class DwellVerdict implements Verdict {
  readonly state: Verdict["state"];
  readonly heldMs: number;
  readonly value: number;
  readonly threshold: number;
  readonly #settings: RuleSettings;
  readonly #seen: Seen;

  constructor(settings: RuleSettings, seen: Seen) {
    const decisive = seen.stays[(settings.minObjects ?? 1) - 1];
    this.heldMs = decisive ? seen.t - decisive.sinceT : 0;
    this.state = decisive !== undefined && this.heldMs >= settings.suspectedSec * 1000 ? "holds" : "clear";
    this.value = tenths(this.heldMs);
    this.threshold = settings.detectedSec;
    this.#settings = settings;
    this.#seen = seen;
  }

  get measure(): Verdict["measure"] {
    return { objects: this.#seen.fitting, stayedSec: this.value };
  }

  get objects(): readonly TriggerObject[] {
    const { stays, company } = this.#seen;
    const named = new Map<number, TriggerObject>();
    for (const { track } of stays) named.set(track.id, asObject(track));
    for (const { track } of stays) {
      for (const other of company.get(track.id) ?? [])
        if (!named.has(other.id)) named.set(other.id, asObject(other, track.id));
    }
    return [...named.values()].slice(0, 64);
  }

  get steps(): readonly TraceStep[] {
    const { within, fitting, nearMiss } = this.#seen;
    const { path, minObjects: need = 1 } = this.#settings;
    const objects: TraceStep = {
      step: "objects",
      passed: within >= need,
      value: within,
      limit: `>= ${need}`,
      setting: `${path}/minObjects`,
    };
    const missed = fitting < need && nearMiss ? nearMiss : [];
    const isThere = this.#seen.stays.length >= need;
    return reasoning(objects, ...missed, stayedStep(isThere ? this.heldMs : null, this.#settings));
  }
}

/** The step that asks whether somebody stayed long enough; null: too few are there to stay. */
function stayedStep(heldMs: number | null, { suspectedSec, path }: RuleSettings): TraceStep {
  return {
    step: "stayed",
    passed: heldMs !== null && heldMs >= suspectedSec * 1000,
    value: tenths(heldMs ?? 0),
    limit: `>= ${suspectedSec}`,
    setting: `${path}/suspectedSec`,
  };
}

function tenths(ms: number): number {
  return Math.round(ms / 100) / 10;
}
