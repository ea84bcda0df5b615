/** Evidence on its way in: a part file that grows, and a whole file under its digest when the bytes agree. */
import { createHash } from "node:crypto";
import { open, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import type { Header } from "../gateway/delivery/uplink/protocol/messages.ts";
import type { ReadEvent } from "../gateway/delivery/uplink/protocol/read-event.ts";
import { GatewayError } from "../gateway/runtime/errors.ts";
import { makeFolder, moveWhole } from "../gateway/runtime/whole-file.ts";
import type { Sink } from "./sink.ts";

/** What became of a piece: durable up to an offset, whole, or not what the digest says. */
export type Stored =
  | { readonly kind: "durable"; readonly off: number }
  | { readonly kind: "done"; readonly path: string }
  | { readonly kind: "bad" };

/** Whether an error is one of the moment, such as a full disk or a store that is away: the box asks again at its next session. */
export function isPassing(error: unknown): boolean {
  return error instanceof GatewayError ? error.retry !== "never" : error instanceof Error && "code" in error;
}

/** What the box hears of its offer; `off` as `Blobs.offer` said. */
export function wantOf({ sha256 }: Header<"OFFER">, off: number | null): Omit<Header<"WANT">, "bcredit"> {
  return off === null ? { sha256, off: 0, have: true } : { sha256, off };
}

/** What the box hears of a piece. */
export function backOf(sha256: string, stored: Stored): Omit<Header<"BACK">, "bcredit"> {
  if (stored.kind === "durable") return { sha256, durable: stored.off };
  return { sha256, durable: 0, ...(stored.kind === "done" ? { done: true } : { bad: true }) };
}

interface Part {
  readonly offer: Header<"OFFER">;
  readonly gw: string;
}

/** The evidence folder of a receiver. */
export class Blobs {
  readonly #folder: string;
  readonly #sink: Sink;
  readonly #nowMs: () => number;
  readonly #parts = new Map<string, Part>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(folder: string, sink: Sink, nowMs: () => number) {
    this.#folder = folder;
    this.#sink = sink;
    this.#nowMs = nowMs;
  }

  path(sha256: string, mediaType: string): string {
    return join(
      this.#folder,
      sha256.slice(0, 2),
      `${sha256}${mediaType === "image/jpeg" ? ".jpg" : mediaType === "video/mp4" ? ".mp4" : ".bin"}`,
    );
  }

  /** Where the evidence of an event lies or will lie, in its order. */
  pathsOf(event: ReadEvent): readonly string[] {
    const named = (event.data.evidence ?? []).filter(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256));
    return named.map(({ sha256, mediaType }) => this.path(sha256, mediaType));
  }

  /** Where to go on with a blob: null means that it is here already. */
  async offer(gw: string, offer: Header<"OFFER">): Promise<number | null> {
    return this.#inTurn(async () => {
      const whole = this.path(offer.sha256, offer.type);
      if (await isThere(whole)) {
        // Without its row when the end came between the two: what a box hears of as kept must be found.
        if (await this.#sink.evidence(offer.sha256)) return null;
        if ((await this.#finish({ offer, gw }, whole)).kind === "done") return null;
      }
      this.#parts.set(offer.sha256, { offer, gw });
      const size = await sizeOf(this.#partPath(offer.sha256));
      // A part as long as the whole that was not renamed: the end was cut off, so its last octet is asked for again.
      return Math.min(size, offer.size - 1);
    });
  }

  /** Adds a piece. The offset it must begin at is the one that `offer` or the last call said; null: it begins behind that, and is not kept. */
  async append(data: Header<"DATA">, bytes: Uint8Array): Promise<Stored | null> {
    return this.#inTurn(async () => {
      const part = this.#parts.get(data.sha256);
      if (!part || crc32(bytes) !== data.crc32 || data.off + bytes.length > part.offer.size) return { kind: "bad" };
      const path = this.#partPath(data.sha256);
      await makeFolder(dirname(path));
      if (data.off > (await sizeOf(path))) return null;
      await using file = await open(path, data.off === 0 ? "w" : "r+");
      try {
        await file.write(bytes, 0, bytes.length, data.off);
        await file.datasync();
      } catch (error) {
        // A flush that failed once says nothing true about what is there: the blob begins anew.
        await rm(path, { force: true });
        throw error;
      }
      const end = data.off + bytes.length;
      return end < part.offer.size ? { kind: "durable", off: end } : await this.#finish(part, path);
    });
  }

  async #finish(part: Part, path: string): Promise<Stored> {
    const { sha256, type, ev, size } = part.offer;
    this.#parts.delete(sha256);
    const [sha, sm3] = await digestsOf(path);
    if (sha !== sha256 || (part.offer.sm3 ?? sm3) !== sm3) {
      await rm(path, { force: true });
      return { kind: "bad" };
    }
    const whole = this.path(sha256, type);
    await moveWhole(path, whole);
    await this.#sink.keepEvidence(
      { sha256, sm3, bytes: size, mediaType: type, gw: part.gw, eventId: ev, path: whole },
      this.#nowMs(),
    );
    return { kind: "done", path: whole };
  }

  #partPath(sha256: string): string {
    return join(this.#folder, "parts", `${sha256}.part`);
  }

  /** One disk job after another: two sessions of one box must not write the same part at once. */
  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(job);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

async function digestsOf(path: string): Promise<readonly [string, string]> {
  const sha = createHash("sha256");
  const sm3 = createHash("sm3");
  await using file = await open(path, "r");
  for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
    sha.update(chunk);
    sm3.update(chunk);
  }
  return [sha.digest("hex"), sm3.digest("hex")];
}
