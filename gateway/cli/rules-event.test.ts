/** `xueliang rules why --event`: the reasoning of an event that is on disk, beside the gateway that wrote it. */
import assert from "node:assert/strict";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "vitest";
import { exampleTrigger } from "../e2e/peers/example-trigger.ts";
import { openDelivery } from "../e2e/peers/open-delivery.ts";
import { runCommand } from "./testing/run-command.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "rules-event-"));
  await mkdir(join(root, "config"));
  await writeFile(
    join(root, "config", "gateway.yaml"),
    "schema: xueliang.gateway/1\nsite: { id: box-1, name: 测试站 }\nstorage: { folder: data }\n",
  );
});
afterEach(() => rm(root, { recursive: true, force: true }));

const ran = (args: readonly string[], lang: string): ReturnType<typeof runCommand> =>
  runCommand(args, { lang, cwd: root });

const held = {
  step: "held",
  passed: true,
  value: 20,
  limit: ">= 20",
  setting: "zones/water/rules/fishing-multi-rod/detectedSec",
};

test("an event's reasoning, message by message, while the gateway has its database open", async () => {
  const address = "tcp://127.0.0.1:1";
  await using opened = await openDelivery({ folder: join(root, "data"), address, serverKey: "x".repeat(40) });
  await opened.delivery.record(exampleTrigger(), null);
  const trace = [...exampleTrigger().trace, held];
  await opened.delivery.record(exampleTrigger({ phase: "update", certainty: "detected", trace }), null);
  const id = String(opened.database.get("SELECT id FROM events WHERE phase = 'update'")?.["id"]);
  for (const asked of [id, "occ-1"]) {
    const { code, out } = await ran(["rules", "why", "--event", asked], "en_US.UTF-8");
    assert.equal(code, 0, out);
    const lines = out.split("\n").filter((line) => /✓|started|went on/.test(line));
    assert.match(lines[0] ?? "", /2026-03-14 14:25:39 started \(suspected\)/);
    assert.match(lines[1] ?? "", /✓ rods per person +2 +> 1 +zones\/water\/rules\/fishing-multi-rod\/threshold/);
    assert.match(lines[2] ?? "", /went on \(detected\)/);
    assert.match(lines[4] ?? "", /✓ held +20 s +>= 20 s +zones\/water\/rules\/fishing-multi-rod\/detectedSec/);
  }
  const zh = await ran(["rules", "why", "--event", id], "zh_CN.UTF-8");
  assert.match(zh.out, /更新/);
});

test("an event that this box does not keep is an error, never an empty answer", async () => {
  await using opened = await openDelivery({
    folder: join(root, "data"),
    address: "tcp://127.0.0.1:1",
    serverKey: "x".repeat(40),
  });
  assert.equal(opened.database.get("SELECT count(*) AS n FROM events")?.["n"], 0);
  const { code, out } = await ran(["rules", "why", "--event", "nobody"], "en_US.UTF-8");
  assert.notEqual(code, 0);
  assert.match(out, /no event nobody/);
});

test("a box that has recorded nothing yet has no such event, and no broken disk", async () => {
  const { code, out } = await ran(["rules", "why", "--event", "nobody"], "zh_CN.UTF-8");
  assert.equal(code, 2);
  assert.match(out, /本机未保存事件 nobody/);
});
