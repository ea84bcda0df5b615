/** Child processes of a scenario: started, listened to, killed, never left behind. */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** Waits for the machine. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** How a child is started. */
export interface PeerOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Default: ready. */
  readonly word?: string;
  /** Network namespace in which it lives. */
  readonly inside?: string;
}

/** Every child of one scenario. */
export class Peers implements AsyncDisposable {
  readonly #children = new Set<ChildProcess>();

  /** Starts `path`; `onLine` gets each line it says. Resolves with the words of its first line that begins with `word`. */
  async start(
    path: string,
    args: readonly string[],
    onLine: (line: string) => void = () => undefined,
    { env = {}, word = "ready", inside }: PeerOptions = {},
  ): Promise<{ readonly child: ChildProcess; readonly ready: readonly string[] }> {
    const command = [process.execPath, path, ...args];
    const [program = "", ...rest] = inside === undefined ? command : ["ip", "netns", "exec", inside, ...command];
    const child = spawn(program, rest, {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ...env },
    });
    this.#children.add(child);
    const lines = createInterface({ input: child.stdout });
    const ready = await new Promise<string>((resolve, reject) => {
      child.once("exit", (code, signal) => {
        this.#children.delete(child);
        reject(new Error(`ended before it was ready: ${String(code)} ${String(signal)}`));
      });
      lines.on("line", (line) => {
        if (line.startsWith(word)) resolve(line);
        else onLine(line);
      });
    });
    return { child, ready: ready.split(" ") };
  }

  /** kill -9, and back only when it is gone and its last words are read. */
  async kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#children].map((child) => this.kill(child)));
  }
}
