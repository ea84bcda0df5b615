import { appendFile, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { note, OtherRun, resume } from "./looked.ts";

const order = { seed: 1, clipSeconds: 300, pictureEverySec: 5, rate: 2, model: "m 1" };
const clip = { index: 0, seconds: 300, falseAlarms: 0, lines: [] };

test("a run goes on where it was broken off, without the line that was cut", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "looked-")), "looked.jsonl");
  expect(await resume(path, order)).toEqual([]);
  await note(path, clip);
  await appendFile(path, '{"index":1,"seconds":3');
  expect(await resume(path, order)).toEqual([clip]);
  await note(path, { ...clip, index: 1 });
  expect((await resume(path, order)).map(({ index }) => index)).toEqual([0, 1]);
  expect((await readFile(path, "utf8")).split("\n").length).toBe(4);
});

test("another run's record is refused, saying what differs", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "looked-")), "looked.jsonl");
  await resume(path, order);
  await expect(resume(path, { ...order, model: "m 2" })).rejects.toThrow(OtherRun);
  await expect(resume(path, { ...order, model: "m 2" })).rejects.toThrow("another model (m 1)");
});
