/** kill -9 of either side at random moments: an oracle counts what was recorded, what arrived, and how often. */
import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Database } from "../database/database.ts";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { Enrolled } from "../../platform/enrolment.ts";

/** Whole boxes with pictures, as many as fit into the budget; kills.test.ts kills small ones by the hundred. XUELIANG_PICTURE_KILLS=1000 is for the night. */
const kills = Number(process.env["XUELIANG_PICTURE_KILLS"] ?? 12);
const budgetMs = process.env["XUELIANG_PICTURE_KILLS"] === undefined ? 20_000 : Number.POSITIVE_INFINITY;
const children = new Set<ChildProcess>();
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kill-"));
});
afterEach(async () => {
  await Promise.all([...children].map(killed));
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a peer; `onLine` gets each line it says. Resolves with its first line beginning with `ready`. */
async function started(
  peer: string,
  args: readonly string[],
  onLine: (line: string) => void = () => undefined,
): Promise<{ readonly child: ChildProcess; readonly ready: string }> {
  const child = spawn(process.execPath, [new URL(`./peers/${peer}.ts`, import.meta.url).pathname, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.add(child);
  const lines = createInterface({ input: child.stdout });
  const ready = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code, signal) => {
      children.delete(child);
      reject(new Error(`${peer} ended before it was ready: ${String(code)} ${String(signal)}`));
    });
    lines.on("line", (line) => {
      if (line.startsWith("ready")) resolve(line);
      else onLine(line);
    });
  });
  return { child, ready };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Row {
  readonly occurrence: string;
  readonly id: string;
  readonly body: string;
}

async function rows(path: string, sql: string): Promise<readonly Row[]> {
  using database = await Database.open(path, {
    migrations: new URL(
      path.includes("platform") ? "../../platform/sinks/migrations/" : "../database/migrations/",
      import.meta.url,
    ),
  });
  return database.all(sql).map((row) => ({
    occurrence: String(row["occurrence"]),
    id: String(row["id"]),
    body: createHash("sha256")
      .update(row["body"] instanceof Uint8Array ? row["body"] : "")
      .digest("hex"),
  }));
}

async function counted(path: string, sql: string): Promise<number> {
  using database = await Database.open(path, {
    migrations: new URL(
      path.includes("platform") ? "../../platform/sinks/migrations/" : "../database/migrations/",
      import.meta.url,
    ),
  });
  return Number(database.get(sql)?.["count"]);
}

test(
  "killed at random: nothing lost, nothing twice, every byte as it was",
  { timeout: 120_000 + kills * 6_000 },
  async () => {
    const box = join(folder, "box");
    const platform = join(folder, "platform");
    await Enrolled.open(await made(platform)).enrol(enrolment("box-1", await ensureKeys(await made(box))));
    const recorded = new Set<string>();
    const note = (line: string): void => {
      if (line.startsWith("recorded ")) recorded.add(line.slice("recorded ".length));
    };
    let receiver = await started("receiver-process", [platform, "tcp://127.0.0.1:0", "0"]);
    const [, address = "", serverKey = ""] = receiver.ready.split(" ");
    let done = 0;
    const endMs = performance.now() + budgetMs;
    // A few there must be, however long a start takes.
    const more = (): boolean => done < kills && (performance.now() < endMs || done <= 3);
    const killReceivers = async (): Promise<void> => {
      while (more()) {
        await pause(200 + Math.random() * 1_500);
        await killed(receiver.child);
        done += 1;
        // Every other one dies by itself at the worst moment: after the commit, before the acknowledgement.
        for (;;) {
          const next = await started("receiver-process", [platform, address, done % 2 === 0 ? "0.2" : "0"]).catch(
            () => null,
          );
          if (!next) continue;
          receiver = next;
          break;
        }
      }
    };
    const killBoxes = async (): Promise<void> => {
      while (more()) {
        const { child } = await started("box-process", [box, address, serverKey, "60"], note);
        await pause(Math.random() * 2_000);
        await killed(child);
        done += 1;
      }
    };
    await Promise.all([killReceivers(), killBoxes()]);
    await killed(receiver.child);
    receiver = await started("receiver-process", [platform, address, "0"]);
    const last = await started("box-process", [box, address, serverKey, "1"], note);
    const ready = performance.now();
    for (;;) {
      const waiting = await waitingIn(join(box, "gateway.db"));
      if (waiting <= 2) break;
      if (performance.now() - ready > 60_000) throw new Error(`${waiting} events still wait`);
      await pause(500);
    }
    await killed(last.child);
    // What was recorded in the moment of the last kill arrives with one more start.
    const ender = await started("box-process", [box, address, serverKey, "0.001"], note);
    const end = performance.now() + 60_000;
    while ((await waitingIn(join(box, "gateway.db"))) > 0) {
      if (performance.now() > end) throw new Error("the outbox does not empty");
      await pause(200);
    }
    while ((await uploadsIn(join(box, "gateway.db"))) > 0) {
      if (performance.now() > end) throw new Error("the evidence does not arrive");
      await pause(200);
    }
    await killed(ender.child);
    await killed(receiver.child);
    const atBox = new Map(
      (await rows(join(box, "gateway.db"), "SELECT occurrence, id, body FROM events")).map((row) => [row.id, row]),
    );
    const atPlatform = await rows(join(platform, "platform.db"), "SELECT occurrence, id, body FROM events");
    const arrived = new Set(atPlatform.map((row) => row.occurrence));
    const report = {
      missing: [...recorded].filter((occurrence) => !arrived.has(occurrence)).length,
      unknown: atPlatform.filter((row) => !atBox.has(row.id)).length,
      duplicate: atPlatform.length - new Set(atPlatform.map((row) => row.occurrence)).size,
      hashMismatch: atPlatform.filter((row) => atBox.get(row.id)?.body !== row.body).length,
      quarantined: await counted(join(platform, "platform.db"), "SELECT count(*) AS count FROM quarantine"),
      gaps: await counted(join(platform, "platform.db"), "SELECT count(*) AS count FROM gaps"),
    };
    console.log(
      `${done} kills, ${recorded.size} events recorded, ${atPlatform.length} arrived:`,
      JSON.stringify(report),
    );
    expect(report).toEqual({ missing: 0, unknown: 0, duplicate: 0, hashMismatch: 0, quarantined: 0, gaps: 0 });
    expect(done).toBeGreaterThan(3);
    expect(recorded.size).toBeGreaterThan(0);
    expect(await wrongPictures(join(platform, "platform.db"))).toEqual([]);
  },
);

async function made(path: string): Promise<string> {
  const { mkdirSync } = await import("node:fs");
  mkdirSync(path, { recursive: true });
  return path;
}

async function waitingIn(path: string): Promise<number> {
  return counted(path, "SELECT sum(head - acked) AS count FROM lanes");
}

async function uploadsIn(path: string): Promise<number> {
  return counted(path, "SELECT count(*) AS count FROM uploads WHERE state = 'waiting'");
}

/** Evidence whose file is not there or not what its name says. */
async function wrongPictures(path: string): Promise<readonly string[]> {
  using database = await Database.open(path, {
    migrations: new URL("../../platform/sinks/migrations/", import.meta.url),
  });
  const evidence = database.all("SELECT sha256, path FROM evidence");
  return evidence
    .filter(
      (row) =>
        !existsSync(String(row["path"])) ||
        createHash("sha256")
          .update(readFileSync(String(row["path"])))
          .digest("hex") !== row["sha256"],
    )
    .map((row) => String(row["path"]));
}
