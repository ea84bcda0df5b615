/** What a simulated box does: each scenario is what a field has seen. */
import { randomBytes } from "node:crypto";
import type { Trigger } from "../../analysis/zones/trigger.ts";
import type { Picture } from "../../delivery/delivery.ts";
import type { Clock } from "../../runtime/clock.ts";

/** The box as a scenario uses it. */
export interface SimulatedBox {
  /** Durable on return. */
  record(trigger: Trigger, picture: Picture | null): Promise<void>;
  /** The box's clock is wrong by so much from now on, ms. */
  setClockOff(ms: number): void;
  /** Everything that is recorded is acknowledged, or patience ends. */
  settle(): Promise<void>;
  /** The box starts with an older copy of its database, as after a disk image was put back. */
  rollBack(keep: () => Promise<void>): Promise<void>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** How much of it. */
export interface Amount {
  readonly events: number;
  readonly perSecond: number;
}

type Scenario = (box: SimulatedBox, amount: Amount) => Promise<void>;

let occurrences = 0;

/** An occurrence's phase as a rule would report it. */
function trigger(box: SimulatedBox, phase: Trigger["phase"], occurrenceId: string, onsetMs: number): Trigger {
  return {
    cameraId: "simulated",
    zoneId: "water",
    zoneKind: "shoreline",
    ruleId: "water/fishing-multi-rod",
    ruleKind: "co-presence-ratio",
    eventType: "fishing-multi-rod",
    occurrenceId,
    phase,
    certainty: phase === "start" ? "suspected" : "detected",
    severity: 3,
    atMs: box.clock.nowMs(),
    onsetMs,
    objects: [{ track: 1, label: "person", score: 0.83, box: { x: 0.41, y: 0.52, width: 0.05, height: 0.21 } }],
    measure: { persons: 1, rods: 2 },
    threshold: 1,
    value: 2,
    holdSec: 8,
    trace: [],
    ...(phase === "end" ? { endReason: "cleared" as const } : {}),
  };
}

/** Start, update, end, in turn; `n` of them. */
async function some(box: SimulatedBox, n: number, pauseMs: number, picture: () => Picture | null): Promise<void> {
  let open = { id: "", onsetMs: 0 };
  for (let i = 0; i < n && !box.signal.aborted; i += 1) {
    const phase = i === n - 1 && i % 3 !== 0 ? "end" : ((["start", "update", "end"] as const)[i % 3] ?? "start");
    if (phase === "start") {
      occurrences += 1;
      open = { id: `simulated-${box.clock.nowMs()}-${occurrences}`, onsetMs: box.clock.nowMs() };
    }
    await box.record(trigger(box, phase, open.id, open.onsetMs), phase === "start" ? picture() : null);
    if (pauseMs > 0) await box.clock.sleep(pauseMs, box.signal).catch(() => undefined);
  }
}

/** Random octets behind the two that open a JPEG: nobody looks into it, everybody hashes it. */
function pictureOf(bytes: number): Picture {
  const jpeg = randomBytes(bytes);
  jpeg.set([0xff, 0xd8]);
  return { jpeg, widthPx: 1920, heightPx: 1080 };
}

/** By name. */
export const scenarios = {
  steady: async (box, { events, perSecond }) => some(box, events, 1_000 / perSecond, () => pictureOf(60_000)),
  /** As fast as the disk takes them: a flood night. */
  storm: async (box, { events }) => some(box, events, 0, () => null),
  /** The disk image of an hour ago is put back: numbers are given twice, and everything is sent again under a new epoch. */
  duplicates: async (box, { events }) => {
    await some(box, events, 0, () => null);
    await box.settle();
    await box.rollBack(async () => {
      await some(box, events, 0, () => null);
      await box.settle();
    });
    await some(box, events, 0, () => null);
  },
  /** Back to 1970, ten years ahead, and right again. */
  "clock-jump": async (box, { events }) => {
    const part = Math.max(1, Math.floor(events / 3));
    for (const off of [-box.clock.nowMs(), 10 * 365 * 86_400_000, 0]) {
      box.setClockOff(off);
      await some(box, part, 0, () => null);
    }
  },
  /** Pictures of 16 MiB. */
  "huge-evidence": async (box, { events }) => {
    const count = Math.min(events, 12);
    await some(box, count, 0, () => pictureOf(16 * 1_048_576));
  },
} as const satisfies Readonly<Record<string, Scenario>>;

/** Name of a scenario. */
export type ScenarioName = keyof typeof scenarios;
