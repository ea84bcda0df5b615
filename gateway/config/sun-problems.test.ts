/** Hours that go by the sun where nobody said where the camera stands are told, once a file. */
import { expect, test } from "vitest";
import { sunProblems } from "./sun-problems.ts";

const dawn = { id: "dawn", windows: [{ from: "sunrise-30", to: "09:00" }] };
const noon = { id: "noon", windows: [{ from: "11:00", to: "13:00" }] };

for (const [name, schedules, rule, place] of [
  ["a schedule from before sunrise", [noon, dawn], "fishing-multi-rod", "schedules.1.windows.0.from"],
  ["hours of the clock", [noon], { type: "fishing-multi-rod", schedule: "noon" }, null],
  ["a rule at night", [], { type: "fishing-multi-rod", hours: "night" }, "zones.0.rules.0.hours"],
  ["a type that the catalogue looks for in daylight", [], "algae-bloom", "zones.0.rules.0"],
  ["the same with hours of its own", [], { type: "algae-bloom", hours: "08:00-16:00" }, null],
  ["the same with a schedule", [noon], { type: "algae-bloom", schedule: "noon" }, null],
] as const)
  test(name, () => {
    const raw = { camera: "pier", schedules, zones: [{ rules: [rule] }] };
    const told = sunProblems(raw, new Set(["pier"])).map(({ code, path }) => `${code} ${path.join(".")}`);
    expect(told).toEqual(place === null ? [] : [`CONFIG_SUN_PLACE ${place}`]);
    expect(sunProblems(raw, new Set(["other"]))).toEqual([]);
  });
