/** What one camera's rules saw and did not tell, on disk beside its track log: lines of JSON in two files, oldest gone first. */
import { appendFile, mkdir, open, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { suppressions, type Suppressed } from "../zones/suppression.ts";

const newest = "suppressed.jsonl";
const older = "suppressed.old.jsonl";
/** A file of this size steps aside: about 1,500 lines of each file are kept. */
const fileBytes = 512 * 1024;
/** Lines that wait for a slow disk; beyond it they are dropped. */
const mostWaiting = 256;

/** Takes notes and never makes anybody wait; a disk that does not take them costs notes, nothing else. */
export class SuppressedLog implements AsyncDisposable {
  readonly #folder: string;
  readonly #onFailed: (cause: unknown) => void;
  #waiting: string[] = [];
  #writing: Promise<void> | null = null;
  /** The file may end in half a line: nobody has looked, or a write failed. */
  #mayBeTorn = true;

  /** @param onFailed told of each write that failed */
  constructor(folder: string, onFailed: (cause: unknown) => void) {
    this.#folder = folder;
    this.#onFailed = onFailed;
  }

  /** Notes one. */
  add(suppressed: Suppressed): void {
    if (this.#waiting.length >= mostWaiting) return;
    this.#waiting.push(`${JSON.stringify(suppressed)}\n`); // Shrinks in #drain.
    this.#writing ??= this.#drain().finally(() => (this.#writing = null));
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting.join("");
      this.#waiting = [];
      await this.#append(lines).catch(this.#onFailed);
    }
  }

  async #append(lines: string): Promise<void> {
    const path = join(this.#folder, newest);
    await mkdir(this.#folder, { recursive: true });
    const size = await stat(path).then(
      (about) => about.size,
      () => 0,
    );
    const isFull = size > fileBytes;
    if (isFull) await rename(path, join(this.#folder, older));
    // What follows half a line would be lost with it.
    const ends = !isFull && this.#mayBeTorn && (await isTorn(path, size)) ? "\n" : "";
    this.#mayBeTorn = true;
    await appendFile(path, `${ends}${lines}`, { mode: 0o640 });
    this.#mayBeTorn = false;
  }

  /** Writes what there is. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
  }
}

/** What was noted since `sinceMs`, oldest first; half a line that a power cut left is passed over. */
export async function readSuppressed(folder: string, sinceMs: number): Promise<readonly Suppressed[]> {
  const texts = await Promise.all(
    [older, newest].map((name) =>
      readFile(join(folder, name), "utf8").catch((error: unknown) => {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
        throw error;
      }),
    ),
  );
  return texts
    .flatMap((text) => text.split("\n"))
    .flatMap((line) => parsed(line) ?? [])
    .filter(({ atMs }) => atMs >= sinceMs);
}

function parsed(line: string): Suppressed | null {
  try {
    const value = JSON.parse(line) as Partial<Suppressed> | null;
    const isWhole =
      typeof value?.atMs === "number" &&
      typeof value.ruleId === "string" &&
      suppressions.some((r) => r === value.reason);
    return isWhole ? (value as Suppressed) : null;
  } catch {
    return null;
  }
}

/** Whether a file of this size ends in the middle of a line. */
async function isTorn(path: string, size: number): Promise<boolean> {
  if (size === 0) return false;
  await using file = await open(path, "r");
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString("latin1") !== "\n";
}
