/** `xueliang rules preview`, `why` and `suppressed` on the log of a camera, as a technician asks them. */
import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listLogFiles } from "../analysis/track-log/log-files.ts";
import { SuppressedLog } from "../analysis/track-log/suppressed-log.ts";
import { TrackLog } from "../analysis/track-log/track-log.ts";
import { RuleEngine } from "../analysis/zones/rule-engine.ts";
import { marchNoon, still, tracksAt } from "../analysis/zones/testing/story.ts";
import { zonesSchema } from "../config/zones-schema.ts";
import { ClockDouble } from "../runtime/clock-double.ts";
import { runCommand } from "./testing/run-command.ts";

const zones = (detectedSec: number) => ({
  schema: "xueliang.zones/1",
  camera: "pier",
  zones: [
    {
      id: "shore",
      kind: "general",
      polygon: [
        [0.05, 0.05],
        [0.95, 0.05],
        [0.95, 0.95],
        [0.05, 0.95],
      ],
      rules: [{ type: "site-intrusion", suspectedSec: detectedSec, detectedSec, clearSec: 2, cooldownSec: 2 }],
    },
  ],
});
/** One visit of five seconds, one of 20, one of a minute; the rules in use ask for eight. */
const actors = [
  still(1, "person", { x: 0.2, y: 0.4, width: 0.06, height: 0.3 }, 5, 10),
  still(2, "person", { x: 0.2, y: 0.4, width: 0.06, height: 0.3 }, 30, 50),
  still(3, "person", { x: 0.6, y: 0.4, width: 0.06, height: 0.3 }, 100, 160),
];
const since = ["--camera", "pier", "--since", "2026-03-14T12:00:00+08:00"];
let root = "";

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "rules-log-"));
  await mkdir(join(root, "config", "zones"), { recursive: true });
  const gateway = {
    schema: "xueliang.gateway/1",
    site: { id: "box-1", name: "测试站" },
    storage: { folder: "data" },
    cameras: [{ id: "pier", url: "rtsp://192.0.2.10/main" }],
  };
  await writeFile(join(root, "config", "gateway.yaml"), JSON.stringify(gateway));
  await writeFile(join(root, "config", "zones", "pier.yaml"), JSON.stringify(zones(8)));
  await writeFile(join(root, "draft.yaml"), JSON.stringify(zones(40)));
  const folder = join(root, "data", "tracks", "pier");
  const onError = (error: unknown): void => expect.fail(String(error));
  await using log = await TrackLog.open({ folder, days: 7, maxBytes: 64e6, clock: new ClockDouble(), onError });
  await using notes = new SuppressedLog(folder, onError);
  let n = 0;
  const engine = new RuleEngine({
    cameraId: "pier",
    zones: zonesSchema.parse(zones(8)),
    timezone: "Asia/Shanghai",
    newId: () => `occ-${(n += 1)}`,
    onSuppressed: (note) => notes.add(note),
  });
  log.start(marchNoon);
  for (let i = 0; i < 900; i += 1) {
    const nowMs = marchNoon + i * 200;
    engine.step(log.keep({ tracks: tracksAt(actors, i / 5, marchNoon), scene: null }, nowMs), nowMs);
  }
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function ran(args: readonly string[], lang = "en_US.UTF-8"): Promise<string> {
  const { code, out } = await runCommand(["rules", ...args], { lang, cwd: root });
  expect(code, out).toBe(0);
  return out;
}

test("preview prints the difference: what goes, when, whose; and says what it rests on", async () => {
  const out = await ran(["preview", ...since, "--with", "draft.yaml"]);
  expect(out).toContain("2 → 1, −1, +0 new");
  expect(out).toMatch(/− no longer +2026-03-14 12:00:3\d .*site-intrusion +shore +detected +tracks 2\n/);
  expect(out).toMatch(/replayed 900 frames, \d+ track points, both rule sets in \d+ ms/);
  expect(await ran(["preview", ...since, "--with", "draft.yaml"], "zh_CN.UTF-8")).toContain("2 次 → 1 次，−1，+0 新增");
});

test("why: of a track at a moment, up to the first step not passed, with its setting", async () => {
  const at = ["--camera", "pier", "--at", "2026-03-14T12:00:08+08:00", "--track", "1"];
  const steps = (await ran(["why", ...at])).split("\n").filter((line) => /[✓✗]/.test(line));
  expect(steps.at(-1)).toMatch(/✗ stayed +3 s +>= 8 s +zones\/shore\/rules\/site-intrusion\/suspectedSec/);
  expect(steps.slice(0, -1).every((line) => line.includes("✓"))).toBe(true);
});

test("why: a track that is not in the picture then is said to be that, with those that are", async () => {
  const at = ["--camera", "pier", "--at", "2026-03-14T12:00:08+08:00", "--track", "3"];
  const en = await runCommand(["rules", "why", ...at], { lang: "en_US.UTF-8", cwd: root });
  expect(en.code).toBe(2);
  expect(en.out).toContain("track 3 is not in the picture at 2026-03-14 12:00:08; there: 1 person");
  expect((await runCommand(["rules", "why", ...at], { lang: "zh_CN.UTF-8", cwd: root })).out).toContain(
    "画面中没有轨迹 3",
  );
});

test("a time without its offset is the site's own, whatever the clock of the reader", async () => {
  const at = ["--camera", "pier", "--at", "2026-03-14T12:00:08", "--track", "1"];
  expect(await ran(["why", ...at])).toContain("pier at 2026-03-14 12:00:08: 1 person");
  expect(await ran(["suppressed", "--camera", "pier", "--since", "2026-03-14"])).toContain(
    "since 2026-03-14 00:00:00: 1",
  );
});

test("preview tells, as config check does, that a label of the draft is none of the model's", async () => {
  const [zone] = zones(8).zones;
  const rules = [{ type: "our-rods", kind: "count", threshold: 1, labels: ["fishingrod"] }];
  const draft = JSON.stringify({ ...zones(8), zones: [{ ...zone, rules }] });
  await writeFile(join(root, "labels.yaml"), draft);
  const { out } = await runCommand(["rules", "preview", ...since, "--with", "labels.yaml"], {
    cwd: root,
    lang: "en_US.UTF-8",
  });
  const drawn = join(root, "config", "zones", "pier.yaml");
  await writeFile(drawn, draft);
  const checked = await runCommand(["config", "check"], { cwd: root, lang: "en_US.UTF-8" });
  await writeFile(drawn, JSON.stringify(zones(8)));
  const said = /warning[^]*?CONFIG_LABEL_UNKNOWN[^]*?\n\n/;
  expect(out).toContain('"fishingrod"');
  expect(said.exec(out)?.[0]).toBe(said.exec(checked.out)?.[0].replace(/config.zones.pier\.yaml/, "labels.yaml"));
});

test("preview tells what is doubtful in the draft; a rule that is off is why nothing fires", async () => {
  const text = JSON.stringify(zones(8));
  await writeFile(join(root, "doubtful.yaml"), text.replace('"clearSec":2', '"clearSec":2,"riseMin":5'));
  const out = await ran(["preview", ...since, "--with", "doubtful.yaml"]);
  expect(out).toMatch(/CONFIG_RULE_KEY_IDLE.*doubtful\.yaml:1:\d+/s);
  await writeFile(
    join(root, "config", "zones", "pier.yaml"),
    text.replace('"clearSec":2', '"clearSec":2,"enabled":false'),
  );
  const why = await ran(["why", "--camera", "pier", "--at", "2026-03-14T12:00:08+08:00"]);
  await writeFile(join(root, "config", "zones", "pier.yaml"), text);
  expect(why).toMatch(
    /site-intrusion \(shore\/site-intrusion\)\n +✗ enabled +no +yes +zones\/shore\/rules\/site-intrusion\/enabled/,
  );
});

test("suppressed: what was seen and became no event is found again, with the setting that decided", async () => {
  const out = await ran(["suppressed", ...since]);
  expect(out).toMatch(/1 seen that became no event\n.*site-intrusion +shore +too short +.*suspectedSec +tracks 1/);
  const later = ["--camera", "pier", "--since", "2026-03-14T12:01:00+08:00"];
  expect(await ran(["suppressed", ...later])).toContain("0 seen that became no event");
});

test("a broken log is read to its last good record, and the preview says so", async () => {
  const folder = join(root, "data", "tracks", "pier");
  const [file] = await listLogFiles(folder);
  await appendFile(join(folder, file?.name ?? ""), Buffer.from("XLBK\x40\0\0\0half a block"));
  const out = await ran(["preview", ...since, "--with", "draft.yaml"]);
  expect(out).toContain("2 → 1, −1, +0 new");
  expect(out).toMatch(/! \d+ bytes of the log are damaged and were left out/);
});
