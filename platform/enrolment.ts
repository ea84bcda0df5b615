/** Who may speak to this receiver: one file of public keys, and the receiver's own pair. */
import { createPublicKey, verify, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { GatewayError } from "../gateway/runtime/errors.ts";
import { writeWhole } from "../gateway/runtime/whole-file.ts";

const recordSchema = z.object({
  gw: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/),
  curvePublic: z.string().length(40),
  signPublic: z.string().refine((text) => Buffer.from(text, "base64").length === 32, "32 octets in base64"),
  /** Of a relay: the gateways whose events it may hand on; `*` stands for any. */
  children: z.array(z.string().max(40)).max(1_024).optional(),
  /** The point 04‖X‖Y with which the box signs its events, hex. */
  sm2Public: z
    .string()
    .regex(/^04[0-9a-f]{128}$/)
    .optional(),
});
const fileSchema = z.object({ schema: z.literal("xueliang.enrolled/1"), boxes: z.array(recordSchema) });

/** What a box shows of itself; nothing of it is secret. */
export type EnrolmentRecord = z.output<typeof recordSchema>;

// SPKI of an Ed25519 key without the key itself (RFC 8410).
const spkiHead = Buffer.from("302a300506032b6570032100", "hex");

/** The enrolled boxes of one receiver. */
export class Enrolled {
  readonly #path: string;
  readonly #boxes = new Map<string, { readonly record: EnrolmentRecord; readonly key: KeyObject }>();
  /** Asked at each connection: a city's boxes come all at once. */
  #curveKeys = new Set<string>();

  private constructor(path: string, records: readonly EnrolmentRecord[]) {
    this.#path = path;
    for (const record of records) this.#add(record);
  }

  /** Reads `enrolled.json` in `folder`; an absent file means that nobody is enrolled yet. Throws GatewayError KEYS_UNREADABLE. */
  static open(folder: string): Enrolled {
    const path = join(folder, "enrolled.json");
    try {
      return new Enrolled(path, fileSchema.parse(JSON.parse(readFileSync(path, "utf8"))).boxes);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Enrolled(path, []);
      throw new GatewayError(
        "KEYS_UNREADABLE",
        { path, detail: "its content is not a list of enrolled boxes" },
        { cause: error },
      );
    }
  }

  /** Adds or replaces a box; durable on return. Throws GatewayError ENROLMENT_INVALID. */
  async enrol(record: unknown): Promise<EnrolmentRecord> {
    const parsed = recordSchema.safeParse(record);
    if (!parsed.success)
      throw new GatewayError("ENROLMENT_INVALID", { detail: parsed.error.issues[0]?.path.join(".") ?? "" });
    this.#add(parsed.data);
    await this.#save();
    return parsed.data;
  }

  /** Takes the right to speak away; durable on return. */
  async revoke(gw: string): Promise<void> {
    this.#boxes.delete(gw);
    this.#curveKeys = new Set([...this.#boxes.values()].map(({ record }) => record.curvePublic));
    await this.#save();
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
    return this.#boxes.get(gw)?.record.sm2Public ?? null;
  }

  /** Whether `gw` may hand on what `origin` made. */
  mayRelay(gw: string, origin: string): boolean {
    const children = this.#boxes.get(gw)?.record.children ?? [];
    return children.includes(origin) || children.includes("*");
  }

  verify(gw: string, text: string, signature: string): boolean {
    const box = this.#boxes.get(gw);
    return box !== undefined && verify(null, Buffer.from(text), box.key, Buffer.from(signature, "base64"));
  }

  #add(record: EnrolmentRecord): void {
    const key = createPublicKey({
      key: Buffer.concat([spkiHead, Buffer.from(record.signPublic, "base64")]),
      format: "der",
      type: "spki",
    });
    const older = this.#boxes.get(record.gw)?.record.curvePublic;
    if (older !== undefined) this.#curveKeys.delete(older);
    this.#boxes.set(record.gw, { record, key });
    this.#curveKeys.add(record.curvePublic);
  }

  async #save(): Promise<void> {
    const boxes = [...this.#boxes.values()].map((box) => box.record);
    await writeWhole(this.#path, Buffer.from(`${JSON.stringify({ schema: "xueliang.enrolled/1", boxes }, null, 2)}\n`));
  }
}
