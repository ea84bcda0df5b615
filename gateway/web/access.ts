/** Who may in: users and their roles, the one-time code of the first start, sessions, lock-outs. */
import { stat } from "node:fs/promises";
import type { Clock } from "../runtime/clock.ts";
import type { SecurityAct, SecurityLog } from "../runtime/security-log.ts";
import { AccessTokens } from "./access-tokens.ts";
import type { Admission, UserChange } from "./admission.ts";
import { LockOut } from "./lock-out.ts";
import { OneTimeCode } from "./one-time-code.ts";
import {
  firstUser,
  hasGoodLength,
  hashOf,
  limited,
  matches,
  maxPasswordLength,
  maxUsers,
  passwordPath,
  readUsers,
  userNamed,
  writePassword,
  writeUsers,
  type Role,
  type StoredUser,
} from "./password-file.ts";
import { Sessions } from "./sessions.ts";
import type { Visitor } from "./visitor.ts";

export { sees, type Visitor } from "./visitor.ts";

/** Password checks that may wait for their turn; each takes a core for a tenth of a second. */
const maxWaiting = 4;

/** Who is at the door, and what the two ends of it are called in the records. */
interface Knock {
  readonly address: string;
  readonly acts: { readonly in: SecurityAct; readonly wrong: SecurityAct };
  readonly user?: string | undefined;
}

/** One for the life of the page. */
export class Access {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #security: SecurityLog | null;
  readonly #lockOut = new LockOut();
  readonly #sessions = new Sessions();
  /** Sessions of those who redeemed the code and have no password yet. */
  readonly #settingUp = new Sessions();
  readonly #seenMs = new Map<string, number>();
  /** Of programs and screens. */
  readonly tokens: AccessTokens;
  #code: OneTimeCode | null = null;
  #stored: { readonly users: readonly StoredUser[]; readonly stamp: string } = { users: [], stamp: "" };
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  /** Users are being written here: what the file says next is no surprise. */
  #isWriting = false;

  private constructor(folder: string, clock: Clock, security: SecurityLog | null, tokens: AccessTokens) {
    this.tokens = tokens;
    this.#folder = folder;
    this.#clock = clock;
    this.#security = security;
  }

  /** @throws CommandError WEB_FILE */
  static async open(folder: string, clock: Clock, security: SecurityLog | null = null): Promise<Access> {
    const access = new Access(folder, clock, security, await AccessTokens.open(folder, clock));
    if ((await access.#users()).length === 0) access.#code = new OneTimeCode(clock);
    return access;
  }

  /** The one-time code while it is good and no password is set. */
  get code(): string | null {
    return this.#stored.users.length === 0 ? (this.#code?.text ?? null) : null;
  }

  /** True until the first password is set. */
  async needsPassword(): Promise<boolean> {
    return (await this.#users()).length === 0;
  }

  /** Who carries this token; null for a stranger. */
  async visitor(token: string | undefined): Promise<Visitor | null> {
    const users = await this.#users();
    const find = (name: string): StoredUser | undefined => users.find((user) => user.name === name);
    const name = this.#sessions.userOf(token, (user) => find(user)?.password.salt ?? null, this.#clock.monotonicMs());
    const user = name === null ? undefined : find(name);
    if (!user || token === undefined) return null;
    this.#seenMs.set(user.name, this.#clock.nowMs());
    const cameras = user.role === "viewer" ? (user.cameras ?? null) : null;
    return { kind: "person", user: user.name, role: user.role, cameras, token };
  }

  /** As `visitor`, and a screen that came by its link. */
  async onlooker(token: string | undefined): Promise<Visitor | null> {
    return (await this.visitor(token)) ?? this.tokens.visitor("screen", token);
  }

  async admits(token: string | undefined): Promise<boolean> {
    return (await this.visitor(token)) !== null;
  }

  /** Ends a session; one that is nobody's is no matter. */
  end(token: string | undefined): void {
    this.#sessions.end(token);
    this.#settingUp.end(token);
  }

  /** Milliseconds until this address may try again. */
  lockedMs(address: string): number {
    return this.#lockOut.waitMs(address, this.#clock.monotonicMs());
  }

  /** @param name may be left out where there is one user, or for the first admin */
  async login(address: string, password: string, name?: string): Promise<Admission> {
    const acts = { in: "login", wrong: "login-failed" } as const;
    return this.#inTurn({ address, acts, user: name }, async () => {
      const user = userNamed(await this.#users(), name);
      if (!user || password.length > maxPasswordLength || !(await matches(user.password, password)))
        return { kind: "wrong" };
      return { kind: "in", token: this.#start(user) };
    });
  }

  /**
   * Takes the one-time code for a session that may set the first password; the code dies with its use.
   * @param password is looked at before the code dies, where it is known already
   */
  async redeem(address: string, code: string, password?: string): Promise<Admission> {
    return this.#inTurn({ address, acts: { in: "code-redeemed", wrong: "code-wrong" } }, async () => {
      if (this.code === null || !(await this.needsPassword())) return { kind: "expired" };
      if (this.#code?.fits(code) !== true) return { kind: "wrong" };
      if (password !== undefined && !hasGoodLength(password)) return { kind: "short" };
      this.#code.end();
      return { kind: "in", token: this.#settingUp.start("", "", this.#clock.monotonicMs()) };
    });
  }

  /** Whether this token came from the one-time code and no password is set yet. */
  async mayNameFirst(token: string | undefined): Promise<boolean> {
    if (!(await this.needsPassword())) return false;
    return this.#settingUp.userOf(token, () => "", this.#clock.monotonicMs()) !== null;
  }

  /** Sets the first password, for a session that redeemed the code. */
  async nameFirst(token: string | undefined, password: string, name = firstUser): Promise<Admission> {
    if (!(await this.mayNameFirst(token))) return { kind: "expired" };
    if (!hasGoodLength(password)) return { kind: "short" };
    this.#settingUp.end(token);
    this.#isWriting = true;
    await writePassword(this.#folder, password, name);
    const user = userNamed(await this.#users(), name);
    this.#security?.note({ act: "user-added", user: name, address: null, detail: { about: name, role: "admin" } });
    return user ? { kind: "in", token: this.#start(user) } : { kind: "expired" };
  }

  /** Code and first password in one, for the form without script. */
  async setUp(address: string, code: string, password: string): Promise<Admission> {
    const redeemed = await this.redeem(address, code, password);
    return redeemed.kind === "in" ? this.nameFirst(redeemed.token, password) : redeemed;
  }

  /** Everybody, and when they were here last. */
  async users(): Promise<readonly (Omit<StoredUser, "password"> & { readonly lastSeenMs: number | null })[]> {
    return (await this.#users()).map(({ name, role, cameras, createdMs }) => ({
      name,
      role,
      cameras,
      createdMs,
      lastSeenMs: this.#seenMs.get(name) ?? null,
    }));
  }

  async addUser(name: string, role: Role, password: string, cameras?: readonly string[] | null): Promise<UserChange> {
    return this.#change(password, (users, stored) => {
      if (users.some((user) => user.name === name) || users.length >= maxUsers || !stored) return "exists";
      return [...users, limited({ name, role, createdMs: this.#clock.nowMs(), password: stored }, cameras)];
    });
  }

  /** A new password ends this user's sessions. */
  async changeUser(
    name: string,
    change: {
      readonly role?: Role | undefined;
      readonly password?: string | undefined;
      /** Null: every camera; left out: as before. */
      readonly cameras?: readonly string[] | null | undefined;
    },
  ): Promise<UserChange> {
    return this.#change(change.password, (users, stored) =>
      users.some((user) => user.name === name)
        ? users.map((user) =>
            user.name === name
              ? limited(
                  { ...user, role: change.role ?? user.role, password: stored ?? user.password },
                  change.cameras === undefined ? user.cameras : change.cameras,
                )
              : user,
          )
        : "unknown",
    );
  }

  async removeUser(name: string): Promise<UserChange> {
    return this.#change(undefined, (users) =>
      users.some((user) => user.name === name) ? users.filter((user) => user.name !== name) : "unknown",
    );
  }

  #start(user: StoredUser): string {
    return this.#sessions.start(user.name, user.password.salt, this.#clock.monotonicMs());
  }

  async #change(
    password: string | undefined,
    next: (users: readonly StoredUser[], stored: StoredUser["password"] | null) => readonly StoredUser[] | UserChange,
  ): Promise<UserChange> {
    if (password !== undefined && !hasGoodLength(password)) return "short";
    const stored = password === undefined ? null : await hashOf(password);
    const changed = this.#turn.then(async (): Promise<UserChange> => {
      const users = next(await this.#users(), stored);
      if (typeof users === "string") return users;
      if (!users.some(({ role }) => role === "admin")) return "last-admin";
      this.#isWriting = true;
      await writeUsers(this.#folder, users);
      await this.#users();
      return "done";
    });
    this.#turn = changed.catch(() => undefined);
    return changed;
  }

  /** One check at a time: a hundred parallel guesses must not pass before the first of them is counted. */
  async #inTurn(who: Knock, check: () => Promise<Admission>): Promise<Admission> {
    const { address } = who;
    const shut = (): Admission | null => {
      const waitMs = this.lockedMs(address);
      if (waitMs > 0) this.#note("login-locked", who);
      return waitMs > 0 ? { kind: "locked", waitMs } : null;
    };
    // Whoever is shut out takes nobody's turn, and a flood of strangers that of nobody who was here before.
    const locked = shut();
    if (locked) return locked;
    if (this.#waiting >= (this.#lockOut.knows(address) ? 2 : 1) * maxWaiting) return { kind: "busy" };
    this.#waiting += 1;
    const mine = this.#turn.then(async (): Promise<Admission> => {
      const admission = shut() ?? (await check());
      if (admission.kind === "wrong") this.#lockOut.failed(address, this.#clock.monotonicMs());
      if (admission.kind === "in") this.#lockOut.succeeded(address);
      if (admission.kind === "in" || admission.kind === "wrong") this.#note(who.acts[admission.kind], who);
      return admission;
    });
    this.#turn = mine.catch(() => undefined); // The caller sees the failure; the next turn must not.
    try {
      return await mine;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** A name that nobody has here is not written down: people type their password into the wrong field. */
  #note(act: SecurityAct, { address, user }: Knock): void {
    const known = userNamed(this.#stored.users, user)?.name ?? null;
    this.#security?.note({ act, user: known, address });
  }

  /** Reads the file again when it changed: `xueliang password set` works on a running gateway. */
  async #users(): Promise<readonly StoredUser[]> {
    let stamp = "none";
    try {
      const { mtimeMs, ino, size } = await stat(passwordPath(this.#folder));
      stamp = `${mtimeMs} ${ino} ${size}`;
    } catch {
      // Not there, or not ours to see: reading tells which.
    }
    if (stamp !== this.#stored.stamp) {
      const isFirst = this.#stored.stamp === "";
      this.#stored = { users: await readUsers(this.#folder), stamp };
      if (!isFirst && !this.#isWriting) this.#security?.note({ act: "users-file-changed", user: null, address: null });
      this.#isWriting = false;
    }
    return this.#stored.users;
  }
}
