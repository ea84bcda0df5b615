/** A camera's pictures at a steady rate for somebody who looks on, apart from the analysis: raw video that describes itself. */
import type { Readable } from "node:stream";
import type { CameraConfig, CameraCredentials } from "../../config/schema.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Polygon } from "../geometry.ts";
import { at, hostsOf, parseCameraUrl, urlWithCredentials, type CameraSource } from "./camera-url.ts";
import { Decoder } from "./decoder.ts";
import { atOnce, type FfmpegCall } from "./ffmpeg-args.ts";
import { probeRtsp, type Transport } from "./probe.ts";
import { maskFilter } from "./ring/mask-filter.ts";

/** What is shown. */
export interface LivePicturesOptions {
  readonly config: CameraConfig;
  readonly credentials: CameraCredentials | null;
  /** Blackened before anything leaves. */
  readonly masks: readonly Polygon[];
  readonly ffmpegPath: string;
  readonly clock: Clock;
}

/** A running decoder: YUV4MPEG on `output`, until it ends or is disposed. */
export interface LivePictures extends AsyncDisposable {
  readonly output: Readable;
  readonly pid: number | null;
  /** Resolves when the child is gone, for whatever reason. */
  readonly ended: Promise<void>;
}

/** Pictures a second: one of the few rates that MPEG-1 knows. */
const rate = 25;
/** Wide enough to see what somebody does, and cheap enough to code in software. */
const widthPx = 640;
/** ffmpeg gives up by itself after this much silence, µs. */
const silenceUs = 15_000_000;

/** Asks the camera and starts the decoder; throws what the camera says, as CameraError or DecoderError. */
export async function openLivePictures(options: LivePicturesOptions, signal: AbortSignal): Promise<LivePictures> {
  const { config, credentials, masks, ffmpegPath, clock } = options;
  let source = parseCameraUrl(config.url, config.id);
  let transport: Transport = "tcp";
  let hosts: readonly string[] = [];
  if (source.kind === "rtsp") {
    const asked = { cameraId: config.id, transport: config.transport, signal, clock };
    const probe = await probeRtsp(config.url, credentials, asked);
    if (probe.error) throw probe.error;
    transport = probe.transport ?? "tcp";
    hosts = hostsOf(source, probe.address);
    source = at(source, probe.address);
  }
  const call = { ...liveCall(source, credentials, transport, masks), hosts };
  const decoder = await Decoder.start(ffmpegPath, call, () => undefined);
  const stop = (): void => decoder.kill();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const ended = decoder.ended
    .then(() => undefined)
    .finally(() => {
      signal.removeEventListener("abort", stop);
    });
  ended.catch(() => undefined); // Whoever looks on awaits it.
  return {
    output: decoder.output,
    pid: decoder.pid,
    ended,
    [Symbol.asyncDispose]: () => decoder[Symbol.asyncDispose](),
  };
}

/** Pure. The address goes in by standard input, so that no argument holds a password. */
export function liveCall(
  source: CameraSource,
  credentials: CameraCredentials | null,
  transport: Transport,
  masks: readonly Polygon[],
): FfmpegCall {
  const mask = maskFilter(masks);
  const filter = [`fps=${rate}`, `scale=${widthPx}:-2:flags=area`, ...(mask === null ? [] : [mask])].join(",");
  const out = ["-map", "0:v:0", "-an", "-sn", "-dn", "-filter_threads", "1", "-vf", filter];
  const raw = ["-pix_fmt", "yuv420p", "-f", "yuv4mpegpipe", "pipe:1"];
  // As much as that: a redirect is told at this level alone.
  const quiet = ["-hide_banner", "-nostats", "-loglevel", "level+verbose"];
  if (source.kind === "file") {
    const input = [
      "-re",
      "-stream_loop",
      "-1",
      "-threads",
      "1",
      "-protocol_whitelist",
      "file",
      "-i",
      `file:${source.path}`,
    ];
    return { args: [...quiet, "-nostdin", ...input, ...out, ...raw], script: "" };
  }
  const script = [
    "ffconcat version 1.0",
    `file '${urlWithCredentials(source, credentials ?? source.credentials)}'`,
    `option rtsp_transport ${transport}`,
    "option allowed_media_types video",
    ...atOnce.map(([name, value]) => `option ${name} ${value}`),
    `option timeout ${silenceUs}`,
    "",
  ].join("\n");
  const input = [
    ...["-threads", "1", "-f", "concat", "-safe", "0"],
    ...["-protocol_whitelist", source.isTls ? "pipe,rtsp,rtp,tcp,udp,tls" : "pipe,rtsp,rtp,tcp,udp"],
    ...["-codec_whitelist", "h264,hevc,mjpeg", ...atOnce.flatMap(([name, value]) => [`-${name}`, value])],
    ...["-i", "pipe:0"],
  ];
  return { args: [...quiet, ...input, ...out, ...raw], script };
}
