/** The trainer from a drawn set to an exported model; needs a python3 with torch, onnx and OpenCV, and says so where it is absent. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { open, suppress, tiles } from "./detect.ts";

/** Training on a busy two-core machine: generous, for nothing here judges speed. */
const PATIENCE_MS = 240_000;
const LABELS = 6;

/** A Python that can train, or null. Debian's lies in /usr/bin even where another one comes first. */
function findPython(): string | null {
  for (const python of [process.env["PYTHON"], "python3", "/usr/bin/python3"]) {
    if (python && spawnSync(python, ["-c", "import torch, onnx, cv2, numpy"]).status === 0) return python;
  }
  return null;
}

const python = findPython();
const why = python ? "" : " (skipped: no python3 with torch, onnx and cv2)";
const home = mkdtempSync(join(tmpdir(), "xueliang-training-"));
const at = (...parts: readonly string[]): string => join(home, ...parts);

function run(script: string, ...args: readonly string[]): { code: number | null; out: string; err: string } {
  const all = [join(import.meta.dirname, script), ...args];
  const done = spawnSync(python ?? "python3", all, { encoding: "utf8", timeout: PATIENCE_MS });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

const smoke = ["--batch", "4", "--crop", "128", "128", "--workers", "0", "--threads", "1", "--check-pictures", "4"];
const train = (...args: readonly string[]): ReturnType<typeof run> =>
  run("train.py", "--data", at("set"), "--out", at("run"), "--device", "cpu", ...smoke, ...args);

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

describe.skipIf(!python)(`the trainer${why}`, () => {
  beforeAll(() => {
    expect(run("synthetic.py", at("set", "train"), "--pictures", "12").err).toBe("");
    expect(run("synthetic.py", at("set", "val"), "--pictures", "4", "--seed", "8").err).toBe("");
  }, PATIENCE_MS);

  it("gives a larger network the weights of a smaller one: the same answers, and not the other way round", () => {
    const code = `
import torch
from detector import Detector
from errors import TrainingError
from grow import grown
small = {"widths": [16, 32, 64, 96, 128], "depths": [0, 2, 2, 1], "neck": [16, 32, 64, 64]}
large = {"widths": [16, 32, 64, 128, 160], "depths": [0, 2, 2, 2], "neck": [32, 48, 64, 96]}
a, b = Detector(**small), Detector(**large)
for m in a.modules():
    if isinstance(m, torch.nn.BatchNorm2d):
        torch.nn.init.normal_(m.bias); torch.nn.init.uniform_(m.running_var, 0.5, 2)
b.load_state_dict(grown(a.state_dict(), large))
a.eval(), b.eval()
x = torch.rand(1, 3, 128, 160)
print(max(float((p - q).abs().max() / p.abs().max()) for p, q in zip(a(x), b(x))) < 1e-5)
try:
    grown(b.state_dict(), small)
except TrainingError as error:
    print(error)
`;
    const done = spawnSync(python ?? "python3", ["-c", code], { cwd: import.meta.dirname, encoding: "utf8" });
    expect(done.stdout).toMatch(/^True\n\S+ \[.*\] does not fit into the larger network\n$/);
  });

  it("tells walkers from their street, cuts them out, and sets them beside people without covering anything", () => {
    const code = `
import cv2, numpy as np, os, sys
from cutouts import add_people, read_cutouts
from errors import TrainingError
from photographs import street_frames, walkers
street = np.full((200, 300, 3), 90, np.uint8)
frame = street.copy()
frame[60:110, 40:60] = 200
frame[150:170, 100:200] = 10
boxes, mask = walkers(frame, street)
print([b[4] for b in sorted(boxes)], all(abs(p - q) <= 4 for p, q in zip(sorted(boxes)[0][:4], (40, 60, 20, 50))))
print(bool(mask[80, 50]), bool(mask[20, 20]))
folder = sys.argv[1]
os.makedirs(os.path.join(folder, "people"))
cv2.imwrite(os.path.join(folder, "people", "1.png"), np.full((50, 20, 4), 255, np.uint8))
people = read_cutouts(folder)
old = np.array([[0, 140, 60, 160, 110, 0], [3, 170, 90, 190, 110, 0]], np.float32)
added = 0
for n in range(40):
    img, new = add_people(street, old, people, np.random.default_rng(n))
    added += len(new) - 2
    for i, a in enumerate(new[2:]):
        assert a[0] == 0 and not a[5] and img[int(a[2]) + 2, int(a[1]) + 2].max() > 150
        for b in np.delete(new, i + 2, 0):
            assert a[1] > b[3] or b[1] > a[3] or a[2] > b[4] or b[2] > a[4]
print(added > 20, bool((street == 90).all()), len(add_people(street, old[1:], people, np.random.default_rng(1))[1]))
try:
    street_frames(os.path.join(folder, "none.avi"))
except TrainingError as error:
    print(error)
`;
    const done = spawnSync(python ?? "python3", ["-c", code, at("cut")], {
      cwd: import.meta.dirname,
      encoding: "utf8",
    });
    expect(done.stdout).toMatch(
      /^\[True, False\] True\nTrue False\nTrue True 1\n\S+none\.avi cannot be read: install Debian's opencv-doc\n$/,
    );
  });

  it("takes windows of a second set", { timeout: PATIENCE_MS }, () => {
    const done = train("--steps", "2", "--also", at("set", "val"));
    expect(done).toMatchObject({ code: 0 });
    expect(JSON.parse(done.out.split("\n")[0] ?? "")).toMatchObject({ pictures: 12, also: 4 });
    const code = `
import numpy as np, sys
from coco_set import PictureCache
from samples import Windows
first, second = (PictureCache(folder) for folder in sys.argv[1:])
first.refresh(), second.refresh()
for cache, grey in ((first, 50), (second, 200)):
    cache.entries = [np.full_like(one, grey) for one in cache.entries]
windows = Windows(first, (64, 64), 1, clean=1, mosaic=0, also=second)
light = sum(np.median(windows[n][0]) == 200 for n in range(300))
print(10 < light < 60)
`;
    const sets = [at("set", "train"), at("set", "val")];
    const share = spawnSync(python ?? "python3", ["-c", code, ...sets], { cwd: import.meta.dirname, encoding: "utf8" });
    expect(share.stdout, share.stderr).toBe("True\n");
  });

  it(
    "trains, goes on with --resume where it stopped, and exports the declared shapes",
    { timeout: PATIENCE_MS },
    async () => {
      expect(train("--steps", "6")).toMatchObject({ code: 0 });
      const resumed = train("--steps", "9", "--resume");
      expect(resumed).toMatchObject({ code: 0 });
      const lines = resumed.out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { step: number; finished?: boolean });
      expect(lines[0]).toMatchObject({ step: 6, seed: 20261121 });
      expect(lines.at(-1)).toMatchObject({ step: 9, finished: true });
      expect(readdirSync(at("run")).filter((name) => name.includes(".part"))).toEqual([]);

      const args = ["--checkpoint", at("run", "last.ckpt"), "--out", at("out"), "--data", at("set"), "--pictures", "2"];
      expect(run("export.py", ...args)).toMatchObject({ code: 0 });
      for (const file of ["model-fp32.onnx", "model-int8.onnx"]) {
        const { session, input } = await open(at("out", file));
        expect(input).toEqual({ width: 640, height: 384 });
        expect(session.inputMetadata[0]).toMatchObject({ name: "image", type: "uint8", shape: [1, 384, 640, 3] });
        const cells = (640 * 384) / 16 + (640 * 384) / 64 + (640 * 384) / 256 + (640 * 384) / 1024;
        expect(session.outputMetadata[0]).toMatchObject({
          name: "output",
          type: "float32",
          shape: [1, cells, 4 + LABELS],
        });
        // What ships is int8; fp32 is what it is compared with.
        if (file.includes("int8")) expect(readFileSync(at("out", file)).byteLength).toBeLessThan(4_000_000);
        await session.release();
      }
    },
  );

  it(
    "keeps what a stopped run had learnt, and ends the schedule sooner when told to",
    { timeout: PATIENCE_MS },
    async () => {
      const args = ["--data", at("set"), "--out", at("stopped"), "--device", "cpu", ...smoke];
      const command = [join(import.meta.dirname, "train.py"), ...args, "--workers", "1", "--steps", "100000"];
      const child = spawn(python ?? "python3", command, { detached: true });
      let err = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
      await once(child.stdout, "data"); // The first line: pictures are read, training begins.
      process.kill(-Number(child.pid), "SIGTERM"); // The whole group, the helpers that read pictures too.
      expect(await once(child, "close")).toEqual([2, null]);
      const step = Number(/stopped at step (\d+)/.exec(err)?.[1]);
      expect(err).toMatch(/--resume goes on/);
      const rest = run("train.py", ...args, "--resume", "--steps", String(step + 2));
      expect(rest).toMatchObject({ code: 0 });
      expect(rest.out.trim().split("\n").at(-1)).toMatch(new RegExp(`"step": ${step + 2},.*"finished": true`));
    },
  );

  it("refuses what is damaged or missing with one sentence", { timeout: PATIENCE_MS }, () => {
    expect(train("--steps", "1")).toMatchObject({ code: 0 });
    truncateSync(at("run", "last.ckpt"), 5_000);
    const table = [
      { name: "truncated checkpoint", got: train("--steps", "2", "--resume"), says: /cut short or damaged/ },
      {
        name: "no checkpoint",
        got: run("export.py", "--checkpoint", at("none"), "--out", at("out")),
        says: /cannot be read/,
      },
      { name: "no set", got: run("train.py", "--data", at("none"), "--out", at("run2")), says: /no labelled pictures/ },
    ];
    for (const { name, got, says } of table) {
      expect(got.code, name).toBe(2);
      expect(got.err.trim().split("\n"), name).toHaveLength(1);
      expect(got.err, name).toMatch(says);
    }
    writeFileSync(at("set", "train", "images", "0003.jpg"), "not a picture");
    const corrupt = train("--steps", "1");
    expect(corrupt.code).toBe(2);
    expect(corrupt.err).toMatch(/0003\.jpg cannot be decoded/);
  });
});

describe("looking at a picture in windows", () => {
  const input = { width: 640, height: 384 };
  it.each([
    { name: "smaller than the input: one window", picture: { width: 320, height: 200 }, count: 1 },
    { name: "960x540: two by two", picture: { width: 960, height: 540 }, count: 4 },
    { name: "1080p", picture: { width: 1920, height: 1080 }, count: 16 },
  ])("$name", ({ picture, count }) => {
    const found = tiles(picture, input);
    expect(found).toHaveLength(count);
    expect(Math.max(...found.map((w) => w.x + w.w))).toBe(picture.width);
    expect(Math.max(...found.map((w) => w.y + w.h))).toBe(picture.height);
  });

  it("keeps the better of two boxes of one thing, and both of two classes", () => {
    const box = [0, 0, 10, 10] as const;
    const found = [
      { label: 0, score: 0.5, box },
      { label: 0, score: 0.9, box },
      { label: 1, score: 0.4, box },
    ];
    expect(suppress(found)).toEqual([found[1], found[2]]);
  });
});
