/** What every rule is: it looks at one frame and says whether its condition holds, how long, and why. */
import type { Scene } from "../detection/scene.ts";
import type { Box } from "../geometry.ts";
import type { Track } from "../tracking/track.ts";
import type { RodReach } from "./angling.ts";
import type { TrackJerks } from "./jerks.ts";
import type { TraceStep, TriggerObject } from "./trigger.ts";
import type { Sided } from "./side-memory.ts";
import type { RuleSettings } from "./settings.ts";
import type { Zone } from "./zone.ts";
import type { Anchor } from "./anchor.ts";

/** What there is to see in one frame. */
export interface Observation {
  /** null: not looked at; [] looked, nobody there. */
  readonly tracks: readonly Track[] | null;
  readonly scene: Scene | null;
  /**
   * Measurements by name besides those of the scene, for example `waterLevelM`; null or missing: no reading, which is
   * never the same as zero.
   */
  readonly measures?: Readonly<Record<string, number | null>>;
  /** Width of the picture divided by its height; left out: as in the frame before. */
  readonly aspect?: number;
  /** True while the camera looks elsewhere than when its zones were drawn: rules with a place do not look. */
  readonly moved?: boolean;
}

/** One frame as a rule gets it. */
export interface Look {
  /** Milliseconds of looked-at time since the rule began: never jumps, never runs back. */
  readonly t: number;
  /** The same of the look before this one; a memory that ran out then is gone, whether or not that look was made. */
  readonly beforeT: number;
  /** Wall time of the frame, for calendars and for people. */
  readonly nowMs: number;
  /** Every track of the frame; [] when the rule looks at measurements only. */
  readonly tracks: readonly Track[];
  /** Scene and other measurements by name. */
  readonly measures: Readonly<Record<string, number | null>>;
  /** Every track of the frame, where `tracks` are but members of a steady rule. */
  readonly everyone?: readonly Track[];
  /** What `Counting.count` says of the tracks, where that is known already. */
  readonly heads?: Heads;
  /** How often tracks jerked up to here, where that is known already. */
  readonly jerks?: TrackJerks | undefined;
}

/** What a rule says about one frame. */
export interface Verdict {
  /** holds: the condition is there now; between: neither there nor gone (hysteresis); clear: gone; unknown: no reading. */
  readonly state: "holds" | "between" | "clear" | "unknown";
  /** Looked-at milliseconds for which the condition has held, by the rule's own measure; 0 when it does not. */
  readonly heldMs: number;
  readonly value: number;
  readonly threshold: number;
  readonly measure: Readonly<Record<string, number>>;
  readonly objects: readonly TriggerObject[];
  /** The reasoning in order, up to and including the first step not passed. */
  readonly steps: readonly TraceStep[];
  /** Set where objects that are there were left out, and without that the condition would hold. */
  readonly asIf?: AsIf | undefined;
}

/** What would have been said of a frame if nothing had been left out, and the step that left it out. */
export interface AsIf {
  readonly verdict: Verdict;
  readonly step: TraceStep;
}

/** The verdict of a look that nobody needs to ask the rule about. */
export const clear: Verdict = {
  state: "clear",
  heldMs: 0,
  value: 0,
  threshold: 0,
  measure: {},
  objects: [],
  steps: [],
};

/** Tracks, or one measurement by name; `graceSec` is the longest pause between two readings that counts as looked at. */
export type Needs =
  { readonly kind: "tracks" } | { readonly kind: "measure"; readonly name: string; readonly graceSec: number };

/** A rule that looks at tracks. */
export const needsTracks: Needs = { kind: "tracks" };

/** The tracks that can move a rule: those with one of these labels, at a place that matters. */
export interface Heed {
  readonly labels: readonly string[];
  readonly anchor: Anchor;
  /** A frame is heeded when such a track's anchor, held within the picture, lies in here; null: wherever the track is. */
  readonly within: Box | null;
  /** The anchor may also lie beside `within` by so many heights of the track's own box; left out: it may not. */
  readonly reach?: { readonly x: number; readonly y: number };
  /**
   * Whether a track whose anchors all lie in `path` can ever matter; a rule that follows tracks heeds all of such a track.
   * @param height of its tallest box
   */
  readonly touches: (path: Box, height: number) => boolean;
  /** How many such tracks a look has to show before it can say "holds"; left out: one. */
  readonly least?: number;
  /** A track without this company is as good as not there; left out: it does not matter. */
  readonly company?: HeededCompany;
}

/** Whom a track needs near it, or must not have near it, before a look can say "holds": see `near`. */
export interface HeededCompany {
  /** One at least with a label of each of these sets. */
  readonly wanted: readonly (readonly string[])[];
  /** Nobody with one of these, in whatever state but ended. */
  readonly unwanted: readonly string[];
  readonly reach: number;
  /** Width of the picture divided by its height. */
  readonly aspect: number;
}

/** What the rule on rods and persons counts in one frame. */
export interface Heads {
  readonly persons: number;
  /** Those of whom the tracker is sure. */
  readonly sure: number;
  /** Rods in the hands of those who are there. */
  readonly rods: number;
}

/**
 * A rule that looks at nothing but heads. A replay counts them for many frames at once, and leaves out those of which can be
 * told that a look would say "clear", whatever else the rule remembers.
 */
export interface Counting {
  /** The same for rules that differ in their zones alone. */
  readonly key: string;
  readonly zone: Zone;
  readonly settings: RuleSettings;
  readonly asked: { readonly people: readonly string[]; readonly clearScore: number } & RodReach;
  /** As many rods as a person may have. */
  readonly threshold: number;
  readonly count: (tracks: readonly Track[]) => Heads;
  /** Takes in a frame of which nobody asks what a look would say. */
  readonly remember: (t: number, heads: Heads) => void;
  /** Whether so many rods are more than so many persons may have. */
  readonly isOver: (rods: number, persons: number) => boolean;
  /** How far back frames matter to a look that may say "holds"; milliseconds. */
  readonly memoryMs: number;
  /** For so long persons excuse rods that come after them; milliseconds. */
  readonly excuseMs: number;
  /** For so long rods that were seen count; milliseconds. */
  readonly staysMs: number;
}

/**
 * As long as the same members are there, in the same order, looks differ only in their time: the condition holds or not by
 * how long ago `sinceT` was. A replay then looks again only when the time has come, and at the last look before a change.
 */
export interface Steady {
  /** Where members stand and what else they have to be; who is told of many at once can so be told of all. */
  readonly zone: Zone;
  readonly settings: RuleSettings;
  /** What `look` says where all tracks of the look are members, and are known to be. */
  readonly lookAtMembers: (look: Look) => Verdict;
  /** Set where others decide who is a member. */
  readonly company?: SteadyCompany;
  /**
   * The members among the tracks of a frame; set where others, or what was before, decide who is one.
   * @param among the tracks of it that may be members; left out: all
   */
  readonly membersOf?: (look: Pick<Look, "tracks" | "jerks">, among?: readonly Track[]) => readonly Track[];
  /** Since when the condition counts, as of the newest look; null while it does not; undefined: the next look may tell. */
  readonly sinceT: () => number | null | undefined;
  /** Set where the rule can go on with what another of its kind, with the same settings, remembers. */
  readonly adopt?: (other: Rule) => void;
  /** Told up to when looks at the same members were left out. */
  readonly goneOn: (t: number) => void;
}

/** Whom members of a steady rule need near them, or must not have. */
export interface SteadyCompany extends HeededCompany {
  /** How far a rod reaches, in body heights, where the company are rods that bring whoever holds them into the zone; null: they are not. */
  readonly rodReach: number | null;
}

/** A rule of one kind on one zone or line. It remembers, but it neither reads a clock nor opens an occurrence. */
export interface Rule {
  /** What it looks at: a frame without that does not exist for this rule. */
  readonly needs: Needs;
  look(look: Look): Verdict;
  /** An occurrence of an earlier run goes on: what it was about is there already. */
  resumed?(t: number): void;
  /** Tracks without which a look changes nothing while the rule `rests`; left out: every frame has to be looked at. */
  readonly heeds?: Heed;
  /**
   * Whether a look at `t` without any heeded track would be "clear" and leave no trace in any later look. A replay leaves
   * such looks out; the live path never asks.
   */
  rests?(t: number): boolean;
  /**
   * Set for a rule that says "holds" only of a track, or one in the company of a track, that jerked so often. A replay counts
   * that for all tracks and rules at once.
   */
  readonly jerksPerMin?: number | undefined;
  /** Set for a rule that only counts: see `Counting`. */
  readonly counting?: Counting;
  /** Set for a rule that only knows who is there and since when: see `Steady`. */
  readonly steady?: Steady | undefined;
  /** Set for a rule that only knows on which side each of the tracks is that were seen and count: see `Sided`. */
  readonly sided?: Sided;
  /**
   * The rule's own reasoning about one track, after the steps that every rule shares (label, score, size, place): asked
   * between the look at a frame and the next one, it changes nothing. `frame`: the reasoning of the frame as a whole.
   */
  why?(track: Track, look: Look, frame: readonly TraceStep[]): readonly TraceStep[];
  /** In place of the step that asks whether a track is in the zone, for a rule in which others are there too. */
  whyHere?(track: Track, look: Look): TraceStep;
  /** In place of `why`, for a rule in which place or size of a track count otherwise: it begins with the label. */
  whyWhole?(track: Track, look: Look, frame: readonly TraceStep[]): readonly TraceStep[];
}

/** A track as it appears in a trigger. */
export function asObject(track: Track, owner?: number | null): TriggerObject {
  const { id, label, score, box } = track;
  return owner === undefined ? { track: id, label, score, box } : { track: id, label, score, box, owner };
}

/** The steps up to the first that was not passed. */
export function reasoning(...steps: readonly TraceStep[]): readonly TraceStep[] {
  const stop = steps.findIndex((s) => !s.passed);
  return stop < 0 ? steps : steps.slice(0, stop + 1);
}
