/** A file as a source for rehearsal: every frame at the analysis rate, as fast as the reader takes them. */
import { CameraError } from "../../runtime/errors.ts";
import type { Polygon } from "../geometry.ts";
import { capabilitiesOf } from "./capabilities.ts";
import { Decoder, outputOf } from "./decoder.ts";
import { clipCall, outputSize } from "./ffmpeg-args.ts";
import { readLogLine, shapeOfListing } from "./ffmpeg-log.ts";
import type { VideoColours, Frame } from "./frame.ts";
import { FrameWriter } from "./frame-writer.ts";
import type { PictureShape } from "./sps.ts";

/** How to read a clip. */
export interface ClipOptions {
  readonly ffmpegPath: string;
  /** At most this wide; never wider than the clip, and of its shape. */
  readonly widthPx: number;
  /** Frames per second of presentation time. */
  readonly rate: number;
  /** Wall time that the clip's start stands for, ms since 1970. */
  readonly startMs: number;
  /** Written into the frames; default `clip`. */
  readonly cameraId?: string;
  /** Blackened, as they are live; none when left out. */
  readonly masks?: readonly Polygon[];
}

/**
 * Every frame in order, none dropped; `capturedAtMs` is `startMs` plus presentation time. Each frame must be disposed
 * before the next is asked for. Throws CLIP_UNREADABLE when there is not a single one.
 */
export async function* readClip(path: string, options: ClipOptions): AsyncGenerator<Frame, void, undefined> {
  const { ffmpegPath, widthPx, rate, startMs, cameraId = "clip", masks = [] } = options;
  const { version } = await capabilitiesOf(ffmpegPath);
  const size = outputSize(widthPx, await shapeOfFile(path, ffmpegPath));
  let lastText = "";
  let colours: VideoColours = "bt601";
  await using decoder = await Decoder.start(ffmpegPath, clipCall(path, { size, rate, version }), (line) => {
    const meaning = readLogLine(line);
    if (meaning?.kind === "error") lastText = meaning.text;
    if (meaning?.kind === "colours") ({ colours } = meaning);
  });
  const finished: Frame[] = []; // At most one: it is taken out before the next byte is written.
  let seq = 0;
  const writer = new FrameWriter({
    cameraId,
    size,
    masks,
    stamp: () => {
      seq += 1;
      return { seq, capturedAtMs: startMs + Math.round(((seq - 1) * 1_000) / rate), intact: true, colours };
    },
    publish: (frame) => finished.push(frame),
    reclaim: () => undefined,
    skipped: () => {
      throw new RangeError("frames of a clip must be disposed one by one");
    },
  });
  for await (const chunk of decoder.output as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length;) {
      at = writer.write(chunk, at);
      const frame = finished.pop();
      if (frame) yield frame;
    }
  }
  await decoder.ended;
  if (seq === 0) throw new CameraError("CLIP_UNREADABLE", { path, detail: lastText || "no pictures" });
}

/** Size and pixel shape of a file's first video; throws CLIP_UNREADABLE. */
export async function shapeOfFile(path: string, ffmpegPath: string): Promise<PictureShape> {
  const listing =
    (await outputOf(ffmpegPath, ["-hide_banner", "-nostdin", "-protocol_whitelist", "file", "-i", `file:${path}`])) ??
    "";
  const shape = shapeOfListing(listing);
  if (shape) return shape;
  const detail = listing.includes("No such file")
    ? "no such file"
    : listing === ""
      ? `${ffmpegPath}: not started`
      : "no video in it";
  throw new CameraError("CLIP_UNREADABLE", { path, detail });
}
