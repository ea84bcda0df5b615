/** Every measurement that a rule can name is really taken, and no rule of the catalogue waits for one that nobody takes. */
import { expect, test } from "vitest";
import { eventTypes } from "../config/catalogue/catalogue.ts";
import { measured } from "../config/measures.ts";
import { CameraPipeline, type Stages } from "./camera-pipeline.ts";
import { Latest } from "../runtime/latest.ts";
import { systemClock } from "../runtime/clock.ts";
import { CameraDiagnosis } from "./diagnosis/camera-diagnosis.ts";
import { SceneMeter } from "./detection/scene-meter.ts";
import { Flows } from "./flow/flows.ts";
import { flowScene } from "./flow/testing/flow-scene.ts";
import { Gauges } from "./gauge/gauges.ts";
import { gaugeScene } from "./gauge/testing/gauge-scene.ts";
import type { Observation } from "./zones/rule.ts";

/** Names that the rules of a camera with everything get within twelve seconds; `blind` is there when the picture is. */
async function takenNames(): Promise<ReadonlySet<string>> {
  const names = new Set<string>(["blind"]);
  const hear = (seen: Observation): Observation => {
    for (const name of Object.keys({ ...seen.scene, ...seen.measures })) names.add(name);
    return seen;
  };
  const scene = flowScene({ seed: 1, speedMps: 1, texture: 10 });
  const sceneMeter = new SceneMeter();
  const stages: Stages = {
    camera: { frames: new Latest(), status: () => expect.fail("nobody asks") },
    sampler: { admits: () => true },
    sceneMeter,
    diagnosis: new CameraDiagnosis({ rate: 5, hourOf: () => 12, grey: () => sceneMeter.grey }),
    gauges: new Gauges(gaugeScene("calm", 1).config),
    flows: new Flows(scene.config),
    motionGate: { admits: () => false },
    detector: { detect: () => Promise.resolve(null) },
    tracker: { step: () => [], liveCount: 0 },
    trackLog: { keep: hear, lost: () => undefined },
    ruleEngine: { step: () => [], close: () => [], regionOfInterest: () => ({ x: 0, y: 0, width: 1, height: 1 }) },
    snapshot: () => Promise.resolve({ jpeg: new Uint8Array(0), widthPx: 0, heightPx: 0 }),
    deliver: () => undefined,
  };
  const pipeline = new CameraPipeline({ id: "river", name: "river" }, stages, systemClock);
  for (let i = 0; i <= 60; i += 1) await pipeline.follow(scene.frame(i / 5));
  return names;
}

test("the list of measurements is what the path of a frame gives", async () => {
  expect([...(await takenNames())].sort()).toEqual(Object.keys(measured).sort());
});

for (const { id, rule } of eventTypes.filter(
  ({ rule }) => rule.kind === "level-threshold" || rule.kind === "scene-quality",
))
  test(`${id} waits for something that is measured`, () => {
    expect(Object.keys(measured)).toContain(rule.measure);
  });
