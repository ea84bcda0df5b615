/** A config change from above is on trial: it goes back by itself unless a platform is reached under it. */
import { z } from "zod";
import type { Database } from "../../database/database.ts";
import type { Clock } from "../../runtime/clock.ts";
import { GatewayError } from "../../runtime/errors.ts";
import type { CommandAnswer, CommandRun } from "./commands.ts";

/** The config of the box, as commands see it: whole files, secrets not among them. */
export interface ConfigPort {
  read(): Promise<ConfigFiles>;
  /** Checks, writes and applies on the order of `operator` (null: it goes back by itself); returns the new revision. Throws GatewayError and changes nothing when a file is not valid. */
  write(files: Readonly<Record<string, string>>, operator: string | null): Promise<string>;
  /** The trial is over and the change stays: whoever else waits to take it back need not. */
  confirm?(): void;
}

/** Files by their name below the config folder, and the revision that they are. */
export interface ConfigFiles {
  readonly revision: string;
  readonly files: Readonly<Record<string, string>>;
}

/** What this is made of. */
export interface ConfigTrialOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly port: ConfigPort;
  readonly confirmSec: number;
  /** Monotonic ms at which a platform was last heard in an open session; null: no session is open. */
  readonly heardMs: () => number | null;
  readonly onProblem: (error: GatewayError) => void;
}

type LastWord = CommandAnswer & { readonly state: "done" | "failed" };

const argsSchema = z.object({
  base: z.string().max(64),
  files: z.record(z.string().regex(/^(gateway|zones\/[A-Za-z0-9][A-Za-z0-9_-]{0,31})\.yaml$/), z.string().max(262_144)),
});
/** A word that was already on its way when the change was made says nothing about it. */
const settleMs = 1_000;
const lookMs = 250;

/** At most one change is on trial. */
export class ConfigTrial implements Disposable {
  readonly #options: ConfigTrialOptions;
  readonly #stop = new AbortController();
  #running: Promise<LastWord> | null = null;

  constructor(options: ConfigTrialOptions) {
    this.#options = options;
  }

  /** The doer of `cfg.get`. */
  readonly get: CommandRun = async () => {
    const body = await this.#options.port.read();
    return { detail: `revision ${body.revision}`, body };
  };

  /** The doer of `cfg.set`: `base` is the revision that the change was made from. */
  readonly set: CommandRun = async (args, { cmd, operator }) => {
    const read = argsSchema.safeParse(args);
    if (!read.success) throw new RangeError(`cfg.set: ${read.error.issues[0]?.path.join(".") ?? ""} makes no sense`);
    if (this.#running) throw new RangeError("another change is on trial");
    const { database, clock, port } = this.#options;
    const before = await port.read();
    if (before.revision !== read.data.base) throw new RangeError(`the box is at revision ${before.revision} by now`);
    const replaced = Object.fromEntries(
      Object.keys(read.data.files).flatMap((name) => {
        const text = before.files[name];
        return text === undefined ? [] : [[name, text]];
      }),
    );
    // The way back is on the disk before the way forward is taken.
    database.run(
      "INSERT INTO config_trials (cmd, at_ms, file, before, revision) VALUES (?, ?, 'files', ?, ?)",
      cmd,
      Math.round(clock.nowMs()),
      Buffer.from(JSON.stringify(replaced)),
      before.revision,
    );
    try {
      const revision = await port.write(read.data.files, operator);
      this.#running = this.#judge(cmd, replaced, before.revision);
      return { detail: `revision ${revision} is on trial`, later: this.#running };
    } catch (error) {
      database.run("DELETE FROM config_trials WHERE cmd = ?", cmd);
      throw error;
    }
  };

  /** Goes on with a trial that the last run did not finish; null when there is none. */
  resume(): { readonly cmd: string; readonly outcome: Promise<LastWord> } | null {
    const row = this.#options.database.get("SELECT cmd, before, revision FROM config_trials ORDER BY at_ms LIMIT 1");
    if (!row || this.#running) return null;
    const cmd = String(row["cmd"]);
    const before = row["before"] instanceof Uint8Array ? Buffer.from(row["before"]).toString() : "{}";
    this.#running = this.#judge(cmd, JSON.parse(before) as Record<string, string>, String(row["revision"]));
    return { cmd, outcome: this.#running };
  }

  /** A trial that is not over stays noted: the next start goes on with it. */
  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  async #judge(cmd: string, before: Readonly<Record<string, string>>, revision: string): Promise<LastWord> {
    const { database, clock, port, confirmSec, heardMs, onProblem } = this.#options;
    const sinceMs = clock.monotonicMs();
    try {
      while (clock.monotonicMs() - sinceMs < confirmSec * 1_000) {
        await clock.sleep(lookMs, this.#stop.signal);
        if ((heardMs() ?? 0) <= sinceMs + settleMs) continue;
        database.run("DELETE FROM config_trials WHERE cmd = ?", cmd);
        port.confirm?.();
        return { state: "done", detail: "a platform was reached under the new config: it stays" };
      }
      await port.write(before, null);
      database.run("DELETE FROM config_trials WHERE cmd = ?", cmd);
      return { state: "failed", detail: `no platform was reached under it: back at revision ${revision}` };
    } catch (error) {
      // Stopped in the middle: the word is for the next run to say, and this one never says it.
      if (this.#stop.signal.aborted) return await new Promise<LastWord>(() => undefined);
      if (!(error instanceof GatewayError)) throw error;
      onProblem(error);
      return { state: "failed", detail: `going back failed: ${error.code}` };
    } finally {
      this.#running = null;
    }
  }
}
