/** Several files of the config, all under temporary names first, then all renamed: what fails, fails before anything changed. */
import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder } from "../../runtime/whole-file.ts";

/** A file as it shall be; null: gone. */
export interface FileChange {
  /** Relative to the config folder. */
  readonly name: string;
  readonly text: string | null;
  readonly mode: number;
}

/** Rejects with what the disk says (ENOSPC, EROFS …); then nothing has changed. */
export async function writeFiles(folder: string, changes: readonly FileChange[]): Promise<void> {
  const made: { readonly temporary: string; readonly path: string }[] = [];
  try {
    for (const { name, text, mode } of changes) {
      if (text === null) continue;
      const path = join(folder, name);
      await makeFolder(dirname(path));
      const temporary = join(dirname(path), `.${randomBytes(6).toString("hex")}.tmp`);
      made.push({ temporary, path });
      await using file = await open(temporary, "wx", mode);
      await file.writeFile(text);
      await file.chmod(mode);
      await file.sync();
    }
  } catch (error) {
    await Promise.all(made.map(({ temporary }) => rm(temporary, { force: true })));
    throw error;
  }
  for (const { temporary, path } of made) await rename(temporary, path);
  for (const { name, text } of changes) if (text === null) await rm(join(folder, name), { force: true });
  for (const touched of new Set(changes.map(({ name }) => dirname(join(folder, name))))) {
    await using handle = await open(touched, "r");
    await handle.sync();
  }
}
