/** The evidence folder of a simulated platform: parts that grow, whole files under their digest, and what a power cut leaves of them. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Header } from "../protocol/messages.ts";
import type { Random } from "./random.ts";

/** What a platform does with evidence, as specified or weaker. */
export interface EvidenceVariant {
  readonly name: string;
  /** False: a piece, and a whole file, is acknowledged before it is on the disk. */
  readonly flushesFirst: boolean;
  /** False: whatever has come in full is taken for whole. */
  readonly checksDigest: boolean;
}

/** As specified. */
export const specifiedEvidence: EvidenceVariant = {
  name: "specified",
  flushesFirst: true,
  checksDigest: true,
};

/** Each must lose something, or take it for what it is not. */
export const weakenedEvidence: readonly EvidenceVariant[] = [
  { ...specifiedEvidence, name: "acknowledged before it is on the disk", flushesFirst: false },
  { ...specifiedEvidence, name: "no digest is compared", checksDigest: false },
];

interface Part {
  readonly bytes: Uint8Array;
  length: number;
  flushed: number;
}

/** One folder; receivers side by side share it. */
export class EvidenceStore {
  readonly #variant: EvidenceVariant;
  readonly #random: Random;
  readonly #parts = new Map<string, Part>();
  readonly #whole = new Map<string, { readonly bytes: Uint8Array; flushed: boolean }>();
  /** A write that a power cut tears may leave its length without its octets; once a seed is enough. */
  #mayTear = true;

  constructor(variant: EvidenceVariant, random: Random) {
    this.#variant = variant;
    this.#random = random;
  }

  /** A whole file; null: not here. */
  whole(sha256: string): Uint8Array | null {
    return this.#whole.get(sha256)?.bytes ?? null;
  }

  /** What the box hears of its offer. */
  offer({ sha256, size }: Header<"OFFER">): Omit<Header<"WANT">, "bcredit"> {
    if (this.#whole.has(sha256)) return { sha256, off: 0, have: true };
    const part = this.#parts.get(sha256);
    return { sha256, off: Math.min(part?.length ?? 0, size - 1) };
  }

  /**
   * Writes a piece. The caller flushes when the disk has had its time, and only then says what is returned.
   * @returns null: it begins behind what is here
   */
  append(
    { sha256, off, crc32: sum }: Header<"DATA">,
    bytes: Uint8Array,
    size: number,
  ): Omit<Header<"BACK">, "bcredit"> | null {
    if (crc32(bytes) !== sum || off + bytes.length > size) return { sha256, durable: 0, bad: true };
    const part = this.#parts.get(sha256) ?? { bytes: new Uint8Array(size), length: 0, flushed: 0 };
    if (off > part.length) return null;
    this.#parts.set(sha256, part);
    part.bytes.set(bytes, off);
    part.length = off + bytes.length;
    part.flushed = Math.min(part.flushed, off);
    if (part.length < size) return { sha256, durable: part.length };
    if (this.#variant.checksDigest && createHash("sha256").update(part.bytes).digest("hex") !== sha256) {
      this.#parts.delete(sha256);
      return { sha256, durable: 0, bad: true };
    }
    this.#parts.delete(sha256);
    this.#whole.set(sha256, { bytes: part.bytes, flushed: false });
    return { sha256, durable: 0, done: true };
  }

  /** Everything that was written is on the disk. */
  flush(): void {
    for (const part of this.#parts.values()) part.flushed = part.length;
    for (const whole of this.#whole.values()) whole.flushed = true;
  }

  /** What was not flushed is gone, or is there by its length alone. */
  powerCut(): void {
    for (const [sha256, whole] of this.#whole) if (!whole.flushed) this.#whole.delete(sha256);
    for (const part of this.#parts.values()) {
      if (part.flushed < part.length && this.#mayTear && this.#random.chance(0.5)) {
        part.bytes.fill(0, part.flushed, part.length);
        this.#mayTear = false;
      } else part.length = part.flushed;
    }
  }
}
