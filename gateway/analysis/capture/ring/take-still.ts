/** One picture out of a segment, as JPEG. */
import { systemClock } from "../../../runtime/clock.ts";
import { Decoder } from "../decoder.ts";
import { readStillLine, stillCall } from "./ring-args.ts";

/** A picture taken out. */
export interface TakenStill {
  readonly jpeg: Uint8Array<ArrayBuffer>;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Time after the segment's first picture, ms. */
  readonly atMs: number;
}

/** A group of pictures of a large stream is decoded in this time even on a slow box, ms. */
const longestMs = 20_000;
const maxJpegBytes = 16 * 1_048_576;

/** Where to look. */
export interface StillWanted {
  readonly path: string;
  /** The first picture that is shown this long after the segment's first one, or later, is taken; ms. */
  readonly fromMs: number;
  readonly maskFilter: string | null;
}

/** The wanted picture; null when the file shows none. */
export async function takeStill(ffmpegPath: string, wanted: StillWanted): Promise<TakenStill | null> {
  const { path, fromMs, maskFilter } = wanted;
  let seen: ReturnType<typeof readStillLine> = null;
  const call = stillCall(path, Math.max(0, fromMs) / 1_000, maskFilter);
  await using decoder = await Decoder.start(ffmpegPath, call, (line) => (seen ??= readStillLine(line)));
  const parts: Buffer[] = [];
  let bytes = 0;
  decoder.output.on("data", (part: Buffer) => {
    bytes += part.length;
    if (bytes <= maxJpegBytes) parts.push(part);
  });
  const late = new AbortController();
  const expired = systemClock.sleep(longestMs, late.signal).then(
    () => decoder.kill(),
    () => undefined,
  );
  await decoder.ended;
  late.abort();
  await expired;
  const found = seen as ReturnType<typeof readStillLine>;
  if (!found || bytes === 0 || bytes > maxJpegBytes) return null;
  return { ...found, jpeg: Uint8Array.from(Buffer.concat(parts)) };
}
