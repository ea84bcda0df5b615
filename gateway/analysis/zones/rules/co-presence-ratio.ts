/** More rods than persons: several rods to one angler. */
import type { Box } from "../../geometry.ts";
import type { Track } from "../../tracking/track.ts";
import { anchorPoint } from "../anchor.ts";
import { atZoneStep, countedAngling, isAtZone, type Angling, type RodReach } from "../angling.ts";
import { buttDistance, overlap } from "../nearness.ts";
import { asObject, needsTracks, reasoning, type Heed, type Look, type Rule, type Verdict } from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import type { TraceStep, TriggerObject } from "../trigger.ts";
import { counts, countsSteps, inside, type Zone } from "../zone.ts";

/** Share of the smaller of two boxes that lies in the other, above which it may be a part of it. */
const samePlace = 0.6;

interface Sample {
  readonly t: number;
  readonly persons: number;
  /** Those of whom the tracker is sure. */
  readonly sure: number;
  readonly rods: number;
  /** The most persons of the window that ended with this frame: what was excused then stays excused. */
  personsMax: number;
}

/**
 * Compares rods with persons. A rod belongs to the nearest person within `rodReach` body heights of its butt; one that
 * nobody can reach accuses nobody. Whoever could hold a rod that reaches into the zone counts as there. Persons are the most
 * seen in any frame of the window, so that an angler behind a tree still counts, and one whom the tracker lost and found as
 * another does not count twice; rods are the median over the time for which the ratio has held, so that the second rod
 * counts as soon as it is there, and not when half the window has passed. The ratio must hold in `persistRatio` of the frames.
 */
export class CoPresenceRatio implements Rule {
  readonly needs = needsTracks;
  readonly heeds: Heed;
  readonly #settings: RuleSettings;
  readonly #zone: Zone;
  readonly #aspect: number;
  readonly #angling: Angling;
  readonly #reach: RodReach;
  readonly #threshold: number;
  #samples: Sample[] = [];
  #busyT: number | null = null;

  constructor(settings: RuleSettings, zone: Zone, options: { readonly threshold: number; readonly aspect: number }) {
    this.#settings = settings;
    this.#zone = zone;
    this.#aspect = options.aspect;
    this.#angling = countedAngling(settings);
    this.#reach = { rodReach: this.#angling.rodReach, aspect: options.aspect };
    this.#threshold = options.threshold;
    // Owners stand in the zone, their rods hang over its edge: the place of a track alone decides nothing.
    const labels = [...new Set([...this.#angling.rods, ...this.#angling.people])];
    this.heeds = { labels, anchor: "bottom", within: null, touches: () => true };
  }

  /** Frames without persons and rods change nothing once the window holds no other. */
  rests(t: number): boolean {
    return this.#busyT === null || this.#busyT < t - this.#settings.windowSec * 1000;
  }

  look({ t, tracks }: Look): Verdict {
    const { persons, sure, rods, objects } = this.#assign(tracks);
    if (persons > 0 || rods > 0) this.#busyT = t;
    const windowMs = this.#settings.windowSec * 1000;
    const newest: Sample = { t, persons, sure, rods, personsMax: persons };
    this.#samples.push(newest);
    while ((this.#samples[0]?.t ?? t) < t - windowMs) this.#samples.shift();
    const personsMax = mostPersons(this.#samples);
    newest.personsMax = personsMax;
    const run = this.#run(personsMax);
    const overNow = this.#over(rods, personsMax);
    const heldMs = overNow && run ? t - run.sinceT : 0;
    const ratio = run && personsMax > 0 ? run.rodsMedian / personsMax : 0;
    const value = Math.round((overNow ? ratio : personsMax > 0 ? rods / personsMax : 0) * 100) / 100;
    return {
      state: overNow && run ? "holds" : "clear",
      heldMs,
      value,
      threshold: this.#threshold,
      measure: {
        persons,
        rods,
        personsMaxInWindow: personsMax,
        rodsMedian: run?.rodsMedian ?? rods,
        windowSec: this.#settings.windowSec,
      },
      objects,
      steps: this.#steps({ rods, personsMax, value, overNow, share: run?.share ?? 0, heldMs }),
    };
  }

  /** A person counts where it stands; a rod by who holds it, and where that one stands. */
  whyWhole(track: Track, { tracks }: Look, frame: readonly TraceStep[]): readonly TraceStep[] {
    const isPerson = this.#angling.people.includes(track.label);
    if (!isPerson) return [...this.#whyRod(track, tracks), ...frame];
    const settings = { ...this.#settings, minSize: 0, maxSize: 1, minArea: 0 };
    const own = this.#assign(tracks).objects.filter(({ owner }) => owner === track.id).length;
    const setting = `${this.#settings.path}/rodReach`;
    return [
      ...countsSteps(track, settings, this.#angling.people),
      atZoneStep(this.#zone, track.box, this.#rods(tracks), this.#reach),
      { step: "own-rods", passed: own > 0, value: own, limit: ">= 1", setting },
      ...frame,
    ];
  }

  #whyRod(rod: Track, tracks: readonly Track[]): readonly TraceStep[] {
    const { path } = this.#settings;
    const { rodReach } = this.#reach;
    const owner = this.#ownerOf(rod, this.#sure(tracks));
    const holder = tracks.find(({ id }) => id === owner);
    return [
      ...countsSteps(rod, this.#settings),
      { step: "seen", passed: rod.seenNow, value: rod.seenNow, limit: "in this frame", setting: `${path}/score` },
      {
        step: "holder",
        passed: holder !== undefined,
        value: holder ? `${holder.label} ${holder.id}` : "nobody",
        limit: `within ${rodReach} body heights of its butt`,
        setting: `${path}/rodReach`,
      },
      ...(holder ? [atZoneStep(this.#zone, holder.box, this.#rods(tracks), this.#reach)] : []),
    ];
  }

  #over(rods: number, persons: number): boolean {
    return persons > 0 && rods > this.#threshold * persons;
  }

  /** The longest span up to now in which enough frames, and the median of rods, exceed what `persons` may have. */
  #run(persons: number): { sinceT: number; share: number; rodsMedian: number } | null {
    let over = 0;
    let frames = 0;
    let best: { sinceT: number; share: number; from: number } | null = null;
    for (let i = this.#samples.length - 1; i >= 0; i -= 1) {
      const sample = this.#samples[i];
      if (!sample) break;
      frames += 1;
      if (!this.#over(sample.rods, Math.max(persons, sample.personsMax))) continue;
      over += 1;
      if (over >= this.#settings.persistRatio * frames) best = { sinceT: sample.t, share: over / frames, from: i };
    }
    if (!best) return null;
    const rodsMedian = median(this.#samples.slice(best.from).map((s) => s.rods));
    return this.#over(rodsMedian, persons) ? { sinceT: best.sinceT, share: best.share, rodsMedian } : null;
  }

  #assign(tracks: readonly Track[]): Pick<Sample, "persons" | "sure" | "rods"> & { objects: readonly TriggerObject[] } {
    const people = tracks.filter((track) => this.#angling.people.includes(track.label) && track.state !== "ended");
    const sure = this.#sure(tracks);
    const rods = this.#rods(tracks);
    const here = new Set(people.filter((p) => isAtZone(this.#zone, p.box, rods, this.#reach)).map((p) => p.id));
    const objects: TriggerObject[] = sure.filter((p) => here.has(p.id)).map((p) => asObject(p));
    let owned = 0;
    for (const rod of rods) {
      const owner = this.#ownerOf(rod, sure);
      // A rod counts where its owner is: its own box hangs over the water.
      if (owner === null ? !inside(this.#zone, rod.box) : !here.has(owner)) continue;
      if (owner !== null) owned += 1;
      objects.push(asObject(rod, owner));
    }
    // People of whom the tracker is not sure count as persons: they may excuse, they never accuse.
    const seen = people.filter((p) => here.has(p.id) && p.seenNow && (sure.includes(p) || !isPiece(p, sure)));
    const known = seen.filter((p) => sure.includes(p));
    const unsure = seen.filter((p) => !sure.includes(p));
    const [count, counted] = [known, [...known, ...unsure]].map((all) => distinct(all, this.#aspect));
    return { persons: counted ?? 0, sure: count ?? 0, rods: owned, objects: objects.slice(0, 64) };
  }

  /** Rods seen in this frame. */
  #rods(tracks: readonly Track[]): readonly Track[] {
    return tracks.filter(this.#angling.isRod);
  }

  /** People of any size who may hold a rod. */
  #sure(tracks: readonly Track[]): readonly Track[] {
    const settings = { ...this.#settings, minSize: 0, maxSize: 1, minArea: 0 };
    return tracks.filter((track) => counts(track, settings, this.#angling.people));
  }

  #ownerOf(rod: Track, people: readonly Track[]): number | null {
    let owner: number | null = null;
    let nearest = this.#reach.rodReach;
    for (const person of people) {
      const distance = buttDistance(rod.box, person.box, this.#aspect);
      if (distance > nearest || (distance === nearest && owner !== null)) continue;
      nearest = distance;
      owner = person.id;
    }
    return owner;
  }

  #steps(seen: { rods: number; personsMax: number; value: number; overNow: boolean; share: number; heldMs: number }) {
    const { path, persistRatio, suspectedSec } = this.#settings;
    const heldSec = Math.round(seen.heldMs / 100) / 10;
    return reasoning(
      {
        step: "persons",
        passed: seen.personsMax > 0,
        value: seen.personsMax,
        limit: ">= 1",
        setting: `${path}/windowSec`,
      },
      { step: "rods-in-reach", passed: seen.rods > 0, value: seen.rods, limit: ">= 1", setting: `${path}/rodReach` },
      {
        step: "rods-per-person",
        passed: seen.overNow,
        value: seen.value,
        limit: `> ${this.#threshold}`,
        setting: `${path}/threshold`,
      },
      {
        step: "persist",
        passed: seen.share >= persistRatio,
        value: Math.round(seen.share * 100) / 100,
        limit: `>= ${persistRatio}`,
        setting: `${path}/persistRatio`,
      },
      {
        step: "held",
        passed: seen.heldMs >= suspectedSec * 1000,
        value: heldSec,
        limit: `>= ${suspectedSec}`,
        setting: `${path}/suspectedSec`,
      },
    );
  }
}

/** The most persons of a window; somebody of whom the tracker is not sure must have been seen in two of its frames. */
function mostPersons(samples: readonly Sample[]): number {
  let [most, second, sure] = [0, 0, 0];
  for (const { persons, sure: known } of samples) {
    sure = Math.max(sure, known);
    second = Math.max(second, Math.min(most, persons));
    most = Math.max(most, persons);
  }
  return Math.max(sure, second);
}

/** How many of these stand at places of their own: two boxes around one pair of feet are one person, seen twice. */
function distinct(people: readonly Track[], aspect: number): number {
  const apart: Track[] = [];
  for (const one of people) {
    const isTwin = apart.some((o) => sameFeet(o.box, one.box, aspect) && overlap(o.box, one.box) > samePlace);
    if (!isTwin) apart.push(one);
  }
  return apart.length;
}

/** Whether two boxes stand on one spot; two people need more room than a quarter of their height. */
function sameFeet(a: Box, b: Box, aspect: number): boolean {
  const [p, q] = [anchorPoint(a, "bottom"), anchorPoint(b, "bottom")];
  return Math.hypot((p.x - q.x) * aspect, p.y - q.y) < 0.25 * Math.max(a.height, b.height);
}

/** Whether somebody unsure is but a part of somebody who is seen for sure: a detector finds legs and shoulders too. */
function isPiece(unsure: Track, sure: readonly Track[]): boolean {
  return sure.some((whole) => whole.seenNow && overlap(whole.box, unsure.box) > samePlace);
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  // The lower middle of an even count: a doubt is decided for the angler.
  return values[(values.length - 1) >> 1] ?? 0;
}
