/** Blocks of earlier releases, which have no head: the same entries as a block of now. */
import { blockHeadBytes } from "./block-format.ts";
import { BlockReader } from "./block-reader.ts";
import { BlockWriter } from "./block-writer.ts";

/** Gives the body of a block its head. */
export class EarlierBlocks {
  readonly #writer = new BlockWriter();

  /** @returns the body of a block with a head */
  headed(body: Buffer): Buffer {
    const reader = new BlockReader(body);
    for (let entry = reader.next(); entry; entry = reader.next()) this.#writer.add(entry);
    return this.#writer.seal().subarray(blockHeadBytes);
  }
}
