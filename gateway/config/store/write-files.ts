/** Several files of the config, all under temporary names first, then all renamed: what fails, fails before anything changed. */
import { randomBytes } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder } from "../../runtime/whole-file.ts";

/** A file as it shall be; null: gone. */
export interface FileChange {
  /** Relative to the config folder. */
  readonly name: string;
  /** What the file must still hold, null: it must not be there; left out: whatever it holds is replaced. */
  readonly before?: string | null;
  readonly text: string | null;
  readonly mode: number;
}

/** Somebody wrote one of the files meanwhile. */
export class FilesMoved extends Error {
  override readonly name = "FilesMoved";
}

/** Rejects with what the disk says (ENOSPC, EROFS …) or with {@link FilesMoved}; then nothing has changed. */
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
    // As late as can be: flushing takes long on flash, and a hand may save its own edit meanwhile.
    for (const { name, before } of changes)
      if (before !== undefined && (await textAt(join(folder, name))) !== before) throw new FilesMoved(name);
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

async function textAt(path: string): Promise<string | null> {
  try {
    return new TextDecoder().decode(await readFile(path));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
