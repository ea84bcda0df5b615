/** Processes whose calls to the disk are written down, and fail when told to: a small library before the C library, compiled where there is a compiler. */
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";

/** Which calls fail, counted from now on. */
export interface Failing {
  readonly error: "ENOSPC" | "EIO";
  /** The how-manyth call from now on is the first to fail; 1 is the next one. */
  readonly from: number;
  /** How many fail; for ever when left out. */
  readonly count?: number;
  /** A write that fails has written its first half. */
  readonly torn?: boolean;
}

/** `struct control` of disk-shim.c, in octets. */
const at = { error: 0, torn: 4, from: 8, count: 16, seen: 24, failed: 32, size: 40 } as const;

/** One watched folder. */
export class DiskShim implements Disposable {
  /** For the child. */
  readonly env: Readonly<Record<string, string>>;
  readonly logPath: string;
  readonly #folder: string;
  readonly #control: number;

  private constructor(scratch: string, library: string, watched: string, records: boolean) {
    this.#folder = scratch;
    this.logPath = join(scratch, "log");
    const control = join(scratch, "control");
    writeFileSync(control, Buffer.alloc(at.size));
    this.#control = openSync(control, "r+");
    this.env = {
      LD_PRELOAD: library,
      DISK_FOLDER: watched,
      DISK_CONTROL: control,
      ...(records ? { DISK_LOG: this.logPath } : {}),
    };
  }

  /** @param watched absolute; null: this machine has no compiler, and whoever asks must say so and go without. */
  static open(watched: string, { records = false } = {}): DiskShim | null {
    const scratch = mkdtempSync(join(tmpdir(), "disk-shim-"));
    const library = join(scratch, "disk-shim.so");
    const source = join(import.meta.dirname, "disk-shim.c");
    const built = spawnSync("cc", ["-O2", "-shared", "-fPIC", "-o", library, source, "-ldl"], { encoding: "utf8" });
    if (built.status === 0) return new DiskShim(scratch, library, watched, records);
    rmSync(scratch, { recursive: true, force: true });
    if (built.error) return null;
    throw new Error(`disk-shim.c: ${built.stderr}`);
  }

  /** From now on calls fail, or none does. */
  fail(failing: Failing | null): void {
    if (failing) {
      const { error, from, count, torn = false } = failing;
      this.#write(at.torn, 4, torn ? 1 : 0);
      this.#write(at.from, 8, this.seen + from);
      this.#write(at.count, 8, count ?? Number.MAX_SAFE_INTEGER);
      this.#write(at.error, 4, constants.errno[error]);
    } else this.#write(at.error, 4, 0);
  }

  /** Calls so far that change the disk. */
  get seen(): number {
    return this.#read(at.seen);
  }
  /** How many of them were made to fail. */
  get failed(): number {
    return this.#read(at.failed);
  }

  [Symbol.dispose](): void {
    closeSync(this.#control);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #read(offset: number): number {
    const bytes = Buffer.alloc(8);
    readSync(this.#control, bytes, 0, 8, offset);
    return Number(bytes.readBigUInt64LE());
  }

  #write(offset: number, size: 4 | 8, value: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    writeSync(this.#control, bytes, 0, size, offset);
  }
}
