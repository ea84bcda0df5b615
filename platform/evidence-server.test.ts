/** Evidence is for those whose camera it is, and every look is written down first. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bodyOf, epochOf, itemOf } from "../gateway/e2e/peers/sink-batches.ts";
import { ChainedLog } from "./chained-log.ts";
import { addViewer, EvidenceServer } from "./evidence-server.ts";
import { MetricsServer } from "./metrics-server.ts";
import { openSink } from "./sinks/open-sink.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "evidence-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("camera by camera, whoever asks, however; the log follows from its first line", async () => {
  await using sink = await openSink(`sqlite:${join(folder, "platform.db")}`, Date.now());
  const jpeg = randomBytes(5_000);
  const shas = { pier: "aa".repeat(32), lock: "bb".repeat(32) };
  for (const [i, camera] of (["pier", "lock"] as const).entries()) {
    const message = JSON.parse(Buffer.from(bodyOf("box-1", i)).toString()) as { data: object };
    const body = Buffer.from(
      JSON.stringify({ ...message, data: { ...message.data, camera: { id: camera, name: camera } } }),
    );
    const items = [itemOf("box-1", i + 1, body)];
    await sink.commit([{ ticket: 1, gw: "box-1", epoch: epochOf("a"), lane: 1, first: i + 1, items, gap: null }], 0);
    const path = join(folder, `${camera}.jpg`);
    writeFileSync(path, jpeg);
    const kept = {
      sha256: shas[camera],
      sm3: "",
      bytes: jpeg.length,
      mediaType: "image/jpeg",
      gw: "box-1",
      eventId: `box-1-${i}`,
      path,
    };
    await sink.keepEvidence(kept, 0);
  }
  const chen = await addViewer(folder, "chen", ["box-1/pier"]);
  const li = await addViewer(folder, "li", ["box-1/*"]);
  const wang = await addViewer(folder, "wang", ["box-2/*", "box-1/pie", "box-1"]);
  await using server = await EvidenceServer.open("127.0.0.1:0", folder, sink);
  const look = async (token: string, sha256: string, rest = "?reason=case-7"): Promise<Response> =>
    fetch(`http://127.0.0.1:${server.port}/evidence/${sha256}${rest}`, {
      headers: { authorization: `Bearer ${token}` },
    });
  const shown = await look(chen, shas.pier);
  expect(shown.status).toBe(200);
  expect(Buffer.from(await shown.arrayBuffer()).equals(jpeg)).toBe(true);
  for (const [token, sha256, status] of [
    [chen, shas.lock, 404],
    [li, shas.lock, 200],
    [li, "cc".repeat(32), 404],
    [wang, shas.pier, 404],
    [`${chen}x`, shas.pier, 401],
    ["", shas.pier, 401],
  ] as const)
    expect((await look(token, sha256)).status, `${token.slice(0, 4)} ${sha256.slice(0, 2)}`).toBe(status);
  // A look is a GET of a digest: neither a path nor another camera's name gets anywhere.
  for (const path of ["../platform.db", "%2e%2e/platform.db", shas.pier.toUpperCase(), `${shas.pier}/..`])
    expect((await look(li, path, "?camera=pier")).status).toBe(404);
  writeFileSync(join(folder, "viewers.json"), JSON.stringify({ schema: "xueliang.viewers/1", viewers: [] }));
  expect((await look(chen, shas.pier)).status).toBe(401);

  const path = join(folder, "evidence-access.jsonl");
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  const said = lines.map(
    (line) => JSON.parse(line) as { viewer: string; camera: string; outcome: string; reason: string },
  );
  expect(said.map(({ viewer, camera, outcome }) => `${viewer} ${camera} ${outcome}`)).toEqual([
    "chen box-1/pier shown",
    "chen box-1/lock refused",
    "li box-1/lock shown",
    "li  unknown",
    "wang box-1/pier refused",
    "  refused",
    "  refused",
    "  refused",
  ]);
  expect(said[0]?.reason).toBe("case-7");
  expect(readFileSync(path, "utf8")).not.toContain(chen);
  expect(await server.log.brokenAt()).toBeNull();
  for (const [what, changed, at] of [
    ["a name changed", lines.map((line) => line.replace("wang", "zhao")), 5],
    ["a line taken out", lines.filter((_, i) => i !== 2), 3],
    ["not JSON", ["?", ...lines], 1],
  ] as const) {
    writeFileSync(path, `${changed.join("\n")}\n`);
    expect(await (await ChainedLog.open(path)).brokenAt(), what).toBe(at);
  }
});

test("over IPv6 as well, and the metrics too", async () => {
  await using sink = await openSink(`sqlite:${join(folder, "platform.db")}`, Date.now());
  await using evidence = await EvidenceServer.open("[::1]:0", folder, sink);
  await using metrics = await MetricsServer.open({ listen: "[::1]:0", folder, text: () => "" });
  for (const [port, path] of [
    [evidence.port, `evidence/${"aa".repeat(32)}`],
    [metrics.port, "metrics"],
  ] as const)
    expect((await fetch(`http://[::1]:${port}/${path}`)).status, path).toBe(401);
});
