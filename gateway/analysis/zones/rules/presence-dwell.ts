/** Somebody or something stays in a zone, alone or in the company that the rule asks for. */
import type { Track } from "../../tracking/track.ts";
import { companyOf } from "../company.ts";
import { Jerks } from "../jerks.ts";
import { asObject, needsTracks, reasoning, type Look, type Rule, type Verdict } from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import { Stays } from "../stays.ts";
import type { TraceStep, TriggerObject } from "../trigger.ts";
import { counts, inside, type Zone } from "../zone.ts";

/** Holds while the object that has stayed longest (or the `minObjects`-th longest) has stayed long enough. */
export class PresenceDwell implements Rule {
  readonly needs = needsTracks;
  readonly #settings: RuleSettings;
  readonly #zone: Zone;
  readonly #aspect: number;
  readonly #stays: Stays;
  readonly #jerks: Jerks | null;

  constructor(settings: RuleSettings, zone: Zone, aspect: number) {
    this.#settings = settings;
    this.#zone = zone;
    this.#aspect = aspect;
    this.#stays = new Stays({ aspect, sameSpot: settings.sameSpot });
    this.#jerks = settings.jerksPerMin === undefined ? null : new Jerks(settings.jerksPerMin);
  }

  look({ t, tracks }: Look): Verdict {
    const settings = this.#settings;
    const within = tracks.filter((track) => counts(track, settings) && inside(this.#zone, track.box));
    const need = settings.minObjects ?? 1;
    const steps: TraceStep[] = [
      {
        step: "objects",
        passed: within.length >= need,
        value: within.length,
        limit: `>= ${need}`,
        setting: `${settings.path}/minObjects`,
      },
    ];
    this.#jerks?.step(tracks, t);
    const fitting: Track[] = [];
    const company = new Map<number, readonly Track[]>();
    let nearMiss: readonly TraceStep[] | null = null;
    for (const track of within) {
      const { fits, others, failed } = this.#fits(track, tracks);
      if (!fits) {
        nearMiss ??= failed;
        continue;
      }
      fitting.push(track);
      company.set(track.id, others);
    }
    if (fitting.length < need && nearMiss) steps.push(...nearMiss);
    const stays = this.#stays.step(fitting, t);
    const decisive = stays[need - 1];
    const heldMs = decisive ? t - decisive.sinceT : 0;
    const held = decisive !== undefined && heldMs >= settings.suspectedSec * 1000;
    steps.push({
      step: "stayed",
      passed: held,
      value: tenths(heldMs),
      limit: `>= ${settings.suspectedSec}`,
      setting: `${settings.path}/suspectedSec`,
    });
    return {
      state: held ? "holds" : "clear",
      heldMs,
      value: tenths(heldMs),
      threshold: settings.detectedSec,
      measure: { objects: fitting.length, stayedSec: tenths(heldMs) },
      objects: objectsOf(
        stays.map((s) => s.track),
        company,
      ),
      steps: reasoning(...steps),
    };
  }

  /** Whether one object is as the rule wants it: its company, its speed, its jerks. */
  #fits(
    track: Track,
    all: readonly Track[],
  ): { fits: boolean; others: readonly Track[]; failed: readonly TraceStep[] } {
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
    return { fits: steps.every((s) => s.passed), others: company.others, failed: steps };
  }
}

function objectsOf(tracks: readonly Track[], company: ReadonlyMap<number, readonly Track[]>): readonly TriggerObject[] {
  const named = new Map<number, TriggerObject>();
  for (const track of tracks) named.set(track.id, asObject(track));
  for (const track of tracks) {
    for (const other of company.get(track.id) ?? [])
      if (!named.has(other.id)) named.set(other.id, asObject(other, track.id));
  }
  return [...named.values()].slice(0, 64);
}

function tenths(ms: number): number {
  return Math.round(ms / 100) / 10;
}
