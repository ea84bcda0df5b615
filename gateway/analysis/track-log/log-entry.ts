/** What the track log remembers of one camera, in the order in which the rules got it. */
import type { Observation } from "../zones/rule.ts";

/** One thing that reached the rules; times are wall ms, whole numbers. */
export type LogEntry =
  /** One frame, looked at or not (`tracks` null), exactly as the rules got it. */
  | { readonly kind: "frame"; readonly nowMs: number; readonly seen: Observation }
  /** The gateway started: the rules began anew and went on with what was open. */
  | { readonly kind: "start"; readonly nowMs: number }
  /** The camera had gone: what was open ended. */
  | { readonly kind: "lost"; readonly nowMs: number }
  /** So many frames reached the rules and not the log: from here on a replay may differ. */
  | { readonly kind: "gap"; readonly nowMs: number; readonly frames: number };
