/** What a camera's SDP says of its video; pure. */
import { shapeOfH264, shapeOfH265, type PictureShape } from "./sps.ts";

/** Codecs the gateway decodes. */
export type VideoCodec = "h264" | "h265" | "mjpeg";

/** The first video track of a description. */
export interface VideoTrack {
  /** Null for a codec that is not decoded; `codecName` says which. */
  readonly codec: VideoCodec | null;
  /** As the camera names it, for example `H264` or `VP8`. */
  readonly codecName: string;
  /** Absolute URL for SETUP. */
  readonly controlUrl: string;
  /** Where the description tells. */
  readonly shape: PictureShape | null;
}

/** Kinds of media a description names, and its first video track or null. */
export interface Description {
  readonly kinds: readonly string[];
  readonly video: VideoTrack | null;
}

const codecs: Readonly<Record<string, VideoCodec>> = { H264: "h264", H265: "h265", HEVC: "h265", JPEG: "mjpeg" };

/** @param baseUrl Content-Base, else Content-Location, else the address asked for. */
export function parseSdp(sdp: string, baseUrl: string): Description {
  const sections = sdp.split(/\r?\n(?=m=)/).map((section) => section.split(/\r?\n/));
  const media = sections.filter((lines) => lines[0]?.startsWith("m=") === true);
  const kinds = media.map((lines) => /^m=(\S+)/.exec(lines[0] ?? "")?.[1] ?? "");
  const video = media[kinds.indexOf("video")];
  if (!video) return { kinds, video: null };
  const payload = /^m=video \S+ \S+ (\d+)/.exec(video[0] ?? "")?.[1] ?? "";
  const attribute = (name: string): string | undefined =>
    video.find((line) => line.startsWith(`a=${name}:`))?.slice(name.length + 3);
  const map = video.find((line) => line.startsWith(`a=rtpmap:${payload} `)) ?? "";
  const codecName = payload === "26" ? "JPEG" : (/ ([^/\s]+)\//.exec(map)?.[1] ?? `payload type ${payload}`);
  const codec = codecs[codecName.toUpperCase()] ?? null;
  const format = video.find((line) => line.startsWith(`a=fmtp:${payload} `)) ?? "";
  return {
    kinds,
    video: {
      codec,
      codecName,
      controlUrl: resolveControl(attribute("control") ?? "", baseUrl),
      shape: shapeOf(codec, format) ?? plainSize(attribute("x-dimensions") ?? attribute("framesize")),
    },
  };
}

/** RFC 2326 C.1.1; an absolute one stays, `*` and nothing mean the base itself, else base and name with one slash. */
export function resolveControl(control: string, baseUrl: string): string {
  const name = control.trim();
  if (name === "" || name === "*") return baseUrl;
  if (/^rtsps?:\/\//i.test(name)) return name;
  return `${baseUrl.replace(/\/$/, "")}/${name.replace(/^\//, "")}`;
}

function shapeOf(codec: VideoCodec | null, format: string): PictureShape | null {
  const parameter = (name: string): string => new RegExp(`[ ;]${name}=([^;\\s]+)`).exec(format)?.[1] ?? "";
  if (codec === "h264") {
    for (const set of parameter("sprop-parameter-sets").split(",")) {
      const nal = Buffer.from(set, "base64");
      if (((nal[0] ?? 0) & 0x1f) === 7) return shapeOfH264(nal);
    }
  }
  if (codec === "h265") {
    const nal = Buffer.from(parameter("sprop-sps"), "base64");
    if (nal.length > 2) return shapeOfH265(nal);
  }
  return null;
}

/** `640,360` or `96 640-360`. */
function plainSize(value: string | undefined): PictureShape | null {
  const [, width = "", height = ""] = /(\d+)\s*[,-]\s*(\d+)\s*$/.exec(value ?? "") ?? [];
  const [widthPx, heightPx] = [Number(width), Number(height)];
  return widthPx >= 16 && heightPx >= 16 ? { widthPx, heightPx, pixelAspect: 1 } : null;
}
