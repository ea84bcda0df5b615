/** The whole daemon as a process of its own, asked how it is and looked at from outside. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { askStatus } from "../../cli/control-socket.ts";
import type { GatewayStatus } from "../../runtime/status.ts";
import { pause } from "./peer.ts";

/** A process that the daemon, or one of its children, has started. */
export interface Descendant {
  readonly pid: number;
  /** First 15 letters of the program. */
  readonly name: string;
  /** Dead, and nobody has asked how it ended. */
  readonly isZombie: boolean;
}

/** Running from `start` until disposed. */
export class Daemon implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #socket: string;

  private constructor(child: ChildProcess, socket: string) {
    this.#child = child;
    this.#socket = socket;
  }

  /** @param config the config folder; @param storage where the daemon's socket will be. Resolves when it answers. */
  static async start(config: string, storage: string): Promise<Daemon> {
    const program = join(import.meta.dirname, "../../xueliang.mjs");
    const child = spawn(process.execPath, [program, "run", "--config", config], { stdio: "ignore" });
    const daemon = new Daemon(child, join(storage, "control.sock"));
    try {
      await daemon.status();
      return daemon;
    } catch (error) {
      await daemon[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** A machine that others fill answers late: hours must not end over one question. */
  async status(): Promise<GatewayStatus> {
    for (let tries = 0; tries < 60; tries += 1) {
      const answer = await askStatus(this.#socket).catch(() => null);
      if (answer) return answer;
      await pause(1_000);
    }
    return askStatus(this.#socket);
  }

  get rssMb(): number {
    return Number(/VmRSS:\s+(\d+)/.exec(textOf(`/proc/${this.#pid}/status`))?.[1] ?? Number.NaN) / 1_024;
  }

  get descriptors(): number {
    return readdirSync(`/proc/${this.#pid}/fd`).length;
  }

  /** All that the kernel knows below it. */
  descendants(): readonly Descendant[] {
    const all = new Map<number, { readonly name: string; readonly parent: number; readonly isZombie: boolean }>();
    for (const entry of readdirSync("/proc")) {
      if (!/^\d+$/.test(entry)) continue;
      const stat = textOf(`/proc/${entry}/stat`);
      const end = stat.lastIndexOf(")");
      const [state = "", parent = "0"] = stat.slice(end + 2).split(" ");
      all.set(Number(entry), {
        name: stat.slice(stat.indexOf("(") + 1, end),
        parent: Number(parent),
        isZombie: state === "Z",
      });
    }
    const isBelow = (child: number): boolean => {
      for (let at = all.get(child)?.parent; at !== undefined && at > 1; at = all.get(at)?.parent)
        if (at === this.#pid) return true;
      return false;
    };
    return [...all].filter(([pid]) => isBelow(pid)).map(([pid, { name, isZombie }]) => ({ pid, name, isZombie }));
  }

  /** Ends it as a service manager does, and returns when it is gone. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "close");
    this.#child.kill(signal);
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end("SIGKILL");
  }

  get #pid(): number {
    return this.#child.pid ?? 0;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // Gone meanwhile.
  }
}
