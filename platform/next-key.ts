/** A receiver's next key: which boxes have kept it, and the two steps by which it takes its place. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeWhole } from "../gateway/runtime/whole-file.ts";
import { Enrolled } from "./enrolment.ts";
import { prepareNextKeys, receiverKeys, switchKeys } from "./receiver-keys.ts";

const knownSchema = z.object({ key: z.string(), boxes: z.array(z.string()) });
type Known = z.output<typeof knownSchema>;

const keysPath = (folder: string): string => join(folder, "receiver-keys.json");

/** What boxes say of the next key with their beats, kept in `next-key-known.json` beside the keys. */
export class NextKeyKnown {
  readonly #path: string;
  readonly #boxes: Set<string>;
  readonly #key: string;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param key the one that is announced; empty: none is */
  constructor(folder: string, key: string) {
    this.#path = join(folder, "next-key-known.json");
    this.#key = key;
    const { key: of, boxes } = read(this.#path);
    this.#boxes = new Set(of === key ? boxes : []);
  }

  /** `gw` says that it has kept `key`. True: that is news. */
  note(gw: string, key: unknown): boolean {
    if (this.#key === "" || key !== this.#key || this.#boxes.has(gw)) return false;
    this.#boxes.add(gw);
    const text = JSON.stringify({ key: this.#key, boxes: [...this.#boxes].sort() } satisfies Known);
    this.#turn = this.#turn
      .then(() => writeWhole(this.#path, Buffer.from(`${text}\n`)))
      // A full disk: noted with one of its next beats.
      .catch(() => this.#boxes.delete(gw));
    return true;
  }

  /** What was noted is on the disk on return. */
  async flush(): Promise<void> {
    await this.#turn;
  }
}

/** Makes the next key of the receiver in `folder`, if there is none yet; its public half. */
export async function announceNextKey(folder: string): Promise<string> {
  return (await prepareNextKeys(keysPath(folder))).publicKey;
}

/** What came of `switchKey`: the new key, and the enrolled boxes that have never said that they know it. */
export interface Switched {
  /** Null: nothing was done. */
  readonly key: string | null;
  readonly unaware: readonly string[];
}

/** The next key takes the place of the present one. Nothing is done while boxes do not know it, unless `force`. */
export async function switchKey(folder: string, force: boolean): Promise<Switched> {
  const { next } = await receiverKeys(keysPath(folder));
  if (!next) return { key: null, unaware: [] };
  const { key, boxes } = read(join(folder, "next-key-known.json"));
  const aware = new Set(key === next.publicKey ? boxes : []);
  const unaware = Enrolled.open(folder).names.filter((gw) => !aware.has(gw));
  if (unaware.length > 0 && !force) return { key: null, unaware };
  const switched = await switchKeys(keysPath(folder));
  return { key: switched?.publicKey ?? null, unaware };
}

function read(path: string): Known {
  try {
    if (existsSync(path)) return knownSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // Whoever is not in it counts as unaware, and says so again with the next beat.
  }
  return { key: "", boxes: [] };
}
