/** Rules whose own calendar lets them never fire are told; in doubt nothing is said. */
import { expect, test } from "vitest";
import { ruleHoursProblems } from "./rule-hours-problems.ts";

const dwell = { type: "our-dwell", kind: "presence-dwell", detectedSec: 600 };
const schedules = [
  { id: "short", windows: [{ from: "08:00", to: "08:05" }] },
  { id: "two", windows: [{ from: "08:00", to: "08:06" }, { from: "08:06", to: "08:12" }] }, // prettier-ignore
  { id: "night", windows: [{ from: "23:58", to: "00:10" }] },
  { id: "sun", windows: [{ from: "sunset", to: "sunset+1" }] },
  { id: "days", seasons: [{ from: "03-01", to: "06-30" }] },
];

for (const [name, rule, codes] of [
  ["a season that is no day", { ...dwell, season: { from: "02-30", to: "02-30" } }, ["CONFIG_SCHEDULE_NEVER"]],
  ["the twenty-ninth of February is one", { ...dwell, season: { from: "02-29", to: "02-29" } }, []],
  ["ten minutes in five", { ...dwell, schedule: "short" }, ["CONFIG_HOURS_SHORT"]],
  ["suspicion after one of the five", { ...dwell, suspectedSec: 60, schedule: "short" }, []],
  ["ten minutes in two windows that meet", { ...dwell, schedule: "two" }, []],
  ["ten minutes over midnight", { ...dwell, schedule: "night" }, []],
  ["hours that the sun decides", { ...dwell, schedule: "sun" }, []],
  ["a season has no hours", { ...dwell, schedule: "days" }, []],
  ["its own hours", { ...dwell, hours: "10:00-10:05" }, ["CONFIG_HOURS_SHORT"]],
  ["ten to ten is a whole day", { ...dwell, hours: "10:00-10:00" }, []],
  [
    "the catalogue's seconds count",
    { type: "site-intrusion", detectedSec: 3_600, hours: "10:00-10:30" },
    ["CONFIG_HOURS_SHORT"],
  ],
] as const)
  test(name, () =>
    expect(ruleHoursProblems({ schedules, zones: [{ rules: [rule] }] }).map(({ code }) => code)).toEqual(codes),
  );
