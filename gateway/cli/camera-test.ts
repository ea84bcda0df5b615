/** One camera asked for video, then decoded until the first frame. */
import { Camera } from "../analysis/capture/camera.ts";
import { addressOf, parseCameraUrl } from "../analysis/capture/camera-url.ts";
import { probeRtsp, type Probe } from "../analysis/capture/probe.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { CameraConfig } from "../config/schema.ts";
import { systemClock } from "../runtime/clock.ts";
import { CameraError, GatewayError } from "../runtime/errors.ts";
import type { SaidError, SaidNote } from "../runtime/status.ts";
import { say } from "../runtime/texts/say.ts";
import { sayLine, type CommandIo } from "./command.ts";

/** What a test found: words for people, data for programs, the error if there was one. */
export interface CameraTest {
  readonly error: GatewayError | null;
  /** False for a camera that is switched off. */
  readonly tested: boolean;
  readonly text: string;
  readonly document: object;
}

interface FirstFrame {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly afterMs: number;
  readonly decoder: string;
  readonly note: SaidNote | null;
}

/** A camera may wait for its next key frame: long ones come every ten seconds. */
const frameMs = 20_000;

/** Never throws GatewayErrors: they stand in the result. A camera that fails the first step is not asked a second time. */
export async function testCamera(camera: CameraConfig, config: LoadedConfig, io: CommandIo): Promise<CameraTest> {
  const { id } = camera;
  if (!camera.enabled) {
    return {
      error: null,
      tested: false,
      text: sayLine(io, "cameraDisabled", { camera: id }),
      document: { camera: id, enabled: false },
    };
  }
  try {
    const probe = await probed(camera, config, io);
    const found = probe === null ? "" : probeText(camera, probe, io);
    if (probe?.error) return failed(id, probe.error, probe, io);
    const frame = await firstFrame(camera, config, io);
    if (frame instanceof GatewayError) return failed(id, frame, probe, io, found);
    const { widthPx, heightPx, afterMs, decoder, note } = frame;
    const values = { camera: id, width: widthPx, height: heightPx, ms: afterMs, decoder };
    const said = note && say(io.language, note.key, note.values);
    const text = found + sayLine(io, "cameraFirstFrame", values) + (said === null ? "" : `    ${said}\n`);
    return {
      error: null,
      tested: true,
      text,
      document: { camera: id, ok: true, probe: probeDocument(probe), frame: { ...frame, note: said } },
    };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return failed(id, error, null, io);
  }
}

async function probed(camera: CameraConfig, config: LoadedConfig, io: CommandIo): Promise<Probe | null> {
  if (parseCameraUrl(camera.url, camera.id).kind === "file") return null;
  return probeRtsp(camera.url, config.credentials[camera.id] ?? null, {
    cameraId: camera.id,
    transport: camera.transport,
    signal: io.signal,
  });
}

/** The first frame, or why there is none. */
async function firstFrame(
  camera: CameraConfig,
  config: LoadedConfig,
  io: CommandIo,
): Promise<FirstFrame | GatewayError> {
  const failure = Promise.withResolvers<SaidError>();
  const ended = new AbortController();
  const signal = AbortSignal.any([io.signal, ended.signal]);
  const startedMs = systemClock.monotonicMs();
  await using living = new Camera({
    config: camera,
    credentials: config.credentials[camera.id] ?? null,
    ffmpegPath: config.gateway.ffmpeg.path,
    clock: systemClock,
    onError: failure.resolve,
  });
  const running = living.run(signal);
  try {
    const late = systemClock.sleep(frameMs, signal).then(() => "late" as const);
    late.catch(() => undefined); // Ends with the test; the frame or the error came first.
    const first = await Promise.race([
      living.frames.take(signal),
      failure.promise,
      late,
      running.then(() => undefined),
    ]);
    if (first === undefined) throw new DOMException("aborted", "AbortError");
    if (first === "late") return new CameraError("CAMERA_STALLED", { camera: camera.id, seconds: frameMs / 1_000 });
    if ("code" in first) return new GatewayError(first.code, first.values);
    using frame = first;
    const { decoder, decoderNote } = living.status();
    const afterMs = Math.round(systemClock.monotonicMs() - startedMs);
    return { widthPx: frame.widthPx, heightPx: frame.heightPx, afterMs, decoder, note: decoderNote };
  } finally {
    ended.abort();
    await running;
  }
}

function failed(id: string, error: GatewayError, probe: Probe | null, io: CommandIo, before = ""): CameraTest {
  const [message, hint] = [error.say(io.language), error.hint(io.language)];
  const text = `${before}✗ ${id}${io.language === "zh" ? "：" : ": "}${message}  [${error.code}]\n    ${hint}\n`;
  const document = { camera: id, ok: false, error: { code: error.code, message, hint }, probe: probeDocument(probe) };
  return { error, tested: true, text, document };
}

function probeText(camera: CameraConfig, probe: Probe, io: CommandIo): string {
  const source = parseCameraUrl(camera.url, camera.id);
  if (source.kind === "file" || probe.error) return "";
  const ms = Math.round(probe.timings.reduce((sum, stage) => sum + stage.ms, 0));
  const size = probe.shape === null ? "" : ` ${probe.shape.widthPx}x${probe.shape.heightPx}`;
  const values = {
    camera: camera.id,
    codec: (probe.codec ?? "") + size,
    address: addressOf(source),
    transport: probe.transport ?? "",
    ms,
  };
  return `${say(io.language, "cameraAnswered", values)}\n`;
}

/** Steps and times, without anything of the login. */
function probeDocument(probe: Probe | null): object | null {
  if (probe === null) return null;
  const { timings, server, login, codec, codecName, shape, transport } = probe;
  return { timings, server, login, codec, codecName, shape, transport };
}
