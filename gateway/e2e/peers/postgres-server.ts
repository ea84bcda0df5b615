/** A private PostgreSQL for one test file: own folder, own port, gone afterwards. */
import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./free-port.ts";

const run = promisify(execFile);
const home = "/usr/lib/postgresql";
// A child that is told to die with its parent: a test run that is killed leaves no server behind.
const setpriv = "/usr/bin/setpriv";

/** Folder of the newest installed server's programs; null: none is installed, and its tests are skipped. */
export const postgresPrograms: string | null = existsSync(home)
  ? (readdirSync(home)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(home, version, "bin"))
      .find((folder) => existsSync(join(folder, "initdb"))) ?? null)
  : null;

/** A running server. */
export interface PostgresServer extends AsyncDisposable {
  /** Connection URL of a database, without a password: the server trusts the loopback. */
  url(database: string): string;
  create(database: string, template?: string): Promise<void>;
  drop(database: string): Promise<void>;
  /** Result of one statement as psql prints it, without decoration. */
  psql(database: string, sql: string): Promise<string>;
  /** Kills the server as a crash does, and starts it again on its folder and port. */
  crash(): Promise<void>;
}

/** Makes a cluster in a temporary folder and starts it with flushing on. As root it runs under the account `postgres`, because the server refuses root. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = postgresPrograms ?? "";
  const account = process.getuid?.() === 0 ? accountOf("postgres") : null;
  const folder = mkdtempSync(join(tmpdir(), "pg-"));
  chmodSync(folder, 0o700);
  if (account) chownSync(folder, account.uid, account.gid);
  const become = [
    ...(account ? [`--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups"] : []),
    "--pdeathsig=KILL",
  ];
  const data = join(folder, "data");
  const settings = ["-A", "trust", "-U", "xueliang", "-E", "UTF8", "--locale=C", "--no-sync"];
  await run(setpriv, [...become, join(programs, "initdb"), "-D", data, ...settings], { cwd: folder });
  const port = await freePort();
  const args = ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder, "-c", "shared_buffers=16MB"];
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(setpriv, [...become, join(programs, "postgres"), ...args], { cwd: folder, stdio: "ignore" });
    for (let left = 300; left > 0; left -= 1) {
      if (child.exitCode !== null) throw new Error(`postgres ended with ${child.exitCode}`);
      const ready = await run(join(programs, "pg_isready"), ["-h", "127.0.0.1", "-p", String(port), "-q"]).then(
        () => true,
        () => false,
      );
      if (ready) return child;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("postgres does not come up");
  };
  let child = await start();
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  };
  const psql = async (database: string, sql: string): Promise<string> => {
    const where = ["-h", "127.0.0.1", "-p", String(port), "-U", "xueliang", "-d", database];
    const { stdout } = await run("psql", [...where, "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql]);
    return stdout.trim();
  };
  return {
    url: (database) => `postgres://xueliang@127.0.0.1:${port}/${database}`,
    create: async (database, template) => {
      await psql("postgres", `CREATE DATABASE ${database}${template === undefined ? "" : ` TEMPLATE ${template}`}`);
    },
    drop: async (database) => {
      await psql("postgres", `DROP DATABASE ${database} WITH (FORCE)`);
    },
    psql,
    crash: async () => {
      // SIGQUIT is the server's own "stop as after a crash": children go too, and recovery runs at the next start.
      await stop("SIGQUIT");
      child = await start();
    },
    async [Symbol.asyncDispose]() {
      await stop("SIGQUIT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function accountOf(name: string): { readonly uid: number; readonly gid: number } {
  const id = (flag: string): number => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
