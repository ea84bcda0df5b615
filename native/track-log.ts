/**
 * What a rehearsal asks of a track log some hundred thousand times, on arrays of gateway/analysis/track-log and
 * gateway/rehearsal/track-log. Where the addon does not run, these say so and the caller does it himself: that is the
 * reference the tests hold them against.
 */
import { binary } from "./loaded.ts";

/**
 * Writes where the bodies of a track log's blocks begin and end, one pair after the other, for blocks that lie one after the
 * other from `at` on; as many as `spans` has room for. Stops before the first place where there is no whole block whose
 * checksum holds: the caller looks further. Returns the numbers written; 0 where the addon does not run.
 */
export function wholeBlocks(bytes: Uint8Array, at: number, spans: Uint32Array): number {
  return binary === null ? 0 : binary.wholeBlocks(bytes, at, spans);
}

/** What `readHeads` fills: arrays of gateway/analysis/track-log, from the numbers in `counts` on. */
export interface HeadColumns {
  /** Entries, appearances, blocks and paths that are there; counted on. */
  readonly counts: Uint32Array;
  /** Known labels by number, each as its length in one byte and its text in UTF-8. */
  readonly labels: Uint8Array;
  /** Of each entry. */
  readonly kind: Uint8Array;
  readonly looked: Uint8Array;
  readonly nowMs: Float64Array;
  readonly pointCount: Uint16Array;
  readonly pointsAt: Uint32Array;
  /** Of each appearance; `toldAt` is where the head tells when it was first seen. */
  readonly labelOf: Uint8Array;
  readonly idOf: Uint32Array;
  readonly toldAt: Uint32Array;
  readonly pathOf: Uint32Array;
  readonly pointsOf: Uint32Array;
  /** Groups of `Extents`: of each appearance, each block, each path. */
  readonly spanValues: Int32Array;
  readonly blockValues: Int32Array;
  readonly pathValues: Int32Array;
  /**
   * Nine numbers a block taken in, from the beginning of this array: entries from and up to, appearances from and up to, bits
   * of its labels, frames that were looked at, where its frames are told, where its scenes begin, 1 where it is ordered.
   */
  readonly rows: Uint32Array;
  /** The id of each path, and the table of `IdNumbers`, of a power of two of numbers. */
  readonly ids: Uint32Array;
  readonly table: Uint32Array;
}

/**
 * Reads the heads of a track log's blocks, `spans` being where each body begins and ends in `bytes`, one pair after the
 * other. Stops before the first that is not plain or not of this release, has a label that is not known, does not fit into
 * the columns or is not as its head says: the caller reads that one. Returns how many were taken in; 0 where the addon does
 * not run. @throws RangeError when arrays of one kind differ in length
 */
export function readHeads(bytes: Uint8Array, spans: Uint32Array, to: HeadColumns): number {
  if (binary === null) return 0;
  return binary.readHeads(
    bytes,
    spans,
    to.counts,
    to.labels,
    to.kind,
    to.looked,
    to.nowMs,
    to.pointCount,
    to.pointsAt,
    to.labelOf,
    to.idOf,
    to.toldAt,
    to.pathOf,
    to.pointsOf,
    to.spanValues,
    to.blockValues,
    to.pathValues,
    to.rows,
    to.ids,
    to.table,
  );
}

/** What `memberChanges` reads and fills. */
export interface MembersJob {
  /** The file, or a chunk of it. */
  readonly bytes: Uint8Array;
  /** Blocks that follow on each other (`HeadColumns.rows`), and the group of `Extents` of each. */
  readonly rows: Uint32Array;
  readonly extents: Int32Array;
  /** Of each entry and each appearance, as in `HeadColumns`. */
  readonly looked: Uint8Array;
  readonly pointCount: Uint16Array;
  readonly pointsAt: Uint32Array;
  readonly idOf: Uint32Array;
  readonly pointsOf: Uint32Array;
  readonly labelOf: Uint8Array;
  readonly spanValues: Int32Array;
  /** Of each appearance: the rules, as bits, whose label it has and which its path comes near. */
  readonly matters: Uint8Array;
  /** By number of the label, 256 numbers: the sorts of company that it is, as bits; 128: one that must not be near. */
  readonly roles: Uint8Array;
  /**
   * Eleven numbers: bits of the labels; least score, least and greatest height in steps; least area; the sorts of company that a
   * member needs, as bits; how near, in heights of the taller; 1 where that are rods, which bring who holds them into the zone;
   * how far a rod reaches, in body heights; the picture's width divided by its height; 1 where company matters.
   */
  readonly rule: Float64Array;
  /** As `AnglersJob.zones`. */
  readonly zones: Float64Array;
  /** Of each of up to `mostMemberRules` rules, alike but for their zones: as `AnglersJob.waters`. */
  readonly waters: Uint32Array;
  /** Of each rule 256 numbers: how many were members at last (`unknownMembers`: not known), then their ids; counted on. */
  readonly members: Uint32Array;
  /**
   * An equal room for each rule. For each change: the entry, how many are members from there on, the entry looked at before it
   * (`noEntry`: none in these blocks), how many were members there, and where in `bytes` the points of both lie.
   */
  readonly changes: Uint32Array;
  /** Gets how many blocks were gone through, and of each rule how many numbers of `changes` were written. */
  readonly done: Uint32Array;
}

/** As many rules as one `MembersJob` knows: each is a bit of a byte. */
export const mostMemberRules = 8;
/** "Not known" in `MembersJob.members`. */
export const unknownMembers = 0xffff_ffff;
/** "None" in `MembersJob.changes`. */
export const noEntry = 0xffff_ffff;

/**
 * Goes through blocks of a track log and tells where others become members of rules that only know who is there. Ends before a
 * block of which more may be told than `changes` has room for. Returns false where the addon does not run: the caller looks
 * at each point then. @throws RangeError when the arrays do not fit together
 */
export function memberChanges(job: MembersJob): boolean {
  if (binary === null) return false;
  binary.memberChanges(
    job.bytes,
    job.rows,
    job.extents,
    job.looked,
    job.pointCount,
    job.pointsAt,
    job.idOf,
    job.pointsOf,
    job.matters,
    job.labelOf,
    job.spanValues,
    job.roles,
    job.rule,
    job.zones,
    job.waters,
    job.members,
    job.changes,
    job.done,
  );
  return true;
}

/** What `countAnglers` reads and fills. */
export interface AnglersJob {
  /** The file, or a chunk of it. */
  readonly bytes: Uint8Array;
  /** Blocks that follow on each other: `HeadColumns.rows`. */
  readonly rows: Uint32Array;
  /** Of each entry and each appearance, as in `HeadColumns`. */
  readonly looked: Uint8Array;
  readonly pointCount: Uint16Array;
  readonly pointsAt: Uint32Array;
  readonly idOf: Uint32Array;
  readonly labelOf: Uint8Array;
  readonly spanValues: Int32Array;
  /** By number of the label, 256 numbers: 1 a person, 2 a rod, 3 both. */
  readonly roles: Uint8Array;
  /**
   * Nine numbers: least score in steps, of both; greatest height of a person; least and greatest height of a rod, in steps;
   * least area of a rod; score from which something is seen clearly; how far a rod reaches, in body heights; the picture's
   * width divided by its height; as many rods as a person may have.
   */
  readonly rule: Float64Array;
  /** Up to 32. Of each: the anchor (0 bottom, 1 center, 2 any), the box around it (x, y, width, height), how many corners, x and y of each. */
  readonly zones: Float64Array;
  /** Of each of up to 32 rules, alike but for their zones: its own zone, and those that have the same rule, as bits. */
  readonly waters: Uint32Array;
  /** Gets persons, those of whom the tracker is sure, and rods, of each entry from the first block's first on. */
  readonly counts: Uint8Array;
  /** So many entries further on are those of the next rule. */
  readonly stride: number;
  /** Gets, for each block, 1 where an entry has more rods than its persons, or than one, may have. */
  readonly doubts: Uint8Array;
  /** So many blocks further on are those of the next rule. */
  readonly blockStride: number;
}

/**
 * Counts, in each entry of some blocks of a track log, people at some zones and the rods in their hands, as the rule on rods
 * and persons does. Returns false where the addon does not run. @throws RangeError when the arrays do not fit together
 */
export function countAnglers(job: AnglersJob): boolean {
  if (binary === null) return false;
  binary.countAnglers(
    job.bytes,
    job.rows,
    job.looked,
    job.pointCount,
    job.pointsAt,
    job.idOf,
    job.labelOf,
    job.spanValues,
    job.roles,
    job.rule,
    job.zones,
    job.waters,
    job.counts,
    job.stride,
    job.doubts,
    job.blockStride,
  );
  return true;
}

/** What `sideChanges` reads and fills. */
export interface SidesJob {
  /** The file, or a chunk of it. */
  readonly bytes: Uint8Array;
  /** Blocks that follow on each other: `HeadColumns.rows`. */
  readonly rows: Uint32Array;
  /** Of each entry and each appearance, as in `HeadColumns`; `matters`: 1 where it has a label of the rule and a path that comes near. */
  readonly looked: Uint8Array;
  readonly pointCount: Uint16Array;
  readonly pointsAt: Uint32Array;
  readonly pathOf: Uint32Array;
  readonly matters: Uint8Array;
  readonly spanValues: Int32Array;
  /** The rule's time in ms: before entry `first`, then at each entry from there on. */
  readonly times: Float64Array;
  readonly first: number;
  /**
   * Eleven numbers: least score, least and greatest height in steps, least area; the zone's anchor and the box around it, as in
   * `AnglersJob.zones`; after how long a side is believed, and after how long a track that was not seen is forgotten, ms.
   */
  readonly rule: Float64Array;
  /** x and y of each corner of the zone. */
  readonly polygon: Float64Array;
  /** Seven numbers of each path, 0 before a run; the third to sixth: its newest sight and the one before, as in `told`. */
  readonly sights: Uint32Array;
  /**
   * Gets seven numbers of each sight that is not one more on the side on which its track is believed to be: its entry, where its
   * point lies in `bytes`, the number of its path; the entry and the point of its newest sight before, and of the one before that.
   */
  readonly told: Uint32Array;
  /** Gets how many blocks were gone through, and of how many sights is told. */
  readonly done: Uint32Array;
}

/**
 * Goes through blocks of a track log and tells of whom a rule that only knows on which side of a zone's border each track is
 * has to be told. Ends before a block with more points than `told` has room for. Returns false where the addon does not run.
 * @throws RangeError when the arrays do not fit together
 */
export function sideChanges(job: SidesJob): boolean {
  if (binary === null) return false;
  binary.sideChanges(
    job.bytes,
    job.rows,
    job.looked,
    job.pointCount,
    job.pointsAt,
    job.pathOf,
    job.matters,
    job.spanValues,
    job.times,
    job.first,
    job.rule,
    job.polygon,
    job.sights,
    job.told,
    job.done,
  );
  return true;
}
