import { mkdtemp, readFile, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { backgroundPath, Backgrounds, lightAt, type Light } from "./backgrounds.ts";

const chongqing = { timezone: "Asia/Shanghai", lon: 106.55, lat: 29.56 };

describe("day and night", () => {
  for (const [name, time, site, light] of [
    ["noon", "2026-06-21T12:00:00+08:00", chongqing, "day"],
    ["a summer evening, the sun still up", "2026-06-21T19:40:00+08:00", chongqing, "day"],
    ["the same hour in winter", "2026-12-21T19:40:00+08:00", chongqing, "night"],
    ["shortly after midnight", "2026-06-21T00:10:00+08:00", chongqing, "night"],
    ["a winter morning before the sun", "2026-12-21T07:20:00+08:00", chongqing, "night"],
    ["without a place: five to six", "2026-06-21T17:55:00+08:00", { timezone: "Asia/Shanghai" }, "day"],
    ["without a place: five past six", "2026-06-21T18:05:00+08:00", { timezone: "Asia/Shanghai" }, "night"],
  ] as const satisfies readonly (readonly [string, string, Parameters<typeof lightAt>[1], Light])[])
    test(name, () => expect(lightAt(Date.parse(time), site)).toBe(light));
});

describe("the pictures", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "xueliang-backgrounds-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test("taken once, anew after a quarter of an hour, none while no frame comes, gone with their camera", async () => {
    let ids = ["north"];
    let frame: Uint8Array | null = null;
    let isUsual = false;
    using backgrounds = new Backgrounds({
      folder,
      cameras: () => ids.map((id) => ({ id, site: chongqing })),
      isUsual: () => isUsual,
      picture: () => Promise.resolve(frame),
    });
    const nowMs = Date.now();
    const path = backgroundPath(folder, "north", lightAt(nowMs, chongqing));
    await backgrounds.look(nowMs);
    await expect(stat(path)).rejects.toThrow("ENOENT");
    frame = Buffer.from("first");
    await backgrounds.look(nowMs);
    frame = Buffer.from("second");
    await backgrounds.look(nowMs);
    expect(await readFile(path, "utf8")).toBe("first");
    await utimes(path, nowMs / 1_000 - 1_000, nowMs / 1_000 - 1_000);
    await backgrounds.look(nowMs);
    expect(await readFile(path, "utf8"), "the view from before a bump is kept").toBe("first");
    isUsual = true;
    await backgrounds.look(nowMs);
    expect(await readFile(path, "utf8")).toBe("second");
    ids = [];
    await backgrounds.look(nowMs);
    await expect(stat(path)).rejects.toThrow("ENOENT");
  });
});
