/** Evidence on the disk: a file is whole under its digest or it is not there. */
import { createHash, randomBytes } from "node:crypto";
import { open, readdir, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { EvidenceRef } from "../events/event.ts";
import { EvidenceError } from "../../runtime/errors.ts";
import { bytesOver, type DiskRoom } from "./disk-room.ts";
import { makeFolder, moveWhole, writeWhole } from "../../runtime/whole-file.ts";

/** Digests of `data`, hex: SHA-256 names the file, SM3 stands beside it for those who may only trust that. */
export function digests(data: Uint8Array): { readonly sha256: string; readonly sm3: string } {
  return { sha256: createHash("sha256").update(data).digest("hex"), sm3: createHash("sm3").update(data).digest("hex") };
}

const unfinishedFolder = "unfinished";

/** One folder of files named by their SHA-256. */
export class EvidenceFiles {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Path of the file with this digest; only a digest leads to a path, never a name from outside. */
  path(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError("not a SHA-256 digest");
    return join(this.folder, sha256.slice(0, 2), `${sha256}.bin`);
  }

  /** Writes a JPEG; on return a power cut loses nothing of it. Throws EvidenceError EVIDENCE_DISK_FULL or EVIDENCE_WRITE. */
  async write(picture: {
    readonly jpeg: Uint8Array;
    readonly widthPx: number;
    readonly heightPx: number;
  }): Promise<EvidenceRef> {
    const named = digests(picture.jpeg);
    try {
      await writeWhole(this.path(named.sha256), picture.jpeg);
    } catch (error) {
      throw evidenceError(error, this.folder);
    }
    return {
      kind: "snapshot",
      mediaType: "image/jpeg",
      bytes: picture.jpeg.byteLength,
      widthPx: picture.widthPx,
      heightPx: picture.heightPx,
      ...named,
    };
  }

  /** As `write`, unless the disk is so full that events need what is left of it. Throws the same. */
  async keep(picture: Parameters<EvidenceFiles["write"]>[0]): Promise<EvidenceRef> {
    if (bytesOver(await this.diskRoom(), "pictures") > 0)
      throw new EvidenceError("EVIDENCE_DISK_FULL", { path: this.folder });
    return this.write(picture);
  }

  /** A name for a file that is still being made; whatever lies beside it after a crash goes with `clearUnfinished`. */
  async unfinished(ending: string): Promise<string> {
    const folder = join(this.folder, unfinishedFolder);
    try {
      await makeFolder(folder);
    } catch (error) {
      throw evidenceError(error, this.folder);
    }
    return join(folder, `${randomBytes(6).toString("hex")}${ending}`);
  }

  /** Deletes what a former run did not finish; called before anything is made. */
  async clearUnfinished(): Promise<void> {
    await rm(join(this.folder, unfinishedFolder), { recursive: true, force: true });
  }

  /** Takes over a finished file under its digests; on return a power cut loses nothing of it. Throws as `write` does. */
  async adopt(path: string): Promise<{ readonly bytes: number; readonly sha256: string; readonly sm3: string }> {
    try {
      const found = await digestsOfFile(path);
      await moveWhole(path, this.path(found.sha256));
      return found;
    } catch (error) {
      throw evidenceError(error, this.folder);
    }
  }

  /** Up to `size` bytes from `offset`; null when the file is gone. */
  async read(sha256: string, offset: number, size: number): Promise<Uint8Array | null> {
    try {
      await using file = await open(this.path(sha256), "r");
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, offset);
      return buffer.subarray(0, bytesRead);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return null;
      throw evidenceError(error, this.folder);
    }
  }

  /** The whole file compared with its digests; a disk that cannot read it has damaged it. */
  async check(sha256: string, sm3?: string): Promise<"whole" | "damaged" | "gone"> {
    try {
      const found = await digestsOfFile(this.path(sha256));
      return found.sha256 === sha256 && (sm3 ?? found.sm3) === found.sm3 ? "whole" : "damaged";
    } catch (error) {
      if (codeOf(error) === "ENOENT") return "gone";
      if (codeOf(error) === "EIO") return "damaged";
      throw evidenceError(error, this.folder);
    }
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.path(sha256), { force: true });
  }

  /** Whether the file of this digest is there. */
  async has(sha256: string): Promise<boolean> {
    return (await stat(this.path(sha256)).catch(() => null)) !== null;
  }

  /** Removes what no row names and is older than `olderThanMs`: leavings of a crash between file and row. */
  async sweep(isKnown: (sha256: string) => boolean, olderThanMs: number): Promise<number> {
    let removed = 0;
    for (const entry of await readdir(this.folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const sha256 = /^([0-9a-f]{64})\.bin$/.exec(entry.name)?.[1];
      if (sha256 !== undefined && isKnown(sha256)) continue;
      const seen = await stat(path).catch(() => null);
      if (!seen || seen.mtimeMs > olderThanMs) continue;
      await rm(path, { force: true });
      removed += 1;
    }
    return removed;
  }

  /** Of the disk below the folder. One that cannot be asked is not full: it says by itself what it cannot take. */
  async diskRoom(): Promise<DiskRoom> {
    try {
      await makeFolder(this.folder);
      const { bavail, blocks, bsize } = await statfs(this.folder);
      return { totalBytes: blocks * bsize, freeBytes: bavail * bsize };
    } catch {
      return { totalBytes: 0, freeBytes: 0 };
    }
  }
}

async function digestsOfFile(
  path: string,
): Promise<{ readonly bytes: number; readonly sha256: string; readonly sm3: string }> {
  const [sha256, sm3] = [createHash("sha256"), createHash("sm3")];
  let bytes = 0;
  await using file = await open(path, "r");
  for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
    sha256.update(chunk);
    sm3.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: sha256.digest("hex"), sm3: sm3.digest("hex") };
}

function evidenceError(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code === "ENOSPC" || code === "EDQUOT")
    return new EvidenceError("EVIDENCE_DISK_FULL", { path }, { cause: error });
  if (code !== null && code.startsWith("E"))
    return new EvidenceError("EVIDENCE_WRITE", { path, detail: code }, { cause: error });
  return error;
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** What a disk's own refusal to write evidence is called. */
export function writeFailed(path: string, cause: Error): EvidenceError {
  return new EvidenceError("EVIDENCE_WRITE", { path, detail: cause.message }, { cause });
}
