/** How long an address must wait after wrong passwords, its own and everybody's (pure). */
import { isIPv6 } from "node:net";

/** Wrong tries that cost nothing: a technician with wet fingers needs some. */
const freeTries = 5;
const firstWaitMs = 30_000;
const maxWaitMs = 15 * 60_000;
/** After a quiet hour an address starts anew. */
const forgetMs = 60 * 60_000;
/** More addresses than a site has devices; the oldest entry goes. */
const maxAddresses = 1_000;
/** Wrong tries within the hour, from all addresses together, that no handful of technicians makes: somebody guesses from many. */
const crowdTries = 100;
/** Then whoever never came in from their address takes turns: 720 guesses an hour at most, however many addresses there are. */
const crowdWaitMs = 5_000;

interface Tries {
  count: number;
  lastMs: number;
}

/** Times are monotonic milliseconds. */
export class LockOut {
  readonly #tries = new Map<string, Tries>();
  /** Addresses from which somebody came in. */
  readonly #known = new Set<string>();
  readonly #crowd: Tries = { count: 0, lastMs: 0 };

  /** Milliseconds until `address` may try again; 0 when it may now. */
  waitMs(address: string, nowMs: number): number {
    const key = keyOf(address);
    const isCrowded = this.#crowd.count >= crowdTries && nowMs - this.#crowd.lastMs < forgetMs;
    const crowdMs = isCrowded && !this.#known.has(key) ? Math.max(0, this.#crowd.lastMs + crowdWaitMs - nowMs) : 0;
    return Math.max(crowdMs, this.#ownMs(key, nowMs));
  }

  #ownMs(key: string, nowMs: number): number {
    const tries = this.#tries.get(key);
    if (!tries || tries.count < freeTries || nowMs - tries.lastMs >= forgetMs) return 0;
    const waitMs = Math.min(maxWaitMs, firstWaitMs * 2 ** Math.min(tries.count - freeTries, 20));
    return Math.max(0, tries.lastMs + waitMs - nowMs);
  }

  /** Whether somebody came in from there. */
  knows(address: string): boolean {
    return this.#known.has(keyOf(address));
  }

  failed(address: string, nowMs: number): void {
    const key = keyOf(address);
    this.#crowd.count = nowMs - this.#crowd.lastMs < forgetMs ? this.#crowd.count + 1 : 1;
    this.#crowd.lastMs = nowMs;
    const before = this.#tries.get(key);
    const count = before && nowMs - before.lastMs < forgetMs ? before.count + 1 : 1;
    this.#tries.delete(key); // Inserted anew, so that the first entry of the map is the oldest.
    this.#tries.set(key, { count, lastMs: nowMs });
    if (this.#tries.size <= maxAddresses) return;
    const oldest = this.#tries.keys().next().value;
    if (oldest !== undefined) this.#tries.delete(oldest);
  }

  succeeded(address: string): void {
    const key = keyOf(address);
    this.#tries.delete(key);
    this.#known.add(key);
    const [oldest] = this.#known;
    if (this.#known.size > maxAddresses && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** One subscriber has a whole /64 of IPv6 addresses: they count as one. */
function keyOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = "", tail] = (address.split("%")[0] ?? "").split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => "0");
  return [...first, ...(tail === undefined ? [] : zeros), ...last].slice(0, 4).join(":");
}
