/** A log of generated turns, written as the gateway writes it, and the triggers of rules run through it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { fileHead } from "../../../analysis/track-log/block-format.ts";
import { BlockWriter } from "../../../analysis/track-log/block-writer.ts";
import { dayOf, logFile } from "../../../analysis/track-log/log-files.ts";
import type { LogEntry } from "../../../analysis/track-log/log-entry.ts";
import { quantise } from "../../../analysis/track-log/quantise.ts";
import type { Track } from "../../../analysis/tracking/track.ts";
import type { RuleMaker } from "../../../analysis/zones/rule-engine.ts";
import { marchNoon } from "../../../analysis/zones/testing/story.ts";
import type { Trigger } from "../../../analysis/zones/trigger.ts";
import { runRules } from "../run-rules.ts";
import type { Stretch } from "../stretch.ts";

/** What comes next: mostly a frame. */
export const turn = fc.record({
  stepMs: fc.oneof(
    { weight: 60, arbitrary: fc.constantFrom(200, 200, 200, 190, 333) },
    { weight: 2, arbitrary: fc.constantFrom(0, 1_200, 4_500, 7_000, 12_000, 3_600_000, -3_600_000) },
  ),
  act: fc.oneof(
    { weight: 120, arbitrary: fc.constant("look") },
    { weight: 4, arbitrary: fc.constant("blind") },
    { weight: 2, arbitrary: fc.constantFrom("restart", "lost", "moved", "square", "wide", "gap") },
  ),
  black: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 4 }),
  seals: fc.boolean(),
});
type Bare = typeof turn extends fc.Arbitrary<infer One> ? One : never;
/** A turn, and what was read of the current in it. */
export type Turn = Bare & { readonly speed?: number | null };

/** The same, with a reading of the current now and then. */
export const turnInCurrent: fc.Arbitrary<Turn> = fc
  .tuple(turn, fc.constantFrom(0.1, 0.5, 0.6, null, ...Array.from({ length: 20 }, () => undefined)))
  .map(([one, speed]) => (speed === undefined ? one : { ...one, speed }));

/** A frame in which nothing is wrong. */
export const plainTurn: Turn = { stepMs: 200, act: "look", black: null, seals: true };

/** Writes two files, so that who is there goes on from one into the next. @param tracksAt who is there at a frame */
export async function writeTurns(
  at: string,
  turns: readonly Turn[],
  tracksAt: (frame: number, nowMs: number) => readonly Track[],
): Promise<void> {
  const writer = new BlockWriter();
  const blocks = [fileHead(marchNoon)];
  const add = (entry: LogEntry): void => {
    if (!writer.takes(entry)) blocks.push(writer.seal());
    writer.add(entry);
  };
  let nowMs = marchNoon;
  let aspect = 16 / 9;
  add({ kind: "start", nowMs });
  for (const [frame, { stepMs, act, black, speed, seals }] of turns.entries()) {
    nowMs += stepMs;
    if (act === "restart") add({ kind: "start", nowMs });
    if (act === "lost") add({ kind: "lost", nowMs });
    if (act === "gap") add({ kind: "gap", nowMs, frames: 3 });
    if (act === "square") aspect = 4 / 3;
    if (act === "wide") aspect = 16 / 9;
    const seen = {
      tracks: act === "blind" ? null : tracksAt(frame, nowMs),
      scene: null,
      measures: {
        ...(black === null ? {} : { blackShare: black }),
        ...(speed === undefined ? {} : { surfaceSpeedMps: speed }),
      },
      aspect,
      ...(act === "moved" ? { moved: true } : {}),
    };
    add({ kind: "frame", nowMs, seen: quantise(seen) });
    if (seals && frame % 3 === 0) blocks.push(writer.seal());
  }
  if (writer.sizeBytes > 0) blocks.push(writer.seal());
  const [day, half] = [dayOf(marchNoon), Math.ceil(blocks.length / 2)];
  const second = [fileHead(nowMs), ...blocks.slice(half)];
  await writeFile(join(at, logFile(1, day).name), Buffer.concat(blocks.slice(0, half)));
  await writeFile(join(at, logFile(2, day).name), Buffer.concat(second));
}

/** A trigger and the entry that brought it. */
export interface Told {
  readonly entry: number;
  readonly trigger: Trigger;
}

/** The triggers of each rule with the entries that brought them. */
export function toldBy(stretch: Stretch, makers: readonly RuleMaker[]): readonly (readonly Told[])[] {
  const told = makers.map((): Told[] => []);
  runRules(stretch, makers, {
    tellOf: (rule) => (entry, change, running) => told[rule]?.push({ entry, trigger: running.trigger(change) }),
  });
  return told;
}

/** The triggers of all rules of one file in the order in which they were told, their occurrences numbered anew. */
export function merged(ofRules: readonly (readonly Told[])[]): readonly Trigger[] {
  const all = ofRules.flatMap((told, rule) => told.map((one) => ({ ...one, rule })));
  all.sort((a, b) => a.entry - b.entry || a.rule - b.rule);
  const names = new Map<string, string>();
  return all.map(({ trigger, rule }) => {
    const own = `${rule} ${trigger.occurrenceId}`;
    const name = names.get(own) ?? `occ-${names.size + 1}`;
    names.set(own, name);
    return { ...trigger, occurrenceId: name };
  });
}
