/** Drafts on the box's disk: what somebody drew survives a phone that drowns and a box that restarts. */
import { createHash } from "node:crypto";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { WebError } from "../../runtime/errors.ts";
import { writeWhole } from "../../runtime/whole-file.ts";

/** Drafts are small and few; the oldest goes. */
const maxDrafts = 64;

/** Whose draft, of which camera. */
export interface DraftKey {
  readonly user: string;
  readonly camera: string;
}

/** In `drafts` of the storage folder, one file a user and camera. */
export class KeptDrafts {
  readonly #folder: string;

  constructor(storageFolder: string) {
    this.#folder = join(storageFolder, "drafts");
  }

  /** Null where there is none, or none that can be read: a draft is never worth a failure. */
  async read(key: DraftKey): Promise<unknown> {
    try {
      return JSON.parse(await readFile(this.#pathOf(key), "utf8")) as unknown;
    } catch {
      return null;
    }
  }

  /** Its size is bounded by what a request may bring. @throws WebError WEB_DISK */
  async keep(key: DraftKey, draft: unknown): Promise<void> {
    try {
      await writeWhole(this.#pathOf(key), Buffer.from(JSON.stringify(draft)));
      await this.#bound();
    } catch (cause) {
      const detail = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
      throw new WebError(507, "WEB_DISK", { detail }, { cause });
    }
  }

  async forget(key: DraftKey): Promise<void> {
    await rm(this.#pathOf(key), { force: true });
  }

  async #bound(): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(".json"));
    if (names.length <= maxDrafts) return;
    const dated = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name);
        return { path, atMs: (await stat(path).catch(() => null))?.mtimeMs ?? 0 };
      }),
    );
    for (const { path } of dated.sort((a, b) => b.atMs - a.atMs).slice(maxDrafts)) await rm(path, { force: true });
  }

  /** A name of its own for every pair, whatever letters a user's name has. */
  #pathOf({ user, camera }: DraftKey): string {
    const name = createHash("sha256")
      .update(JSON.stringify([user, camera]))
      .digest("hex")
      .slice(0, 32);
    return join(this.#folder, `${name}.json`);
  }
}
