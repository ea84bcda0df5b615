/** Seeded randomness and tileable noise: the only source of chance in a scene, so that a seed tells the whole picture. */

/** A stream of chance that always gives the same numbers for the same seed words. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A number in [low, high). */
  range(low: number, high: number): number;
  /** A whole number from low to high, both included. */
  int(low: number, high: number): number;
  /** True with probability p. */
  chance(p: number): boolean;
  /** One element of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** A bell-shaped number around 0 with deviation 1. */
  normal(): number;
}

/** A 32-bit hash of words and numbers (FNV-1a with a final mix). */
export function hashOf(...words: readonly (string | number)[]): number {
  let h = 0x811c9dc5;
  for (const c of words.join("|")) {
    h = Math.imul(h ^ (c.codePointAt(0) ?? 0), 0x01000193);
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Opens the stream of chance that belongs to these seed words (mulberry32). */
export function randomOf(...words: readonly (string | number)[]): Random {
  let state = hashOf(...words);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const range = (low: number, high: number): number => low + (high - low) * next();
  return {
    next,
    range,
    int: (low, high) => Math.min(high, low + Math.floor(next() * (high - low + 1))),
    chance: (p) => next() < p,
    pick: <T>(list: readonly T[]): T => {
      const chosen = list[Math.floor(next() * list.length)];
      if (chosen === undefined) throw new RangeError("pick needs a list that is not empty");
      return chosen;
    },
    normal: () => (next() + next() + next() + next() - 2) * 1.7320508,
  };
}

/** Smooth tileable noise, size x size numbers around 0 within about -1..1; cells is the number of bumps per side. */
export function noiseField(size: number, cells: number, octaves: number, random: Random): Float32Array {
  const field = new Float32Array(size * size);
  let amplitude = 1;
  let total = 0;
  for (let octave = 0, n = cells; octave < octaves && n <= size; octave += 1, n *= 2) {
    addOctave(field, size, n, amplitude, random);
    total += amplitude;
    amplitude *= 0.55;
  }
  for (let i = 0; i < field.length; i += 1) field[i] = (field[i] ?? 0) / total;
  return field;
}

function addOctave(field: Float32Array, size: number, cells: number, amplitude: number, random: Random): void {
  const lattice = new Float32Array(cells * cells);
  for (let i = 0; i < lattice.length; i += 1) lattice[i] = random.next() * 2 - 1;
  const step = cells / size;
  const left = new Int32Array(size);
  const right = new Int32Array(size);
  const blend = new Float32Array(size);
  for (let x = 0; x < size; x += 1) {
    const fx = x * step;
    const ix = Math.floor(fx);
    const t = fx - ix;
    left[x] = ix % cells;
    right[x] = (ix + 1) % cells;
    blend[x] = t * t * (3 - 2 * t);
  }
  for (let y = 0; y < size; y += 1) {
    const top = (left[y] ?? 0) * cells;
    const bottom = (right[y] ?? 0) * cells;
    const v = blend[y] ?? 0;
    for (let x = 0; x < size; x += 1) {
      const l = left[x] ?? 0;
      const r = right[x] ?? 0;
      const u = blend[x] ?? 0;
      const a = (lattice[top + l] ?? 0) * (1 - u) + (lattice[top + r] ?? 0) * u;
      const b = (lattice[bottom + l] ?? 0) * (1 - u) + (lattice[bottom + r] ?? 0) * u;
      const at = y * size + x;
      field[at] = (field[at] ?? 0) + amplitude * (a + (b - a) * v);
    }
  }
}

/** Smooth one-dimensional noise around 0, within -1..1, for a place on a line and a seed. */
export function wave(x: number, seed: number): number {
  const cell = Math.floor(x);
  const t = x - cell;
  const at = (n: number): number => {
    let h = Math.imul(n ^ seed, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
    return ((h ^ (h >>> 13)) >>> 0) / 2147483648 - 1;
  };
  const s = t * t * (3 - 2 * t);
  return at(cell) * (1 - s) + at(cell + 1) * s;
}
