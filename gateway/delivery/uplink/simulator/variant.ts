/** The protocol as specified, and weakened ones that the simulator must catch: a net that catches nothing proves nothing. */
import { chainAgrees } from "../protocol/chain-check.ts";

/** What is done otherwise than specified. */
export interface Variant {
  readonly name: string;
  readonly agrees: typeof chainAgrees;
  /** False: a power cut takes back what was committed lately, as synchronous=NORMAL does. */
  readonly diskHonours: boolean;
  /** False: the store knows numbers only, not ids. */
  readonly knowsIds: boolean;
  readonly commit: "before-ack" | "after-ack" | "watermark-first";
  /** False: a row goes as soon as it is acknowledged. */
  readonly keepsAcked: boolean;
  /** False: what a relay holds counts as arrived. */
  readonly endToEnd: boolean;
  /** False: all uplinks of a box share one watermark. */
  readonly ownCursors: boolean;
  /** written-after: a command is obeyed before its counter is on the disk; answers-forgotten: one that comes again is judged anew. */
  readonly commands: "written-before" | "written-after" | "answers-forgotten";
  /** Whether the platform's store is ever put back to a backup. */
  readonly restores: boolean;
}

/** A weakened one, and what must show: something lost or repeated of what the disks still hold, or what a power cut took from a disk. */
export interface Weakened extends Variant {
  readonly shows?: "torn";
}

/** As specified. */
export const specified: Variant = {
  name: "specified",
  agrees: chainAgrees,
  diskHonours: true,
  knowsIds: true,
  commit: "before-ack",
  keepsAcked: true,
  endToEnd: true,
  ownCursors: true,
  commands: "written-before",
  restores: true,
};

/**
 * A platform that is never put back to a backup, so that a box may forget at once. Nothing may be lost here either.
 * Rows that are kept heal even an acknowledgement that came too early: only without them does that mistake show.
 */
export const withoutBackups: Variant = {
  ...specified,
  name: "no backups, nothing kept",
  keepsAcked: false,
  restores: false,
};

/** Each must lose or repeat something. */
export const weakened: readonly Weakened[] = [
  { ...specified, name: "lazy disk, and all else as specified", diskHonours: false, shows: "torn" },
  { ...specified, name: "lazy disk, counters only", diskHonours: false, agrees: () => true },
  {
    ...specified,
    name: "lazy disk, only the head is compared, no ids at the store",
    diskHonours: false,
    knowsIds: false,
    agrees: (mine, theirs) => theirs.acked <= mine.head,
  },
  { ...withoutBackups, name: "acknowledged before the commit", commit: "after-ack" },
  { ...specified, name: "watermark and rows in two transactions", commit: "watermark-first" },
  { ...specified, name: "acknowledged rows are not kept", keepsAcked: false },
  { ...withoutBackups, name: "what a relay holds counts as arrived", endToEnd: false },
  { ...specified, name: "one watermark for all uplinks", ownCursors: false },
  { ...specified, name: "a command is obeyed before its counter is on the disk", commands: "written-after" },
  { ...specified, name: "what a command came to is forgotten", commands: "answers-forgotten" },
];
