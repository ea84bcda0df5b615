/** Ids → numbers in the order in which they came: a hash table in plain arrays, which the addon fills too. */

/** Places of the table for each number there is room for, at least. */
const sparse = 4;

/** Numbers of ids. */
export class IdNumbers {
  /** So many ids have a number. */
  count = 0;
  /** By number. */
  ids = new Uint32Array(256);
  /** Open addressing: a number plus one, 0 where nothing is. Its length is a power of two, at least twice that of `ids`. */
  table = new Uint32Array(sparse * 256);

  /** The number of an id, which it gets now where it had none. */
  numberOf(id: number): number {
    this.makeRoom(1);
    const place = this.#placeOf(id);
    const known = this.table[place] ?? 0;
    if (known > 0) return known - 1;
    this.ids[this.count] = id;
    this.count += 1;
    this.table[place] = this.count;
    return this.count - 1;
  }

  /** Makes room for so many more. */
  makeRoom(more: number): void {
    if (this.count + more <= this.ids.length) return;
    const ids = new Uint32Array(2 ** Math.ceil(Math.log2(this.count + more)));
    ids.set(this.ids);
    this.ids = ids;
    this.table = new Uint32Array(sparse * ids.length);
    for (let number = 0; number < this.count; number += 1) this.table[this.#placeOf(ids[number] ?? 0)] = number + 1;
  }

  /** Where an id is in the table, or would be. */
  #placeOf(id: number): number {
    const { ids, table } = this;
    const mask = table.length - 1;
    let place = (Math.imul(id, 0x9e3779b1) >>> 7) & mask;
    for (let known = table[place] ?? 0; known > 0; known = table[place] ?? 0) {
      if (ids[known - 1] === id) return place;
      place = (place + 1) & mask;
    }
    return place;
  }
}
