/** What 24 hours of a camera come to (pure). */
import type { CameraHistory } from "../../api.ts";

/** Sums of the slots that are known; null share when none is. */
export interface Day {
  /** Share of the known time in which pictures came, 0..1. */
  readonly upShare: number | null;
  /** Minutes of the known time without pictures. */
  readonly notObservedMin: number;
  readonly reconnects: number;
  readonly triggers: number;
}

/** Adds the slots up. */
export function dayOf({ slots, slotMs }: CameraHistory): Day {
  const known = slots.filter((slot) => slot !== null);
  const sum = (value: (slot: (typeof known)[number]) => number): number =>
    known.reduce((total, slot) => total + value(slot), 0);
  const up = sum((slot) => Math.min(1, Math.max(0, slot.up)));
  return {
    upShare: known.length === 0 ? null : up / known.length,
    notObservedMin: Math.round(((known.length - up) * slotMs) / 60_000),
    reconnects: sum((slot) => slot.reconnects),
    triggers: sum((slot) => slot.triggers),
  };
}

/** One column of the strip: its height 0..1, how much of it was without pictures, and whether anything is known. */
export interface Bar {
  readonly height: number;
  readonly down: number;
  readonly known: boolean;
  readonly triggers: number;
}

/** Columns, the busiest slot as the measure. */
export function barsOf({ slots }: CameraHistory): readonly Bar[] {
  const most = Math.max(1, ...slots.map((slot) => slot?.analysed ?? 0));
  return slots.map((slot) =>
    slot === null
      ? { height: 0, down: 0, known: false, triggers: 0 }
      : { height: slot.analysed / most, down: 1 - Math.min(1, slot.up), known: true, triggers: slot.triggers },
  );
}
