/** What ffmpeg is told: an argument list that never holds a secret, and a script for its standard input that may; pure. */
import type { CameraCredentials } from "../../config/schema.ts";
import { urlWithCredentials, type RtspSource } from "./camera-url.ts";
import type { Capabilities, DecoderChoice } from "./decoder-choice.ts";
import type { Transport } from "./probe.ts";
import type { PictureShape } from "./sps.ts";

/** Arguments and what to write to standard input. */
export interface FfmpegCall {
  readonly args: readonly string[];
  /** May hold a password: never log it. */
  readonly script: string;
  /** Hosts to which the source may send ffmpeg; absent: it is no stream of a camera. */
  readonly hosts?: readonly string[];
}

/** Size of the frames that come out. */
export interface OutputSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** What is common to all calls that make frames. */
export interface FrameOptions {
  readonly size: OutputSize;
  /** Frames per second at most. */
  readonly rate: number;
  readonly version: Capabilities["version"];
}

/** A camera's call. */
export interface CameraCall extends FrameOptions {
  readonly source: RtspSource;
  readonly credentials: CameraCredentials | null;
  readonly transport: Transport;
  readonly keyFramesOnly: boolean;
  readonly decoder: DecoderChoice;
  /** ffmpeg gives up by itself after this much silence: only a second line behind the watchdog, and longer than it. */
  readonly backstopMs: number;
}

// "verbose" says when the source's size changes; "level" marks what is an error.
const quiet = ["-hide_banner", "-nostats", "-loglevel", "level+verbose"];
const onlyVideo = ["-map", "0:v:0", "-an", "-sn", "-dn"];

/**
 * What ffmpeg need not find out before it shows a picture, neither of the script nor of the camera in it: the rate, for which
 * it waits for a group of pictures, and the decoding time of the first one, for which it waits until it has decoded seven.
 * A camera of 10 pictures a second shows its first one after 0.2 s instead of 1.0 s.
 */
export const atOnce = [
  ["fpsprobesize", "0"],
  ["max_ts_probe", "0"],
] as const;

/** Video of a camera as yuv420p on standard output. */
export function cameraCall(call: CameraCall): FfmpegCall {
  const { source, decoder } = call;
  const hardware = decoder.codecName === null ? [] : [decoder.codecName];
  const script = [
    "ffconcat version 1.0",
    // The address is percent-encoded as a whole: there is no quote, backslash or line break left to escape.
    `file '${urlWithCredentials(source, call.credentials)}'`,
    `option rtsp_transport ${call.transport}`,
    // Video only: with audio beside it a jump of the camera's clock makes ffmpeg repeat frames by the thousand.
    "option allowed_media_types video",
    ...atOnce.map(([name, value]) => `option ${name} ${value}`),
    `option timeout ${Math.round(call.backstopMs * 1_000)}`,
    "",
  ].join("\n");
  const args = [
    ...quiet,
    ...(decoder.name === "vaapi" ? ["-hwaccel", "vaapi", "-hwaccel_device", "/dev/dri/renderD128"] : []),
    ...(call.keyFramesOnly ? ["-skip_frame", "nokey"] : []),
    // Frame threads add memory and delay and save nothing; cameras are the unit of parallel work.
    ...["-threads", "1", "-f", "concat", "-safe", "0"],
    ...["-protocol_whitelist", source.isTls ? "pipe,rtsp,rtp,tcp,udp,tls" : "pipe,rtsp,rtp,tcp,udp"],
    ...["-codec_whitelist", ["h264", "hevc", "mjpeg", ...hardware].join(",")],
    ...(decoder.codecName === null ? [] : ["-c:v", decoder.codecName]),
    ...atOnce.flatMap(([name, value]) => [`-${name}`, value]),
    ...["-i", "pipe:0", ...onlyVideo, ...passthrough(call.version)],
    ...["-filter_threads", "1", "-vf", `${slots(call.rate)},${scaled(call.size)}`, ...rawOut],
  ];
  return { args, script };
}

/** A file in place of a camera: its own pace, in a loop. */
export function loopCall(path: string, options: FrameOptions): FfmpegCall {
  const filter = `${slots(options.rate)},${scaled(options.size)}`;
  const input = ["-re", "-stream_loop", "-1", "-threads", "1", "-protocol_whitelist", "file", "-i", `file:${path}`];
  const args = [
    ...quiet,
    "-nostdin",
    ...input,
    ...onlyVideo,
    ...passthrough(options.version),
    "-filter_threads",
    "1",
    "-vf",
    filter,
    ...rawOut,
  ];
  return { args, script: "" };
}

/** A file as fast as it can be read: exactly one frame per 1/rate second of presentation time. */
export function clipCall(path: string, options: FrameOptions): FfmpegCall {
  const input = ["-threads", "1", "-protocol_whitelist", "file", "-i", `file:${path}`];
  const filter = `fps=${options.rate}:start_time=0,${scaled(options.size)}`;
  const args = [...quiet, "-nostdin", ...input, ...onlyVideo, "-filter_threads", "1", "-vf", filter, ...rawOut];
  return { args, script: "" };
}

// What decoders give by themselves: half the bytes of rgb24, and nothing to convert in most frames.
// With a thread a core, which is its default, even this coder holds a frame back for each further thread: at one frame a second
// each came a second late on two cores.
const rawOut = ["-pix_fmt", "yuv420p", "-threads", "1", "-f", "rawvideo", "pipe:1"];

/**
 * Lets one frame pass per slot of 1/rate second. Unlike `fps` it never makes up frames when the camera's clock jumps,
 * forward or back, and unlike a minimum distance it keeps the mean rate when the source's times tremble.
 */
function slots(rate: number): string {
  return `select='isnan(prev_selected_t)+not(eq(floor(t*${rate}),floor(prev_selected_t*${rate})))'`;
}

/** A fixed size and range, so that a source that changes its own cannot tear the byte stream. Scaling comes last: dropped frames cost nothing. */
function scaled(size: OutputSize): string {
  return `scale=${size.widthPx}:${size.heightPx}:flags=area:out_range=tv`;
}

/** Constant-rate output is the default and repeats frames; its switch changed its name in 5.1. */
function passthrough([major, minor]: Capabilities["version"]): string[] {
  return major > 5 || (major === 5 && minor >= 1) || major === 0
    ? ["-fps_mode", "passthrough"]
    : ["-vsync", "passthrough"];
}

/** Taken where nothing is known of the camera's shape yet. */
const commonShape: PictureShape = { widthPx: 1920, heightPx: 1080, pixelAspect: 1 };

/** The frame for a source: as wide as wished but not wider than the source shows, of its shape, both numbers even. */
export function outputSize(wantedWidthPx: number, shape: PictureShape | null): OutputSize {
  const { widthPx, heightPx, pixelAspect } = shape ?? {
    ...commonShape,
    widthPx: Math.max(wantedWidthPx, commonShape.widthPx),
  };
  const shownWidthPx = widthPx * pixelAspect;
  const width = even(Math.min(wantedWidthPx, shownWidthPx));
  const aspectHeightPx = shape ? heightPx : (widthPx * commonShape.heightPx) / commonShape.widthPx;
  return { widthPx: width, heightPx: even((width * aspectHeightPx) / shownWidthPx) };
}

/** Whether frames of this size show a source of this shape without distortion; two pixels are rounding. */
export function fits(size: OutputSize, shape: PictureShape): boolean {
  return Math.abs((size.widthPx * shape.heightPx) / (shape.widthPx * shape.pixelAspect) - size.heightPx) <= 2;
}

function even(size: number): number {
  return Math.max(2, 2 * Math.round(size / 2));
}
