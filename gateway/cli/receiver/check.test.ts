/** The check against receivers that are right, and against some that are wrong on purpose: each must be caught. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { enrolment } from "../../delivery/uplink/keys.ts";
import { Enrolled } from "../../../platform/enrolment.ts";
import { checkBoxes, checkReceiver, type Verdict } from "./check.ts";
import { scenarios } from "./scenarios.ts";

const root = new URL("../../../", import.meta.url).pathname;
const node = process.execPath;
const listSqlite = `${node} --no-warnings -e 'for (const row of new (require("node:sqlite").DatabaseSync)("{folder}/events.db").prepare("SELECT id FROM events").all()) console.log(row.id)'`;
const pythonReady =
  spawnSync("/usr/bin/python3", ["-c", "import zmq, cryptography; assert zmq.has('curve')"]).status === 0;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "check-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function verdicts(run: string, list: string | null, only?: readonly string[]): Promise<readonly Verdict[]> {
  const boxes = await checkBoxes(folder);
  const enrolled = Enrolled.open(folder);
  for (const { gw, keys } of boxes) await enrolled.enrol(enrolment(gw, keys));
  return checkReceiver({ run, list, folder }, boxes, only ? { only } : {});
}

const failed = (all: readonly Verdict[]): readonly string[] =>
  all.filter(({ verdict }) => verdict !== "passed").map(({ id, why }) => `${id}: ${why}`);

describe("receivers that hold what the protocol promises", () => {
  test.each([
    [
      "ours",
      `${node} ${root}gateway/xueliang.mjs receive --json --folder {folder} --listen {listen}`,
      `${node} ${root}gateway/xueliang.mjs receive --folder {folder} --list`,
      true,
    ],
    [
      "the TypeScript example",
      `${node} --no-warnings ${root}platform/examples/receiver.ts {folder} {listen}`,
      listSqlite,
      true,
    ],
    [
      "the Python example",
      `/usr/bin/python3 -u ${root}platform/examples/receiver.py {folder} {listen}`,
      listSqlite,
      pythonReady,
    ],
  ] as const)("%s", { timeout: 300_000 }, async (_name, run, list, there) => {
    if (!there) return;
    const all = await verdicts(run, list);
    expect(failed(all)).toEqual([]);
    expect(all.length).toBe(scenarios.length);
  });
});

/** The TypeScript example with one mistake in it. */
function mistaken(find: string, replace: string): string {
  const right = readFileSync(join(root, "platform/examples/receiver.ts"), "utf8");
  if (!right.includes(find)) throw new Error(`the example has no ${find}`);
  const home = join(folder, "wrong");
  mkdirSync(home);
  symlinkSync(join(root, "node_modules"), join(home, "node_modules"));
  writeFileSync(join(home, "package.json"), `{"type":"module"}`);
  writeFileSync(
    join(home, "receiver.ts"),
    right.replace(find, () => replace),
  );
  return `${node} --no-warnings ${join(home, "receiver.ts")} {folder} {listen}`;
}

describe("receivers with a mistake are caught by the scenario that is there for it", () => {
  test.each([
    [
      "acknowledges before the commit",
      "kill-after",
      "\nfor await (const [id",
      `
const commit = db.exec.bind(db); let open = false;
db.exec = (sql: string) => {
  if (sql.startsWith("BEGIN")) { if (!open) commit(sql); open = true; }
  else if (sql === "COMMIT") setTimeout(() => { if (open) commit(sql); open = false; }, 20_000);
  else { if (open) commit(sql); open = false; }
};
for await (const [id`,
    ],
    ["stores an id a second time", "renumbered", "id TEXT PRIMARY KEY", "id TEXT"],
    ["lets every key in", "stranger", `known ? "200" : "400"`, `"200"`],
    ["checks no signature", "signature", "const right = box &&", "const right = box || box &&"],
    ["lets numbers be missing", "ahead", `if (h.first > s.next[h.lane]) return end(`, `if (h.first > 1e9) return end(`],
    [
      "stops at poison",
      "poison",
      "if (!event) quarantine.run(",
      "if (!event) throw new Error(); else if (!event) quarantine.run(",
    ],
    ["stops at a gap", "gap", "  GAP(rid, s, h)", "  NO_GAP(rid, s, h)"],
    ["forgets a gap", "gap", `mark.run(s.gw, s.epoch, h.lane, h.to, "")`, "0"],
    ["keeps a forged picture", "forged", `!fits("sha256", h.sha256)`, "false"],
    ["begins a picture anew", "resumed", "{ off }", "{ off: 0 }"],
  ] as const)("%s: %s", { timeout: 180_000 }, async (_mistake, scenario, find, replace) => {
    const [verdict] = await verdicts(mistaken(find, replace), listSqlite, [scenario]);
    expect(verdict?.verdict, verdict?.why).toBe("failed");
    expect(verdict?.why).not.toBe("");
  });
});
