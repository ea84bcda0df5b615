/** A wire below TCP between two network namespaces: packets are lost, late and out of order. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { accessSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** What the wire does to packets; absent: nothing. */
export interface Weather {
  /** Share that is lost, 0..1. */
  readonly loss?: number;
  /** Each way. */
  readonly delayMs?: number;
  /** Up to so much more, at random for each packet: the order is lost with it. */
  readonly jitterMs?: number;
  readonly bytesPerSec?: number;
}

/** Gone when disposed, its namespaces too. */
export class Wire implements AsyncDisposable {
  /** Namespaces at its ends; the first has 10.99.0.1, the other 10.99.0.2. */
  readonly ends: readonly [string, string];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, name: string) {
    this.#child = child;
    this.ends = [`${name}-a`, `${name}-b`];
  }

  /** Null where there is no right to make one. */
  static async open(): Promise<Wire | null> {
    try {
      accessSync("/dev/net/tun");
    } catch {
      return null;
    }
    const name = `wire${process.pid}`;
    const child = spawn("python3", [join(import.meta.dirname, "../peers/lossy-wire.py"), name], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    child.stdin.on("error", () => undefined);
    const isReady = await Promise.race([
      once(createInterface({ input: child.stdout }), "line").then(() => true),
      once(child, "close").then(() => false),
    ]);
    return isReady ? new Wire(child, name) : null;
  }

  /** From now on. */
  set(weather: Weather): void {
    this.#child.stdin?.write(`${JSON.stringify(weather)}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#child, "close");
    this.#child.stdin?.end();
    await gone;
  }
}
