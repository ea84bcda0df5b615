/**
 * One small picture of each track, beside the track log. It stands on the perishable side: what cannot be encoded or
 * written at once is left out, and no frame waits for it.
 */
import { appendFile, mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Frame } from "../capture/frame.ts";
import type { Box } from "../geometry.ts";
import type { Track } from "../tracking/track.ts";
import { dayOf, isPast, listLogFiles } from "./log-files.ts";
import { listThumbnailFiles, mostPictureBytes, thumbnailFile, thumbnailRecord } from "./thumbnail-files.ts";

/** Where and how much. */
export interface ThumbnailOptions {
  /** Folder of this camera's track log. */
  readonly folder: string;
  readonly days: number;
  /** Room for the pictures of this camera. */
  readonly maxBytes: number;
  /** Cuts a box out of a frame; it takes the pixels before it returns. The frame's masks are in them already. */
  readonly cut: (frame: Frame, box: Box) => Promise<Uint8Array>;
  /** Told of each write that failed. */
  readonly onFailed: (cause: unknown) => void;
}

/** Frames in which an object was matched before its picture is taken: it is in the picture wholly by then. */
const leastHits = 5;
/** Pictures in the making; an object that comes when there are so many has its turn with a later frame. */
const mostAtOnce = 2;
/** So many files share the room: deleting the oldest never takes all pictures. */
const filesPerRoom = 8;
/** Ids of tracks that have their picture; the oldest are forgotten. */
const mostKnown = 4_096;

/** Open for as long as the camera runs. */
export class ThumbnailLog implements AsyncDisposable {
  readonly #options: ThumbnailOptions;
  readonly #taken = new Set<number>();
  readonly #making = new Set<Promise<void>>();
  #writing: Promise<void> = Promise.resolve();
  #day = "";

  constructor(options: ThumbnailOptions) {
    this.#options = options;
  }

  /** Takes the picture of each confirmed track that has none yet. Returns at once. */
  look(frame: Frame, tracks: readonly Track[]): void {
    const day = dayOf(frame.capturedAtMs);
    if (day !== this.#day) {
      this.#day = day;
      void this.#write(() => this.#forget(frame.capturedAtMs));
    }
    for (const { id, state, seenNow, hits, box } of tracks) {
      if (state !== "confirmed" || !seenNow || hits < leastHits || this.#taken.has(id)) continue;
      if (this.#making.size >= mostAtOnce) return;
      this.#taken.add(id);
      for (const old of this.#taken) if (this.#taken.size > mostKnown) this.#taken.delete(old);
      const made = this.#make(id, frame.capturedAtMs, this.#options.cut(frame, box));
      this.#making.add(made);
      void made.finally(() => this.#making.delete(made));
    }
  }

  async #make(track: number, atMs: number, cut: Promise<Uint8Array>): Promise<void> {
    try {
      const jpeg = await cut;
      if (jpeg.length <= mostPictureBytes) await this.#write(() => this.#append(track, atMs, jpeg));
    } catch (cause) {
      this.#options.onFailed(cause);
    }
  }

  /** In order, one at a time. Never rejects. */
  #write(work: () => Promise<void>): Promise<void> {
    this.#writing = this.#writing.then(work).catch(this.#options.onFailed);
    return this.#writing;
  }

  async #append(track: number, atMs: number, jpeg: Uint8Array): Promise<void> {
    const { folder, maxBytes } = this.#options;
    await mkdir(folder, { recursive: true });
    const day = dayOf(atMs);
    const last = (await listThumbnailFiles(folder)).at(-1);
    const size = last ? (await stat(join(folder, last.name))).size : 0;
    // Half a record that a power cut left at the end of a file is passed over: what follows it is found by its mark.
    const goesOn = last?.day === day && size + jpeg.length <= maxBytes / filesPerRoom;
    const file = goesOn ? last : thumbnailFile((last?.number ?? 0) + 1, day);
    if (!goesOn) await this.#forget(atMs);
    await appendFile(join(folder, file.name), thumbnailRecord(track, atMs, jpeg), { mode: 0o640 });
  }

  /** Deletes what is older than its days or beyond the room, oldest first. */
  async #forget(nowMs: number): Promise<void> {
    const { folder, days, maxBytes } = this.#options;
    const files = await listThumbnailFiles(folder);
    // The track log beside it has a file of every day, also of those on which nobody came.
    const logged = (await listLogFiles(folder)).map(({ day }) => day);
    const sizes = await Promise.all(files.map(async ({ name }) => (await stat(join(folder, name))).size));
    let total = sizes.reduce((sum, size) => sum + size, maxBytes / filesPerRoom);
    for (const [i, { name, day }] of files.entries()) {
      const since = new Set([
        ...files.slice(i + 1).map((file) => file.day),
        ...logged.slice(logged.lastIndexOf(day) + 1),
      ]);
      if (total <= maxBytes && !isPast(day, since.add(dayOf(nowMs)), { days, nowMs })) continue;
      await rm(join(folder, name), { force: true });
      total -= sizes[i] ?? 0;
    }
  }

  /** Writes what is in the making. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#making);
    await this.#writing;
  }
}
