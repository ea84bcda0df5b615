/** Which key a platform has: the configured one, until a session has been opened with one that it announced. */
import { z } from "zod";

/** Where it is written down; each call is one durable step. */
export interface ServerKeyStore {
  read(): string | null;
  write(text: string): void;
}

const key = z.string().length(40);
/** `configured`: what the config said then; another word there is somebody's decision, and counts alone. */
const keptSchema = z.object({ configured: key, present: key, next: key.nullable() });
type Kept = z.output<typeof keptSchema>;

/** A handshake under the right key takes two round trips. */
const patienceMs = 8_000;

/** One per uplink. */
export class ServerKeys {
  readonly #store: ServerKeyStore;
  #kept: Kept;
  #triesNext = false;
  /** Since when there is no handshake under the current key; null: there is one, or nobody has tried. */
  #sinceMs: number | null = null;

  /** @param configured what gateway.yaml says, Z85 */
  constructor(configured: string, store: ServerKeyStore) {
    this.#store = store;
    const kept = read(store.read());
    this.#kept = kept?.configured === configured ? kept : { configured, present: configured, next: null };
  }

  /** The key to connect with, Z85. */
  get current(): string {
    return (this.#triesNext ? this.#kept.next : null) ?? this.#kept.present;
  }

  /** What was announced and has not opened a session yet; null: nothing. */
  get next(): string | null {
    return this.#kept.next;
  }

  /** The platform said, in a session that its present key has opened, which one it will have. Durable on return. */
  announced(next: string): void {
    if (next !== this.#kept.present && next !== this.#kept.next) this.#keep({ ...this.#kept, next });
  }

  /** There is no handshake yet, over however many connections. True: from here on the other key is tried. */
  turns(nowMs: number): boolean {
    this.#sinceMs ??= nowMs;
    if (nowMs - this.#sinceMs < patienceMs || this.#kept.next === null) return false;
    this.#sinceMs = nowMs;
    this.#triesNext = !this.#triesNext;
    return true;
  }

  /** A handshake under the current key is done. */
  answered(): void {
    this.#sinceMs = null;
  }

  /** A session is open under the current key. If it is the announced one, the former opens nothing any more. Durable on return. */
  opened(): void {
    const { configured, next } = this.#kept;
    if (!this.#triesNext || next === null) return;
    this.#triesNext = false;
    this.#keep({ configured, present: next, next: null });
  }

  #keep(kept: Kept): void {
    this.#store.write(JSON.stringify(kept));
    this.#kept = kept;
  }
}

function read(text: string | null): Kept | null {
  try {
    return text === null ? null : keptSchema.parse(JSON.parse(text));
  } catch {
    return null; // As if nothing had been announced: the config's word is always there.
  }
}
