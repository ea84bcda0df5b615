/** Room kept for a bad day: on a full disk SQLite cannot even delete, unless a file goes first. */
import { open, rm, stat } from "node:fs/promises";

const ballastBytes = 16 * 1_048_576;

/** A file of nothing. */
export class Ballast {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static async open(path: string): Promise<Ballast> {
    const ballast = new Ballast(path);
    await ballast.fill();
    return ballast;
  }

  /** Gives the room to whoever needs it now. */
  async release(): Promise<void> {
    await rm(this.#path, { force: true });
  }

  /** Takes the room back; a disk without room for it and as much again is left alone. */
  async fill(): Promise<void> {
    if ((await stat(this.#path).catch(() => null))?.size === ballastBytes) return;
    try {
      await using file = await open(this.#path, "w", 0o600);
      // Real blocks, not a hole: a hole takes no room and gives none back.
      const block = Buffer.alloc(1_048_576, 0x5a);
      for (let written = 0; written < ballastBytes; written += block.length) await file.write(block);
      await file.datasync();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT")))
        throw error;
      await rm(this.#path, { force: true });
    }
  }
}
