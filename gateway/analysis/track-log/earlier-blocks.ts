/** Blocks of earlier releases: the same entries as a block of now. */
import { blockHeadBytes } from "./block-format.ts";
import { BlockWriter } from "./block-writer.ts";
import { EarlierReader } from "./earlier-reader.ts";

/** Writes such blocks anew. */
export class EarlierBlocks {
  readonly #writer = new BlockWriter();

  /** @returns the body of a block with a head */
  headed(body: Buffer): Buffer {
    const reader = new EarlierReader(body);
    for (let entry = reader.next(); entry; entry = reader.next()) this.#writer.add(entry);
    return this.#writer.seal().subarray(blockHeadBytes);
  }
}
