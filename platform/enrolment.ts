/** Who may speak to this receiver: one file of public keys, and the receiver's own pair. */
import { createPublicKey, verify, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { ChainedLog } from "./chained-log.ts";
import { GatewayError } from "../gateway/runtime/errors.ts";
import { writeWhole } from "../gateway/runtime/whole-file.ts";

const keysSchema = z.object({
  curvePublic: z.string().length(40),
  signPublic: z.string().refine((text) => Buffer.from(text, "base64").length === 32, "32 octets in base64"),
});
const recordSchema = keysSchema.extend({
  gw: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/),
  /** Keys that the box has shown and not used yet: both pairs are good until then. */
  next: keysSchema.optional(),
  /** Of a relay: the gateways whose events it may hand on; `*` stands for any. */
  children: z.array(z.string().max(40)).max(1_024).optional(),
  /** The point 04‖X‖Y with which the box signs its events, hex. */
  sm2Public: z
    .string()
    .regex(/^04[0-9a-f]{128}$/)
    .optional(),
});
const fileSchema = z.object({ schema: z.literal("xueliang.enrolled/1"), boxes: z.array(recordSchema) });

/** Public halves of a box's keys. */
export type PublicKeys = z.output<typeof keysSchema>;

/** A change of who may speak; a line of the log beside the file. */
interface Change {
  readonly at: string;
  readonly what: "enrolled" | "revoked" | "keys-offered" | "keys-renewed";
  readonly gw: string;
  /** First eight characters of the CURVE key that it is about. */
  readonly key: string;
}

/** What a box shows of itself; nothing of it is secret. */
export type EnrolmentRecord = z.output<typeof recordSchema>;

// SPKI of an Ed25519 key without the key itself (RFC 8410).
const spkiHead = Buffer.from("302a300506032b6570032100", "hex");

/** The enrolled boxes of one receiver. */
export class Enrolled {
  readonly #folder: string;
  readonly #boxes = new Map<string, EnrolmentRecord>();
  /** Asked at each connection and each session: a city's boxes come all at once. */
  readonly #curveKeys = new Map<string, string>();
  readonly #signKeys = new Map<string, KeyObject>();
  #log: Promise<ChainedLog<Change>> | null = null;

  private constructor(folder: string, records: readonly EnrolmentRecord[]) {
    this.#folder = folder;
    for (const record of records) this.#put(record);
  }

  /** Reads `enrolled.json` in `folder`; an absent file means that nobody is enrolled yet. Throws GatewayError KEYS_UNREADABLE. */
  static open(folder: string): Enrolled {
    const path = join(folder, "enrolled.json");
    try {
      return new Enrolled(folder, fileSchema.parse(JSON.parse(readFileSync(path, "utf8"))).boxes);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Enrolled(folder, []);
      throw new GatewayError(
        "KEYS_UNREADABLE",
        { path, detail: "its content is not a list of enrolled boxes" },
        { cause: error },
      );
    }
  }

  /**
   * Adds or replaces a box; durable on return. Throws GatewayError ENROLMENT_INVALID, ENROLMENT_TWICE.
   * @param takesOver a key may pass from one box to another: a list of all of them says so
   */
  async enrol(record: unknown, { takesOver = false }: { readonly takesOver?: boolean } = {}): Promise<EnrolmentRecord> {
    const parsed = recordSchema.safeParse(record);
    if (!parsed.success)
      throw new GatewayError("ENROLMENT_INVALID", { detail: parsed.error.issues[0]?.path.join(".") ?? "" });
    const { gw, curvePublic } = parsed.data;
    // Two boxes with one key would be one box: whoever shuts the one out would shut out both.
    const other = this.#curveKeys.get(curvePublic) ?? gw;
    if (other !== gw && !takesOver) throw new GatewayError("ENROLMENT_TWICE", { gw, other });
    if (!isDeepStrictEqual(this.#boxes.get(gw), parsed.data)) await this.#change("enrolled", gw, parsed.data);
    return parsed.data;
  }

  /** Takes the right to speak away; durable on return. */
  async revoke(gw: string): Promise<void> {
    await this.#change("revoked", gw, null);
  }

  /** Takes new keys of a box beside its own: from here on either pair is good. Durable on return. */
  async offer(gw: string, { curvePublic, signPublic }: PublicKeys): Promise<boolean> {
    const record = this.#boxes.get(gw);
    const next = keysSchema.safeParse({ curvePublic, signPublic });
    // Nobody else's key: two boxes with one would be one box.
    const owner = this.#curveKeys.get(curvePublic);
    if (!record || !next.success || (owner !== undefined && owner !== gw)) return false;
    if (record.next?.curvePublic !== curvePublic)
      await this.#change("keys-offered", gw, { ...record, next: next.data });
    return true;
  }

  /** The box has spoken with its new keys: they take the place of the former ones, in one write. False: it has none. */
  async renewed(gw: string): Promise<boolean> {
    const record = this.#boxes.get(gw);
    if (!record?.next) return false;
    const { next, ...before } = record;
    await this.#change("keys-renewed", gw, { ...before, ...next });
    return true;
  }

  get names(): readonly string[] {
    return [...this.#boxes.keys()];
  }

  has(gw: string): boolean {
    return this.#boxes.has(gw);
  }

  /** Whether some enrolled box has this CURVE key (Z85). Which box it is, AUTH tells. */
  knowsCurveKey(curvePublic: string): boolean {
    return this.#curveKeys.has(curvePublic);
  }

  /** The point with which `gw` signs its events; null: it signs none. */
  sm2Key(gw: string): string | null {
    return this.#boxes.get(gw)?.sm2Public ?? null;
  }

  /** Whether `gw` may hand on what `origin` made. */
  mayRelay(gw: string, origin: string): boolean {
    const children = this.#boxes.get(gw)?.children ?? [];
    return children.includes(origin) || children.includes("*");
  }

  /** Which of its keys `gw` has signed `text` with; null: none. */
  signedBy(gw: string, text: string, signature: string): "own" | "next" | null {
    const record = this.#boxes.get(gw);
    if (!record) return null;
    if (this.proves(record.signPublic, text, signature)) return "own";
    return record.next && this.proves(record.next.signPublic, text, signature) ? "next" : null;
  }

  /** Whether `signPublic` (raw Ed25519, base64) has signed `text`. Never throws. */
  proves(signPublic: string, text: string, signature: string): boolean {
    try {
      const key = this.#signKeys.get(signPublic) ?? keyOf(signPublic);
      return verify(null, Buffer.from(text), key, Buffer.from(signature, "base64"));
    } catch {
      return false; // A key of the wrong length is a wrong one.
    }
  }

  #put(record: EnrolmentRecord): void {
    this.#boxes.set(record.gw, record);
    for (const { curvePublic, signPublic } of [record, ...(record.next ? [record.next] : [])]) {
      this.#curveKeys.set(curvePublic, record.gw);
      this.#signKeys.set(signPublic, keyOf(signPublic));
    }
  }

  #drop(gw: string): void {
    const record = this.#boxes.get(gw);
    this.#boxes.delete(gw);
    for (const { curvePublic, signPublic } of record ? [record, ...(record.next ? [record.next] : [])] : []) {
      if (this.#curveKeys.get(curvePublic) === gw) this.#curveKeys.delete(curvePublic);
      this.#signKeys.delete(signPublic);
    }
  }

  /** Line first, then the whole file at once, then memory: a power cut leaves the one state or the other. */
  async #change(what: Change["what"], gw: string, record: EnrolmentRecord | null): Promise<void> {
    const key = (record?.next ?? record ?? this.#boxes.get(gw))?.curvePublic.slice(0, 8) ?? "";
    this.#log ??= ChainedLog.open(join(this.#folder, "enrolled-log.ndjson"));
    await (await this.#log).append({ at: new Date().toISOString(), what, gw, key });
    const boxes = [...this.#boxes.values()].filter((box) => box.gw !== gw).concat(record ? [record] : []);
    const file = { schema: "xueliang.enrolled/1", boxes };
    await writeWhole(join(this.#folder, "enrolled.json"), Buffer.from(`${JSON.stringify(file, null, 2)}\n`));
    this.#drop(gw);
    if (record) this.#put(record);
  }
}

function keyOf(signPublic: string): KeyObject {
  const raw = Buffer.from(signPublic, "base64");
  return createPublicKey({ key: Buffer.concat([spkiHead, raw]), format: "der", type: "spki" });
}
