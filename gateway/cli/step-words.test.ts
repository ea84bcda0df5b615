/** Every step of every rule's reasoning, as a Chinese reader gets it. */
import { expect, test } from "vitest";
import type { RuleEngine } from "../analysis/zones/rule-engine.ts";
import { storiesOf } from "../analysis/zones/testing/catalogue-story.ts";
import { engineFor, mover, oneZone, still, tell, type Story } from "../analysis/zones/testing/story.ts";
import type { TraceStep } from "../analysis/zones/trigger.ts";
import { measured } from "../config/measures.ts";
import { eventTypes } from "../config/catalogue/catalogue.ts";
import { limitSaid, stepName, valueSaid } from "../runtime/texts/step-words.ts";

const box = { x: 0.1, y: 0.4, width: 0.06, height: 0.2 };
const left = { polygon: [[0, 0], [0.5, 0], [0.5, 1], [0, 1]] }; // prettier-ignore
const comes = mover(1, "person", { ...box, x: 0.8 }, { x: -0.15, y: 0 });
const goes = mover(1, "person", box, { x: 0.15, y: 0 });
const own: readonly Story[] = [
  { zones: oneZone([{ type: "our-enter", kind: "enter" }], left), actors: [comes], seconds: 5 },
  { zones: oneZone([{ type: "our-exit", kind: "exit" }], left), actors: [goes], seconds: 5 },
  { zones: oneZone([{ type: "our-theft", kind: "removed-object", labels: ["person"], minTrackSec: 3 }]), actors: [still(1, "person", box, 0, 8)], seconds: 12 },
  { zones: oneZone([{ type: "our-lack", kind: "count" }, { type: "our-l", kind: "level-threshold" }, { type: "wrong-way-vehicle" }]), actors: [comes], seconds: 2 },
]; // prettier-ignore

/** Steps of a story, every few frames, of each rule as a whole and about each track. */
function stepsOf(story: Story): readonly TraceStep[] {
  const found: TraceStep[] = [];
  const engine = engineFor(story.zones);
  const ids = (story.actors ?? []).slice(0, 3).map(({ id }) => id);
  const told = tell(story, {
    step: (seen: never, nowMs: number) => {
      const triggers = engine.step(seen, nowMs);
      if (nowMs % 7 === 0)
        found.push(...engine.state().flatMap((one) => one.steps), ...ids.flatMap((id) => engine.why(id).flatMap((one) => one.steps))); // prettier-ignore
      return triggers;
    },
  } as unknown as RuleEngine);
  return [...found, ...told.flatMap(({ trace }) => trace)];
}

test("every measurement has a name", () => {
  for (const name of Object.keys(measured)) expect(stepName(name, "zh"), name).toMatch(/[\u4e00-\u9fff]/);
});

test("nothing but labels and ids is left in English", () => {
  const names = new Set(["water", "line", "cloud", "A", "B"]);
  const english = new Set<string>();
  for (const type of eventTypes) {
    const { labels = [], with: any = [], withAll = [], without = [], per = [] } = type.rule;
    for (const name of [...labels, ...any, ...withAll, ...without, ...per, "person"]) names.add(name);
  }
  for (const story of [...eventTypes.flatMap((type) => storiesOf(type)), ...own])
    for (const step of stepsOf(story))
      for (const said of [stepName(step.step, "zh"), valueSaid(step, "zh"), limitSaid(step, "zh")]) {
        const words = said.match(/[a-zA-Z][\w-]*/g) ?? [];
        if (words.some((word) => !names.has(word))) english.add(`${step.step}: ${said}`);
      }
  expect([...english]).toEqual([]);
});
