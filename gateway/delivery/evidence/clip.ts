/** The one door to fluent-ffmpeg: cuts a clip out of files on this box, offline, and looks at what came out. */
import { rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import ffmpeg from "fluent-ffmpeg";
import type { FootageSpan } from "../../analysis/capture/ring/footage.ts";
import { EvidenceError } from "../../runtime/errors.ts";

/** What to cut. */
export interface ClipOrder {
  readonly span: FootageSpan;
  /** Wall time at which the clip ends. */
  readonly toMs: number;
  /** Where it goes; ends in `.mp4`, which names the format: a format by name would make the library ask ffmpeg for its lists. */
  readonly path: string;
  readonly ffmpegPath: string;
  readonly maxBytes: number;
}

/** A clip as ffprobe sees it. */
export interface CutClip {
  readonly durationMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly codec: string;
}

/** Copying takes a fraction of a second; blackening masks means coding anew. */
const longestSec = 120;

/**
 * Cuts `span` up to `toMs`: copied without decoding, or coded anew where masks must be blackened. The file is not yet
 * on the disk for good. No option comes from outside: numbers and our own paths only.
 * @throws EvidenceError EVIDENCE_DISK_FULL, CLIP_NOT_CUT
 */
export async function cutClip(order: ClipOrder, signal: AbortSignal): Promise<CutClip> {
  const list = `${order.path}.txt`;
  try {
    await writeFile(list, listOf(order.span), { mode: 0o600 });
    await run(command(order, list), signal);
    return await look(order);
  } catch (error) {
    await rm(order.path, { force: true });
    signal.throwIfAborted();
    throw asEvidenceError(error, order.path);
  } finally {
    await rm(list, { force: true });
  }
}

/** With the lengths said, so that the times of the clip are those of the stream and not a sum of guesses. */
function listOf({ files }: FootageSpan): string {
  const lines = files.flatMap(({ path, durationMs }) => [
    `file 'file:${path.replaceAll("'", "'\\''")}'`,
    ...(durationMs === null ? [] : [`duration ${(durationMs / 1_000).toFixed(6)}`]),
  ]);
  return ["ffconcat version 1.0", ...lines, ""].join("\n");
}

function command({ span, toMs, path, ffmpegPath, maxBytes }: ClipOrder, list: string): ffmpeg.FfmpegCommand {
  const copied = ["-c:v", "copy", ...(span.codec === "h265" ? ["-tag:v", "hvc1"] : [])];
  const coded = ["-vf", span.maskFilter ?? "null", "-c:v", "libx264", "-preset", "veryfast", "-crf", "23"];
  return ffmpeg({ timeout: longestSec })
    .setFfmpegPath(ffmpegPath)
    .input(list)
    .inputOptions("-nostdin", "-safe", "0", "-protocol_whitelist", "file")
    .outputOptions("-map", "0:v:0", "-an", "-sn", "-dn", "-map_metadata", "-1")
    .outputOptions(...(span.maskFilter === null ? copied : [...coded, "-pix_fmt", "yuv420p", "-threads", "1"]))
    .outputOptions("-t", ((toMs - span.startMs) / 1_000).toFixed(3), "-fs", String(maxBytes))
    .outputOptions("-movflags", "+faststart")
    .output(path);
}

async function run(cutting: ffmpeg.FfmpegCommand, signal: AbortSignal): Promise<void> {
  // The library's own time-out sends SIGTERM once and forgets; a child that is gone by its own end needs neither.
  const stop = (): void => {
    cutting.kill("SIGKILL");
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      cutting.on("end", () => resolve());
      cutting.on("error", (error: Error) => {
        stop();
        reject(error);
      });
      if (signal.aborted) reject(signal.reason as Error);
      else cutting.run();
    });
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** A clip that a player cannot open is none. */
async function look({ path, ffmpegPath }: ClipOrder): Promise<CutClip> {
  ffmpeg.setFfprobePath(ffmpegPath.includes("/") ? join(dirname(ffmpegPath), "ffprobe") : "ffprobe");
  const found = await new Promise<ffmpeg.FfprobeData>((resolve, reject) => {
    ffmpeg.ffprobe(path, ["-protocol_whitelist", "file"], (error: unknown, data) => {
      if (error) reject(error instanceof Error ? error : new Error("ffprobe"));
      else resolve(data);
    });
  });
  const video = found.streams.find(({ codec_type: type }) => type === "video");
  const durationMs = Math.round(Number(video?.duration ?? found.format.duration) * 1_000);
  if (!video || !(durationMs > 0)) throw new Error("nothing to see in it");
  const { width = 0, height = 0, codec_name: codec = "" } = video;
  return { durationMs, widthPx: width, heightPx: height, codec };
}

function asEvidenceError(error: unknown, path: string): unknown {
  if (error instanceof EvidenceError || !(error instanceof Error)) return error;
  if (error instanceof TypeError || error instanceof RangeError) return error;
  if (/No space left on device|ENOSPC|EDQUOT/.test(error.message))
    return new EvidenceError("EVIDENCE_DISK_FULL", { path: dirname(path) }, { cause: error });
  // Its text may be many lines of ffmpeg's; the last says why.
  const detail = error.message.trim().split("\n").at(-1)?.slice(0, 160) ?? "";
  return new EvidenceError("CLIP_NOT_CUT", { detail }, { cause: error });
}
