/** A private NATS server with JetStream for one test file: own folder, own port, gone afterwards. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

/** The server's program; null: it is not installed, and its tests are skipped. */
export const natsProgram: string | null =
  ["/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server"].find((path) => existsSync(path)) ??
  null;

/** A running server. */
export interface NatsServer extends AsyncDisposable {
  readonly url: string;
  /** Kills the process and starts it again on its folder and port. */
  crash(): Promise<void>;
  /** Copies what is stored; the server is stopped meanwhile. */
  backup(): Promise<void>;
  /** Puts the last copy back. */
  restore(): Promise<void>;
}

/** Starts one in a temporary folder. */
export async function startNats(): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), "nats-"));
  const store = join(folder, "store");
  const copy = join(folder, "copy");
  const port = await freePort();
  const start = async (): Promise<ChildProcess> => {
    const args = ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", store];
    // Dies with the test run, even a killed one.
    const child = spawn("/usr/bin/setpriv", ["--pdeathsig=KILL", natsProgram ?? "", ...args], { stdio: "ignore" });
    for (let left = 300; left > 0; left -= 1) {
      if (child.exitCode !== null) throw new Error(`nats-server ended with ${child.exitCode}`);
      if (await answers(port)) return child;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("nats-server does not come up");
  };
  let child = await start();
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    crash: async () => {
      await stop("SIGKILL");
      child = await start();
    },
    backup: async () => {
      await stop("SIGTERM");
      rmSync(copy, { recursive: true, force: true });
      cpSync(store, copy, { recursive: true });
      child = await start();
    },
    restore: async () => {
      await stop("SIGKILL");
      rmSync(store, { recursive: true, force: true });
      cpSync(copy, store, { recursive: true });
      child = await start();
    },
    async [Symbol.asyncDispose]() {
      await stop("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether a NATS server greets at `port`. */
async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => {
      end(false);
    });
    socket.once("error", () => {
      end(false);
    });
    socket.once("data", (data) => {
      end(data.toString().startsWith("INFO"));
    });
  });
}
