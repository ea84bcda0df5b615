/** Runs the scenarios against a receiver, one verdict each. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openKeys } from "../../delivery/uplink/keys.ts";
import type { BoxKeys } from "../../delivery/uplink/keys.ts";
import { Neighbour, type NeighbourCommands } from "./neighbour.ts";
import type { ProbeTarget } from "./probe.ts";
import { scenarios, type Scenario } from "./scenarios.ts";
import { ScenarioFault, type CheckBox, type World } from "./world.ts";

/** passed; failed with the reason; skipped: the check could not kill or ask this receiver. */
export interface Verdict {
  readonly id: string;
  readonly about: Scenario["about"];
  readonly verdict: "passed" | "failed" | "skipped";
  /** Empty unless failed. */
  readonly why: string;
}

/** The two boxes of a check; their keys lie in `folder` and are made there once. */
export async function checkBoxes(folder: string): Promise<readonly [CheckBox, CheckBox]> {
  mkdirSync(folder, { recursive: true });
  const box = async (gw: string): Promise<{ readonly gw: string; readonly keys: BoxKeys }> => ({
    gw,
    keys: await openKeys(join(folder, `${gw}-keys.json`)),
  });
  return [await box("check-1"), await box("check-2")];
}

/** @param receiver commands to start one, or where one runs already */
export async function checkReceiver(
  receiver: NeighbourCommands | ProbeTarget,
  [a, b]: readonly [CheckBox, CheckBox],
  options: { readonly only?: readonly string[]; readonly onVerdict?: (verdict: Verdict) => void } = {},
): Promise<readonly Verdict[]> {
  const neighbour = "run" in receiver ? await Neighbour.start(receiver) : null;
  await using stack = new AsyncDisposableStack();
  if (neighbour) stack.use(neighbour);
  const target = (): ProbeTarget => neighbour?.target ?? (receiver as ProbeTarget);
  const world: World = { target, neighbour, a, b };
  const verdicts: Verdict[] = [];
  for (const scenario of scenarios) {
    if (options.only && !options.only.includes(scenario.id)) continue;
    const verdict = await judged(scenario, world);
    verdicts.push(verdict);
    options.onVerdict?.(verdict);
  }
  return verdicts;
}

async function judged(scenario: Scenario, world: World): Promise<Verdict> {
  const { id, about, needs } = scenario;
  const cannot = (needs === "kill" && !world.neighbour) || (needs === "list" && world.neighbour?.canList !== true);
  if (cannot) return { id, about, verdict: "skipped", why: "" };
  try {
    await scenario.run(world);
    return { id, about, verdict: "passed", why: "" };
  } catch (error) {
    if (!(error instanceof ScenarioFault) && !(error instanceof Error && "code" in error)) throw error;
    return { id, about, verdict: "failed", why: error.message };
  }
}
