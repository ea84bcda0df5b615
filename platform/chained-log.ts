/** Lines of JSON in a file that only grows, every line bound to the one before it. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";

const start = "00".repeat(32);

function linked(prev: string, line: object): string {
  return createHash("sm3").update(prev).update(JSON.stringify(line)).digest("hex");
}

/** The log of `T`s in one file; lines are only ever added. */
export class ChainedLog<T extends object> {
  readonly #path: string;
  #last: string;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(path: string, last: string) {
    this.#path = path;
    this.#last = last;
  }

  /** Reads what is there; a broken chain is gone on with, `brokenAt` tells of it. */
  static async open<T extends object>(path: string): Promise<ChainedLog<T>> {
    let last = start;
    for await (const { hash } of linesOf(path)) last = hash;
    return new ChainedLog<T>(path, last);
  }

  /** On the disk on return: what is not in the log is not done. */
  async append(line: T): Promise<void> {
    const turn = this.#turn.then(async () => {
      const hash = linked(this.#last, line);
      await using file = await open(this.#path, "a", 0o600);
      await file.write(`${JSON.stringify({ ...line, hash })}\n`);
      await file.datasync();
      this.#last = hash;
    });
    this.#turn = turn.catch(() => undefined);
    await turn;
  }

  /** Number of the first line that does not follow from those before it, from 1; null when all do. */
  async brokenAt(): Promise<number | null> {
    let [n, prev] = [0, start];
    for await (const { hash, line } of linesOf(this.#path)) {
      n += 1;
      if (linked(prev, line) !== hash) return n;
      prev = hash;
    }
    return null;
  }
}

async function* linesOf(path: string): AsyncGenerator<{ readonly hash: string; readonly line: object }> {
  if (!existsSync(path)) return;
  for await (const text of createInterface({ input: createReadStream(path) })) {
    const { hash, ...line } = parsed(text);
    yield { hash: String(hash), line };
  }
}

/** A line that is none breaks the chain like one that was changed. */
function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
