/** Who may in: the password, the one-time code of the first start, sessions, lock-outs. */
import { randomInt } from "node:crypto";
import { stat } from "node:fs/promises";
import type { Clock } from "../runtime/clock.ts";
import { LockOut } from "./lock-out.ts";
import {
  matches,
  maxPasswordLength,
  minPasswordLength,
  passwordPath,
  readPassword,
  writePassword,
  type StoredPassword,
} from "./password-file.ts";
import { Sessions } from "./sessions.ts";

/** How long the one-time code of the first start is good. */
const codeMs = 15 * 60_000;
/** Wrong codes from anywhere before it dies: 10 of 10^8. */
const codeTries = 10;
/** Password checks that may wait for their turn; each takes a core for a tenth of a second. */
const maxWaiting = 4;

/** What a try to get in came to. */
export type Admission =
  | { readonly kind: "in"; readonly token: string }
  | { readonly kind: "wrong" }
  | { readonly kind: "expired" }
  | { readonly kind: "short" }
  | { readonly kind: "busy" }
  | { readonly kind: "locked"; readonly waitMs: number };

/** One for the life of the page. */
export class Access {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #lockOut = new LockOut();
  readonly #sessions = new Sessions();
  #code: { readonly text: string; readonly untilMs: number; tries: number } | null = null;
  #stored: { readonly password: StoredPassword | null; readonly stamp: string } = { password: null, stamp: "" };
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  private constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** @throws CommandError WEB_FILE */
  static async open(folder: string, clock: Clock): Promise<Access> {
    const access = new Access(folder, clock);
    if ((await access.#password()) === null) {
      access.#code = {
        text: String(randomInt(0, 100_000_000)).padStart(8, "0"),
        untilMs: clock.monotonicMs() + codeMs,
        tries: 0,
      };
    }
    return access;
  }

  /** The one-time code while it is good and no password is set. */
  get code(): string | null {
    if (this.#code === null || this.#stored.password !== null || this.#clock.monotonicMs() >= this.#code.untilMs)
      return null;
    return this.#code.text;
  }

  /** True until the first password is set. */
  async needsPassword(): Promise<boolean> {
    return (await this.#password()) === null;
  }

  async admits(token: string | undefined): Promise<boolean> {
    const password = await this.#password();
    return password !== null && this.#sessions.admits(token, password.salt, this.#clock.monotonicMs());
  }

  end(token: string | undefined): void {
    this.#sessions.end(token);
  }

  async login(address: string, password: string): Promise<Admission> {
    return this.#inTurn(address, async () => {
      const stored = await this.#password();
      if (stored === null || password.length > maxPasswordLength || !(await matches(stored, password)))
        return { kind: "wrong" };
      return { kind: "in", token: this.#sessions.start(stored.salt, this.#clock.monotonicMs()) };
    });
  }

  /** Sets the first password; the code dies with its use. */
  async setUp(address: string, code: string, password: string): Promise<Admission> {
    return this.#inTurn(address, async () => {
      const good = this.code;
      if (good === null || this.#code === null || !(await this.needsPassword())) return { kind: "expired" };
      if (code.replaceAll(/\s/g, "") !== good) {
        this.#code.tries += 1;
        if (this.#code.tries >= codeTries) this.#code = null;
        return { kind: "wrong" };
      }
      if (password.length < minPasswordLength || password.length > maxPasswordLength) return { kind: "short" };
      await writePassword(this.#folder, password);
      this.#code = null;
      const stored = await this.#password();
      return stored === null
        ? { kind: "expired" }
        : { kind: "in", token: this.#sessions.start(stored.salt, this.#clock.monotonicMs()) };
    });
  }

  /** One check at a time: a hundred parallel guesses must not pass before the first of them is counted. */
  async #inTurn(address: string, check: () => Promise<Admission>): Promise<Admission> {
    if (this.#waiting >= maxWaiting) return { kind: "busy" };
    this.#waiting += 1;
    const mine = this.#turn.then(async (): Promise<Admission> => {
      const waitMs = this.#lockOut.waitMs(address, this.#clock.monotonicMs());
      if (waitMs > 0) return { kind: "locked", waitMs };
      const admission = await check();
      if (admission.kind === "wrong") this.#lockOut.failed(address, this.#clock.monotonicMs());
      if (admission.kind === "in") this.#lockOut.succeeded(address);
      return admission;
    });
    this.#turn = mine.catch(() => undefined); // The caller sees the failure; the next turn must not.
    try {
      return await mine;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Reads the file again when it changed: `xueliang password set` works on a running gateway. */
  async #password(): Promise<StoredPassword | null> {
    let stamp = "none";
    try {
      const { mtimeMs, ino, size } = await stat(passwordPath(this.#folder));
      stamp = `${mtimeMs} ${ino} ${size}`;
    } catch {
      // Not there, or not ours to see: reading tells which.
    }
    if (stamp !== this.#stored.stamp) this.#stored = { password: await readPassword(this.#folder), stamp };
    return this.#stored.password;
  }
}
