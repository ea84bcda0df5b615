/** A file that is there whole or not at all, after a power cut too. */
import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** Makes a folder and what is missing above it; on return a power cut takes none of these names away. */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  const first = await mkdir(folder, { recursive: true, ...(mode === undefined ? {} : { mode }) });
  if (first === undefined) return;
  const above = dirname(resolve(first));
  for (let at = resolve(folder); at !== above; at = dirname(at)) await syncFolder(dirname(at));
}

/** Temporary name, data to the disk, rename, folder to the disk: in this order a reader sees all or nothing, after a power cut too. */
export async function writeWhole(path: string, data: Uint8Array): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
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
}

/** Puts a finished file under its name, after the same order; `from` must lie on the same disk. Throws what the disk says. */
export async function moveWhole(from: string, path: string): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  {
    await using file = await open(from, "r+");
    await file.datasync();
  }
  await rename(from, path);
  await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, "r");
  await handle.sync();
}
