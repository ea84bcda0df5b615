/** A rule's verdict in memory: the waist between the two halves of the house. */
import type { Box } from "../geometry.ts";

/** One occurrence runs start, any number of updates, end: once. */
export type Phase = "start" | "update" | "end";

/** suspected: seen, not yet long enough; detected: held long enough to act on. */
export type Certainty = "suspected" | "detected";

/** One step of the reasoning, in order; the trace of a trigger has only passed steps, a "why not" stops at the first failed one. */
export interface TraceStep {
  /** Stable name of the step, for example `rods-per-person`, `held`, `score`, `schedule`. */
  readonly step: string;
  readonly passed: boolean;
  /** The value seen, in the unit of `limit`. */
  readonly value: number | string | boolean;
  /** The value needed; the operator is part of the text, for example `>= 20`. */
  readonly limit: string;
  /** Path of the setting that decides this step, for example `zones/water/rules/fishing-multi-rod/detectedSec`. */
  readonly setting: string;
}

/** An object that took part. */
export interface TriggerObject {
  readonly track: number | null;
  readonly label: string;
  readonly score: number;
  readonly box: Box;
  /** For a rod: the track of the person it was assigned to; null when nobody stands near. */
  readonly owner?: number | null;
}

/** One phase of one occurrence. Plain data: it crosses a thread. */
export interface Trigger {
  readonly cameraId: string;
  readonly zoneId: string;
  readonly zoneKind: string;
  /** Unique per camera: zone id and rule id. */
  readonly ruleId: string;
  readonly ruleKind: string;
  /** Event type of the catalogue, for example `fishing-multi-rod`. */
  readonly eventType: string;
  /** The same for every phase of one occurrence, over restarts too. */
  readonly occurrenceId: string;
  readonly phase: Phase;
  readonly certainty: Certainty;
  /** 1 (highest) .. 4. */
  readonly severity: 1 | 2 | 3 | 4;
  /** When this phase happened, wall ms. */
  readonly atMs: number;
  /** When the condition began to hold, wall ms. */
  readonly onsetMs: number;
  /** Why it ended, on `end` only: the condition cleared, the camera went, or the rule was changed. */
  readonly endReason?: "cleared" | "camera-lost" | "rule-changed" | "schedule";
  readonly objects: readonly TriggerObject[];
  /** The part of the year in which the rule is armed now, both days whole, as MM-DD; left out: it is armed all the year. */
  readonly season?: { readonly from: string; readonly to: string };
  /** What was measured, by name, for example `{ persons: 1, rods: 2, personsMaxInWindow: 1, windowSec: 30 }`. */
  readonly measure: Readonly<Record<string, number>>;
  /** The threshold and value that decided, for people and the `rule` block of the event. */
  readonly threshold: number;
  readonly value: number;
  readonly holdSec: number;
  readonly trace: readonly TraceStep[];
}

/** What must survive a restart so that an occurrence goes on instead of starting again. */
export interface OpenOccurrence {
  readonly occurrenceId: string;
  readonly cameraId: string;
  readonly zoneId: string;
  readonly ruleId: string;
  readonly eventType: string;
  readonly certainty: Certainty;
  readonly severity: 1 | 2 | 3 | 4;
  readonly onsetMs: number;
  readonly lastAtMs: number;
}
