/** Brings the files of a command to the disk, piece by piece from where it stopped, each checked as a whole. */
import { createHash } from "node:crypto";
import { mkdir, open, rm, stat, truncate } from "node:fs/promises";
import { createReadStream } from "node:fs";
import { dirname, join } from "node:path";
import type { Clock } from "../../runtime/clock.ts";
import { GatewayError } from "../../runtime/errors.ts";
import { moveWhole } from "../../runtime/whole-file.ts";
import { commandPieceBytes } from "../uplink/protocol/limits.ts";
import type { Header } from "../uplink/protocol/messages.ts";
import type { Piece } from "../uplink/pieces.ts";

/** A file that a command names. `name` is a path below the folder, checked by whoever read the command. */
export interface WantedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** GB/T 32905 digest of the same bytes, where whoever signed named it. */
  readonly sm3?: string | undefined;
}

/** How they are brought. */
export interface PullOptions {
  readonly cmd: string;
  readonly files: readonly WantedFile[];
  /** Where they go; what lies there whole is not asked for again. */
  readonly folder: string;
  readonly ask: (header: Header<"ASK">) => Promise<Piece>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long it may take, ms: lines fail for hours, and what has arrived is kept for the next order. */
  readonly patienceMs: number;
  readonly onProgress: (haveBytes: number, allBytes: number) => void;
}

const retryMs = 500;
const mostBadDigests = 3;

/** Every file is whole and durable on return. Throws GatewayError TRANSFER_FAILED; rejects with the signal's reason. */
export async function pullFiles(options: PullOptions): Promise<void> {
  const { files, folder, clock, patienceMs } = options;
  const endMs = clock.monotonicMs() + patienceMs;
  const allBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let haveBytes = 0;
  for (const file of files) {
    const path = join(folder, file.name);
    await mkdir(dirname(path), { recursive: true });
    const had = haveBytes;
    const onPart = (bytes: number): void => options.onProgress(had + bytes, allBytes);
    if (!(await isWhole(path, file))) await pullFile(path, file, { ...options, endMs, onPart });
    haveBytes += file.bytes;
  }
  options.onProgress(allBytes, allBytes);
}

async function pullFile(
  path: string,
  file: WantedFile,
  options: PullOptions & { readonly endMs: number; readonly onPart: (bytes: number) => void },
): Promise<void> {
  const part = `${path}.part`;
  for (let bad = 0; bad < mostBadDigests; bad += 1) {
    await pullPart(part, file, options);
    if (await isWhole(part, file)) {
      await moveWhole(part, path);
      return;
    }
    await rm(part, { force: true });
  }
  throw new GatewayError("TRANSFER_FAILED", { file: file.name, detail: "its bytes are not those that were signed" });
}

/** Appends to `part` until it has its size. */
async function pullPart(
  part: string,
  { name, bytes, sha256 }: WantedFile,
  options: PullOptions & { readonly endMs: number; readonly onPart: (bytes: number) => void },
): Promise<void> {
  const { cmd, ask, clock, signal, endMs, onPart } = options;
  const failed = (detail: string): GatewayError => new GatewayError("TRANSFER_FAILED", { file: name, detail });
  await using out = await open(part, "a", 0o600);
  let off = (await out.stat()).size;
  if (off > bytes) await truncate(part, (off = 0));
  while (off < bytes) {
    signal.throwIfAborted();
    const piece = await ask({ cmd, sha256, off, size: Math.min(commandPieceBytes, bytes - off) });
    if (piece.kind === "refused") throw failed(piece.why);
    if (piece.kind === "lost") {
      if (clock.monotonicMs() > endMs) throw failed("no platform to ask for it");
      await clock.sleep(retryMs, signal);
      continue;
    }
    await out.write(piece.bytes);
    off += piece.bytes.length;
    onPart(off);
  }
}

async function isWhole(path: string, { bytes, sha256, sm3 }: WantedFile): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (found?.size !== bytes) return false;
  const named = Object.entries({ sha256, sm3 }).filter(([, digest]) => digest !== undefined);
  const hashes = named.map(([name]) => createHash(name));
  for await (const chunk of createReadStream(path)) for (const hash of hashes) hash.update(chunk as Buffer);
  return named.every(([, digest], i) => hashes[i]?.digest("hex") === digest);
}
