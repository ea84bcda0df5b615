/** What is drawn and what it means: zones, lines, masks, schedules, rules of one camera. */
import type { Both, Diagnostic } from "./problem.ts";

/** `[x, y]`, 0..1 of the picture, four decimals. */
export type XY = readonly [number, number];

/** A rule: the keys of `config/zones/CAMERA.yaml`; what is left out comes from the catalogue. */
export interface Rule {
  readonly type: string;
  readonly id?: string;
  readonly enabled?: boolean;
  readonly kind?: string;
  readonly labels?: readonly string[];
  readonly score?: number;
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly suspectedSec?: number;
  readonly detectedSec?: number;
  readonly clearSec?: number;
  readonly cooldownSec?: number;
  readonly severity?: 1 | 2 | 3 | 4;
  readonly threshold?: number;
  readonly schedule?: string;
  readonly hours?: string;
  /** Every other key of a rule stays as it is. */
  readonly [key: string]: unknown;
}

/** A polygon. */
export interface Zone {
  readonly id: string;
  readonly name?: string;
  readonly kind?: string;
  readonly polygon: readonly XY[];
  readonly anchor?: "bottom" | "center" | "any";
  readonly rules: readonly Rule[];
  readonly [key: string]: unknown;
}

/** A tripwire; `via` are its bends from start to end, left out when it is straight. */
export interface Line {
  readonly id: string;
  readonly name?: string;
  readonly from: XY;
  readonly via?: readonly XY[];
  readonly to: XY;
  readonly direction?: "both" | "left-to-right" | "right-to-left";
  readonly rules: readonly Rule[];
  readonly [key: string]: unknown;
}

/** Burnt into the picture before anything looks. */
export interface Mask {
  readonly id: string;
  readonly polygon: readonly XY[];
}

export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun" | "holiday";

/** When rules are armed. Times are `HH:MM`, `24:00`, `sunrise+10`, `sunset-30`; a `to` not later than `from` means the next day. */
export interface Schedule {
  readonly id: string;
  readonly windows?: readonly {
    readonly days?: readonly Weekday[];
    readonly from?: string;
    readonly to?: string;
  }[];
  readonly seasons?: readonly { readonly from: string; readonly to: string }[];
  readonly skipHolidays?: boolean;
}

/** All that is drawn for a camera. */
export interface RuleSet {
  readonly zones: readonly Zone[];
  readonly lines: readonly Line[];
  readonly masks: readonly Mask[];
  readonly schedules: readonly Schedule[];
  /** `YYYY-MM-DD` */
  readonly holidays: readonly string[];
}

/** `GET /cameras/ID/rules`, with the same revision as header `etag: "REVISION"`. */
export interface RulesDocument extends RuleSet {
  readonly camera: string;
  /** Of this camera's rules alone: other cameras' changes do not move it. */
  readonly revision: string;
}

/**
 * Answer of `PUT /cameras/ID/rules` (technician; body `RuleSet`; header `if-match: "REVISION"`; `?dry_run=true` changes
 * nothing and tells the same). Only the bytes of nodes that differ are rewritten. Refusals: 412 `RulesConflict`,
 * 422 `Problem` with diagnostics, 428 without `if-match`, 507 on a full disk.
 */
export interface Applied {
  /** The new revision of what was changed (rules: of the camera's rules); next `if-match`. */
  readonly revision: string;
  /** The new revision of the whole config. */
  readonly configRevision: string;
  /** False when nothing differed: no revision was made. */
  readonly changed: boolean;
  /** What changed, in words. */
  readonly changes: readonly Both[];
  /** What was reloaded, or would be. */
  readonly reloaded: readonly Reloaded[];
  readonly warnings: readonly Diagnostic[];
  /** Only after `POST /cameras`: the new camera's id. */
  readonly camera?: string;
  /** Set when the change returns by itself unless `POST /config/confirm` comes before. */
  readonly confirmByMs?: number;
}

/** rules: live, no frame lost; camera: reconnects; analysis, delivery, web: that part starts anew. */
export interface Reloaded {
  readonly what: "rules" | "camera" | "analysis" | "delivery" | "web";
  readonly camera: string | null;
  readonly tookMs: number | null;
}

/** Status 412: somebody else was faster. `base` is what `if-match` named; null when it is no longer known. */
export interface RulesConflict {
  readonly code: "WEB_CONFLICT";
  readonly text: Both;
  readonly hint: Both;
  readonly values: Readonly<Record<string, string | number>>;
  readonly base: RuleSet | null;
  readonly mine: RuleSet;
  readonly theirs: RulesDocument;
  /** Who changed it last and when; user null: by hand in the file. */
  readonly by: { readonly user: string | null; readonly atMs: number } | null;
}

/** Body of `POST /rules/check` (viewer): answers `{ diagnostics: readonly Diagnostic[] }`, pointers relative to `rules`. */
export interface RulesCheck {
  readonly camera: string;
  readonly rules: RuleSet;
}

/** A draft kept on the box, so that it survives the phone. `GET` (404 `WEB_UNKNOWN` without one), `PUT`, `DELETE /cameras/ID/draft`, per user. */
export interface Draft {
  readonly baseRevision: string;
  /** What the draft was drawn over. */
  readonly base: RuleSet;
  readonly rules: RuleSet;
  readonly savedMs: number;
}

/** One event type of `GET /catalogue`: what the rule form needs. */
export interface CatalogueType {
  readonly id: string;
  readonly name: Both;
  readonly kind: string;
  readonly labels: readonly string[];
  readonly severity: number;
  /** Defaults of the rule's keys that are numbers, by key. */
  readonly defaults: Readonly<Record<string, number | string | boolean | readonly string[]>>;
  /** Where it may stand. */
  readonly on: readonly ("zone" | "line")[];
}

/** `GET /sun?camera=ID&day=2026-11-21`: null where the site has no place, or the sun does not rise or set. */
export interface SunTimes {
  readonly day: string;
  readonly sunrise: string | null;
  readonly sunset: string | null;
  readonly timezone: string;
}
