/** A camera that answers whoever looks first, and sends ffmpeg somewhere else: ffmpeg follows by itself, and nothing of it is taken. */
import { readFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { forbiddenAddress } from "../config/camera-address.ts";
import { CameraSimulator } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { TestClips } from "./peers/clips.ts";
import { until } from "./peers/open-delivery.ts";
import { WatchedCamera } from "./peers/watched-camera.ts";

let clips: TestClips;
let camera: CameraSimulator;
beforeAll(async () => {
  clips = await TestClips.make(["h264"], 5);
  camera = await CameraSimulator.open({ mounts: { "/h264": { clip: clips.path("h264") } } });
}, 120_000);
afterAll(async () => {
  await camera[Symbol.asyncDispose]();
  await clips[Symbol.asyncDispose]();
});

async function listen(host: string, onConnection: (socket: Socket) => void): Promise<Server & AsyncDisposable> {
  const server = createServer(onConnection);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return server;
}
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** The simulator under another address. */
function carry(near: Socket, first?: Buffer): void {
  const far = connect(Number(new URL(camera.url("/h264")).port), "127.0.0.1");
  for (const socket of [near, far]) socket.on("error", () => undefined);
  if (first) far.write(first);
  near.pipe(far).pipe(near);
}

/** Lets the prober through and sends ffmpeg to `target`. */
function divert(target: string): (socket: Socket) => void {
  return (socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (first: Buffer) => {
      if (!first.includes("Lavf")) {
        carry(socket, first);
        return;
      }
      const answer = (request: Buffer): void => {
        const sequence = /CSeq: *(\d+)/i.exec(request.toString())?.[1] ?? "1";
        const isOptions = request.toString().startsWith("OPTIONS");
        const head = isOptions ? "200 OK\r\nPublic: DESCRIBE, SETUP, PLAY" : `302 Found\r\nLocation: ${target}`;
        socket.write(`RTSP/1.0 ${head.replace("\r\n", `\r\nCSeq: ${sequence}\r\n`)}\r\n\r\n`);
      };
      answer(first);
      socket.on("data", answer);
    });
  };
}

test("to another host: refused by name, and no frame of it is seen", { timeout: 60_000 }, async () => {
  let connections = 0;
  await using elsewhere = await listen("127.0.0.2", (socket) => {
    connections += 1;
    carry(socket);
  });
  await using front = await listen("127.0.0.1", divert(`rtsp://127.0.0.2:${portOf(elsewhere)}/h264`));
  await using watched = new WatchedCamera({ url: `rtsp://127.0.0.1:${portOf(front)}/h264`, transport: "tcp" });
  await until("an error", () => watched.codes.length > 0);
  expect(watched.errors[0]).toMatchObject({ code: "CAMERA_REDIRECTED", values: { host: "127.0.0.2" } });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(watched.frames).toEqual([]);
  // It can still be knocked at before ffmpeg is ended: that is why the unit denies what must not even be asked.
  expect(connections).toBeLessThanOrEqual(watched.codes.length + 1);
});

test("to another port of the same host: followed", { timeout: 60_000 }, async () => {
  await using front = await listen("127.0.0.1", divert(camera.url("/h264")));
  await using watched = new WatchedCamera({ url: `rtsp://127.0.0.1:${portOf(front)}/h264`, transport: "tcp" });
  await until("frames", () => watched.frames.length > 3);
  expect(watched.codes).toEqual([]);
});

test("the unit denies the addresses of metadata services to whatever it starts", () => {
  const unit = readFileSync(join(import.meta.dirname, "../../config/xueliang.service"), "utf8");
  const denied = /^IPAddressDeny=(.*)$/m.exec(unit)?.[1]?.split(" ") ?? [];
  expect(denied).toEqual(["169.254.169.254", "169.254.170.2", "100.100.100.200", "fd00:ec2::254"]);
  for (const address of denied) expect(forbiddenAddress(address, "here")).toBe("metadata");
});
