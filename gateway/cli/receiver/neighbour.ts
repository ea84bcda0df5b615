/** Somebody's receiver as a process: started, killed at a chosen moment, asked for what it holds. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { systemClock } from "../../runtime/clock.ts";
import { CommandError } from "../../runtime/errors.ts";
import type { ProbeTarget } from "./probe.ts";

/** How it is run. `{folder}` and `{listen}` in the commands are filled in. */
export interface NeighbourCommands {
  readonly run: string;
  /** Prints the id of every stored event, one a line; null: what is stored cannot be seen from here. */
  readonly list: string | null;
  readonly folder: string;
}

const startMs = 60_000;

/** A receiver under our hands. */
export class Neighbour implements AsyncDisposable {
  readonly #commands: NeighbourCommands;
  readonly #listen: string;
  #child: ChildProcess | null = null;
  #target: ProbeTarget = { address: "", serverKey: "" };

  private constructor(commands: NeighbourCommands, listen: string) {
    this.#commands = commands;
    this.#listen = listen;
  }

  /** Starts it on a free port and waits for its word `listening ADDRESS KEY`. Throws CommandError RECEIVER_CHECK_START. */
  static async start(commands: NeighbourCommands): Promise<Neighbour> {
    const neighbour = new Neighbour(commands, `tcp://127.0.0.1:${await freePort()}`);
    await neighbour.restart();
    return neighbour;
  }

  /** Where it listens; its key may change with a restart. */
  get target(): ProbeTarget {
    return this.#target;
  }

  get canList(): boolean {
    return this.#commands.list !== null;
  }

  /** SIGKILL to it and its children, now; returns when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      child.kill("SIGKILL"); // The group is gone already.
    }
    await gone;
  }

  async restart(): Promise<void> {
    await this.kill();
    const child = spawn("/bin/sh", ["-c", `exec ${this.#filled(this.#commands.run)}`], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#child = child;
    let said = "";
    child.stderr.on("data", (data: Buffer) => (said = `${said}${data.toString()}`.slice(-400)));
    const refuse = (detail: string): CommandError => new CommandError("RECEIVER_CHECK_START", { detail });
    this.#target = await new Promise<ProbeTarget>((resolve, reject) => {
      const stop = new AbortController();
      child.once("error", (error) => reject(refuse(error.message)));
      child.once("exit", () => reject(refuse(said.trim().split("\n").at(-1) ?? "")));
      createInterface({ input: child.stdout }).on("line", (line) => {
        const target = targetIn(line);
        if (!target) return;
        stop.abort();
        resolve(target);
      });
      systemClock.sleep(startMs, stop.signal).then(
        () => reject(refuse(`no line "listening ADDRESS KEY" within ${startMs / 1_000} s`)),
        () => undefined,
      );
    });
  }

  /** Ids of what it holds; null when it cannot be asked. */
  async stored(): Promise<readonly string[] | null> {
    const { list } = this.#commands;
    if (list === null) return null;
    const { stdout } = await promisify(execFile)("/bin/sh", ["-c", this.#filled(list)], { maxBuffer: 64 * 1_048_576 });
    return stdout.split("\n").filter((line) => line !== "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  #filled(command: string): string {
    return command.replaceAll("{folder}", this.#commands.folder).replaceAll("{listen}", this.#listen);
  }
}

/** From `listening tcp://… KEY`, or the JSON line of `xueliang receive --json`. */
function targetIn(line: string): ProbeTarget | null {
  const [, address, serverKey] = /^listening (\S+) (\S{40})$/.exec(line) ?? [];
  if (address !== undefined && serverKey !== undefined) return { address, serverKey };
  if (!line.startsWith("{")) return null;
  try {
    const said = JSON.parse(line) as Readonly<Record<string, unknown>>;
    if (said["type"] !== "listening") return null;
    return { address: String(said["address"]), serverKey: String(said["key"]) };
  } catch {
    return null;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
