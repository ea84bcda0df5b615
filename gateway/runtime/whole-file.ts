/** A file that is there whole or not at all, after a power cut too. */
import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Temporary name, data to the disk, rename, folder to the disk: in this order a reader sees all or nothing, after a power cut too. */
export async function writeWhole(path: string, data: Uint8Array): Promise<void> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await using file = await open(temporary, "wx", 0o600);
    await file.writeFile(data);
    await file.datasync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await rename(temporary, path);
  await syncFolder(folder);
  // A folder made just now is itself a name in its parent.
  if (made !== undefined) await syncFolder(dirname(folder));
}

/** Puts a finished file under its name, after the same order; `from` must lie on the same disk. Throws what the disk says. */
export async function moveWhole(from: string, path: string): Promise<void> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true });
  {
    await using file = await open(from, "r+");
    await file.datasync();
  }
  await rename(from, path);
  await syncFolder(folder);
  if (made !== undefined) await syncFolder(dirname(folder));
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, "r");
  await handle.sync();
}
