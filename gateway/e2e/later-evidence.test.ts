/** Evidence that follows its event: cut from a real stream, sent over a real uplink, played at the other end. */
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { CameraSimulator } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { systemClock } from "../runtime/clock.ts";
import { Receiver, type ReceivedEvent } from "../../platform/receiver.ts";
import { exampleTrigger } from "./peers/example-trigger.ts";
import { LivingRing } from "./peers/living-ring.ts";
import { openDelivery, until } from "./peers/open-delivery.ts";

let clips = "";
let folder = "";

/** Five seconds of one grey level, as a camera codes it: a key frame a second. */
function grey(name: string, level: string): string {
  const path = join(clips, `${name}.mp4`);
  const source = `color=c=${level}:size=640x360:rate=10,noise=alls=4:allf=t,format=yuv420p`;
  const coder = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bf", "0"];
  execFileSync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", source, "-t", "5", ...coder, path]);
  return path;
}

let dark = "";
let bright = "";
beforeAll(() => {
  clips = mkdtempSync(join(tmpdir(), "later-clips-"));
  dark = grey("dark", "0x303030");
  bright = grey("bright", "0xd0d0d0");
});
afterAll(() => rmSync(clips, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "later-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Message {
  readonly type: string;
  readonly correlationid: string;
  readonly id: string;
  readonly data: {
    readonly phase?: string;
    readonly about?: { readonly event: string; readonly eventId: string };
    readonly evidence: readonly Readonly<Record<string, string | number>>[];
    readonly evidenceComing?: readonly string[];
    readonly evidenceLacking: readonly { readonly what: string; readonly why: string }[];
  };
}

/** A receiver and what it got. */
async function openPlatform(): Promise<
  AsyncDisposable & { readonly receiver: Receiver; readonly messages: Message[]; readonly files: Map<string, string> }
> {
  const messages: Message[] = [];
  const files = new Map<string, string>();
  const receiver = await Receiver.open({
    listen: "tcp://127.0.0.1:0",
    folder: join(folder, "platform"),
    language: "en",
    onEvent: ({ body }: ReceivedEvent, { duplicate }) => {
      if (!duplicate) messages.push(JSON.parse(Buffer.from(body).toString("utf8")) as Message);
    },
    onEvidence: (sha256, path) => files.set(sha256, path),
  });
  await receiver.enrol(enrolment("box-1", await ensureKeys(join(folder, "box"))));
  return { receiver, messages, files, [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose]() };
}

/** Mean level of each picture of a file, 0..255, with its time in ms. */
function levels(path: string): readonly { readonly atMs: number; readonly level: number }[] {
  const filter = ["-vf", "scale=1:1:flags=area,format=gray,showinfo", "-f", "rawvideo", "-"];
  const args = ["-hide_banner", "-v", "info", "-i", path, "-fps_mode", "passthrough", ...filter];
  const run = execFileSync("bash", ["-c", 'exec "$0" "$@" 2>"$LOG"', "ffmpeg", ...args], {
    env: { ...process.env, LOG: join(folder, "log") },
  });
  const times = [...readFileSync(join(folder, "log"), "utf8").matchAll(/pts_time:([\d.]+)/g)];
  return [...run].map((level, i) => ({ level, atMs: Number(times[i]?.[1]) * 1_000 }));
}

const analysed = { jpeg: randomBytes(20_000), widthPx: 320, heightPx: 180 };

test("two pictures and a clip that shows the firing moment arrive whole", { timeout: 180_000 }, async () => {
  await using camera = await CameraSimulator.open({ mounts: { "/sub": { clip: dark }, "/main": { clip: dark } } });
  await using living = await LivingRing.open({
    url: camera.url("/sub"),
    evidenceUrl: camera.url("/main"),
    clip: { beforeSec: 2, afterSec: 2 },
  });
  await using platform = await openPlatform();
  const { receiver, messages, files } = platform;
  const { address, serverKey } = receiver;
  const box = { folder: join(folder, "box"), address, serverKey, camera: living.config };
  await using opened = await openDelivery({ ...box, footage: () => living.ring });
  await until("four seconds in the ring", () => living.ring.status().heldSec >= 4);
  expect(camera.viewerCount("/sub"), "the ring takes the main stream").toBe(0);

  // The world changes, and half a second later a rule fires.
  await camera.setClip("/main", bright);
  const changedMs = systemClock.nowMs();
  await systemClock.sleep(500);
  const atMs = systemClock.nowMs();
  await opened.delivery.record(exampleTrigger({ atMs, onsetMs: atMs }), analysed);
  await until("the event and two messages after it", () => messages.length === 3);

  const [event, ...later] = messages;
  expect(event?.data).toMatchObject({ phase: "start", evidenceComing: ["picture", "clip"], evidenceLacking: [] });
  expect(event?.data.evidence).toHaveLength(1);
  for (const { type, correlationid, data } of later) {
    expect([type, correlationid, data.about?.event]).toEqual(["vision.evidence.v1", "occ-1", event?.id]);
    expect(data.phase, "an occurrence goes on as it was").toBeUndefined();
  }
  const still = later.flatMap(({ data }) => data.evidence).find(({ kind }) => kind === "snapshot");
  const clip = later.flatMap(({ data }) => data.evidence).find(({ kind }) => kind === "clip");
  expect(still).toMatchObject({ mediaType: "image/jpeg", w: 640, h: 360, role: "start" });
  expect(clip).toMatchObject({ mediaType: "video/mp4", codec: "h264", w: 640, h: 360, role: "start" });
  await until("all three files", () => files.size === 3);
  for (const named of [still, clip]) {
    const bytes = readFileSync(files.get(String(named?.["sha256"])) ?? "");
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(named?.["sha256"]);
    expect(createHash("sm3").update(bytes).digest("hex")).toBe(named?.["sm3"]);
    expect(bytes.length).toBe(named?.["bytes"]);
  }

  // Ten pictures a second: the nearest is at most half a distance away, and what trembles on a busy machine.
  expect(Math.abs(Number(still?.["differenceMs"]))).toBeLessThanOrEqual(150);
  expect(levels(files.get(String(still?.["sha256"])) ?? "")[0]?.level).toBeGreaterThan(150);
  const clipPath = files.get(String(clip?.["sha256"])) ?? "";
  const [durationMs, momentMs] = [Number(clip?.["durationMs"]), Number(clip?.["momentMs"])];
  expect(momentMs).toBeGreaterThanOrEqual(2_000);
  expect(momentMs, "whole groups of pictures, one second each").toBeLessThan(4_000);
  expect(Math.abs(durationMs - momentMs - 2_000)).toBeLessThan(400);
  const pictures = levels(clipPath);
  const turned = pictures.find(({ level }) => level > 120)?.atMs ?? NaN;
  expect(pictures.filter(({ atMs: at }) => at < turned).every(({ level }) => level < 120)).toBe(true);
  // The clip's own time of the change, against the moment at which the camera really changed.
  expect(Math.abs(turned - (momentMs - (atMs - changedMs)))).toBeLessThan(600);
  expect(readdirSync(join(folder, "box", "evidence", "unfinished"))).toEqual([]);
});

test(
  "a stream that is down costs the evidence, not the event, and the event says so",
  { timeout: 120_000 },
  async () => {
    await using camera = await CameraSimulator.open({ mounts: { "/main": { clip: dark } } });
    camera.setFault("/main", { kind: "status", status: 404 });
    await using living = await LivingRing.open({
      url: "rtsp://127.0.0.1:9/sub",
      evidenceUrl: camera.url("/main"),
      clip: { beforeSec: 1, afterSec: 1, types: ["fishing-multi-rod"] },
    });
    await using platform = await openPlatform();
    const { receiver, messages } = platform;
    const { address, serverKey } = receiver;
    const box = { folder: join(folder, "box"), address, serverKey, camera: living.config };
    await using opened = await openDelivery({ ...box, footage: () => living.ring });
    await until("the refusal", () => living.codes.includes("CAMERA_NOT_FOUND"));
    expect(living.ring.status()).toMatchObject({ state: "waiting", lastError: { code: "CAMERA_NOT_FOUND" } });
    await opened.delivery.record(exampleTrigger(), analysed);
    await opened.delivery.record(exampleTrigger({ occurrenceId: "occ-2", eventType: "loitering" }), analysed);
    await opened.delivery.record(exampleTrigger({ phase: "end" }), null);
    await until("three events", () => messages.length === 3);
    const said = messages.map(({ data }) => [data.phase, data.evidenceComing, data.evidenceLacking]);
    const picture = { what: "picture", why: "stream-down" };
    expect(said).toEqual([
      ["start", [], [picture, { what: "clip", why: "stream-down" }]],
      ["start", [], [picture]],
      ["end", [], []],
    ]);
  },
);

test(
  "suspicion that becomes certainty gets a picture of its own, and no second clip",
  { timeout: 120_000 },
  async () => {
    await using camera = await CameraSimulator.open({ mounts: { "/main": { clip: dark } } });
    const both = { url: camera.url("/main"), evidenceUrl: camera.url("/main"), clip: { beforeSec: 0, afterSec: 1 } };
    await using living = await LivingRing.open(both);
    await using platform = await openPlatform();
    const { receiver, messages } = platform;
    const { address, serverKey } = receiver;
    const box = { folder: join(folder, "box"), address, serverKey, camera: living.config };
    await using opened = await openDelivery({ ...box, footage: () => living.ring });
    await until("two seconds in the ring", () => living.ring.status().heldSec >= 2);
    const now = (): { atMs: number; onsetMs: number } => ({ atMs: systemClock.nowMs(), onsetMs: systemClock.nowMs() });
    await opened.delivery.record(exampleTrigger(now()), analysed);
    await opened.delivery.record(exampleTrigger({ ...now(), phase: "update" }), analysed);
    await opened.delivery.record(exampleTrigger({ ...now(), phase: "update", certainty: "detected" }), analysed);
    await opened.delivery.record(exampleTrigger({ ...now(), phase: "update", certainty: "detected" }), analysed);
    await until("what follows", () => messages.filter(({ data }) => data.about).length === 3);
    const events = messages.filter(({ data }) => !data.about);
    expect(events.map(({ data }) => data.evidenceComing)).toEqual([["picture", "clip"], [], ["picture"], []]);
    const roles = messages
      .flatMap(({ data }) => (data.about ? data.evidence : []))
      .map(({ kind, role }) => [kind, role]);
    expect(roles.sort()).toEqual([
      ["clip", "start"],
      ["snapshot", "start"],
      ["snapshot", "update"],
    ]);
  },
);

test(
  "a restart between trigger and cut loses the clip, says so, and leaves no half file",
  { timeout: 120_000 },
  async () => {
    await using camera = await CameraSimulator.open({ mounts: { "/main": { clip: dark } } });
    await using living = await LivingRing.open({ url: camera.url("/main"), clip: { beforeSec: 1, afterSec: 60 } });
    await using platform = await openPlatform();
    const { receiver, messages, files } = platform;
    const { address, serverKey } = receiver;
    const box = { folder: join(folder, "box"), address, serverKey, camera: living.config, footage: () => living.ring };
    await until("a second in the ring", () => living.ring.status().heldSec >= 1);
    {
      await using first = await openDelivery(box);
      await first.delivery.record(exampleTrigger({ atMs: systemClock.nowMs() }), analysed);
      await until("the event", () => messages.length === 1);
    }
    expect(messages[0]?.data.evidenceComing).toEqual(["clip"]);
    // What a kill in the middle of cutting would leave.
    const unfinished = join(folder, "box", "evidence", "unfinished");
    mkdirSync(unfinished, { recursive: true });
    writeFileSync(join(unfinished, "0123456789ab.mp4"), "half");
    await using second = await openDelivery(box);
    await until("the word of it", () => messages.length === 2);
    const [event, word] = messages;
    expect(word?.data).toMatchObject({
      about: { event: event?.id },
      evidence: [],
      evidenceLacking: [{ what: "clip", why: "restarted" }],
    });
    expect(existsSync(unfinished)).toBe(false);
    await until("the picture that was analysed", () => files.size === 1);
    expect(second.delivery.openOccurrences()).toHaveLength(1);
  },
);

test("what a mask hides is black in the picture and in the clip", { timeout: 120_000 }, async () => {
  await using camera = await CameraSimulator.open({ mounts: { "/main": { clip: bright } } });
  const whole = [
    { x: 0, y: 0 },
    { x: 1, y: 0 },
    { x: 1, y: 1 },
    { x: 0, y: 1 },
  ];
  const config = { url: camera.url("/main"), evidenceUrl: camera.url("/main"), clip: { beforeSec: 1, afterSec: 1 } };
  await using living = await LivingRing.open(config, { masks: [whole] });
  await using platform = await openPlatform();
  const { receiver, messages, files } = platform;
  const { address, serverKey } = receiver;
  const box = { folder: join(folder, "box"), address, serverKey, camera: living.config };
  await using opened = await openDelivery({ ...box, footage: () => living.ring });
  await until("two seconds in the ring", () => living.ring.status().heldSec >= 2);
  await opened.delivery.record(exampleTrigger({ atMs: systemClock.nowMs() }), null);
  await until("picture and clip", () => messages.length === 3 && files.size === 2);
  for (const path of files.values())
    expect(
      levels(path).every(({ level }) => level < 24),
      path,
    ).toBe(true);
});
