/** The long scenarios, short: that they still run and still hold. XUELIANG_ENDURANCE=1 is their full size. */
import { expect, test } from "vitest";
import { row, scenarios } from "./endurance/endurance.ts";
import { clean } from "./endurance/oracle.ts";

const part = Number(process.env["XUELIANG_ENDURANCE"] ?? 0.0005);
/** Kills have a test of their own; how fast a busy machine is, is not judged here. */
const here = ["days", "flaps", "clip", "malformed", "frames", "strangers"];

test.each(here)("%s", { timeout: 240_000 + part * 7_200_000 }, async (name) => {
  const line = await scenarios[name]?.(part);
  if (!line) throw new Error(name);
  console.log(row(line));
  expect(line.verdict).toEqual(clean);
  if (name === "strangers") expect(line.holds).toBe(true);
});
