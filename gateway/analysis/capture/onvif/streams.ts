/** Which streams a camera offers, asked over ONVIF with the user's password: profiles, then their RTSP addresses. */
import { createHash, randomBytes } from "node:crypto";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { CameraCredentials } from "../../../config/schema.ts";
import { CameraError } from "../../../runtime/errors.ts";
import { cameraAddress } from "../camera-address.ts";
import { all, escaped, first, maxXmlChars, textIn, xmlOf, type Element } from "./xml.ts";

/** One stream. */
export interface OnvifStream {
  readonly name: string;
  /** Without a login; on the host that was asked. */
  readonly url: string;
  /** `H264`, `H265`, `JPEG`, as the camera says; empty when it does not. */
  readonly codec: string;
  readonly widthPx: number | null;
  readonly heightPx: number | null;
}

/** Where to ask. */
export interface OnvifOptions {
  /** `http://192.168.1.64/onvif/device_service` */
  readonly service: string;
  readonly credentials: CameraCredentials | null;
  readonly signal: AbortSignal;
}

/** With the address that was found good; every question goes there. */
interface Way extends OnvifOptions {
  readonly address: string;
}

/** A recorder may have dozens of channels, each with two or three. */
const maxStreams = 64;
const callMs = 5_000;
const device = "http://www.onvif.org/ver10/device/wsdl";
const media = "http://www.onvif.org/ver10/media/wsdl";

/** The largest picture first. @throws CameraError CAMERA_ONVIF, CAMERA_UNAUTHORIZED, CAMERA_PASSWORD_MISSING, CAMERA_NAME_UNKNOWN, CAMERA_ADDRESS_REFUSED */
export async function onvifStreams(options: OnvifOptions): Promise<readonly OnvifStream[]> {
  const { host, hostname } = new URL(options.service);
  const address = await cameraAddress(hostname.replace(/^\[(.*)\]$/, "$1"), host, options.signal);
  const way: Way = { ...options, address };
  const aheadMs = await clockAhead(way);
  const ask = (service: string, body: string): Promise<Element> => call(way, service, body, aheadMs);
  const capabilities = await ask(
    options.service,
    `<GetCapabilities xmlns="${device}"><Category>Media</Category></GetCapabilities>`,
  );
  const named = first(capabilities, "Media");
  const service = onHost(named ? textIn(named, "XAddr") : "", host) ?? options.service;
  const profiles = all(await ask(service, `<GetProfiles xmlns="${media}"/>`), "Profiles").slice(0, maxStreams);
  const streams: OnvifStream[] = [];
  for (const profile of profiles) {
    const token = escaped(profile.attributes["token"] ?? "");
    const setup = `<StreamSetup><Stream xmlns="http://www.onvif.org/ver10/schema">RTP-Unicast</Stream><Transport xmlns="http://www.onvif.org/ver10/schema"><Protocol>RTSP</Protocol></Transport></StreamSetup>`;
    const answer = await ask(
      service,
      `<GetStreamUri xmlns="${media}">${setup}<ProfileToken>${token}</ProfileToken></GetStreamUri>`,
    );
    const url = rtspOn(textIn(answer, "Uri"), hostname);
    if (url !== null) streams.push(streamOf(profile, url));
  }
  if (streams.length === 0) throw new CameraError("CAMERA_ONVIF", { camera: host, detail: "no stream" });
  return streams.toSorted((a, b) => (b.widthPx ?? 0) - (a.widthPx ?? 0));
}

function streamOf(profile: Element, url: string): OnvifStream {
  const coder = first(profile, "VideoEncoderConfiguration");
  const size = (name: string): number | null => (coder && Number(textIn(coder, name))) || null;
  return {
    name: (textIn(profile, "Name") || (profile.attributes["token"] ?? "")).slice(0, 64),
    url,
    codec: (coder ? textIn(coder, "Encoding") : "").slice(0, 16),
    widthPx: size("Width"),
    heightPx: size("Height"),
  };
}

/** A camera behind a router names its inner address; the one that was asked is the one that can be reached. */
function onHost(address: string, host: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (!/^https?:$/.test(url.protocol)) return null;
  url.host = host;
  return url.href;
}

function rtspOn(uri: string, hostname: string): string | null {
  const found = /^(rtsps?):\/\/(?:[^/@]*@)?[^/:]+(:\d{1,5})?(\/[^\s]*)?$/i.exec(uri);
  return found ? `${found[1]?.toLowerCase() ?? "rtsp"}://${hostname}${found[2] ?? ":554"}${found[3] ?? "/"}` : null;
}

/** The camera's clock minus ours: its password check counts by its own. It tells the time to strangers. */
async function clockAhead(options: Way): Promise<number> {
  const question = `<GetSystemDateAndTime xmlns="${device}"/>`;
  const answer = await call({ ...options, credentials: null }, options.service, question, 0);
  const utc = first(answer, "UTCDateTime");
  if (!utc) return 0;
  const [year = 0, month = 1, ...rest] = ["Year", "Month", "Day", "Hour", "Minute", "Second"].map((name) =>
    Number(textIn(utc, name)),
  );
  const [day = 1, hour = 0, minute = 0, second = 0] = rest;
  const theirs = Date.UTC(year, month - 1, day, hour, minute, second);
  return Number.isFinite(theirs) && year > 1990 ? theirs - Date.now() : 0;
}

async function call(options: Way, service: string, body: string, aheadMs: number): Promise<Element> {
  const { credentials, signal, address } = options;
  const camera = new URL(options.service).host;
  const head = credentials ? `<s:Header>${usernameToken(credentials, Date.now() + aheadMs)}</s:Header>` : "";
  const text = `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">${head}<s:Body>${body}</s:Body></s:Envelope>`;
  const { status, answer } = await post(service, text, {
    address,
    signal: AbortSignal.any([signal, AbortSignal.timeout(callMs)]),
  }).catch((cause: unknown) => {
    signal.throwIfAborted();
    const detail = cause instanceof Error && "code" in cause ? String(cause.code) : "no answer";
    throw new CameraError("CAMERA_ONVIF", { camera, detail }, { cause });
  });
  const root = xmlOf(answer);
  const isRefused = status === 401 || status === 403 || /NotAuthorized|SenderNotAuthorized/.test(answer);
  if (isRefused) throw new CameraError(credentials ? "CAMERA_UNAUTHORIZED" : "CAMERA_PASSWORD_MISSING", { camera });
  if (!root || status !== 200 || first(root, "Fault"))
    throw new CameraError("CAMERA_ONVIF", { camera, detail: root ? `status ${status}` : "not ONVIF" });
  return root;
}

/** No redirect is followed: the answer comes from the host that was asked, or not at all. */
function post(
  service: string,
  text: string,
  { address, signal }: Pick<Way, "address" | "signal">,
): Promise<{ status: number; answer: string }> {
  const url = new URL(service);
  // A camera signs its certificate itself; the password travels as a digest, never in the clear.
  const ask = url.protocol === "https:" ? httpsRequest : httpRequest;
  const headers = { "content-type": "application/soap+xml; charset=utf-8", "content-length": Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    const asked = ask(
      url,
      { method: "POST", headers, signal, lookup: found(address), rejectUnauthorized: false },
      (response) => {
        let answer = "";
        response.setEncoding("utf8").on("data", (piece: string) => {
          answer += piece;
          if (answer.length > maxXmlChars) response.destroy(new Error("too long"));
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, answer })).on("error", reject);
      },
    );
    asked.on("error", reject).end(text);
  });
}

/** Answers every question for an address with the one that was found. */
function found(address: string): LookupFunction {
  const family = isIP(address);
  return (_host, { all }, done) => (all === true ? done(null, [{ address, family }]) : done(null, address, family));
}

/** WS-Security UsernameToken 1.0: digest = base64(SHA-1(nonce + created + password)). */
function usernameToken({ user, password }: CameraCredentials, nowMs: number): string {
  const wss = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss";
  const nonce = randomBytes(16);
  const created = new Date(nowMs).toISOString();
  const digest = createHash("sha1").update(nonce).update(created).update(password).digest("base64");
  return `<w:Security xmlns:w="${wss}-wssecurity-secext-1.0.xsd" xmlns:u="${wss}-wssecurity-utility-1.0.xsd" s:mustUnderstand="1"><w:UsernameToken><w:Username>${escaped(user)}</w:Username><w:Password Type="${wss}-username-token-profile-1.0#PasswordDigest">${digest}</w:Password><w:Nonce EncodingType="${wss}-soap-message-security-1.0#Base64Binary">${nonce.toString("base64")}</w:Nonce><u:Created>${created}</u:Created></w:UsernameToken></w:Security>`;
}
