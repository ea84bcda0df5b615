/** Messages to ZeroMQ frames and back; pure. */
import { maxHeaderBytes, maxPayloadBytes } from "./limits.ts";
import { headers, typeOctets, type Kind, type Message, type WireCode } from "./messages.ts";

const kinds = new Map<number, Kind>(Object.entries(typeOctets).map(([kind, octet]) => [octet, kind as Kind]));
const withPayload: ReadonlySet<Kind> = new Set<Kind>(["EVT", "DATA", "GIVE", "CMD", "RES"]);
const maxDepth = 4;

/** What a decoder says of frames it cannot take. */
export interface BadFrames {
  readonly bad: WireCode;
  readonly detail: string;
}

/** Frames of `message`. Throws RangeError for a header or payload over its limit: that is a bug of the caller. */
export function encode(message: Message): readonly Uint8Array[] {
  const magic = Uint8Array.of(0x55, 0x50, 0x31, typeOctets[message.kind]);
  const header = new TextEncoder().encode(JSON.stringify(message.header));
  if (header.length > maxHeaderBytes) throw new RangeError(`header of ${message.kind} has ${header.length} bytes`);
  if (message.payload && message.payload.length > maxPayloadBytes)
    throw new RangeError(`payload of ${message.kind} has ${message.payload.length} bytes`);
  return message.payload ? [magic, header, message.payload] : [magic, header];
}

/** The message in `frames`, or what is wrong with them. Never throws, whatever comes in. */
export function decode(frames: readonly Uint8Array[]): Message | BadFrames {
  const [magic, headerBytes, payload] = frames;
  if (!magic || !headerBytes || frames.length > 3) return bad("bad-frame", `${frames.length} frames`);
  if (magic.length !== 4 || magic[0] !== 0x55 || magic[1] !== 0x50 || magic[2] !== 0x31)
    return bad("bad-frame", "no UP1 magic");
  const kind = kinds.get(magic[3] ?? 0);
  if (!kind) return bad("unsupported", `type ${magic[3] ?? 0}`);
  if (headerBytes.length > maxHeaderBytes) return bad("too-big", `header of ${headerBytes.length} bytes`);
  if (payload && payload.length > maxPayloadBytes) return bad("too-big", `payload of ${payload.length} bytes`);
  if (withPayload.has(kind) !== (payload !== undefined))
    return bad("bad-frame", `${kind} with ${frames.length} frames`);
  const parsed = parsedHeader(headerBytes);
  if (parsed === null) return bad("bad-json", `header of ${kind} is not JSON`);
  const header = headers[kind].safeParse(parsed);
  if (!header.success) return bad("bad-json", `${kind}: ${header.error.issues[0]?.path.join(".") ?? ""}`.slice(0, 200));
  return { kind, header: header.data, ...(payload ? { payload } : {}) } as Message;
}

/** Events to one payload: a JSON array in which each event keeps its bytes. */
export function packEvents(bodies: readonly Uint8Array[]): { readonly payload: Uint8Array; readonly sizes: number[] } {
  const total = bodies.reduce((sum, body) => sum + body.length + 1, 1);
  const payload = new Uint8Array(total);
  let at = 0;
  for (const [i, body] of bodies.entries()) {
    payload[at] = i === 0 ? 0x5b : 0x2c;
    payload.set(body, at + 1);
    at += body.length + 1;
  }
  payload[at] = 0x5d;
  return { payload, sizes: bodies.map((body) => body.length) };
}

/** The bytes of each event, or null when sizes and payload disagree. */
export function unpackEvents(payload: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] | null {
  const bodies: Uint8Array[] = [];
  let at = 0;
  for (const [i, size] of sizes.entries()) {
    if (payload[at] !== (i === 0 ? 0x5b : 0x2c) || at + 1 + size > payload.length) return null;
    bodies.push(payload.subarray(at + 1, at + 1 + size));
    at += size + 1;
  }
  return payload[at] === 0x5d && at + 1 === payload.length ? bodies : null;
}

function bad(code: WireCode, detail: string): BadFrames {
  return { bad: code, detail };
}

function parsedHeader(bytes: Uint8Array): unknown {
  // Depth before parsing: a parser that recurses must not meet four thousand brackets.
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < bytes.length; i += 1) {
    const octet = bytes[i];
    if (quoted) {
      if (octet === 0x5c) i += 1;
      else if (octet === 0x22) quoted = false;
      continue;
    }
    if (octet === 0x22) quoted = true;
    else if (octet === 0x7b || octet === 0x5b) depth += 1;
    else if (octet === 0x7d || octet === 0x5d) depth -= 1;
    if (depth > maxDepth) return null;
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch {
    return null;
  }
}
