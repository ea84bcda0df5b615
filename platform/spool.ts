/** Commands on their way through a receiver: files that whoever signs puts there, carried when the box comes, answered beside them. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { headers, type Header } from "../gateway/delivery/uplink/protocol/messages.ts";
import type { Result } from "../gateway/delivery/uplink/protocol/result.ts";
import type { Clock } from "../gateway/runtime/clock.ts";
import { writeWhole } from "../gateway/runtime/whole-file.ts";
import type { Receiver } from "./receiver.ts";

const schema = z.object({ header: headers.CMD, payload: z.base64() });

/** A signed command as it lies in the folder. `payload`: base64 of the very octets that are signed. */
export type SpooledCommand = z.output<typeof schema>;

/** A result as it lies in the folder; `body` is whatever JSON the box gave, null for none. */
export interface SpooledResult extends Omit<Result, "body"> {
  readonly body: unknown;
}

const lastWords: ReadonlySet<Result["state"]> = new Set(["done", "failed", "denied", "expired"]);
const name = /^([0-9a-f]{32})\.json$/;
/** Files that are looked at in one turn; the rest waits for the next one. */
const maxPending = 1_000;
const turnMs = 1_000;

/** `commands/` below a receiver's folder. */
export class CommandSpool {
  readonly #pending: string;
  readonly #results: string;
  readonly #files: string;
  readonly #carried = new Set<string>();
  #writing: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#pending = join(folder, "commands", "pending");
    this.#results = join(folder, "commands", "results");
    this.#files = join(folder, "commands", "files");
    for (const path of [this.#pending, this.#results, this.#files]) mkdirSync(path, { recursive: true, mode: 0o700 });
  }

  /** Puts a command there; durable on return. */
  async put(command: SpooledCommand): Promise<void> {
    await writeWhole(join(this.#pending, `${command.header.cmd}.json`), Buffer.from(JSON.stringify(command)));
  }

  /** Puts a file beside a command: the box asks for it piece by piece. Durable on return. */
  async putFile(cmd: string, sha256: string, bytes: Uint8Array): Promise<void> {
    await writeWhole(join(this.#files, cmd, sha256), bytes);
  }

  /** A piece of such a file; null: it is not here (any more). Whoever knows both names was sent the command. */
  async piece({ cmd, sha256, off, size }: Header<"ASK">): Promise<Uint8Array | null> {
    try {
      await using file = await open(join(this.#files, cmd, sha256), "r");
      const { bytesRead, buffer } = await file.read(new Uint8Array(size), 0, size, off);
      return bytesRead > 0 ? buffer.subarray(0, bytesRead) : null;
    } catch (error) {
      if (error instanceof Error && "code" in error) return null;
      throw error;
    }
  }

  /** Whether the last word about this command is still to come. */
  isPending(cmd: string): boolean {
    return existsSync(join(this.#pending, `${cmd}.json`));
  }

  /** What was said last about a command; null: nothing yet. */
  result(cmd: string): SpooledResult | null {
    try {
      return JSON.parse(readFileSync(join(this.#results, `${cmd}.json`), "utf8")) as SpooledResult;
    } catch {
      return null; // Not there yet; a file is there whole or not at all.
    }
  }

  /** Ids of every command that has a result. */
  answered(): readonly string[] {
    return readdirSync(this.#results).flatMap((file) => name.exec(file)?.[1] ?? []);
  }

  /** Hands over what waits for boxes that are here; once per session of a box. */
  carry(receiver: Pick<Receiver, "carry">): void {
    for (const file of readdirSync(this.#pending).sort().slice(0, maxPending)) {
      const cmd = name.exec(file)?.[1];
      if (cmd === undefined || this.#carried.has(cmd)) continue;
      const command = this.#read(file);
      if (command && receiver.carry(command.header, Buffer.from(command.payload, "base64"))) this.#carried.add(cmd);
    }
  }

  /** A box came (again): what it has not answered for good is asked once more; it obeys once. */
  opened(receiver: Pick<Receiver, "carry">): void {
    this.#carried.clear();
    this.carry(receiver);
  }

  /** Keeps what a box says; its last word takes the command away. */
  async answer({ body, ...result }: Result): Promise<void> {
    const kept: SpooledResult = { ...result, body: parsed(body) };
    const turn = this.#writing.then(async () => {
      await writeWhole(join(this.#results, `${result.cmd}.json`), Buffer.from(JSON.stringify(kept)));
      if (!lastWords.has(result.state)) return;
      await rm(join(this.#pending, `${result.cmd}.json`), { force: true });
      await rm(join(this.#files, result.cmd), { recursive: true, force: true });
      this.#carried.delete(result.cmd);
    });
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  /** Looks for new commands once a second until `signal` aborts. */
  async watch(receiver: Pick<Receiver, "carry">, clock: Clock, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.carry(receiver);
      await clock.sleep(turnMs, signal).catch(() => undefined);
    }
    await this.#writing;
  }

  #read(file: string): SpooledCommand | null {
    try {
      return schema.parse(JSON.parse(readFileSync(join(this.#pending, file), "utf8")));
    } catch {
      return null; // Answered meanwhile, or put there by hand and wrong: nobody is served by a receiver that stops.
    }
  }
}

function parsed(body: Uint8Array): unknown {
  if (body.length === 0) return null;
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return null;
  }
}
