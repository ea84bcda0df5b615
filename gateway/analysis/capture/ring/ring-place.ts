/** Where rings lie: in memory, because what no event wanted is forgotten, and flash wears out. */
import { createHash } from "node:crypto";
import { chmod, lstat, mkdir, rm, statfs } from "node:fs/promises";
import { join } from "node:path";

/** A folder that is ours alone. */
export interface RingPlace {
  readonly folder: string;
  readonly kind: "memory" | "disk";
}

/** `f_type` of tmpfs and ramfs, from linux/magic.h. */
const memoryTypes = new Set([0x01021994, 0x858458f6]);

/**
 * An empty folder in the service's run directory, the user's, or /dev/shm, whichever is memory and has room for
 * `neededBytes`; below `storageFolder` when none is. What an earlier run left there is deleted.
 */
export async function makeRingPlace(
  storageFolder: string,
  neededBytes: number,
  candidates: readonly (string | undefined)[] = [
    process.env["RUNTIME_DIRECTORY"]?.split(":")[0],
    process.env["XDG_RUNTIME_DIR"],
    "/dev/shm",
  ],
): Promise<RingPlace> {
  // One name per storage folder: after a kill the next run finds and deletes what was left.
  const name = `xueliang-${createHash("sha256").update(storageFolder).digest("hex").slice(0, 12)}`;
  for (const candidate of candidates) {
    if (candidate === undefined || candidate === "") continue;
    const found = await statfs(candidate).catch(() => null);
    if (!found || !memoryTypes.has(found.type)) continue;
    const folder = join(candidate, name);
    // Half of what is free: the memory is not ours alone.
    if ((await emptied(folder)) && (found.bavail * found.bsize) / 2 >= neededBytes) return { folder, kind: "memory" };
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
  const folder = join(storageFolder, "ring");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return { folder, kind: "disk" };
}

/** Makes the folder anew; false when another user owns the name or nothing can be made there. */
async function emptied(folder: string): Promise<boolean> {
  try {
    const found = await lstat(folder).catch(() => null);
    if (found && (!found.isDirectory() || found.uid !== process.getuid?.())) return false;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { mode: 0o700 });
    await chmod(folder, 0o700);
    return true;
  } catch {
    return false;
  }
}
