/** What a line of ffmpeg's standard error means; pure, tested with lines that ffmpeg really wrote. */
import type { ErrorCode } from "../../runtime/errors.ts";
import type { Values } from "../../runtime/texts/fill.ts";
import type { VideoColours } from "./frame.ts";
import type { PictureShape } from "./sps.ts";

/** The meaning of one line. */
export type LogMeaning =
  /** The source has this shape from the next frame on. */
  | { readonly kind: "source"; readonly shape: PictureShape }
  /** The connection stands, and what the camera offers was read; from here on ffmpeg waits for pictures. */
  | { readonly kind: "connected" }
  /** The source's colours are written like this. */
  | { readonly kind: "colours"; readonly colours: VideoColours }
  /** Pictures from here to the next key frame may show what was never there. */
  | { readonly kind: "damage" }
  /** Why the decoder is about to give up. `values` lack camera and address. */
  | { readonly kind: "failure"; readonly code: ErrorCode; readonly values: Values }
  /** An error line without a better meaning; its text without the prefixes. */
  | { readonly kind: "error"; readonly text: string };

// "corrupt decoded frame" is not among them: ffmpeg says it on healthy streams too.
const damage =
  /RTP: missed \d+ packets|concealing \d+|error while decoding|bad cseq|left block unavailable|top block unavailable|Could not find ref with POC|Missing reference picture|reference picture missing|number of reference frames .* exceeds max|non-existing PPS|decode_slice_header error|no frame!|Invalid NAL unit|cabac decode of qscale diff failed|max delay reached|Frame num gap|overread|mjpeg_decode_(?:dc|scan)|slice below image|First slice in a frame missing/;

const failures: readonly (readonly [RegExp, ErrorCode, Values])[] = [
  [/\b401 Unauthorized/, "CAMERA_UNAUTHORIZED", {}],
  [/\b403 Forbidden/, "CAMERA_FORBIDDEN", {}],
  [/\b404 |Stream Not Found/, "CAMERA_NOT_FOUND", {}],
  [/failed: (?:423|453|503)\b/, "CAMERA_BUSY", { status: 453 }],
  [/failed: 461\b|Unsupported Transport/, "CAMERA_TRANSPORT_REFUSED", { status: 461 }],
  [/Connection refused/, "CAMERA_REFUSED", {}],
  [
    /No route to host|Network is unreachable|Connection timed out/,
    "CAMERA_UNREACHABLE",
    { detail: "no route or time-out" },
  ],
  [/Failed to resolve hostname/, "CAMERA_NAME_UNKNOWN", {}],
  [/matches no streams|does not contain any stream/, "CAMERA_NO_VIDEO", { detail: "no video track" }],
  [/Codec \((\S+)\) not on whitelist|Decoder \(codec (\S+)\) not found/, "CAMERA_CODEC_UNSUPPORTED", {}],
];

/** The host to which the source sends ffmpeg, which follows it; null for any other line. */
export function redirectedTo(line: string): string | null {
  const target = /\bStatus 3\d\d: Redirecting to (\S*)/.exec(line)?.[1];
  return target === undefined ? null : (URL.parse(target)?.hostname.replace(/^\[|\]$/g, "") ?? target).slice(0, 64);
}

/** Null for lines that mean nothing to us. */
export function readLogLine(line: string): LogMeaning | null {
  if (/^\[rtsp @ \w+\] \[verbose\] SDP:/.test(line)) return { kind: "connected" };
  const scale = /\bw:(\d+) h:(\d+) fmt:\S+.*? sar:(\d+)\/(\d+) -> /.exec(line);
  if (scale) {
    const [widthPx = 0, heightPx = 0, across = 0, down = 0] = scale.slice(1).map(Number);
    return { kind: "source", shape: { widthPx, heightPx, pixelAspect: across > 0 && down > 0 ? across / down : 1 } };
  }
  // As "yuv420p(tv, bt709, progressive)" or "yuv420p(tv, smpte170m/bt709/bt709)": the first is the colours.
  const stream = /\bStream #0:.*: Video: .*?\b(?:yuvj?|nv)\d+\w*(?:\(([^)]*)\))?/.exec(line);
  if (stream) return { kind: "colours", colours: /(?:^|, )bt709\b/.test(stream[1] ?? "") ? "bt709" : "bt601" };
  if (damage.test(line)) return { kind: "damage" };
  const host = redirectedTo(line);
  if (host !== null) return { kind: "failure", code: "CAMERA_REDIRECTED", values: { host } };
  for (const [pattern, code, values] of failures) {
    const found = pattern.exec(line);
    if (!found) continue;
    const codec = found[1] ?? found[2];
    return { kind: "failure", code, values: codec === undefined ? values : { ...values, codec } };
  }
  if (!/\[(?:error|fatal|panic)\]/.test(line)) return null;
  return { kind: "error", text: line.replace(/^(?:\[[^\]]*\]\s*)+/, "").slice(0, 160) };
}

/** Reads the size out of what `ffmpeg -i FILE` prints of the first video stream; null when there is none. */
export function shapeOfListing(listing: string): PictureShape | null {
  const line = /Stream #0:\d+.*: Video: .*/.exec(listing)?.[0] ?? "";
  const [, width = "", height = ""] = /, (\d{2,5})x(\d{2,5})\b/.exec(line) ?? [];
  const [, across = "1", down = "1"] = /\bSAR (\d+):(\d+)/.exec(line) ?? [];
  const pixelAspect = Number(across) > 0 && Number(down) > 0 ? Number(across) / Number(down) : 1;
  return width === "" ? null : { widthPx: Number(width), heightPx: Number(height), pixelAspect };
}
