/** Somebody or something stays in a zone, alone or in the company that the rule asks for. */
import type { Track } from "../../tracking/track.ts";
import { anglingOf, atZoneStep, isAtZone, type Angling, type RodReach } from "../angling.ts";
import { Company, companyHeedOf } from "../company.ts";
import { Jerks, type TrackJerks } from "../jerks.ts";
import { LazyVerdict } from "../lazy-verdict.ts";
import {
  asObject,
  needsTracks,
  reasoning,
  type Heed,
  type HeededCompany,
  type Look,
  type Rule,
  type Steady,
  type Verdict,
} from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import { shown, shownSec } from "../shown.ts";
import { Stays, type Stay } from "../stays.ts";
import type { TraceStep, TriggerObject } from "../trigger.ts";
import { counts, heedOf, inside, insideStep, reachHeedOf, type Zone } from "../zone.ts";

/** How one object meets what the rule asks besides staying. */
interface Fit {
  readonly fits: boolean;
  readonly steps: () => readonly TraceStep[];
}

const none: readonly never[] = [];
const alwaysFits: Fit = { fits: true, steps: () => none };

/** Holds while the object that has stayed longest (or the `minObjects`-th longest) has stayed long enough. */
export class PresenceDwell implements Rule {
  readonly needs = needsTracks;
  readonly heeds: Heed;
  readonly steady: Steady | undefined;
  readonly jerksPerMin: number | undefined;
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
    this.jerksPerMin = settings.jerksPerMin;
    this.#jerks = settings.jerksPerMin === undefined ? null : new Jerks(settings.jerksPerMin);
    const { with: any, withAll, without, maxSpeed } = settings;
    const angling = anglingOf(settings);
    this.#angling = angling && { ...angling, aspect };
    const { labels } = settings;
    const company = companyHeedOf(settings, aspect);
    this.heeds = { ...(this.#angling ? reachHeedOf(zone, labels, this.#angling) : heedOf(zone, labels)), ...company };
    this.#isPlain = !any && !withAll && !without && maxSpeed === undefined && this.#jerks === null;
    this.steady = this.#steadyWith(company.company);
  }

  #steadyWith(company: HeededCompany | undefined): Steady | undefined {
    const { maxSpeed, sameSpot } = this.#settings;
    if (sameSpot || maxSpeed !== undefined) return undefined;
    const steady = {
      zone: this.#zone,
      settings: this.#settings,
      goneOn: (t: number): void => this.#stays.goneOn(t),
      sinceT: (): number | null => this.#sinceT,
    };
    if (this.#isPlain) {
      const lookAtMembers = (look: Look): Verdict =>
        this.#say(look, look.tracks, () => ({ within: look.tracks.length, nearMiss: null }));
      return { ...steady, lookAtMembers };
    }
    const membersOf: Steady["membersOf"] = ({ tracks, jerks }, among) =>
      this.#find(tracks, jerks ?? null, among).fitting;
    const lookAtMembers = (look: Look): Verdict => {
      const around = (): Around => this.#find(look.everyone ?? look.tracks, look.jerks ?? null);
      // How often tracks jerked is known now and not when somebody asks.
      const found = this.#jerks && around();
      return this.#say(look, look.tracks, () => found ?? around());
    };
    const rodReach = this.#angling?.rodReach ?? null;
    const adopt = (other: Rule): void => this.#adopt(other);
    return { ...steady, lookAtMembers, membersOf, adopt, ...(company && { company: { ...company, rodReach } }) };
  }

  #adopt(other: Rule): void {
    if (!(other instanceof PresenceDwell)) return;
    this.#stays.adopt(other.#stays);
    this.#sinceT = other.#sinceT;
  }

  /** A stay is only touched by who is there; turns, too, were it not that a replay counts them itself. */
  rests(): boolean {
    return true;
  }

  look(look: Look): Verdict {
    const found = this.#find(look.tracks, this.#jerksAt(look));
    return this.#say(look, found.fitting, () => found);
  }

  #jerksAt({ jerks, tracks, t }: Look): TrackJerks | null {
    if (jerks) return jerks;
    this.#jerks?.step(tracks, t);
    return this.#jerks;
  }

  /** @param among those who are asked about; they are told with all around them */
  #find(tracks: readonly Track[], jerks: TrackJerks | null, among = tracks): Found {
    const settings = this.#settings;
    const fitting: Track[] = [];
    let within = 0;
    let nearMiss: Fit | null = null;
    let found: readonly Track[] | null = null;
    const rods = (): readonly Track[] => (found ??= this.#rods(tracks));
    for (const track of among) {
      if (!counts(track, settings) || !this.#isHere(track, rods)) continue;
      within += 1;
      const fit = this.#isPlain ? alwaysFits : this.#fits(track, tracks, jerks);
      if (!fit.fits) {
        nearMiss ??= fit;
        continue;
      }
      fitting.push(track);
    }
    return { within, fitting, nearMiss };
  }

  #say(look: Look, fitting: readonly Track[], around: () => Around): Verdict {
    const settings = this.#settings;
    const stays = this.#stays.step(fitting, look);
    this.#sinceT = stays[(settings.minObjects ?? 1) - 1]?.sinceT ?? null;
    const othersOf = (track: Track): readonly Track[] => this.#othersOf(track, look);
    return new DwellVerdict(settings, { t: look.t, stays, count: fitting.length, around, othersOf });
  }

  #othersOf(track: Track, { everyone, tracks }: Look): readonly Track[] {
    return this.#isPlain ? none : new Company(track, everyone ?? tracks, this.#settings, this.#aspect).others;
  }

  why(track: Track, { t, tracks }: Look): readonly TraceStep[] {
    const since = this.#stays.since(track.id, t);
    const steps = this.#isPlain ? none : this.#fits(track, tracks, this.#jerks).steps();
    return [...steps, stayedStep(since === null ? null : t - since, this.#settings)];
  }

  whyHere(track: Track, { tracks }: Look): TraceStep {
    return this.#angling
      ? atZoneStep(this.#zone, track.box, this.#rods(tracks), this.#angling)
      : insideStep(this.#zone, track.box);
  }

  #isHere(track: Track, rods: () => readonly Track[]): boolean {
    return this.#angling ? isAtZone(this.#zone, track.box, rods, this.#angling) : inside(this.#zone, track.box);
  }

  #rods(tracks: readonly Track[]): readonly Track[] {
    return this.#angling ? tracks.filter(this.#angling.isRod) : none;
  }

  /** Whether one object is as the rule wants it: its company, its speed, its jerks. */
  #fits(track: Track, all: readonly Track[], jerks: TrackJerks | null): Fit {
    const company = new Company(track, all, this.#settings, this.#aspect);
    const { maxSpeed, jerksPerMin } = this.#settings;
    if (maxSpeed === undefined && jerksPerMin === undefined) return { fits: company.fits, steps: () => company.steps };
    // How often it jerked is known now and not when somebody asks.
    const pulls = jerks && jerksOf([track, ...company.sure], jerks);
    const isSlow = maxSpeed === undefined || this.#speedOf(track) <= maxSpeed;
    return {
      fits: company.fits && isSlow && (pulls === null || pulls >= (jerksPerMin ?? 0)),
      steps: () => [...company.steps, ...this.#speedStep(track), ...this.#jerksStep(pulls)],
    };
  }

  #speedOf({ velocity }: Track): number {
    return Math.hypot(velocity.x * this.#aspect, velocity.y);
  }

  #speedStep(track: Track): readonly TraceStep[] {
    const { maxSpeed, path } = this.#settings;
    if (maxSpeed === undefined) return none;
    const speed = this.#speedOf(track);
    const value = shown(speed, 3, (one) => one <= maxSpeed);
    return [{ step: "speed", passed: speed <= maxSpeed, value, limit: `<= ${maxSpeed}`, setting: `${path}/maxSpeed` }];
  }

  /** @param value jerks a minute; null: they do not matter */
  #jerksStep(value: number | null): readonly TraceStep[] {
    const { jerksPerMin: least = 0, path } = this.#settings;
    if (value === null) return none;
    return [{ step: "jerks", passed: value >= least, value, limit: `>= ${least}`, setting: `${path}/jerksPerMin` }];
  }
}

/** How often the one of some tracks jerked that jerked most. */
function jerksOf(tracks: readonly Track[], jerks: TrackJerks): number {
  let most = 0;
  for (const { id } of tracks) most = Math.max(most, jerks.perMinute(id));
  return most;
}

/** What else is told of one frame. */
interface Around {
  /** How many are there, as the rule wants them or not. */
  readonly within: number;
  /** How the first is that is not as the rule wants it. */
  readonly nearMiss: Fit | null;
}

/** The same, and those that are as the rule wants them. */
interface Found extends Around {
  readonly fitting: readonly Track[];
}

/** What was seen in one frame. */
interface Seen {
  readonly t: number;
  readonly stays: readonly Stay[];
  /** How many are as the rule wants them. */
  readonly count: number;
  readonly around: () => Around;
  /** The company of one of those who stay. */
  readonly othersOf: (track: Track) => readonly Track[];
}

/** Who has stayed, and for how long. */
class DwellVerdict extends LazyVerdict {
  readonly #settings: RuleSettings;
  readonly #seen: Seen;

  constructor(settings: RuleSettings, seen: Seen) {
    const decisive = seen.stays[(settings.minObjects ?? 1) - 1];
    const heldMs = decisive ? seen.t - decisive.sinceT : 0;
    const holds = decisive !== undefined && heldMs >= settings.suspectedSec * 1000;
    super({ state: holds ? "holds" : "clear", heldMs, value: tenths(heldMs), threshold: settings.detectedSec });
    this.#settings = settings;
    this.#seen = seen;
  }

  get measure(): Verdict["measure"] {
    return { objects: this.#seen.count, stayedSec: this.value };
  }

  get objects(): readonly TriggerObject[] {
    const { stays, othersOf } = this.#seen;
    const named = new Map<number, TriggerObject>();
    for (const { track } of stays) named.set(track.id, asObject(track));
    for (const { track } of stays) {
      for (const other of othersOf(track)) if (!named.has(other.id)) named.set(other.id, asObject(other, track.id));
    }
    return [...named.values()].slice(0, 64);
  }

  get steps(): readonly TraceStep[] {
    const { stays, count, around } = this.#seen;
    const { within, nearMiss } = around();
    const { path, minObjects: need = 1 } = this.#settings;
    const objects: TraceStep = {
      step: "objects",
      passed: within >= need,
      value: within,
      limit: `>= ${need}`,
      setting: `${path}/minObjects`,
    };
    const missed = (count < need && nearMiss?.steps()) || none;
    const isThere = stays.length >= need;
    return reasoning(objects, ...missed, stayedStep(isThere ? this.heldMs : null, this.#settings));
  }
}

/** The step that asks whether somebody stayed long enough; null: too few are there to stay. */
function stayedStep(heldMs: number | null, { suspectedSec, path }: RuleSettings): TraceStep {
  return {
    step: "stayed",
    passed: heldMs !== null && heldMs >= suspectedSec * 1000,
    value: shownSec(heldMs ?? 0, suspectedSec),
    limit: `>= ${suspectedSec}`,
    setting: `${path}/suspectedSec`,
  };
}

function tenths(ms: number): number {
  return Math.round(ms / 100) / 10;
}
