/** Camera addresses: taken apart, put together for one use, and shown without anything secret; pure. */
import type { CameraCredentials } from "../../config/schema.ts";
import { CameraError } from "../../runtime/errors.ts";

/** Where a camera's pictures come from. */
export type CameraSource =
  | { readonly kind: "file"; readonly path: string }
  | {
      readonly kind: "rtsp";
      readonly isTls: boolean;
      /** Name or address, an IPv6 address without its brackets. */
      readonly host: string;
      readonly port: number;
      /** Path and query, percent-encoded, beginning with a slash. */
      readonly path: string;
      /** From the address itself, if somebody wrote them there against the advice. */
      readonly credentials: CameraCredentials | null;
    };

/** An RTSP source. */
export type RtspSource = Extract<CameraSource, { kind: "rtsp" }>;

/** A name, percent-encoded where it is not ASCII, or an address; IPv6 in brackets. */
const hostName = /^(?:\[[\da-f:.]+\]|[\w.%-]+)$/i;
const defaultPorts = { "rtsp:": 554, "rtsps:": 322 } as const;

/** Takes an address apart; throws CAMERA_URL_INVALID without repeating the address, which may hold a password. */
export function parseCameraUrl(url: string, cameraId: string): CameraSource {
  const refuse = (detail: string): CameraError => new CameraError("CAMERA_URL_INVALID", { camera: cameraId, detail });
  if (hasControlCharacter(url)) throw refuse("control character");
  if (url.startsWith("file:")) {
    const path = url.slice(5).replace(/^\/\/(?=\/)/, "");
    if (path === "") throw refuse("no path");
    return { kind: "file", path };
  }
  const parsed = URL.parse(url);
  if (!parsed) throw refuse("not a URL");
  if (parsed.protocol !== "rtsp:" && parsed.protocol !== "rtsps:")
    throw refuse(`scheme ${parsed.protocol.slice(0, 16)}`);
  if (parsed.hostname === "") throw refuse("no host");
  // The parser lets a quote pass here, and ffmpeg's script puts the address into quotes.
  if (!hostName.test(parsed.hostname)) throw refuse("a character that no host name has");
  const path = `${parsed.pathname || "/"}${parsed.search}`
    .replaceAll("'", "%27")
    .replaceAll(" ", "%20")
    .replaceAll("\\", "%5C");
  return {
    kind: "rtsp",
    isTls: parsed.protocol === "rtsps:",
    host: parsed.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: parsed.port === "" ? defaultPorts[parsed.protocol] : Number(parsed.port),
    path,
    credentials: parsed.username === "" ? null : { user: decoded(parsed.username), password: decoded(parsed.password) },
  };
}

/** The same stream at the address that was found for its host. */
export function at(source: RtspSource, address: string | null): RtspSource {
  return address === null ? source : { ...source, host: address };
}

/** Where such a source may send ffmpeg: the host as it is written, and the address that answered. */
export function hostsOf(source: RtspSource, address: string | null): readonly string[] {
  return [source.host, address ?? source.host];
}

/** Host and port as people write them. */
export function addressOf(source: RtspSource): string {
  return `${bracketed(source.host)}:${source.port}`;
}

/** The address for RTSP requests, without user and password. */
export function requestUrl(source: RtspSource): string {
  return `${source.isTls ? "rtsps" : "rtsp"}://${addressOf(source)}${source.path}`;
}

/** The address with every character of user and password percent-encoded that could mean anything to a parser. */
export function urlWithCredentials(source: RtspSource, credentials: CameraCredentials | null): string {
  if (!credentials) return requestUrl(source);
  const login = `${encoded(credentials.user)}:${encoded(credentials.password)}`;
  return `${source.isTls ? "rtsps" : "rtsp"}://${login}@${addressOf(source)}${source.path}`;
}

/** The path for people: values of a query and of `password=` in a path are hidden. */
export function shownPath(source: RtspSource): string {
  return source.path.replace(/([?&][^=&]+=)[^&]*/g, "$1…").replace(/((?:pass|password|pwd)=)[^&/_]*/gi, "$1…");
}

/** Percent-encodes all but letters, digits, `-`, `.` and `_`. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A lone % stands for itself.
  }
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 32 || code === 127) return true;
  }
  return false;
}
