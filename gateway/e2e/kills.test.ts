/** kill -9 at random moments, three hundred times: nothing acknowledged is lost, nothing arrives twice. XUELIANG_KILLS=10000 is for the night. */
import { expect, test } from "vitest";
import { killScenario } from "./endurance/kills.ts";
import { clean } from "./endurance/oracle.ts";

const kills = Number(process.env["XUELIANG_KILLS"] ?? 300);

test("boxes and receiver", { timeout: 240_000 + kills * 2_000 }, async () => {
  const line = await killScenario({ kills });
  console.log(`${line.amount}: ${JSON.stringify(line.verdict)}, ${line.figures}`);
  expect(line.verdict).toEqual(clean);
  expect(line.holds).toBe(true);
});

test("a receiver that dies between its commit and its word", { timeout: 240_000 }, async () => {
  const line = await killScenario({ kills: Math.max(8, Math.round(kills / 30)), between: 0.5 });
  console.log(`${line.amount}: ${JSON.stringify(line.verdict)}, ${line.figures}`);
  expect(line.verdict).toEqual(clean);
});
