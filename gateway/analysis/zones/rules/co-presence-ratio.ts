/** More rods than persons: several rods to one angler. */
import type { Track } from "../../tracking/track.ts";
import { atZoneStep, countedAngling, isAtZone, type Angling } from "../angling.ts";
import { distinct, isPiece } from "../distinct.ts";
import { HeadWindow, rodStaysMs } from "../head-window.ts";
import { holdersOf, isClear, reachOf, type Asked, type Holders } from "../holders.ts";
import {
  asObject,
  needsTracks,
  type Counting,
  type Heads,
  type Heed,
  type Look,
  type Rule,
  type Verdict,
} from "../rule.ts";
import { RatioVerdict, type Run } from "../ratio-verdict.ts";
import type { RuleSettings } from "../settings.ts";
import type { TraceStep, TriggerObject } from "../trigger.ts";
import { counts, countsSteps, inside, reachHeedOf, type Zone } from "../zone.ts";

/** A rod with so many times the score that is asked is seen clearly. */
const clearly = 2;

const nobody: Heads = { persons: 0, sure: 0, rods: 0 };

/**
 * Compares rods with persons. A rod belongs to the nearest person within `rodReach` body heights of its butt, half that
 * and not at his feet unless it is seen clearly; one that nobody can reach accuses nobody. Whoever could hold a rod that reaches into the zone
 * counts as there. Persons are the most seen in any frame of the window, so that an angler behind a tree still counts, and
 * one whom the tracker lost and found as another does not count twice; rods are the most of a second, since they stand still,
 * and of those the median over the time for which the ratio has held, so that the second rod counts as soon as it is there,
 * and not when half the window has passed. The ratio must hold in `persistRatio` of the frames.
 */
export class CoPresenceRatio implements Rule {
  readonly needs = needsTracks;
  readonly heeds: Heed;
  readonly counting: Counting;
  readonly #settings: RuleSettings;
  readonly #zone: Zone;
  readonly #angling: Angling;
  readonly #asked: Asked;
  readonly #threshold: number;
  /** As `settings`, but for people of any size. */
  readonly #anySize: RuleSettings;
  readonly #window: HeadWindow;
  #busyT: number | null = null;

  constructor(settings: RuleSettings, zone: Zone, options: { readonly threshold: number; readonly aspect: number }) {
    this.#settings = settings;
    this.#zone = zone;
    this.#angling = countedAngling(settings);
    this.#threshold = options.threshold;
    this.#window = new HeadWindow(options.threshold);
    this.#anySize = { ...settings, minSize: 0, maxSize: 1, minArea: 0 };
    const { people, rods, rodReach, isRod } = this.#angling;
    const { windowSec, score, minSize, maxSize, minArea } = settings;
    const key = JSON.stringify([people, rods, rodReach, score, minSize, maxSize, minArea, options.aspect]);
    const isSure = (track: Track): boolean => counts(track, this.#anySize, people);
    this.#asked = { key, isRod, isSure, rodReach, clearScore: clearly * score, aspect: options.aspect };
    // Their rods hang wherever they hang: who holds them decides.
    this.heeds = reachHeedOf(zone, people, this.#asked);
    this.counting = {
      key: `${key} ${options.threshold}`,
      threshold: options.threshold,
      zone,
      settings,
      asked: { people, ...this.#asked },
      count: (tracks) => this.#heads(tracks),
      remember: (t, heads) => this.#remember(t, heads),
      isOver: (held, persons) => this.#over(held, persons),
      // A look goes through its window, and each frame of that remembers the most persons of its own.
      memoryMs: 2 * windowSec * 1000,
      excuseMs: windowSec * 1000 - rodStaysMs,
      staysMs: rodStaysMs,
    };
  }

  /** Frames without persons and rods change nothing once the window holds no other. */
  rests(t: number): boolean {
    return this.#busyT === null || this.#busyT < t - this.#settings.windowSec * 1000;
  }

  look(look: Look): Verdict {
    const { t } = look;
    const now = look.heads ?? this.#heads(look.tracks);
    const personsMax = this.#remember(t, now);
    const { persons, sure } = now;
    const heads = { persons, sure, rods: this.#window.rods(this.#window.length - 1) };
    const run = this.#over(heads.rods, personsMax) ? this.#run(personsMax) : null;
    return new RatioVerdict(this.#settings, this.#threshold, {
      heads,
      personsMax,
      run,
      heldMs: run ? t - run.sinceT : 0,
      objects: () => this.#objects(look.tracks),
    });
  }

  #remember(t: number, heads: Heads): number {
    if (heads.persons > 0 || heads.rods > 0) this.#busyT = t;
    return this.#window.add(t, heads, t - this.#settings.windowSec * 1000);
  }

  /** A person counts where it stands; a rod by who holds it, and where that one stands. */
  whyWhole(track: Track, { tracks }: Look, frame: readonly TraceStep[]): readonly TraceStep[] {
    const isPerson = this.#angling.people.includes(track.label);
    if (!isPerson) return [...this.#whyRod(track, tracks), ...frame];
    const own = this.#objects(tracks).filter(({ owner }) => owner === track.id).length;
    const setting = `${this.#settings.path}/rodReach`;
    return [
      ...countsSteps(track, this.#anySize, this.#angling.people),
      atZoneStep(this.#zone, track.box, this.#holders(tracks).rods, this.#asked),
      { step: "own-rods", passed: own > 0, value: own, limit: ">= 1", setting },
      ...frame,
    ];
  }

  #whyRod(rod: Track, tracks: readonly Track[]): readonly TraceStep[] {
    const { path } = this.#settings;
    const { rods, owners } = this.#holders(tracks);
    const owner = owners[rods.indexOf(rod)] ?? null;
    const holder = tracks.find(({ id }) => id === owner);
    return [
      ...countsSteps(rod, this.#settings),
      { step: "seen", passed: rod.seenNow, value: rod.seenNow, limit: "in this frame", setting: `${path}/score` },
      {
        step: "holder",
        passed: holder !== undefined,
        value: holder ? `${holder.label} ${holder.id}` : "nobody",
        limit: this.#whereHolder(rod),
        setting: `${path}/rodReach`,
      },
      ...(holder ? [atZoneStep(this.#zone, holder.box, rods, this.#asked)] : []),
    ];
  }

  #whereHolder(rod: Track): string {
    const near = `within ${reachOf(rod, this.#asked)} body heights of its butt`;
    return isClear(rod, this.#asked) ? near : `${near}, not at his feet`;
  }

  #over(rods: number, persons: number): boolean {
    return persons > 0 && rods > this.#threshold * persons;
  }

  /** The longest span up to now in which enough frames, and the median of rods, exceed what `persons` may have. */
  #run(persons: number): Run | null {
    const window = this.#window;
    const longest = window.longest(persons, this.#settings.persistRatio);
    if (!longest) return null;
    const { from, share } = longest;
    const rodsMedian = window.rodsMedian(from);
    return this.#over(rodsMedian, persons) ? { sinceT: window.t(from), share, rodsMedian } : null;
  }

  /** The same in the addon: native/src/log-anglers.cc. */
  #heads(tracks: readonly Track[]): Heads {
    const here = this.#here(tracks);
    if (here.length === 0) return nobody;
    const { sure, owners } = this.#holders(tracks);
    let rods = 0;
    for (const owner of owners) if (owner !== null && here.some(({ id }) => id === owner)) rods += 1;
    const known = here.filter((p) => p.seenNow && sure.includes(p));
    const count = distinct(known, this.#asked).length;
    // People of whom the tracker is not sure count as persons: they may excuse, they never accuse.
    const unsure = here.filter((p) => p.seenNow && !sure.includes(p) && !isPiece(p, sure));
    return {
      persons: unsure.length > 0 ? distinct([...known, ...unsure], this.#asked).length : count,
      sure: count,
      rods,
    };
  }

  /** Who is there, and the rods that count: those of whoever is there, and those of nobody that hang in the zone. */
  #objects(tracks: readonly Track[]): readonly TriggerObject[] {
    const here = new Set(this.#here(tracks).map(({ id }) => id));
    const { sure, rods, owners } = this.#holders(tracks);
    const objects = sure.filter((p) => here.has(p.id)).map((p) => asObject(p));
    for (const [i, rod] of rods.entries()) {
      const owner = owners[i] ?? null;
      // A rod counts where its owner is: its own box hangs over the water.
      if (owner === null ? inside(this.#zone, rod.box) : here.has(owner)) objects.push(asObject(rod, owner));
    }
    return objects.slice(0, 64);
  }

  /** People at the zone, sure or not. @param all the frame that they are of */
  #here(tracks: readonly Track[], all = tracks): readonly Track[] {
    const { people } = this.#angling;
    const here: Track[] = [];
    for (const track of tracks) {
      if (!people.includes(track.label) || track.state === "ended") continue;
      if (isAtZone(this.#zone, track.box, () => this.#holders(all).rods, this.#asked)) here.push(track);
    }
    return here;
  }

  #holders(tracks: readonly Track[]): Holders {
    return holdersOf(tracks, this.#asked);
  }
}
