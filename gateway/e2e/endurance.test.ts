/** The long scenarios, short: that they still run and still hold. XUELIANG_ENDURANCE=1 is their full size. */
import { expect, test } from "vitest";
import { needs, row, scenarios } from "./endurance/endurance.ts";
import { clean } from "./endurance/oracle.ts";

const part = Number(process.env["XUELIANG_ENDURANCE"] ?? 0.0005);
/** Kills have a test of their own; how fast a busy machine is, is not judged here. */
const here = [
  ...[
    "relays",
    "cuts",
    "migration",
    "disk",
    "damage",
    "days",
    "flood",
    "surge",
    "flaps",
    "below-tcp",
    "clip",
    "evidence",
    "evidence-fast",
  ],
  ...["soak", "flap64", "malformed", "endless", "frames", "config", "strangers"],
];
/** Whose every figure must hold on any machine. */
const strict = new Set(["relays", "cuts", "migration", "disk", "damage", "config", "strangers"]);

test.for(here)("%s", { timeout: 240_000 + part * 7_200_000 }, async (name, context) => {
  const line = await scenarios[name]?.(part);
  if (!line) return context.skip(`needs ${needs}`);
  console.log(row(line));
  expect(line.verdict).toEqual(clean);
  if (strict.has(name)) expect(line.holds).toBe(true);
});
