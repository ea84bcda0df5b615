/** What the box works with: cameras, models, platforms. */
import { connect } from "node:net";
import { join } from "node:path";
import { yuvBytes } from "../../native/index.ts";
import type { Frame } from "../analysis/capture/frame.ts";
import { ProcessDetector } from "../analysis/detection/detector.ts";
import { loadModel } from "../analysis/detection/model.ts";
import { packageFolder } from "../analysis/detection/model-shelf.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { UplinkConfig } from "../config/schema.ts";
import { systemClock } from "../runtime/clock.ts";
import { GatewayError } from "../runtime/errors.ts";
import type { GatewayStatus } from "../runtime/status.ts";
import { millisecondsText } from "../runtime/texts/duration.ts";
import { say } from "../runtime/texts/say.ts";
import { testCamera } from "./camera-test.ts";
import type { CommandIo } from "./command.ts";
import { storageFolder } from "./storage-folder.ts";
import { failed, fine, poor, wrong, type Finding } from "./doctor-finding.ts";

const modelsFolder = join(import.meta.dirname, "../../models");
/** A platform behind 4G answers within seconds, or not at all. */
const connectMs = 5_000;
const looks = 5;

/** A camera that streams to the daemon is not asked a second time: many cameras serve few viewers. */
export async function* checkCameras(
  config: LoadedConfig,
  daemon: GatewayStatus | null,
  io: CommandIo,
): AsyncGenerator<Finding> {
  const section = "doctorCameras";
  const { cameras } = config.gateway;
  if (cameras.length === 0) yield poor(section, say(io.language, "doctorNoCameras"));
  for (const camera of cameras) {
    io.signal.throwIfAborted();
    const seen = daemon?.cameras.find(({ id }) => id === camera.id);
    if (seen?.state === "streaming") {
      const { widthPx, heightPx, decoder } = seen;
      const values = { camera: camera.id, width: widthPx ?? 0, height: heightPx ?? 0, decoder };
      yield fine(section, say(io.language, "doctorStreaming", values));
      continue;
    }
    const { error, text } = await testCamera(camera, config, io);
    // The test's own lines begin with its mark; the report has one already.
    const words = text.replace(/^[✓✗–] /gm, "");
    yield error ? wrong(section, words, error.code) : fine(section, words);
  }
}

/** Each model that a camera uses, loaded and run. */
export async function* checkModels(config: LoadedConfig, io: CommandIo): AsyncGenerator<Finding> {
  const { gateway } = config;
  const section = "doctorModels";
  const names = new Set([gateway.detector.model, ...gateway.cameras.flatMap(({ model }) => model ?? [])]);
  for (const name of names) {
    io.signal.throwIfAborted();
    try {
      const model = await loadModel(packageFolder({ modelsFolder, storageFolder: storageFolder(config) }, name));
      const options = { model, processes: 1, timeoutMs: 30_000, clock: systemClock, onFailure: () => undefined };
      await using detector = await ProcessDetector.open(options);
      for (let look = 0; look < looks; look += 1) await detector.detect(greyFrame(), undefined);
      const values = { model: name, version: model.version, labels: model.labels.slice(0, 8).join(", ") };
      const ms = millisecondsText(detector.status().runMsP50);
      yield fine(section, say(io.language, "doctorModel", { ...values, ms }));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      yield failed(section, error, io);
    }
  }
}

function greyFrame(): Frame {
  const [widthPx, heightPx] = [64, 36];
  const pixels = new Uint8Array(yuvBytes(widthPx, heightPx)).fill(128);
  const dispose = (): void => undefined;
  return {
    cameraId: "doctor",
    seq: 1,
    capturedAtMs: 0,
    widthPx,
    heightPx,
    pixels,
    intact: true,
    [Symbol.dispose]: dispose,
  };
}

/** The session as the daemon has it; without a daemon only whether the address takes connections. */
export async function* checkUplinks(
  { gateway }: LoadedConfig,
  daemon: GatewayStatus | null,
  io: CommandIo,
): AsyncGenerator<Finding> {
  const section = "doctorUplinks";
  if (gateway.uplinks.length === 0) yield poor(section, say(io.language, "doctorNoUplink"));
  for (const uplink of gateway.uplinks) {
    io.signal.throwIfAborted();
    const status = daemon?.delivery.uplinks.find(({ id }) => id === uplink.id);
    const values = { uplink: uplink.id, address: uplink.address, depth: status?.depth ?? 0 };
    if (!status) {
      const detail = await obstacle(uplink);
      yield detail === null
        ? fine(section, say(io.language, "doctorReachable", values))
        : wrong(section, say(io.language, "doctorUnreachable", { ...values, detail }));
    } else if (status.state === "sending" || status.state === "waiting-for-ack")
      yield fine(section, say(io.language, "doctorUplink", values));
    else yield wrong(section, say(io.language, "doctorUplinkDown", values), status.lastError?.code ?? null);
  }
}

/** Why the address takes no connection; null when it does. */
function obstacle({ address }: UplinkConfig): Promise<string | null> {
  const { hostname, port } = new URL(address);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port), timeout: connectMs });
  return new Promise<string | null>((resolve) => {
    socket.once("connect", () => resolve(null));
    socket.once("timeout", () => resolve("no answer"));
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  }).finally(() => socket.destroy());
}
