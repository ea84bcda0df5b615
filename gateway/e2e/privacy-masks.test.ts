/** What a privacy mask hides is black wherever a picture of the camera leaves the decoder: analysed, kept, sent, looked at. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { openLivePictures } from "../analysis/capture/live-pictures.ts";
import { steadyModel, tinyManifest, writePackage } from "../analysis/detection/testing/tiny-onnx.ts";
import { loadConfig } from "../config/load.ts";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { Engine } from "../engine.ts";
import { CameraSimulator } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { systemClock } from "../runtime/clock.ts";
import { makeOperatorKey } from "../../platform/fleet/operator-key.ts";
import { openPlatform, signed } from "./peers/commanded-box.ts";
import { until } from "./peers/open-delivery.ts";

const run = promisify(execFile);
/** The mask, and a place well within it and one well without: coding smears edges. */
const mask = [[0.3, 0.3], [0.7, 0.3], [0.7, 0.7], [0.3, 0.7]] as const; // prettier-ignore
const [inside, outside] = [
  { from: 0.36, to: 0.64 },
  { from: 0.05, to: 0.25 },
];

/** Brightest pixel inside and mean brightness outside, of one grey picture. */
function levels(
  grey: Uint8Array,
  widthPx: number,
  heightPx: number,
): { readonly under: number; readonly beside: number } {
  const square = ({ from, to }: { readonly from: number; readonly to: number }): number[] => {
    const values: number[] = [];
    for (let y = Math.ceil(from * heightPx); y < to * heightPx; y += 1)
      for (let x = Math.ceil(from * widthPx); x < to * widthPx; x += 1) values.push(grey[y * widthPx + x] ?? 255);
    return values;
  };
  const beside = square(outside);
  return { under: Math.max(...square(inside)), beside: beside.reduce((a, b) => a + b, 0) / beside.length };
}

async function levelsOf(picture: Uint8Array): Promise<{ readonly under: number; readonly beside: number }> {
  const { data, info } = await sharp(picture).greyscale().raw().toBuffer({ resolveWithObject: true });
  return levels(data, info.width, info.height);
}

/** The same of each picture of a video that ffmpeg can read. */
async function levelsOfVideo(path: string): Promise<readonly { readonly under: number; readonly beside: number }[]> {
  const [width, height] = [320, 180];
  const args = [
    "-v",
    "error",
    "-i",
    path,
    "-vf",
    `scale=${width}:${height}`,
    "-f",
    "rawvideo",
    "-pix_fmt",
    "gray",
    "-",
  ];
  const { stdout } = await run("ffmpeg", args, { encoding: "buffer", maxBuffer: 1 << 28 });
  const size = width * height;
  return Array.from({ length: Math.floor(stdout.length / size) }, (_, i) =>
    levels(stdout.subarray(i * size, (i + 1) * size), width, height),
  );
}

function expectHidden(what: string, { under, beside }: { readonly under: number; readonly beside: number }): void {
  expect(under, `${what}: brightest pixel under the mask`).toBeLessThan(32);
  expect(beside, `${what}: the rest is seen`).toBeGreaterThan(100);
}

test("the mask holds in every picture that is made", { timeout: 240_000 }, async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "masks-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const clip = join(folder, "bright.mp4");
  const source = "testsrc=size=640x360:rate=10,format=yuv420p,lutyuv=y=val/4+185";
  const coder = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bf", "0"];
  await run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", source, "-t", "3", ...coder, clip]);
  const camera = stack.use(await CameraSimulator.open({ mounts: { "/sub": { clip }, "/main": { clip } } }));
  const duty = await makeOperatorKey(join(folder, "duty.json"), "duty", "ed25519");
  const platform = await openPlatform(stack, folder);
  await platform.receiver.enrol(enrolment("box-1", await ensureKeys(join(folder, "data"))));
  const file = steadyModel();
  await writePackage(
    join(folder, "models"),
    "river",
    file,
    tinyManifest(file, { name: "river", input: "{ layout: nhwc }" }),
  );
  await mkdir(join(folder, "config/zones"), { recursive: true });
  const pier = {
    id: "pier",
    name: "码头",
    url: camera.url("/sub"),
    evidenceUrl: camera.url("/main"),
    clip: { beforeSec: 1, afterSec: 1 },
  };
  await writeFile(
    join(folder, "config/gateway.yaml"),
    stringify({
      schema: "xueliang.gateway/1",
      site: { id: "box-1", name: "测试", language: "en" },
      storage: { folder: "data" },
      uplinks: [{ id: "city", address: platform.receiver.address, serverKey: platform.receiver.serverKey }],
      commands: { accept: ["snap.now", "clip.get"], keys: [duty] },
      detector: { model: "river" },
      cameras: [pier],
    }),
  );
  const everywhere = [[0.02, 0.02], [0.98, 0.02], [0.98, 0.98], [0.02, 0.98]]; // prettier-ignore
  const rule = {
    type: "illegal-dwelling",
    kind: "presence-dwell",
    labels: ["person"],
    suspectedSec: 1,
    detectedSec: 3,
  };
  await writeFile(
    join(folder, "config/zones/pier.yaml"),
    stringify({
      schema: "xueliang.zones/1",
      camera: "pier",
      masks: [{ id: "window", polygon: mask }],
      zones: [{ id: "water", kind: "general", polygon: everywhere, rules: [rule] }],
    }),
  );
  const live: Uint8Array[] = [];
  const config = await loadConfig(join(folder, "config"));
  const engine = stack.use(
    await Engine.open({
      config,
      folder: join(folder, "data"),
      modelsFolder: join(folder, "models"),
      language: "en",
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      commands: { status: () => ({}), config: null, reload: null },
      onAcknowledged: () => undefined,
      onRecorded: () => undefined,
      onLive: ({ pictures }) => live.push(...pictures.map(({ jpeg }) => jpeg)),
      onBroken: (error) => {
        throw error;
      },
    }),
  );
  engine.analysis?.watch("pier", ["full", "saving"], 100);

  // Analysed frame, main stream's still and clip of an occurrence.
  const kinds = (): readonly string[] =>
    platform.events.flatMap(({ event }) => (event.data.evidence ?? []).map((one) => String(one["kind"])));
  await until(
    "an event with its clip",
    () => kinds().includes("clip") && kinds().filter((k) => k === "snapshot").length >= 2,
    120_000,
  );
  // What somebody above asks for.
  expect(await platform.last(await signed(folder, "snap.now", { camera: "pier" }))).toMatchObject({ state: "done" });
  // Longer than the event's clip, so that the two cannot be the same bytes; a box that has just started has no such past yet.
  let asked: unknown = null;
  for (let tries = 0; tries < 20 && !JSON.stringify(asked).includes('"done"'); tries += 1) {
    await systemClock.sleep(1_000);
    const toMs = Date.now() - 1_000;
    asked = await platform.last(await signed(folder, "clip.get", { camera: "pier", fromMs: toMs - 5_000, toMs }));
  }
  expect(asked).toMatchObject({ state: "done" });
  // Its file, by the digest in the answer.
  const isAsked = (sha256: string) => JSON.stringify(asked).includes(sha256.slice(0, 12));
  await until("the asked clip", () => platform.evidence.some(isAsked), 120_000);
  const named = () => platform.events.flatMap(({ event }) => event.data.evidence ?? []);
  await until("every file", () => named().every(({ sha256 }) => platform.evidence.includes(sha256)), 120_000);
  const files = await readdir(join(folder, "platform/evidence"), { recursive: true });
  const jpegs = files.filter((name) => name.endsWith(".jpg"));
  const clips = files.filter((name) => name.endsWith(".mp4"));
  expect(jpegs.length).toBeGreaterThanOrEqual(3);
  expect(clips.length).toBeGreaterThanOrEqual(2);
  for (const name of jpegs) expectHidden(name, await levelsOf(await readFile(join(folder, "platform/evidence", name))));
  for (const name of clips) {
    const seen = await levelsOfVideo(join(folder, "platform/evidence", name));
    expect(seen.length).toBeGreaterThan(5);
    for (const one of seen) expectHidden(name, one);
  }

  // What a person at the page sees: the picture of now, the live view, the smooth view.
  await until("a live picture", () => live.length > 0);
  for (const picture of live.slice(-3)) expectHidden("live", await levelsOf(picture));
  const now = await engine.analysis?.picture("pier");
  expectHidden("picture", await levelsOf(now?.jpeg ?? new Uint8Array()));
  const polygon = mask.map(([x, y]) => ({ x, y }));
  const stop = new AbortController();
  const [one] = config.gateway.cameras;
  if (!one) throw new Error("no camera");
  await using smooth = await openLivePictures(
    { config: one, masks: [polygon], credentials: null, ffmpegPath: "ffmpeg", clock: systemClock },
    stop.signal,
  );
  const path = join(folder, "smooth.y4m");
  const chunks: Uint8Array[] = [];
  for await (const chunk of smooth.output as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    if (chunks.reduce((sum, { length }) => sum + length, 0) > 4_000_000) break;
  }
  stop.abort();
  await writeFile(path, Buffer.concat(chunks));
  const seen = await levelsOfVideo(path);
  expect(seen.length).toBeGreaterThan(3);
  for (const each of seen) expectHidden("smooth", each);
});
