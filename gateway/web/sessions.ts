/** Who is logged in: random tokens, of which only the hash is kept. */
import { createHash, randomBytes } from "node:crypto";

const idleMs = 12 * 3_600_000;
const longestMs = 7 * 24 * 3_600_000;
/** A site has a handful of technicians; the session not used longest goes first. */
const maxSessions = 32;

interface Session {
  readonly startedMs: number;
  usedMs: number;
  /** Salt of the password it was opened with: a new password ends it. */
  readonly salt: string;
}

/** Times are monotonic milliseconds. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** Opens one and returns its token, 256 random bits. */
  start(salt: string, nowMs: number): string {
    const token = randomBytes(32).toString("base64url");
    this.#sessions.set(hashOf(token), { startedMs: nowMs, usedMs: nowMs, salt });
    if (this.#sessions.size > maxSessions) {
      const [oldest] = [...this.#sessions].sort(([, a], [, b]) => a.usedMs - b.usedMs);
      if (oldest) this.#sessions.delete(oldest[0]);
    }
    return token;
  }

  /** Whether `token` opens anything now; a use keeps it open. */
  admits(token: string | undefined, salt: string, nowMs: number): boolean {
    if (token === undefined) return false;
    const key = hashOf(token);
    const session = this.#sessions.get(key);
    if (!session) return false;
    if (session.salt !== salt || nowMs - session.usedMs > idleMs || nowMs - session.startedMs > longestMs) {
      this.#sessions.delete(key);
      return false;
    }
    session.usedMs = nowMs;
    return true;
  }

  end(token: string | undefined): void {
    if (token !== undefined) this.#sessions.delete(hashOf(token));
  }
}

/** Looked up by hash: neither memory nor the time of a comparison tells a token. */
function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}
