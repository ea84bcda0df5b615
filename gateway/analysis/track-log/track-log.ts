/**
 * The memory of one camera's rules: what they got, on disk, bounded. It stands on the perishable side: a frame never waits
 * for it, nothing is synced point by point, and a disk that cannot follow costs log, not analysis.
 */
import { mkdir, open, readFile, rm, stat, truncate, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../runtime/clock.ts";
import { GatewayError } from "../../runtime/errors.ts";
import type { Observation } from "../zones/rule.ts";
import type { Suppressed } from "../zones/suppression.ts";
import { fileHead, scanFile } from "./block-format.ts";
import { BlockWriter } from "./block-writer.ts";
import { dayOf, isPast, listLogFiles, logFile, type LogFile } from "./log-files.ts";
import type { LogEntry } from "./log-entry.ts";
import { quantise } from "./quantise.ts";
import { SuppressedLog } from "./suppressed-log.ts";

/** Where and how much. */
export interface TrackLogOptions {
  /** Folder of this camera's log. */
  readonly folder: string;
  /** Days that are kept. */
  readonly days: number;
  /** Room for this camera. */
  readonly maxBytes: number;
  readonly clock: Clock;
  /** Told when writing begins to fail, and of a tail that was cut; not again until a write went well. */
  readonly onError: (error: GatewayError) => void;
}

/** A power cut loses no more than this. */
const flushMs = 6_000;
/** What was seen longer ago than this is in the log, ms. */
export const trackLogDelayMs = flushMs + 1_000;
const blockBytes = 64 * 1024;
/** Blocks that wait for a slow disk; beyond it they are dropped and counted. */
const maxWaitingBytes = 2 * 1024 * 1024;
/** So many files at least share the room: deleting the oldest never empties the log. */
const filesPerRoom = 8;

interface Sealed {
  readonly bytes: Buffer;
  readonly baseMs: number;
  readonly frames: number;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly about: LogFile;
  sizeBytes: number;
}

/** Open it, give it every observation, dispose it. */
export class TrackLog implements AsyncDisposable {
  readonly #options: TrackLogOptions;
  readonly #block = new BlockWriter();
  #blockFrames = 0;
  #flushedMs: number;
  #waiting: Sealed[] = [];
  #waitingBytes = 0;
  #lostFrames = 0;
  #writing: Promise<void> | null = null;
  #file: OpenFile | null = null;
  #isFailing = false;
  readonly #suppressed: SuppressedLog;

  private constructor(options: TrackLogOptions) {
    this.#options = options;
    this.#flushedMs = options.clock.monotonicMs();
    this.#suppressed = new SuppressedLog(options.folder, (cause) => this.#failed(cause));
  }

  /** Cuts a broken tail, says so, and marks the start. Never fails: a log that cannot be written is told to `onError`. */
  static async open(options: TrackLogOptions): Promise<TrackLog> {
    const log = new TrackLog(options);
    await log.#mend().catch((cause: unknown) => log.#failed(cause));
    return log;
  }

  /** The rules begin anew at `nowMs`. */
  start(nowMs: number): void {
    this.#add({ kind: "start", nowMs: Math.round(nowMs) });
  }

  /** Notes one frame. @returns the observation as the log keeps it: this is what the rules must get */
  keep(seen: Observation, nowMs: number): Observation {
    const kept = quantise(seen);
    this.#add({ kind: "frame", nowMs: Math.round(nowMs), seen: kept });
    return kept;
  }

  /** Notes what was seen and became no event. */
  suppressed(suppressed: Suppressed): void {
    this.#suppressed.add(suppressed);
  }

  /** The camera has gone. */
  lost(nowMs: number): void {
    this.#add({ kind: "lost", nowMs: Math.round(nowMs) });
    this.#seal();
  }

  #add(entry: LogEntry): void {
    if (!this.#block.takes(entry)) this.#seal();
    if (this.#lostFrames > 0 && this.#waiting.length === 0) {
      this.#block.add({ kind: "gap", nowMs: entry.nowMs, frames: this.#lostFrames });
      this.#blockFrames += this.#lostFrames; // Lost again if this block is.
      this.#lostFrames = 0;
    }
    this.#block.add(entry);
    if (entry.kind === "frame") this.#blockFrames += 1;
    const isDue = this.#options.clock.monotonicMs() - this.#flushedMs >= flushMs;
    if (isDue || this.#block.sizeBytes >= blockBytes) this.#seal();
  }

  #seal(): void {
    this.#flushedMs = this.#options.clock.monotonicMs();
    if (this.#block.sizeBytes === 0) return;
    const sealed = { baseMs: this.#block.baseMs, frames: this.#blockFrames, bytes: this.#block.seal() };
    this.#blockFrames = 0;
    if (this.#waitingBytes + sealed.bytes.length > maxWaitingBytes) {
      this.#lostFrames += sealed.frames;
      return;
    }
    this.#waiting.push(sealed); // Shrinks in #drain.
    this.#waitingBytes += sealed.bytes.length;
    this.#writing ??= this.#drain().finally(() => (this.#writing = null));
  }

  /** Writes what waits, in order. Never rejects. */
  async #drain(): Promise<void> {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      try {
        await this.#write(next);
        this.#isFailing = false;
      } catch (cause) {
        this.#lostFrames += next.frames;
        await this.#closeFile(); // Its tail may be torn: the next block begins a file of its own.
        this.#failed(cause);
      }
      this.#waiting.shift();
      this.#waitingBytes -= next.bytes.length;
    }
  }

  async #write({ bytes, baseMs }: Sealed): Promise<void> {
    const day = dayOf(baseMs);
    const isFull = (this.#file?.sizeBytes ?? 0) + bytes.length > this.#options.maxBytes / filesPerRoom;
    if (this.#file && (this.#file.about.day !== day || isFull)) await this.#closeFile();
    this.#file ??= await this.#nextFile(day, baseMs);
    await this.#file.handle.writeFile(bytes);
    this.#file.sizeBytes += bytes.length;
  }

  async #nextFile(day: string, baseMs: number): Promise<OpenFile> {
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true });
    const last = (await listLogFiles(folder)).at(-1);
    const path = last && last.day === day ? join(folder, last.name) : null;
    const sizeBytes = path ? (await stat(path)).size : 0;
    // Goes on with today's file after a restart, unless it is full or its last write failed.
    const goesOn = sizeBytes > 0 && sizeBytes < this.#options.maxBytes / filesPerRoom / 2 && !this.#isFailing;
    const about = last && goesOn ? last : logFile((last?.number ?? 0) + 1, day);
    await this.#forget(baseMs, about);
    const handle = await open(join(folder, about.name), "a", 0o640);
    if (goesOn) return { handle, about, sizeBytes };
    try {
      const head = fileHead(baseMs);
      await handle.writeFile(head);
      return { handle, about, sizeBytes: head.length };
    } catch (cause) {
      await abandon(handle, join(folder, about.name));
      throw cause;
    }
  }

  /** Deletes what is older than its days or beyond the room, oldest first, never the file being written. */
  async #forget(nowMs: number, current: LogFile): Promise<void> {
    const { folder, days, maxBytes } = this.#options;
    const files = (await listLogFiles(folder)).filter(({ number }) => number !== current.number);
    const sizes = await Promise.all(files.map(async ({ name }) => (await stat(join(folder, name))).size));
    // Room for the file that is about to grow is taken at once.
    let total = sizes.reduce((sum, size) => sum + size, maxBytes / filesPerRoom);
    for (const [i, { name, day }] of files.entries()) {
      const since = new Set([...files.slice(i + 1), current].map((file) => file.day));
      if (total <= maxBytes && !isPast(day, since, { days, nowMs })) continue;
      await rm(join(folder, name), { force: true });
      total -= sizes[i] ?? 0;
    }
  }

  /** A power cut leaves half a block: it is cut off at the last good one. */
  async #mend(): Promise<void> {
    const last = (await listLogFiles(this.#options.folder)).at(-1);
    if (!last) return;
    const path = join(this.#options.folder, last.name);
    const { goodEnd, tailBytes } = scanFile(await readFile(path));
    if (tailBytes === 0) return;
    if (goodEnd === 0) await rm(path);
    else await truncate(path, goodEnd);
    this.#options.onError(new GatewayError("TRACK_LOG_CUT", { path, bytes: tailBytes }));
  }

  #failed(cause: unknown): void {
    const isFirst = !this.#isFailing;
    this.#isFailing = true;
    const detail = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    if (isFirst)
      this.#options.onError(new GatewayError("TRACK_LOG_WRITE", { path: this.#options.folder, detail }, { cause }));
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.handle.close().catch(() => undefined); // Nothing can be done about a file that will not close.
  }

  /** Writes what there is and closes. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#seal();
    await this.#writing;
    await this.#suppressed[Symbol.asyncDispose]();
    await this.#closeFile();
  }
}

/** A full disk takes the name of a file and nothing in it: without this, every try would leave a file and a handle. */
async function abandon(handle: FileHandle, path: string): Promise<void> {
  await handle.close().catch(() => undefined); // Nothing can be done about a file that will not close.
  await rm(path, { force: true }).catch(() => undefined);
}
