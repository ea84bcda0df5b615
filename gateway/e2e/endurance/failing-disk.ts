/**
 * The disk refuses the N-th call that would change it, for N = 1, 2, 3 …: full (and a moment later there is room again), or
 * broken. A box either waits and goes on, or ends with the exit code of its disk and goes on at the next start; whatever it
 * had said to be recorded arrives.
 */
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Receiver } from "../../../platform/receiver.ts";
import { Database } from "../../database/database.ts";
import { DiskShim, type Failing } from "../disk/disk-shim.ts";
import { enrolment, ensureKeys } from "../../delivery/uplink/keys.ts";
import { until } from "../peers/open-delivery.ts";
import { clean, judge, waitingAt, type Line } from "./oracle.ts";
import { pause, Peers } from "./peer.ts";

/** How many calls are refused of each kind. */
export interface FailingAmounts {
  /** While a box runs: full for a moment from the N-th call on. */
  readonly full: number;
  /** While a box runs: one call, or all from it on, that cannot be done. */
  readonly broken: number;
  /** Of a box that starts, on an empty disk and on one with events. */
  readonly starts: number;
}

type Child = Awaited<ReturnType<Peers["start"]>>["child"];
const peer = new URL("../peers/box-process.ts", import.meta.url).pathname;
/** What a box may end with: it could not write (1), or its disk failed (74). Anything else was no decision. */
const mayEndWith: ReadonlySet<number | null> = new Set([1, 74]);

/** @returns null when this machine has no compiler for the shim */
export async function failingDisk(amounts: FailingAmounts): Promise<Line | null> {
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "failing-"));
  const box = join(folder, "box");
  mkdirSync(box);
  using shim = DiskShim.open(box);
  try {
    return shim && (await new Refusals(folder, box, shim).all(amounts));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One run of it. */
class Refusals {
  readonly #folder: string;
  readonly #box: string;
  readonly #shim: DiskShim;
  readonly #recorded = new Set<string>();
  readonly #peers = new Peers();
  readonly #ends = new Map<string, number>();
  #start: () => Promise<Child> = () => Promise.reject(new Error("not yet"));
  #recoveredMs = 0;
  #startMs = 0;

  constructor(folder: string, box: string, shim: DiskShim) {
    this.#folder = folder;
    this.#box = box;
    this.#shim = shim;
  }

  async all({ full, broken, starts }: FailingAmounts): Promise<Line> {
    const receiver = await Receiver.open({
      listen: "tcp://127.0.0.1:0",
      folder: join(this.#folder, "platform"),
      language: "en",
    });
    await receiver.enrol(enrolment("box-1", await ensureKeys(this.#box)));
    const args = [this.#box, receiver.address, receiver.serverKey, "200"];
    this.#start = async () => {
      const beganMs = performance.now();
      const { child } = await this.#peers.start(peer, args, (line) => this.#heard(line), { env: this.#shim.env });
      this.#startMs = Math.max(this.#startMs, performance.now() - beganMs);
      return child;
    };
    await this.#starting(starts);
    await this.#runningFull(full);
    await this.#runningBroken(broken);
    const last = await this.#start();
    await this.#progress();
    await this.#peers.kill(last);
    const ender = await this.#peers.start(peer, [...args.slice(0, 3), "0.001"], (line) => this.#heard(line));
    const endMs = performance.now() + 120_000;
    while ((await waitingAt(this.#box)) > 0 && performance.now() < endMs) await pause(100);
    await this.#peers.kill(ender.child);
    await receiver[Symbol.asyncDispose]();
    return this.#line(full + broken + starts);
  }

  /** A start that its disk does not let happen is followed by one that it does. */
  async #starting(count: number): Promise<void> {
    for (let n = 1; n <= count; n += 1) {
      this.#shim.fail({ error: n % 3 === 0 ? "EIO" : "ENOSPC", from: n, torn: n % 2 === 0 });
      const child = await this.#start().catch((error: unknown) => {
        this.#ended(/before it was ready: (\S+)/.exec(String(error))?.[1] ?? String(error));
        return null;
      });
      this.#shim.fail(null);
      if (child && child.exitCode === null) await this.#peers.kill(child);
    }
  }

  async #runningFull(count: number): Promise<void> {
    let child = await this.#start();
    for (let n = 1; n <= count; n += 1) {
      await this.#progress();
      await this.#refuse({ error: "ENOSPC", from: n, torn: n % 2 === 0 }, child);
      await pause(Math.random() * 200);
      this.#shim.fail(null);
      const freeMs = performance.now();
      await this.#progress(child);
      if (this.#isOver(child)) child = await this.#start();
      await this.#progress();
      this.#recoveredMs = Math.max(this.#recoveredMs, performance.now() - freeMs);
    }
    await this.#peers.kill(child);
  }

  async #runningBroken(count: number): Promise<void> {
    for (let n = 1; n <= count; n += 1) {
      const child = await this.#start();
      await this.#progress();
      await this.#refuse({ error: "EIO", from: n, ...(n % 2 === 0 ? { count: 1 } : {}) }, child);
      // A picture that cannot be written is done without; whatever else cannot be ends the process.
      if (n % 2 === 1 && child.exitCode === null) await Promise.race([once(child, "close"), pause(10_000)]);
      this.#shim.fail(null);
      await this.#progress(child);
      if (!this.#isOver(child)) await this.#peers.kill(child);
    }
  }

  /** Arms the disk, and waits until it has refused something or the box is gone. */
  async #refuse(failing: Failing, child: Child): Promise<void> {
    const before = this.#shim.failed;
    this.#shim.fail(failing);
    await until("a refused call", () => this.#shim.failed > before || child.exitCode !== null);
  }

  #isOver(child: Child): boolean {
    if (child.exitCode === null && child.signalCode === null) return false;
    this.#ended(String(child.exitCode ?? child.signalCode));
    return true;
  }

  #ended(how: string): void {
    this.#ends.set(how, (this.#ends.get(how) ?? 0) + 1);
  }

  /** Until the next event is recorded, or `child` is gone. */
  async #progress(child?: Child): Promise<void> {
    const before = this.#recorded.size;
    const isGone = (): boolean => child !== undefined && (child.exitCode ?? child.signalCode) !== null;
    await until("the next event", () => this.#recorded.size > before || isGone());
  }

  #heard(line: string): void {
    if (line.startsWith("recorded ")) this.#recorded.add(line.slice("recorded ".length));
  }

  async #line(refused: number): Promise<Line> {
    const ids = await idsOf(this.#box);
    // An occurrence that is not even at the box stays as it is, and is found at no platform.
    const promised = new Set([...this.#recorded].map((occurrence) => ids.get(occurrence) ?? occurrence));
    const verdict = await judge(promised, [this.#box], join(this.#folder, "platform"));
    const ends = [...this.#ends].map(([how, times]) => `${times} × exit ${how}`).join(", ") || "none";
    const decided = [...this.#ends.keys()].every((how) => mayEndWith.has(Number(how)));
    return {
      scenario: "the N-th call to the disk refused: full, broken",
      amount: `${refused} refusals`,
      verdict,
      figures: `${promised.size} events; recorded again at most ${(this.#recoveredMs / 1_000).toFixed(1)} s after there was room; ends: ${ends}`,
      holds: JSON.stringify(verdict) === JSON.stringify(clean) && decided && this.#recoveredMs <= 30_000,
    };
  }
}

async function idsOf(box: string): Promise<ReadonlyMap<string, string>> {
  using database = await Database.open(join(box, "gateway.db"));
  const rows = database.all("SELECT id, occurrence FROM events");
  return new Map(rows.map((row) => [String(row["occurrence"]), String(row["id"])]));
}
