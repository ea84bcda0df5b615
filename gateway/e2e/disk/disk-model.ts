/**
 * A disk of which only that is certain which was synced: data by a sync of its file, names by a sync of their folder.
 * What is not may be there after a power cut, or not, or in part, sector by sector, in any order. Stricter than ext4,
 * which keeps the order of names; a disk that lies about its flushes is no disk at all.
 */
import { constants, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DiskCall } from "./disk-log.ts";

const sectorBytes = 512;

interface File {
  /** What is certain. */
  bytes: Buffer;
  size: number;
  /** What was asked for since, oldest first. */
  pending: Change[];
}
type Change = { readonly at: number; readonly data: Buffer } | { readonly size: number };

/** A change of names; `folders`: a sync of any of them makes it certain. */
type NameChange = { readonly folders: readonly string[] } & (
  | { readonly kind: "put"; readonly path: string; readonly node: File | "folder" }
  | { readonly kind: "move"; readonly path: string; readonly to: string; readonly node: File | "folder" }
  | { readonly kind: "take"; readonly path: string }
);
type Names = Map<string, File | "folder">;

/** What becomes of all that is not certain: shares in 0..1 of what is there after the cut. */
export interface Luck {
  readonly data: number;
  /** Of the data that is there: share that is there only in part. */
  readonly torn: number;
  /** Names: up to a point of their order, or each for itself. */
  readonly names: number;
  readonly namesInOrder: boolean;
}

/** A folder of a disk through its calls. */
export class DiskModel {
  readonly #root: string;
  readonly #certain: Names = new Map();
  readonly #now: Names = new Map();
  readonly #nameChanges: NameChange[] = [];
  readonly #fds = new Map<number, File | string>();

  /** @param root absolute; it is there from the beginning and empty */
  constructor(root: string) {
    this.#root = root;
    this.#certain.set(root, "folder");
    this.#now.set(root, "folder");
  }

  apply(call: DiskCall): void {
    switch (call.op) {
      case "open":
        this.#open(call.fd, call.path, call.flags);
        break;
      case "close":
        this.#fds.delete(call.fd);
        break;
      case "write":
        this.#change(call.fd, call.data.length > 0 ? { at: call.at, data: call.data } : null);
        break;
      case "truncate":
        this.#change(call.fd, { size: call.size });
        break;
      case "sync":
        this.#sync(call.fd);
        break;
      case "rename": {
        const node = this.#now.get(call.path);
        if (node === undefined) throw new Error(`no ${call.path} to rename`);
        this.#rename({
          kind: "move",
          path: call.path,
          to: call.to,
          node,
          folders: [dirname(call.path), dirname(call.to)],
        });
        break;
      }
      case "mkdir":
        this.#rename({ kind: "put", path: call.path, node: "folder", folders: [dirname(call.path)] });
        break;
      case "unlink":
      case "rmdir":
        this.#rename({ kind: "take", path: call.path, folders: [dirname(call.path)] });
        break;
      case "said":
    }
  }

  /** Writes what is there after a cut into `folder`; names that `skip` takes are left out. */
  image(folder: string, luck: Luck, random: () => number, skip: (path: string) => boolean): void {
    const names: Names = new Map(this.#certain);
    const upTo = Math.round(this.#nameChanges.length * luck.names);
    for (const [i, change] of this.#nameChanges.entries())
      if (luck.namesInOrder ? i < upTo : random() < luck.names) enact(names, change);
    for (const [path, node] of [...names].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!this.#isReachable(names, path) || skip(path)) continue;
      const target = join(folder, path.slice(this.#root.length));
      if (node === "folder") mkdirSync(target, { recursive: true });
      else writeFileSync(target, contentAfter(node, luck, random), { mode: 0o600 });
    }
  }

  /** A name below a folder that is not there is not there. */
  #isReachable(names: Names, path: string): boolean {
    const parent = dirname(path);
    return path === this.#root || (names.get(parent) === "folder" && this.#isReachable(names, parent));
  }

  #open(fd: number, path: string, flags: number): void {
    let node = this.#now.get(path);
    if (node === undefined) {
      node = { bytes: Buffer.alloc(0), size: 0, pending: [] };
      this.#rename({ kind: "put", path, node, folders: [dirname(path)] });
    }
    this.#fds.set(fd, node === "folder" ? path : node);
    if (flags & constants.O_TRUNC) this.#change(fd, { size: 0 });
  }

  #change(fd: number, change: Change | null): void {
    const file = this.#fds.get(fd);
    if (file === undefined || typeof file === "string") throw new Error(`fd ${fd} is no file`);
    if (!change) return;
    file.pending.push(change);
  }

  #sync(fd: number): void {
    const node = this.#fds.get(fd);
    if (node === undefined) throw new Error(`fd ${fd} is not open`);
    if (typeof node !== "string") {
      for (const change of node.pending) enactData(node, change);
      node.pending = [];
      return;
    }
    for (let i = 0; i < this.#nameChanges.length;) {
      const change = this.#nameChanges[i];
      if (!change?.folders.includes(node)) i += 1;
      else {
        enact(this.#certain, change);
        this.#nameChanges.splice(i, 1);
      }
    }
  }

  #rename(change: NameChange): void {
    enact(this.#now, change);
    this.#nameChanges.push(change);
  }
}

function enact(names: Names, change: NameChange): void {
  names.delete(change.path);
  if (change.kind === "put") names.set(change.path, change.node);
  else if (change.kind === "move") names.set(change.to, change.node);
}

function enactData(file: File, change: Change): void {
  if ("size" in change) {
    if (change.size > file.bytes.length) file.bytes = grown(file.bytes, change.size);
    else if (change.size < file.size) file.bytes.fill(0, change.size, file.size);
    file.size = change.size;
    return;
  }
  const end = change.at + change.data.length;
  if (end > file.bytes.length) file.bytes = grown(file.bytes, end);
  change.data.copy(file.bytes, change.at);
  file.size = Math.max(file.size, end);
}

function grown(bytes: Buffer, size: number): Buffer {
  const larger = Buffer.alloc(Math.max(size, bytes.length * 2));
  bytes.copy(larger);
  return larger;
}

function contentAfter(file: File, luck: Luck, random: () => number): Buffer {
  if (file.pending.length === 0) return file.bytes.subarray(0, file.size);
  const copy: File = { bytes: Buffer.from(file.bytes.subarray(0, file.size)), size: file.size, pending: [] };
  for (const change of file.pending) {
    if (random() >= luck.data) continue;
    if ("size" in change || random() >= luck.torn) enactData(copy, change);
    else for (const part of tornParts(change, random)) enactData(copy, part);
  }
  return copy.bytes.subarray(0, copy.size);
}

/** Some sectors of a write: the first ones, or any. */
function tornParts(change: { readonly at: number; readonly data: Buffer }, random: () => number): readonly Change[] {
  const isPrefix = random() < 0.5;
  const share = random();
  const parts: Change[] = [];
  for (let from = change.at; from < change.at + change.data.length;) {
    const to = Math.min(change.at + change.data.length, (Math.floor(from / sectorBytes) + 1) * sectorBytes);
    const done = (to - change.at) / change.data.length;
    if (isPrefix ? done <= share : random() < share)
      parts.push({ at: from, data: change.data.subarray(from - change.at, to - change.at) });
    from = to;
  }
  return parts;
}
