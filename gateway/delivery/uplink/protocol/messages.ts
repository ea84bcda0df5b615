/** The messages of UP1 as types, and the check that a header from outside is one of them. */
import { z } from "zod";
import { chunkBytes, maxBatchEvents, maxSackRanges } from "./limits.ts";

const count = z.int().min(0);
const seq = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const lane = z.int().min(0).max(2);
const laneKey = z.enum(["0", "1", "2"]);
const gw = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/);
const hex32 = z.string().regex(/^[0-9a-f]{32}$/);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** 32 octets of a CURVE key in Z85. */
const curveKey = z.string().regex(/^[0-9A-Za-z.\-:+=^!/*?&<>()[\]{}@%$#]{40}$/);
const sock = z.enum(["E", "B"]);
const text = z.string().max(200);
/** Ranges of numbers, both ends within, one after another in one flat list: from, to, from, to. */
const ranges = z.array(seq.min(1)).max(2 * maxSackRanges);
const credit = z.object({ msgs: count, bytes: count });

/** Error codes of ERR and NACK. */
export const errorCodes = [
  "bad-frame",
  "too-big",
  "bad-json",
  "unauth",
  "revoked",
  "busy",
  "wrong-epoch",
  "seq-gap",
  "seq-conflict",
  "quarantined",
  "quota",
  "unsupported",
  "draining",
  "internal",
] as const;
const code = z.enum(errorCodes);

/** accepted and running say that there is more to come; the others are last words. */
export const commandStates = ["accepted", "running", "done", "failed", "denied", "expired"] as const;
/** State of a command. */
export type CommandState = (typeof commandStates)[number];

/** Header of each message; fields that are not named here are ignored. */
export const headers = {
  HELLO: z.object({
    v: z.array(z.int()).min(1).max(8),
    gw,
    role: z.enum(["box", "relay"]),
    sock,
    epoch: hex32,
    boot: hex32,
    nonce: hex32,
    caps: z.array(z.string().max(32)).max(16),
    sw: z.string().max(64),
    heads: z.partialRecord(laneKey, seq),
    t: z.number(),
  }),
  CHAL: z.object({ sid: hex32, nonce: hex32, alg: z.literal("ed25519"), t: z.number() }),
  AUTH: z.object({ sig: z.string().max(128) }),
  REKEY: z.object({ curvePublic: z.string().length(40), signPublic: z.string().max(64), proof: z.string().max(128) }),
  REKEYED: z.object({ curvePublic: z.string().length(40), taken: z.boolean(), detail: text }),
  READY: z.object({
    v: z.int(),
    sid: hex32,
    lanes: z.partialRecord(laneKey, z.object({ acked: seq, lastId: z.string().max(128), final: seq.optional() })),
    limits: z.object({ maxEvent: count, maxBatch: count, maxBlob: count, maxChunk: count }),
    credit,
    hb: z.int().min(1).max(300),
    t: z.number(),
    caps: z.array(z.string().max(32)).max(16),
    nextServerKey: curveKey.optional(),
  }),
  EVT: z.object({
    lane,
    first: seq.min(1),
    sizes: z.array(z.int().min(1)).min(1).max(maxBatchEvents),
    codec: z.literal("json"),
    via: z.array(gw).max(8).optional(),
  }),
  ACK: z.object({
    lanes: z.partialRecord(laneKey, z.object({ cum: seq, final: seq.optional(), sack: ranges.optional() })),
    credit,
  }),
  NACK: z.object({ lane, seq, code, retry: z.enum(["never", "later"]), detail: text }),
  GAP: z.object({ lane, from: seq.min(1), to: seq.min(1), reason: z.string().max(64) }),
  OFFER: z.object({
    sha256: digest,
    sm3: digest.optional(),
    size: z.int().min(1),
    type: z.string().max(64),
    ev: z.string().max(128),
    kind: z.enum(["thumb", "snapshot", "clip"]),
  }),
  WANT: z.object({ sha256: digest, off: count, have: z.boolean().optional(), refuse: code.optional(), bcredit: count }),
  DATA: z.object({ sha256: digest, off: count, crc32: z.int().min(0).max(0xffffffff) }),
  BACK: z.object({
    sha256: digest,
    durable: count,
    done: z.boolean().optional(),
    bad: z.boolean().optional(),
    bcredit: count,
  }),
  ASK: z.object({ cmd: hex32, sha256: digest, off: count, size: z.int().min(1).max(chunkBytes) }),
  GIVE: z.object({
    cmd: hex32,
    sha256: digest,
    off: count,
    crc32: z.int().min(0).max(0xffffffff),
    refuse: text.optional(),
  }),
  BEAT: z.object({
    t0: z.number(),
    t1: z.number().optional(),
    t2: z.number().optional(),
    health: z.record(z.string().max(32), z.union([z.number(), z.string().max(200), z.boolean(), z.null()])).optional(),
  }),
  CMD: z.object({ cmd: hex32, gw, alg: z.enum(["ed25519", "sm2"]), key: z.string().max(32), sig: z.string().max(200) }),
  RES: z.object({
    cmd: hex32,
    gw,
    state: z.enum(commandStates),
    part: z.int().min(1).max(64),
    parts: z.int().min(1).max(64),
    detail: text,
  }),
  ERR: z.object({ code, fatal: z.boolean(), retryAfter: z.number().min(0).optional(), detail: text }),
  BYE: z.object({ reason: text, retryAfter: z.number().min(0).optional() }),
} as const;

/** Octet behind "UP1" on the wire. */
export const typeOctets = {
  HELLO: 0x01,
  CHAL: 0x02,
  AUTH: 0x03,
  READY: 0x04,
  REKEY: 0x05,
  REKEYED: 0x06,
  EVT: 0x10,
  ACK: 0x11,
  NACK: 0x12,
  GAP: 0x13,
  OFFER: 0x20,
  WANT: 0x21,
  DATA: 0x22,
  BACK: 0x23,
  ASK: 0x24,
  GIVE: 0x25,
  BEAT: 0x30,
  CMD: 0x40,
  RES: 0x41,
  ERR: 0x7e,
  BYE: 0x7f,
} as const satisfies Record<keyof typeof headers, number>;

/** Name of a message. */
export type Kind = keyof typeof headers;
/** Header of a message of one kind. */
export type Header<K extends Kind> = z.output<(typeof headers)[K]>;
/** A lane as a key of a header. */
export type LaneKey = z.output<typeof laneKey>;
/** Code of ERR and NACK. */
export type WireCode = z.output<typeof code>;

/** One message: its kind, its header, and its payload for EVT, DATA, GIVE, CMD and RES. */
export type Message = {
  [K in Kind]: { readonly kind: K; readonly header: Header<K>; readonly payload?: Uint8Array };
}[Kind];

/** The text that AUTH signs: fresh by the platform's nonce, bound to this box, session and server key. No field can hold a line feed. */
export function authText(fields: {
  readonly gw: string;
  readonly epoch: string;
  readonly sock: string;
  readonly nonceBox: string;
  readonly noncePlatform: string;
  readonly sid: string;
  readonly serverKey: string;
}): string {
  return [
    "UP1-AUTH",
    fields.gw,
    fields.epoch,
    fields.sock,
    fields.nonceBox,
    fields.noncePlatform,
    fields.sid,
    fields.serverKey,
  ].join("\n");
}

/** What a box signs with its new key, to show that it holds it: bound to this session, which the former key has opened. */
export function rekeyText(fields: {
  readonly gw: string;
  readonly sid: string;
  readonly curvePublic: string;
  readonly signPublic: string;
}): string {
  return ["UP1-REKEY", fields.gw, fields.sid, fields.curvePublic, fields.signPublic].join("\n");
}
