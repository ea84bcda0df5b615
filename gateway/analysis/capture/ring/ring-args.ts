/** What ffmpeg is told to copy a stream into segments, and to take one picture out of one; pure. No secret stands in an argument. */
import type { CameraCredentials } from "../../../config/schema.ts";
import { urlWithCredentials, type RtspSource } from "../camera-url.ts";
import type { FfmpegCall } from "../ffmpeg-args.ts";
import type { Transport } from "../probe.ts";
import type { VideoCodec } from "../sdp.ts";

/** How to fill a ring. */
export interface RingCall {
  readonly source: RtspSource;
  readonly credentials: CameraCredentials | null;
  readonly transport: Transport;
  readonly codec: VideoCodec;
  /** Path of the segments without number and ending. */
  readonly prefix: string;
  /** ffmpeg gives up by itself after this much silence; longer than the watchdog's patience. */
  readonly backstopMs: number;
}

/** Ending of a segment's name: MPEG-TS can be read while it is written, but it does not know Motion JPEG. */
export function endingOf(codec: VideoCodec): "ts" | "mkv" {
  return codec === "mjpeg" ? "mkv" : "ts";
}

/** Copies the video, undecoded, into one file per group of pictures but at least a second; tells its progress on standard output. */
export function ringCall({ source, credentials, transport, codec, prefix, backstopMs }: RingCall): FfmpegCall {
  const script = [
    "ffconcat version 1.0",
    `file '${urlWithCredentials(source, credentials)}'`,
    `option rtsp_transport ${transport}`,
    "option allowed_media_types video",
    "option fpsprobesize 0",
    `option timeout ${Math.round(backstopMs * 1_000)}`,
    "",
  ].join("\n");
  const container = endingOf(codec);
  const args = [
    // "verbose" tells the time of each segment's first picture.
    ...["-hide_banner", "-nostats", "-loglevel", "level+verbose"],
    ...["-f", "concat", "-safe", "0"],
    ...["-protocol_whitelist", source.isTls ? "pipe,rtsp,rtp,tcp,udp,tls" : "pipe,rtsp,rtp,tcp,udp"],
    ...["-codec_whitelist", "h264,hevc,mjpeg"],
    ...["-i", "pipe:0", "-map", "0:v:0", "-an", "-sn", "-dn", "-c", "copy"],
    // The first pictures of a stream with B-frames come without a time, and no file takes them so.
    ...["-bsf:v", "setts=pts=if(eq(PTS\\,NOPTS)\\,DTS\\,PTS)"],
    ...["-progress", "pipe:1", "-stats_period", "0.25"],
    ...["-f", "segment", "-segment_time", "1", "-segment_format", container === "ts" ? "mpegts" : "matroska"],
    // What is written can be read at once: the firing moment mostly lies in the segment that is still growing.
    ...["-segment_format_options", "flush_packets=1"],
    `${prefix}-%08d.${container}`,
  ];
  return { args, script };
}

/** One picture of a segment as JPEG on standard output: the first that is shown at `fromSec` after its start or later. */
export function stillCall(path: string, fromSec: number, maskFilter: string | null): FfmpegCall {
  const filters = [`select=gte(t\\,${fromSec.toFixed(4)})`, ...(maskFilter === null ? [] : [maskFilter]), "showinfo"];
  const args = [
    ...["-hide_banner", "-nostats", "-nostdin", "-loglevel", "level+info"],
    ...["-threads", "2", "-protocol_whitelist", "file", "-i", `file:${path}`],
    ...["-map", "0:v:0", "-an", "-sn", "-dn", "-vf", filters.join(","), "-frames:v", "1"],
    ...["-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p", "-f", "image2pipe", "pipe:1"],
  ];
  return { args, script: "" };
}

/** What a line of `ringCall` tells of the ring. */
export type RingLine =
  /** A segment's first packet was written; its time in the stream's own count, ms. */
  | { readonly kind: "segment"; readonly path: string; readonly streamMs: number }
  /** Pictures written so far. */
  | { readonly kind: "pictures"; readonly count: number }
  /** Everything up to here is written, ms of the stream's own count. */
  | { readonly kind: "reached"; readonly streamMs: number };

/** Null for a line that tells nothing of the ring. */
export function readRingLine(line: string): RingLine | null {
  const [, path, seconds] = /segment:'(.*)' starts with packet .*pts_time:(-?[\d.]+)/.exec(line) ?? [];
  if (path !== undefined) return { kind: "segment", path, streamMs: Number(seconds) * 1_000 };
  const [, name, value] = /^(frame|out_time_us)=\s*(-?\d+)$/.exec(line) ?? [];
  if (name === "frame") return { kind: "pictures", count: Number(value) };
  return name === undefined ? null : { kind: "reached", streamMs: Number(value) / 1_000 };
}

/** Time within its segment and size of the picture that `stillCall` chose; null for any other line. */
export function readStillLine(
  line: string,
): { readonly atMs: number; readonly widthPx: number; readonly heightPx: number } | null {
  const [, seconds, width, height] = /showinfo.*\bpts_time:\s*(-?[\d.]+).*\bs:(\d+)x(\d+)/.exec(line) ?? [];
  if (seconds === undefined) return null;
  return { atMs: Number(seconds) * 1_000, widthPx: Number(width), heightPx: Number(height) };
}
