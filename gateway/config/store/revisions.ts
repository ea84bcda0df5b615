/** The last fifty states of the config that ran, on the disk: who, when, what. */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeWhole } from "../../runtime/whole-file.ts";

/** Enough for months of a site, and a few hundred kilobytes. */
const kept = 50;

const textSchema = z.strictObject({ zh: z.string(), en: z.string() });
const fileSchema = z.strictObject({ name: z.string(), text: z.string() });
const revisionSchema = z.strictObject({
  n: z.int().min(1),
  revision: z.string(),
  atMs: z.number(),
  /** Null: by hand in the file. With `command` the operator whose order it was. */
  user: z.string().nullable(),
  via: z.enum(["page", "file", "command", "set-up", "return"]),
  changes: z.array(textSchema),
  files: z.array(fileSchema),
});

/** One state that ran. */
export type Revision = Readonly<z.output<typeof revisionSchema>>;
/** One file of it, without secrets. */
export type RevisionFile = Readonly<z.output<typeof fileSchema>>;

/** A folder of revisions; nothing in it is needed for the box to run. */
export class Revisions {
  readonly #folder: string;
  #all: Revision[];

  private constructor(folder: string, all: Revision[]) {
    this.#folder = folder;
    this.#all = all;
  }

  /** Reads what is there; a damaged one is left out. */
  static async open(folder: string): Promise<Revisions> {
    const names = (await readdir(folder).catch(() => [])).filter((name) => /^\d{8}\.json$/.test(name)).sort();
    const read = async (name: string): Promise<readonly Revision[]> => {
      try {
        return [revisionSchema.parse(JSON.parse(await readFile(join(folder, name), "utf8")))];
      } catch {
        return []; // Half of a former disk's life: the others still count.
      }
    };
    return new Revisions(folder, (await Promise.all(names.slice(-kept).map(read))).flat());
  }

  /** Newest first. */
  list(): readonly Revision[] {
    return this.#all.toReversed();
  }

  get newest(): Revision | null {
    return this.#all.at(-1) ?? null;
  }

  /** The newest state with this content; null when it is no longer known. */
  withContent(revision: string): Revision | null {
    return this.#all.findLast((one) => one.revision === revision) ?? null;
  }

  at(n: number): Revision | null {
    return this.#all.find((one) => one.n === n) ?? null;
  }

  /** The state before the n-th. */
  before(n: number): Revision | null {
    return this.#all.findLast((one) => one.n < n) ?? null;
  }

  /** Keeps one more, and lets the oldest go. Rejects with what the disk says. */
  async add(one: Omit<Revision, "n">): Promise<Revision> {
    const added: Revision = { ...one, n: (this.newest?.n ?? 0) + 1 };
    await writeWhole(this.#pathOf(added), Buffer.from(`${JSON.stringify(added, null, 1)}\n`));
    this.#all.push(added);
    const gone = this.#all.splice(0, Math.max(0, this.#all.length - kept));
    await Promise.all(gone.map((old) => rm(this.#pathOf(old), { force: true })));
    return added;
  }

  #pathOf({ n }: Revision): string {
    return join(this.#folder, `${String(n).padStart(8, "0")}.json`);
  }
}
