/** How much evidence may be on the way at once, so that an alarm that shares the line waits at most a quarter of a second behind it; pure. */
import { chunkBytes, maxPayloadBytes, minChunkBytes } from "./limits.ts";

/** Queueing in front of an alarm, ms, below which the window grows and above which it shrinks (after RFC 6817, LEDBAT). */
const growBelowMs = 40;
const shrinkAboveMs = 90;
/** Within this way, there and back, the largest payload on the way fills 32 Mbit/s: more of it would only be lost when the line breaks. */
const shortWayMs = 16;

/** The window of one session. */
export class BulkPace {
  #windowBytes = 4 * minChunkBytes;
  /** The quickest answer of this session: what the way itself takes. */
  #wayMs = Number.POSITIVE_INFINITY;
  #cutMs = Number.NEGATIVE_INFINITY;
  #sent: readonly { readonly end: number; readonly bytes: number; readonly atMs: number }[] = [];

  /** A blob begins, or begins again: what was on the way for another no longer counts. */
  restart(): void {
    this.#sent = [];
  }

  /** Octets of the next chunk; 0: wait for an answer first. */
  next(maxChunk: number): number {
    const onTheWay = this.#sent.reduce((sum, piece) => sum + piece.bytes, 0);
    const roomBytes = this.#mostBytes - onTheWay;
    if (onTheWay >= this.#windowBytes || roomBytes < minChunkBytes) return 0;
    return Math.min(maxChunk, chunkBytes, roomBytes, Math.max(minChunkBytes, Math.floor(this.#windowBytes / 2)));
  }

  /** What a cut may cost: one payload where that fills the line, in proportion more the longer the way. */
  get #mostBytes(): number {
    const ways = Number.isFinite(this.#wayMs) ? this.#wayMs / shortWayMs : 1;
    return Math.min(8 * chunkBytes, Math.floor(maxPayloadBytes * Math.max(1, ways)));
  }

  sent(end: number, bytes: number, nowMs: number): void {
    this.#sent = [...this.#sent, { end, bytes, atMs: nowMs }];
  }

  /** The platform has everything up to `durable` on its disk. */
  stored(durable: number, nowMs: number): void {
    const done = this.#sent.filter((piece) => piece.end <= durable).at(-1);
    if (!done) return;
    const bytes = this.#sent.reduce((sum, piece) => sum + (piece.end <= durable ? piece.bytes : 0), 0);
    this.#sent = this.#sent.filter((piece) => piece.end > durable);
    const tookMs = nowMs - done.atMs;
    this.#wayMs = Math.min(this.#wayMs, tookMs);
    const queuedMs = tookMs - this.#wayMs;
    if (queuedMs < growBelowMs) this.#windowBytes = Math.min(8 * chunkBytes, this.#windowBytes + Math.ceil(bytes / 4));
    // Once per way there and back: what was sent before the last cut says nothing about it.
    if (queuedMs <= shrinkAboveMs || done.atMs < this.#cutMs) return;
    this.#cutMs = nowMs;
    this.#windowBytes = Math.max(minChunkBytes, Math.floor(this.#windowBytes * 0.6));
  }
}
