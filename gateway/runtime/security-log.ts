/** What was done to this box that an auditor asks about, on its way to whoever writes it down. */

/** Each kind of act; a wrong password and a strange signature can be made by anybody, the others only by who was let in. */
export const securityActs = [
  "login",
  "logout",
  "login-failed",
  "login-locked",
  "code-redeemed",
  "code-wrong",
  "user-added",
  "user-changed",
  "user-removed",
  "users-file-changed",
  "token-added",
  "token-removed",
  "screen-opened",
  "config-applied",
  "config-returned",
  "config-confirmed",
  "command-unsigned",
  "keys-renewed",
  "evidence-held",
  "evidence-released",
  "evidence-seen",
  "walk-begun",
  "walk-ended",
  "records-lost",
] as const;

/** One of them. */
export type SecurityAct = (typeof securityActs)[number];

/** One act. Never holds a password, a token or a key; `user` is a name that this box knows. */
export interface SecurityFact {
  readonly act: SecurityAct;
  /** Who did it; null: nobody knows, or somebody with the box's own shell. */
  readonly user: string | null;
  /** Where from; null: from the box itself. */
  readonly address: string | null;
  /** Short values that say what it was done to. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Facts that may wait for a writer: those of set-up, and of the moment in which delivery begins anew. */
const maxWaiting = 200;

/** Hands facts on; without a writer they wait, and what finds no room is counted. */
export class SecurityLog {
  readonly #waiting: SecurityFact[] = [];
  #lost = 0;
  #write: ((fact: SecurityFact) => void) | null = null;

  note(fact: SecurityFact): void {
    if (this.#write) this.#write(fact);
    else if (this.#waiting.length < maxWaiting) this.#waiting.push(fact);
    else this.#lost += 1;
  }

  /** From now on `write` gets every fact, first those that waited; returns how to stop. */
  follow(write: (fact: SecurityFact) => void): () => void {
    this.#write = write;
    for (const fact of this.#waiting.splice(0)) write(fact);
    if (this.#lost > 0) write({ act: "records-lost", user: null, address: null, detail: { lost: this.#lost } });
    this.#lost = 0;
    return () => {
      if (this.#write === write) this.#write = null;
    };
  }
}
