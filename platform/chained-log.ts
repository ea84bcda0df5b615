/** Lines of JSON in a file that only grows, every line bound to the one before it by SHA-256 and by SM3. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";

/** Both digests of a line and all before it; an empty `sha256`: of a release that had SM3 alone. */
interface Link {
  readonly sha256: string;
  readonly sm3: string;
}

const start = "00".repeat(32);
const first: Link = { sha256: "", sm3: start };

/** Each digest is taken over its own value before, in hex, and the line without its digests. */
function linked(prev: Link, line: object): Link {
  const text = JSON.stringify(line);
  const digest = (name: keyof Link): string =>
    createHash(name)
      .update(prev[name] || start)
      .update(text)
      .digest("hex");
  return { sha256: digest("sha256"), sm3: digest("sm3") };
}

/** The log of `T`s in one file; lines are only ever added. */
export class ChainedLog<T extends object> {
  readonly #path: string;
  #last: Link;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(path: string, last: Link) {
    this.#path = path;
    this.#last = last;
  }

  /** Reads what is there; a broken chain is gone on with, `brokenAt` tells of it. */
  static async open<T extends object>(path: string): Promise<ChainedLog<T>> {
    let last = first;
    for await (const { link } of linesOf(path)) last = link;
    return new ChainedLog<T>(path, last);
  }

  /** On the disk on return: what is not in the log is not done. */
  async append(line: T): Promise<void> {
    const turn = this.#turn.then(async () => {
      const link = linked(this.#last, line);
      await using file = await open(this.#path, "a", 0o600);
      await file.write(`${JSON.stringify({ ...line, chain: link })}\n`);
      await file.datasync();
      this.#last = link;
    });
    this.#turn = turn.catch(() => undefined);
    await turn;
  }

  /** Number of the first line that does not follow from those before it, from 1; null when all do. */
  async brokenAt(): Promise<number | null> {
    let [n, prev] = [0, first];
    for await (const { link, line } of linesOf(this.#path)) {
      n += 1;
      const due = linked(prev, line);
      // Only lines before the first SHA-256 may be without one.
      const hasSha256 = link.sha256 !== "" || prev.sha256 !== "";
      if (due.sm3 !== link.sm3 || (hasSha256 && due.sha256 !== link.sha256)) return n;
      prev = link;
    }
    return null;
  }
}

async function* linesOf(path: string): AsyncGenerator<{ readonly link: Link; readonly line: object }> {
  if (!existsSync(path)) return;
  for await (const text of createInterface({ input: createReadStream(path) })) {
    // `hash` is the SM3 of lines from before SHA-256 stood beside it.
    const { hash, chain, ...line } = parsed(text);
    const { sha256 = "", sm3 = hash } = (chain ?? {}) as Readonly<Record<string, unknown>>;
    yield { link: { sha256: String(sha256), sm3: String(sm3) }, line };
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
