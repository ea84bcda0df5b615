/** Which package a model's name stands for: one that came by update lies in the storage folder and goes before the installed one. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { idSchema } from "../../config/schema.ts";
import { makeFolder, writeWhole } from "../../runtime/whole-file.ts";

/** Where packages lie: those of the installation, and below `storageFolder` those that came by update. */
export interface ModelFolders {
  readonly modelsFolder: string;
  readonly storageFolder: string;
}

const folderName = z.string().regex(/^[0-9a-f]{16}$/);
const useSchema = z.object({
  schema: z.literal("xueliang.model-use/1"),
  /** Folder in use, and the one before it; null: the installed package. */
  use: folderName.nullable(),
  former: folderName.nullable(),
  /** The one in use has not proven itself yet. */
  trial: z.boolean(),
});
type Use = z.output<typeof useSchema>;

const installed: Use = { schema: "xueliang.model-use/1", use: null, former: null, trial: false };

/** Folder of the package that `id` stands for now. */
export function packageFolder(folders: ModelFolders, id: string): string {
  const { use } = useOf(folders.storageFolder, id);
  const updated = use === null ? null : join(shelfOf(folders.storageFolder), id, use);
  return updated !== null && existsSync(updated) ? updated : join(folders.modelsFolder, id);
}

/** Names of all packages. */
export function packageNames({ modelsFolder, storageFolder }: ModelFolders): readonly string[] {
  const foldersIn = (path: string): readonly string[] =>
    existsSync(path)
      ? readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
      : [];
  const names = new Set([...foldersIn(modelsFolder), ...foldersIn(shelfOf(storageFolder))]);
  return [...names].filter((name) => idSchema.safeParse(name).success).sort();
}

/** Packages that came by update. Each step is one rename: a power cut leaves the one state or the other. */
export class ModelShelf {
  readonly #storageFolder: string;

  constructor(storageFolder: string) {
    this.#storageFolder = storageFolder;
  }

  /** Folder for the files of a package that is still on its way; what else was on its way is forgotten. */
  async coming(digest: string): Promise<string> {
    const folder = join(shelfOf(this.#storageFolder), ".coming");
    for (const other of existsSync(folder) ? readdirSync(folder) : [])
      if (other !== digest) await rm(join(folder, other), { recursive: true, force: true });
    await makeFolder(join(folder, digest));
    return join(folder, digest);
  }

  /** The folder of a package that came earlier; null: there is none. */
  kept(id: string, digest: string): string | null {
    const folder = join(shelfOf(this.#storageFolder), id, digest);
    return existsSync(folder) ? folder : null;
  }

  /** Whether `id` stands for the package with this digest. */
  isUsed(id: string, digest: string): boolean {
    return useOf(this.#storageFolder, id).use === digest;
  }

  /** From here on `id` stands for the package with this digest, on trial. */
  async tryOut(id: string, digest: string): Promise<void> {
    const folder = join(shelfOf(this.#storageFolder), id);
    if (this.kept(id, digest) === null) {
      await makeFolder(folder);
      await rename(await this.coming(digest), join(folder, digest));
    }
    await this.#write(id, { ...installed, use: digest, former: useOf(this.#storageFolder, id).use, trial: true });
  }

  /** The one on trial stays; all but it and the one before it are forgotten. */
  async keep(id: string): Promise<void> {
    const { use, former } = useOf(this.#storageFolder, id);
    await this.#write(id, { ...installed, use, former });
    const folder = join(shelfOf(this.#storageFolder), id);
    for (const name of readdirSync(folder))
      if (name !== use && name !== former) await rm(join(folder, name), { recursive: true, force: true });
  }

  /** The one on trial goes, the one before it is back. */
  async putBack(id: string): Promise<void> {
    const { use, former } = useOf(this.#storageFolder, id);
    await this.#write(id, { ...installed, use: former });
    if (use !== null && use !== former)
      await rm(join(shelfOf(this.#storageFolder), id, use), { recursive: true, force: true });
  }

  /** A trial that the last run did not end ends badly: perhaps it ended that run. Returns the names of these models. */
  async endTrials(): Promise<readonly string[]> {
    const folder = shelfOf(this.#storageFolder);
    const names = existsSync(folder) ? readdirSync(folder).flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []) : [];
    const open = names.filter((id) => useOf(this.#storageFolder, id).trial);
    for (const id of open) await this.putBack(id);
    return open;
  }

  async #write(id: string, use: Use): Promise<void> {
    await writeWhole(usePath(this.#storageFolder, id), Buffer.from(`${JSON.stringify(use, null, 2)}\n`));
  }
}

function shelfOf(storageFolder: string): string {
  return join(storageFolder, "models");
}

function usePath(storageFolder: string, id: string): string {
  return join(shelfOf(storageFolder), `${id}.json`);
}

/** A file that is none, or unreadable, stands for the installed package: that one was made to be there. */
function useOf(storageFolder: string, id: string): Use {
  try {
    return useSchema.parse(JSON.parse(readFileSync(usePath(storageFolder, id), "utf8")));
  } catch {
    return installed;
  }
}
