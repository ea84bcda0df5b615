/** What a zones file is told when somebody wrote what cannot be meant: in both languages, with a remedy that helps. */
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { eventTypes } from "./catalogue/catalogue.ts";
import { checkFile } from "./checked-file.ts";
import { diagnosticText } from "./diagnostic-text.ts";
import { formOf } from "./pattern-forms.ts";
import { labelProblems } from "./rule-problems.ts";
import { schemaTree, type SchemaNode } from "./schema-tree.ts";
import { gatewaySchema } from "./schema.ts";
import { collapsePixels, zonesProblems } from "./zones-problems.ts";
import { zonesSchema } from "./zones-schema.ts";

const head = "schema: xueliang.zones/1\ncamera: pier\n";
const square = "[[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]]";
const ruled = (rule: string, more = ""): string =>
  `${head}zones:\n  - id: shore\n    polygon: ${square}\n    rules: [{ ${rule} }]\n${more}`;

/** Every mistake: `error CODE place: words`. */
function told(text: string, language: "en" | "zh" = "en"): readonly string[] {
  const { diagnostics } = checkFile({
    file: basename("pier.yaml"),
    bytes: Buffer.from(text),
    schema: zonesSchema,
    look: (raw) => [
      ...zonesProblems(raw, {
        fileStem: "pier",
        cameraIds: ["pier"],
        ruleTypes: new Set(eventTypes.map(({ id }) => id)),
        purposes: new Map(),
        unplaced: new Set(),
      }),
      ...labelProblems(raw, "river", ["person", "fishing-rod", "floating-debris"]),
    ],
    retell: collapsePixels,
  });
  return diagnostics.map(
    (one) => `${one.severity} ${one.code} ${one.path.join(".")}: ${diagnosticText(one, language)}`,
  );
}

describe("the form that is expected", () => {
  for (const [name, text, en, zh] of [
    [
      "hours",
      ruled('type: site-intrusion, hours: "8:00-18:00"'),
      "Expected: HH:MM-HH:MM, as 22:00-06:00; or daylight; or night.",
      "应为：HH:MM-HH:MM，如 22:00-06:00；或 daylight（白天）、night（夜间）。",
    ],
    [
      "a day of the year",
      ruled('type: site-intrusion, season: { from: "3-1", to: 06-30 }'),
      "MM-DD, as 03-01.",
      "MM-DD，如 03-01。",
    ],
    [
      "the end of a window",
      `${head}schedules: [{ id: s, windows: [{ from: sunset-30, to: "6:00" }] }]\n`,
      "HH:MM, as 06:00; or sunrise or sunset with minutes, as sunset-30.",
      "HH:MM，如 06:00；或 sunrise（日出）、sunset（日落）加减分钟，如 sunset-30。",
    ],
    ["a holiday", `${head}holidays: ["10-01"]\n`, "YYYY-MM-DD, as 2026-10-01.", "YYYY-MM-DD，如 2026-10-01。"],
    [
      "an id",
      `${head}zones: [{ id: east shore, polygon: ${square} }]\n`,
      "letters, digits, - and _, 1 to 32 of them.",
      "字母、数字、- 和 _，1 至 32 个。",
    ],
  ] as const)
    test(name, () => {
      expect(told(text)).toHaveLength(1);
      expect(told(text)[0]).toContain(en);
      expect(told(text, "zh")[0]).toContain(zh);
    });

  test("there is one for everything that has to have a form", () => {
    const lacking: string[] = [];
    const walk = (node: SchemaNode | undefined, at: string): void => {
      if (!node) return;
      if (node.pattern !== undefined && formOf(node.pattern) === null) lacking.push(at);
      for (const [key, child] of Object.entries(node.properties ?? {})) walk(child, `${at}.${key}`);
      if (typeof node.items === "object") walk(node.items, `${at}[]`);
      for (const one of node.anyOf ?? []) walk(one, at);
    };
    walk(schemaTree(zonesSchema), "zones");
    walk(schemaTree(gatewaySchema), "gateway");
    expect(lacking).toEqual([]);
  });
});

describe("refused, or doubted where a box may run with it already", () => {
  for (const [name, text, code, place, en, zh] of [
    [
      "a season that begins on no day",
      ruled("type: site-intrusion, season: { from: 02-30, to: 04-15 }"),
      "warning CONFIG_NO_SUCH_DAY",
      "zones.0.rules.0.season.from",
      "02-30 is no day",
      "没有 02-30",
    ],
    [
      "one of a schedule that ends on no day",
      `${head}schedules: [{ id: s, seasons: [{ from: 03-01, to: 04-31 }] }]\n`,
      "warning CONFIG_NO_SUCH_DAY",
      "schedules.0.seasons.0.to",
      "04-31 is no day",
      "没有 04-31",
    ],
    [
      "per cent where a share is meant",
      ruled("type: floating-debris, escalate: [{ at: 60, severity: 1 }]"),
      "warning CONFIG_THRESHOLD_UNIT",
      "zones.0.rules.0.escalate.0.at",
      "60 cannot be the escalation",
      "60% 写作 0.6",
    ],
    [
      "any water at all",
      ruled("type: floating-debris, threshold: 0"),
      "warning CONFIG_THRESHOLD_UNIT",
      "zones.0.rules.0.threshold",
      "above 0",
      "大于 0",
    ],
    [
      "a largest piece of nothing",
      ruled("type: floating-debris, largest: 0"),
      "warning CONFIG_THRESHOLD_UNIT",
      "zones.0.rules.0.largest",
      "above 0",
      "大于 0",
    ],
    [
      "what every picture is",
      ruled("type: own-b, kind: scene-quality, measure: blackShare, threshold: 0"),
      "warning CONFIG_THRESHOLD_UNIT",
      "zones.0.rules.0.threshold",
      "always be reached",
      "始终满足",
    ],
    [
      "a little more than a share, which is no per cent",
      ruled("type: floating-debris, clearBelow: 1.2"),
      "error CONFIG_RANGE",
      "zones.0.rules.0.clearBelow",
      "from 0 to 1",
      "0 至 1",
    ],
    [
      "corners on one line",
      `${head}zones: [{ id: shore, polygon: [[0.1, 0.1], [0.5, 0.5], [0.9, 0.9]] }]\n`,
      "error CONFIG_POLYGON_TINY",
      "zones.0.polygon",
      "on one line",
      "一条直线",
    ],
    [
      "no number",
      `${head}zones: [{ id: shore, polygon: [[.nan, 0.1], [0.9, 0.1], [0.9, 0.9]] }]\n`,
      "error CONFIG_TYPE",
      "zones.0.polygon.0.0",
      "found NaN",
      "实际为 NaN",
    ],
  ] as const)
    // prettier-ignore
    test(name, () => {
      expect(told(text)).toHaveLength(1);
      expect(told(text)[0]).toMatch(new RegExp(`^${code} ${place}: `));
      expect(told(text)[0]).toContain(en);
      expect(told(text, "zh")[0]).toContain(zh);
    });
});

describe("taken", () => {
  for (const [name, text] of [
    ["rods that clear at once and cool down as usual", ruled("type: fishing-multi-rod, windowSec: 8, clearSec: 0.5")],
    ["a stay that clears at once: it has no window", ruled("type: site-intrusion, clearSec: 0.5, cooldownSec: 0")],
    ["the twenty-ninth of February", ruled("type: site-intrusion, season: { from: 02-29, to: 03-15 }")],
    ["a level of the gauge's zero", ruled("type: own-l, kind: level-threshold, measure: waterLevelM, threshold: 0", "gauge: { id: g, from: [0.5, 0.2], to: [0.5, 0.8], width: 0.02, marks: [{ at: [0.5, 0.3], m: 2 }, { at: [0.5, 0.7], m: 1 }] }\n")], // prettier-ignore
    ["a half of a share", ruled("type: own-d, kind: area-ratio, labels: [person], threshold: 0.05, escalate: [{ at: 0.5, severity: 1 }]")], // prettier-ignore
    ["seconds of a stay", ruled("type: site-intrusion, escalate: [{ at: 600, severity: 1 }]")],
  ] as const)
    test(name, () => expect(told(text)).toEqual([]));
});

test("what clears and cools down far sooner than the window of its rule has seen enough", () => {
  const rule = ruled("type: fishing-multi-rod, windowSec: 8, clearSec: 0.5, cooldownSec: 1");
  expect(told(rule)[0]).toMatch(/^warning CONFIG_RULE_FLAPS zones\.0\.rules\.0\.clearSec: .*window of 8 s/s);
  expect(told(rule, "zh")[0]).toContain("远短于 8 秒的滑动窗口");
  const cooling = ruled("type: fishing-multi-rod, cooldownSec: 0, clearSec: 12");
  expect(told(cooling)[0]).toContain("zones.0.rules.0.clearSec");
});

const lined = (to: string, rules: string): string =>
  `${head}lines: [{ id: gate, from: [0.2, 0.5], to: ${to}, rules: [${rules}] }]\n`;
const cars = (least: number): string =>
  `{ type: own-cars-${least * 100}, kind: line-crossing, labels: [person], minSize: ${least} }`;

test("a line that is shorter than the objects its rules count", () => {
  const short = lined("[0.3, 0.5]", cars(0.3));
  expect(told(short)).toHaveLength(1);
  expect(told(short)[0]).toMatch(/^warning CONFIG_LINE_OBJECTS lines\.0\.to: .*17\.8 %.*at least 30 %/s);
  expect(told(short, "zh")[0]).toContain("不小于 30% 的目标");
  expect(told(lined("[0.4, 0.5]", cars(0.3))), "twice as long").toEqual([]);
  expect(told(lined("[0.3, 0.5]", `${cars(0.3)}, ${cars(0.1)}`)), "one rule counts smaller ones").toEqual([]);
  expect(told(lined("[0.3, 0.5]", "perimeter-intrusion")), "nobody said how high they are").toEqual([]);
});

test("a label that the model never gives, by which a rule would have to stay silent", () => {
  const rule = ruled("type: own-x, kind: presence-dwell, labels: [person], without: [persn]");
  expect(told(rule)[0]).toMatch(
    /^warning CONFIG_LABEL_UNKNOWN zones\.0\.rules\.0\.without\.0: .*keeps no rule silent/s,
  );
  expect(told(rule)[0]).toContain('did you mean "person"');
  expect(told(rule, "zh")[0]).toContain("该类别不会阻止规则触发");
  // What the catalogue brings names all that any model may call the thing.
  expect(told(ruled("type: site-intrusion"))).toEqual([]);
});

describe("a rule that waits for a level is told what it lacks, one thing at a time", () => {
  const gauge = (more: string): string =>
    `gauge: { id: g, from: [0.5, 0.2], to: [0.5, 0.9], width: 0.02, datum: d, marks: [{ at: [0.5, 0.2], m: 182 }, { at: [0.5, 0.9], m: 178 }]${more} }\n`;
  const place = "zones.0.rules.0:";
  for (const [name, more, expected] of [
    ["no gauge", "", [`warning CONFIG_MEASURE_UNSUPPLIED ${place}`]],
    ["a gauge without levels", gauge(""), [`warning CONFIG_RULE_INCOMPLETE ${place}`]],
    ["a gauge with its level", gauge(", levels: { warning: 180.5 }"), []],
  ] as const)
    test(name, () => {
      const found = told(ruled("type: water-level-warning", more)).map((line) => line.split(" ").slice(0, 3).join(" "));
      expect(found).toEqual(expected);
    });
  test("flow without a section, too", () => expect(told(ruled("type: flow-surface-abnormal"))).toHaveLength(1));
});

test("place and window of what covers water are idle unless it has to drift", () => {
  const keys = "type: floating-debris, windowSec: 60, sameSpot: 0.4";
  expect(told(ruled(keys)).map((line) => line.split(" ")[1])).toEqual(["CONFIG_RULE_KEY_IDLE", "CONFIG_RULE_KEY_IDLE"]);
  expect(told(ruled(`${keys}, drift: required`))).toEqual([]);
});
