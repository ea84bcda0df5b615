/** From the first try to a handshake, over several sockets: libraries are silent about a wrong server key, only the missing handshake tells. */

const patienceMs = 10_000;

/** One per uplink. */
export class Knocking {
  #since: { readonly ms: number; answered: boolean; told: boolean } | null = null;

  /** A socket begins to connect. */
  begin(nowMs: number): void {
    this.#since ??= { ms: nowMs, answered: false, told: false };
  }

  /** Something accepted the connection. */
  answered(): void {
    if (this.#since) this.#since.answered = true;
  }

  /** The handshake is done. */
  end(): void {
    this.#since = null;
  }

  /** What is to be told, once; null: nothing. */
  complaint(nowMs: number): "UPLINK_NO_HANDSHAKE" | "UPLINK_UNREACHABLE" | null {
    const since = this.#since;
    if (!since || since.told || nowMs - since.ms <= patienceMs) return null;
    since.told = true;
    return since.answered ? "UPLINK_NO_HANDSHAKE" : "UPLINK_UNREACHABLE";
  }
}
