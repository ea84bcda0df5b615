/** Who looked at which evidence, and who was not let: one JSON line each, every line bound to the one before it. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";

/** One attempt. */
export interface Access {
  readonly atMs: number;
  /** Name of the viewer; empty: the token is nobody's. */
  readonly viewer: string;
  readonly sha256: string;
  /** `gateway/camera`; empty when the evidence is not here. */
  readonly camera: string;
  readonly outcome: "shown" | "refused" | "unknown";
  readonly reason: string;
}

const start = "00".repeat(32);

function linked(prev: string, access: Access): string {
  return createHash("sm3").update(prev).update(JSON.stringify(access)).digest("hex");
}

/** The log in one file; lines are only ever added. */
export class AccessLog {
  readonly #path: string;
  #last: string;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(path: string, last: string) {
    this.#path = path;
    this.#last = last;
  }

  /** Reads what is there; a broken chain is gone on with, `brokenAt` tells of it. */
  static async open(path: string): Promise<AccessLog> {
    let last = start;
    for await (const { hash } of linesOf(path)) last = hash;
    return new AccessLog(path, last);
  }

  /** On the disk on return: what is not in the log is not shown. */
  async append(access: Access): Promise<void> {
    const turn = this.#turn.then(async () => {
      const hash = linked(this.#last, access);
      await using file = await open(this.#path, "a", 0o600);
      await file.write(`${JSON.stringify({ ...access, hash })}\n`);
      await file.datasync();
      this.#last = hash;
    });
    this.#turn = turn.catch(() => undefined);
    await turn;
  }

  /** Number of the first line that does not follow from those before it, from 1; null when all do. */
  async brokenAt(): Promise<number | null> {
    let [n, prev] = [0, start];
    for await (const { hash, access } of linesOf(this.#path)) {
      n += 1;
      if (linked(prev, access) !== hash) return n;
      prev = hash;
    }
    return null;
  }
}

async function* linesOf(path: string): AsyncGenerator<{ readonly hash: string; readonly access: Access }> {
  if (!existsSync(path)) return;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const { hash, ...access } = parsed(line);
    yield { hash: String(hash), access: access as unknown as Access };
  }
}

/** A line that is none breaks the chain like one that was changed. */
function parsed(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}
