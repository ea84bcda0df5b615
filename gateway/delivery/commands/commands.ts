/** Commands from above: checked, written down, obeyed once, answered. The receiver carries them and cannot make one. */
import type { CommandOp, GatewayConfig } from "../../config/schema.ts";
import type { Database } from "../../database/database.ts";
import type { Clock } from "../../runtime/clock.ts";
import { GatewayError } from "../../runtime/errors.ts";
import type { Log } from "../../runtime/log.ts";
import { readCommand, type CommandEnvelope } from "../uplink/protocol/command.ts";
import type { CommandState, Header } from "../uplink/protocol/messages.ts";
import type { Result } from "../uplink/protocol/result.ts";
import { Audit } from "./audit.ts";
import { isSigned, Keyring, type KnownKey } from "./keyring.ts";
import { rotate } from "./rotate.ts";
import { decideOn, type CommandSituation, type StoredAnswer } from "./verdict.ts";

/** What an operation gives back. */
export interface CommandAnswer {
  /** One sentence, at most 200 characters. */
  readonly detail: string;
  /** JSON for whoever asked; at most 1 MiB. */
  readonly body?: unknown;
  /** Comes with the last word where that is not known yet: until then the command is running. */
  readonly later?: Promise<CommandAnswer & { readonly state: "done" | "failed" }>;
  /** Done after the answer is on its way: what ends this process must not end before it. */
  readonly after?: () => void;
}

/** Whose order it is, and how it goes on. */
export interface CommandOrder {
  readonly cmd: string;
  readonly operator: string;
  readonly uplinkId: string;
  /** Says how far it is, at most 200 characters; only the last word is kept. */
  readonly progress: (detail: string) => void;
}

/** Does one operation. Throws GatewayError, or RangeError for arguments that make no sense. */
export type CommandRun = (args: Readonly<Record<string, unknown>>, order: CommandOrder) => Promise<CommandAnswer>;

/** Who does what; an operation without a doer fails and says so. */
export type CommandDoers = Partial<Record<CommandOp, CommandRun>>;

/** What this is made of. */
export interface CommandsOptions {
  readonly config: Pick<GatewayConfig, "site" | "commands">;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly doers: CommandDoers;
  /** Whether the time is known from somewhere. */
  readonly clockKnown: () => boolean;
  readonly say: (uplinkId: string, result: Result) => void;
  /** Told of every last word, for an event of its own. */
  readonly onDone: (command: CommandEnvelope, state: CommandState, detail: string) => void;
  /** Told of each command that nobody trusted has signed. */
  readonly onStranger?: (uplinkId: string, key: string) => void;
}

/** Commands that may wait for their turn. */
const maxWaiting = 16;
const none = new Uint8Array();
const strangersMs = 60_000;

/** The commands of one box. */
export class Commands implements AsyncDisposable {
  readonly #options: CommandsOptions;
  readonly #keys: Keyring;
  readonly audit: Audit;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #strangerMs = Number.NEGATIVE_INFINITY;
  #later = new Set<Promise<void>>();

  constructor(options: CommandsOptions) {
    const { database, config } = options;
    this.#options = options;
    this.#keys = new Keyring(database, config.commands.keys);
    this.audit = new Audit(database);
    // A restart in the middle: whether it was done nobody knows, so nobody says that it was. A trial of a config ends by itself,
    // and new keys find their way.
    database.run(
      "UPDATE commands SET state = 'failed', detail = 'the box restarted meanwhile' WHERE state IN ('accepted', 'running') AND cmd NOT IN (SELECT cmd FROM config_trials) AND NOT (op = 'key.renew' AND state = 'running')",
    );
  }

  /** A command came from an uplink. Answers at once; what it orders is done in its turn. Throws DatabaseError. */
  take(uplinkId: string, header: Header<"CMD">, payload: Uint8Array): void {
    const say = (state: CommandState, detail: string, body: Uint8Array = none): void =>
      this.#options.say(uplinkId, { cmd: header.cmd, gw: header.gw, state, detail, body });
    const command = readCommand(payload);
    const key = this.#keys.get(header.key);
    if (command?.cmd !== header.cmd || key?.alg !== header.alg || !isSigned(key, payload, header.sig)) {
      this.#stranger(uplinkId, header);
      say("denied", "nobody whom this box trusts has signed this");
      return;
    }
    const decision = decideOn(command, this.#stored(command.cmd), this.#situation(key));
    if (decision.kind === "repeat") {
      // Asked again: the same answer, and no second effect.
      say(decision.answer.state, decision.answer.detail, decision.answer.body);
      return;
    }
    const refused =
      decision.kind === "refuse"
        ? decision.refusal
        : this.#waiting < maxWaiting
          ? null
          : ({ state: "denied", detail: "too many commands at once" } as const);
    this.#write(command, key, uplinkId, refused?.state ?? "accepted", refused?.detail ?? "");
    say(refused?.state ?? "accepted", refused?.detail ?? "");
    if (refused) this.#options.onDone(command, refused.state, refused.detail);
    else this.#queue(uplinkId, command, key);
  }

  /** What another run began and this one goes on with. */
  running(op: CommandOp): readonly { readonly cmd: string; readonly uplinkId: string }[] {
    return this.#options.database
      .all("SELECT cmd, uplink FROM commands WHERE op = ? AND state = 'running'", op)
      .map((row) => ({ cmd: String(row["cmd"]), uplinkId: String(row["uplink"]) }));
  }

  /** Ends what another run began: a config that was on trial when the box went down. */
  conclude(cmd: string, state: "done" | "failed", detail: string): void {
    const { database, clock } = this.#options;
    const row = database.get("SELECT op, uplink FROM commands WHERE cmd = ?", cmd);
    if (!row) return;
    database.transaction(() => {
      database.run("UPDATE commands SET state = ?, detail = ? WHERE cmd = ?", state, detail, cmd);
      this.audit.add({ what: state, cmd, op: String(row["op"]), detail }, clock.nowMs());
    });
    this.#options.say(String(row["uplink"]), { cmd, gw: this.#options.config.site.id, state, detail, body: none });
  }

  /** Waits for what is being done. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turn;
  }

  #stored(cmd: string): (StoredAnswer & { readonly body: Uint8Array }) | null {
    const row = this.#options.database.get("SELECT state, detail, body FROM commands WHERE cmd = ?", cmd);
    if (!row) return null;
    return {
      state: row["state"] as CommandState,
      detail: String(row["detail"]),
      body: row["body"] instanceof Uint8Array ? row["body"] : none,
    };
  }

  #situation(key: KnownKey): CommandSituation {
    const { config, clock, clockKnown } = this.#options;
    const { accept } = config.commands;
    return { gw: config.site.id, accept, key, nowMs: clock.nowMs(), clockKnown: clockKnown() };
  }

  #queue(uplinkId: string, command: CommandEnvelope, key: KnownKey): void {
    this.#waiting += 1;
    this.#turn = this.#turn
      .then(() => this.#obey(uplinkId, command, key))
      .finally(() => (this.#waiting -= 1))
      .catch((error: unknown) => {
        if (!(error instanceof GatewayError)) throw error;
        this.#options.log.error({ cmd: command.cmd }, "command", error);
      });
  }

  async #obey(uplinkId: string, command: CommandEnvelope, key: KnownKey): Promise<void> {
    const { cmd, operator, op, args } = command;
    const run = op === "key.rotate" ? rotate(this.#keys, key) : (this.#options.doers as Record<string, CommandRun>)[op];
    const progress = (detail: string): void =>
      this.#options.say(uplinkId, {
        cmd,
        gw: this.#options.config.site.id,
        state: "running",
        detail: detail.slice(0, 200),
        body: none,
      });
    let answer: CommandAnswer & { readonly state?: "done" | "failed" };
    try {
      answer = run
        ? await run(args, { cmd, operator, uplinkId, progress })
        : { state: "failed", detail: `this box has nobody for ${op}` };
    } catch (error) {
      if (!(error instanceof GatewayError) && !(error instanceof RangeError)) throw error;
      const detail = error instanceof GatewayError ? `${error.code}: ${error.say("en")}` : error.message;
      answer = { state: "failed", detail };
    }
    if (!answer.later) {
      this.#finish(uplinkId, command, answer.state ?? "done", answer);
      answer.after?.();
      return;
    }
    this.#finish(uplinkId, command, "running", answer);
    const last = answer.later
      .then((word) => {
        this.#finish(uplinkId, command, word.state, word);
      })
      .finally(() => this.#later.delete(last));
    this.#later.add(last);
  }

  #finish(uplinkId: string, command: CommandEnvelope, state: CommandState, { detail, body }: CommandAnswer): void {
    const { database, clock, config, say, onDone } = this.#options;
    const bytes = body === undefined ? none : Buffer.from(JSON.stringify(body));
    const { cmd, op } = command;
    const said = detail.slice(0, 200);
    database.transaction(() => {
      database.run("UPDATE commands SET state = ?, detail = ?, body = ? WHERE cmd = ?", state, said, bytes, cmd);
      this.audit.add({ what: state, cmd, op, detail: said }, clock.nowMs());
      // Answers are kept for whoever asks again, not for ever.
      database.run("DELETE FROM commands WHERE rowid <= (SELECT max(rowid) - 1000 FROM commands)");
    });
    say(uplinkId, { cmd, gw: config.site.id, state, detail: said, body: bytes });
    if (state !== "running") onDone(command, state, said);
  }

  /** On the disk before anything is done: a replay after a power cut finds its counter used. */
  #write(command: CommandEnvelope, key: KnownKey, uplinkId: string, state: CommandState, detail: string): void {
    const { database, clock } = this.#options;
    const { cmd, ctr, op, operator, reason } = command;
    const nowMs = clock.nowMs();
    database.transaction(() => {
      database.run(
        "INSERT INTO commands (cmd, counter, key, op, uplink, at_ms, state, detail, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, x'')",
        cmd,
        ctr,
        key.id,
        op,
        uplinkId,
        Math.round(nowMs),
        state,
        detail,
      );
      if (state === "accepted") this.#keys.used(key.id, ctr);
      this.audit.add({ what: state, cmd, op, operator, reason, key: key.id, uplink: uplinkId, detail }, nowMs);
    });
  }

  /** Nobody's command is noted once a minute: a flood of them must not fill the disk. */
  #stranger(uplinkId: string, { cmd, key }: Header<"CMD">): void {
    const { clock, log, onStranger } = this.#options;
    onStranger?.(uplinkId, key);
    if (clock.monotonicMs() - this.#strangerMs < strangersMs) return;
    this.#strangerMs = clock.monotonicMs();
    if (!onStranger) this.audit.add({ what: "unsigned", cmd, key, uplink: uplinkId }, clock.nowMs());
    log.warn({ uplink: uplinkId, key }, "a command that nobody trusted has signed");
  }
}
