/** Who is logged in: random tokens, of which only the hash is kept. */
import { createHash, createHmac, randomBytes } from "node:crypto";

const idleMs = 12 * 3_600_000;
const longestMs = 7 * 24 * 3_600_000;
/** A site has a handful of technicians with a phone and a desk each; the session not used longest goes first. */
const maxSessions = 64;
/** Of one user: whoever logs in over and over throws out only themselves. */
const maxOfUser = 12;
/** A new one with each start, as the sessions themselves are. */
const secret = randomBytes(32);

interface Session {
  readonly user: string;
  readonly startedMs: number;
  usedMs: number;
  /** Salt of the password it was opened with: a new password ends it. */
  readonly salt: string;
}

/** Times are monotonic milliseconds. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** Opens one and returns its token, 256 random bits. */
  start(user: string, salt: string, nowMs: number): string {
    const token = randomBytes(32).toString("base64url");
    this.#sessions.set(hashOf(token), { user, startedMs: nowMs, usedMs: nowMs, salt });
    this.#makeRoom(
      [...this.#sessions].filter(([, session]) => session.user === user),
      maxOfUser,
    );
    this.#makeRoom([...this.#sessions], maxSessions);
    return token;
  }

  #makeRoom(among: readonly (readonly [string, Session])[], most: number): void {
    const [oldest] = among.length > most ? among.toSorted(([, a], [, b]) => a.usedMs - b.usedMs) : [];
    if (oldest) this.#sessions.delete(oldest[0]);
  }

  /** Whose `token` it is now; null when it opens nothing. A use keeps it open. */
  userOf(token: string | undefined, saltOf: (user: string) => string | null, nowMs: number): string | null {
    if (token === undefined) return null;
    const key = hashOf(token);
    const session = this.#sessions.get(key);
    if (!session) return null;
    const isOld = nowMs - session.usedMs > idleMs || nowMs - session.startedMs > longestMs;
    if (isOld || saltOf(session.user) !== session.salt) {
      this.#sessions.delete(key);
      return null;
    }
    session.usedMs = nowMs;
    return session.user;
  }

  end(token: string | undefined): void {
    if (token !== undefined) this.#sessions.delete(hashOf(token));
  }
}

/** What a page must send beside its cookie with every change; another origin can send the cookie, but not read this. */
export function csrfOf(token: string): string {
  return createHmac("sha256", secret).update(token).digest("base64url");
}

/** Looked up by hash: neither memory nor the time of a comparison tells a token. */
function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}
