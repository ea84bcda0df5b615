/** Who holds which rod in a frame, found out once for all rules that ask alike (pure). */
import type { Box } from "../geometry.ts";
import type { Track } from "../tracking/track.ts";
import type { Angling, RodReach } from "./angling.ts";
import { buttDistance } from "./nearness.ts";

/** Whose rods are asked for; `key` is the same where the answer would be. */
export type Asked = Pick<Angling, "isRod"> &
  RodReach & {
    readonly isSure: (track: Track) => boolean;
    /** Score from which a rod is seen clearly. */
    readonly clearScore: number;
    readonly key: string;
  };

/** A rod that is not seen clearly has to be nearer by this factor: what passes for a rod lies anywhere, rods where hands are. */
const unclearReach = 0.5;

/** Seams and edges of the ground lie below somebody's chest and reach below his knees, a quarter of his height from either end. */
const fromEitherEnd = 0.25;

/** Who holds which rod. */
export interface Holders {
  /** People of whom the tracker is sure: who may hold a rod. */
  readonly sure: readonly Track[];
  readonly rods: readonly Track[];
  /** Of each rod: the track that holds it, the nearest within reach of its butt; null: nobody. */
  readonly owners: readonly (number | null)[];
}

let newest: { readonly tracks: readonly Track[]; readonly key: string; readonly holders: Holders } | null = null;

/** Who holds which of the rods among the tracks of a frame. */
export function holdersOf(tracks: readonly Track[], asked: Asked): Holders {
  // The rules of a camera look at one frame one after the other.
  if (newest?.tracks === tracks && newest.key === asked.key) return newest.holders;
  const sure = tracks.filter(asked.isSure);
  const rods = tracks.filter(asked.isRod);
  const holders = { sure, rods, owners: rods.map((rod) => ownerOf(rod, sure, asked)) };
  newest = { tracks, key: asked.key, holders };
  return holders;
}

/** Whether a rod is seen clearly enough to be somebody's wherever it lies within reach. */
export function isClear({ score }: Track, { clearScore }: Asked): boolean {
  return score >= clearScore;
}

/** How far from a person the butt of a rod may be for it to be his, in body heights. */
export function reachOf(rod: Track, asked: Asked): number {
  return isClear(rod, asked) ? asked.rodReach : unclearReach * asked.rodReach;
}

function ownerOf(rod: Track, people: readonly Track[], asked: Asked): number | null {
  let owner: number | null = null;
  let nearest = reachOf(rod, asked);
  const mayLie = isClear(rod, asked);
  for (const person of people) {
    if (!mayLie && liesAtFeet(rod.box, person.box)) continue;
    const distance = buttDistance(rod.box, person.box, asked.aspect);
    if (distance > nearest || (distance === nearest && owner !== null)) continue;
    nearest = distance;
    owner = person.id;
  }
  return owner;
}

function liesAtFeet(rod: Box, { y, height }: Box): boolean {
  return rod.y > y + fromEitherEnd * height && rod.y + rod.height > y + (1 - fromEitherEnd) * height;
}
