/** Small pictures of tracks on disk: files of whole records, each with its checksum, found again by track and time. */
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";

/** "XLTH", length of the body, its CRC-32; the body: time (f64), track (u32), JPEG. */
const mark = Buffer.from("XLTH", "latin1");
const headBytes = 12;
const aboutBytes = 12;
/** No picture is larger; a length beyond it is damage. */
export const mostPictureBytes = 64 * 1024;

/** One file; numbers count up whatever the clock says. */
export interface ThumbnailFile {
  readonly name: string;
  readonly number: number;
  /** UTC day, `YYYYMMDD`. */
  readonly day: string;
}

/** The name of a file. */
export function thumbnailFile(number: number, day: string): ThumbnailFile {
  return { name: `${String(number).padStart(8, "0")}-${day}.thumbs`, number, day };
}

/** Every file in `folder`, oldest first; none when there is no such folder. */
export async function listThumbnailFiles(folder: string): Promise<readonly ThumbnailFile[]> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  return names
    .flatMap((name) => {
      const match = /^(\d{8})-(\d{8})\.thumbs$/.exec(name);
      return match ? [thumbnailFile(Number(match[1]), match[2] ?? "")] : [];
    })
    .sort((a, b) => a.number - b.number);
}

/** One picture as a record. */
export function thumbnailRecord(track: number, atMs: number, jpeg: Uint8Array): Buffer {
  const record = Buffer.alloc(headBytes + aboutBytes + jpeg.length);
  mark.copy(record);
  record.writeUInt32LE(aboutBytes + jpeg.length, 4);
  record.writeDoubleLE(atMs, headBytes);
  record.writeUInt32LE(track, headBytes + 8);
  record.set(jpeg, headBytes + aboutBytes);
  record.writeUInt32LE(crc32(record.subarray(headBytes)), 8);
  return record;
}

interface Place {
  readonly path: string;
  readonly track: number;
  readonly atMs: number;
  /** Of the JPEG. */
  readonly from: number;
  readonly sizeBytes: number;
}

interface Known {
  /** Up to here the file was looked through. */
  scannedBytes: number;
  readonly places: Place[];
}

/** Ids begin anew with the gateway: a picture farther from the asked moment than this is of another object. */
const longestMs = 86_400_000;

/** Finds pictures; remembers where they lie, so that a list of them reads each file once. */
export class ThumbnailFinder {
  readonly #files = new Map<string, Known>();

  /**
   * The picture of a track as of `atMs`: the newest one taken before it, or the first after it.
   * @returns null when there is none
   */
  async find(folder: string, track: number, atMs: number): Promise<Buffer | null> {
    const files = await listThumbnailFiles(folder);
    const places: Place[] = [];
    for (const { name } of files)
      places.push(...(await this.#scan(join(folder, name))).filter((one) => one.track === track));
    const near = places.filter((one) => Math.abs(one.atMs - atMs) <= longestMs).sort((a, b) => a.atMs - b.atMs);
    const best = near.findLast((one) => one.atMs <= atMs) ?? near[0];
    for (const path of this.#files.keys())
      if (path.startsWith(folder) && !files.some(({ name }) => path === join(folder, name))) this.#files.delete(path);
    return best ? read(best.path, best.from, best.sizeBytes).catch(() => null) : null;
  }

  async #scan(path: string): Promise<readonly Place[]> {
    const size = await stat(path).then(
      (about) => about.size,
      () => 0,
    );
    let known = this.#files.get(path);
    if (!known || size < known.scannedBytes) known = { scannedBytes: 0, places: [] };
    this.#files.set(path, known);
    const from = known.scannedBytes;
    if (size <= from) return known.places;
    const bytes = await read(path, from, size - from);
    let end = 0;
    for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, Math.max(at + 1, end))) {
      const length = lengthAt(bytes, at);
      if (length === null) continue;
      const body = at + headBytes;
      end = body + length;
      const place = { path, track: bytes.readUInt32LE(body + 8), atMs: bytes.readDoubleLE(body) };
      known.places.push({ ...place, from: from + body + aboutBytes, sizeBytes: length - aboutBytes });
    }
    known.scannedBytes = from + end;
    return known.places;
  }
}

/** Length of the whole record's body at `at`; null when none is there, or only half of one. */
function lengthAt(bytes: Buffer, at: number): number | null {
  if (at + headBytes > bytes.length) return null;
  const length = bytes.readUInt32LE(at + 4);
  const from = at + headBytes;
  if (length < aboutBytes || length > aboutBytes + mostPictureBytes || from + length > bytes.length) return null;
  return crc32(bytes.subarray(from, from + length)) === bytes.readUInt32LE(at + 8) ? length : null;
}

async function read(path: string, from: number, size: number): Promise<Buffer> {
  await using file = await open(path, "r");
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, from);
  return buffer.subarray(0, bytesRead);
}
