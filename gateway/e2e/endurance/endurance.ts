/** `npm run test:endurance [-- --scale 0.1] [-- --only kills,flaps]`: the long ones, in one table with one oracle. */
import { parseArgs } from "node:util";
import { fuzzedConfigs } from "./config-fuzz.ts";
import { belowTcp } from "./below-tcp.ts";
import { powerCuts } from "./cuts.ts";
import { damagedFiles } from "./damage.ts";
import { endlessMessages } from "./endless.ts";
import { evidenceCuts } from "./evidence-cuts.ts";
import { failingDisk } from "./failing-disk.ts";
import { flap64 } from "./flap64.ts";
import { flood } from "./flood.ts";
import { footprint } from "./footprint.ts";
import { malformedConnections, mutatedFrames, strangers } from "./hostile.ts";
import { killScenario } from "./kills.ts";
import { relayChain } from "./relay-chain.ts";
import { soak } from "./soak.ts";
import { surge } from "./surge.ts";
import { alarmBehindClip, downForDays, flaps } from "./line-scenarios.ts";
import type { Line } from "./oracle.ts";

/** Each scenario at its full size; `part` scales it, and never below what still says something. Null: not to be had here, see `needs`. */
export const scenarios: Readonly<Record<string, (part: number) => Promise<Line | null>>> = {
  kills: (part) => killScenario({ kills: sized(10_000, part, 8) }),
  between: (part) => killScenario({ kills: sized(1_000, part, 3), between: 0.5 }),
  relays: (part) => relayChain({ kills: sized(300, part, 6) }),
  cuts: (part) => powerCuts({ images: sized(5_000, part, 300) }),
  migration: (part) => powerCuts({ images: sized(500, part, 120), subject: "migration-process" }),
  disk: (part) => failingDisk({ full: sized(300, part, 12), broken: sized(100, part, 6), starts: sized(120, part, 8) }),
  damage: (part) => damagedFiles({ each: sized(200, part, 10) }),
  days: (part) => downForDays({ events: sized(100_000, part, 600) }),
  flood: (part) => flood({ seconds: sized(600, part, 8) }),
  surge: (part) => surge({ seconds: sized(60, part, 4), rate: part < 0.1 ? 300 : 3_000 }),
  flaps: (part) => flaps({ flaps: sized(500, part, 5) }),
  "below-tcp": (part) => belowTcp({ turns: sized(500, part, 2) }),
  clip: (part) => alarmBehindClip({ alarms: sized(12, part, 2), bytes: part < 0.1 ? 400_000 : 1_500_000 }),
  evidence: (part) => evidenceCuts({ transfers: sized(1_000, part, 6), bytesPerMs: 250 }),
  "evidence-fast": (part) => evidenceCuts({ transfers: sized(1_000, part, 6), bytesPerMs: 4_000 }),
  footprint: (part) => footprint({ idleSec: sized(600, part, 120), events: sized(5_000, part, 200) }),
  soak: (part) => soak({ seconds: sized(12_960, part, 45) }),
  flap64: (part) =>
    flap64({
      seconds: sized(7_200, part, 20),
      ...(part < 0.01 ? { flapping: 6, steady: 2 } : { flapping: 60, steady: 4 }),
    }),
  malformed: (part) => malformedConnections(sized(1_000, part, 50)),
  endless: (part) => endlessMessages({ times: sized(20, part, 1) }),
  frames: (part) => mutatedFrames(sized(100_000, part, 3_000)),
  config: (part) => fuzzedConfigs({ inputs: sized(100_000, part, 500) }),
  strangers: (part) => strangers(sized(10_000, part, 80)),
};

/** What some scenarios cannot do without: those on a disk that is watched, and that of a bound memory. */
export const needs =
  "a C compiler (Debian: gcc libc6-dev), or the right to make a control group or a network namespace (with /dev/net/tun)";

function sized(whole: number, part: number, least: number): number {
  return Math.max(least, Math.round(whole * part));
}

/** One line of the table. */
export function row({ scenario, amount, verdict, figures, holds }: Line): string {
  const { missing, unknown, duplicate, hashMismatch } = verdict;
  return [
    scenario.padEnd(52),
    amount.padEnd(18),
    missing,
    unknown,
    duplicate,
    hashMismatch,
    holds ? "holds" : "FAILS",
    figures,
  ].join(" | ");
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { scale: { type: "string", default: process.env["XUELIANG_ENDURANCE"] ?? "1" }, only: { type: "string" } },
  });
  const chosen = values.only?.split(",") ?? Object.keys(scenarios);
  console.log(
    ["scenario".padEnd(52), "amount".padEnd(18), "missing", "unknown", "duplicate", "hash", "verdict", "figures"].join(
      " | ",
    ),
  );
  let failed = 0;
  for (const name of chosen) {
    const scenario = scenarios[name];
    if (!scenario) throw new RangeError(`no scenario ${name}; there are ${Object.keys(scenarios).join(", ")}`);
    const line = await scenario(Number(values.scale));
    if (line?.holds === false) failed += 1;
    console.log(line ? row(line) : `${name}: skipped, needs ${needs}`);
  }
  return failed === 0 ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) process.exitCode = await main();
