/** Picture size and pixel shape from an H.264 or H.265 sequence parameter set; pure. */

/** Size in pixels and the width of a pixel over its height (1 for square ones). */
export interface PictureShape {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pixelAspect: number;
}

/** Reads bits, most significant first; a read past the end throws RangeError. */
class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  /** @param nal a NAL unit; the bytes that only prevent start codes are taken out. */
  constructor(nal: Uint8Array) {
    const kept: number[] = [];
    for (const [i, byte] of nal.entries()) {
      if (byte === 3 && nal[i - 1] === 0 && nal[i - 2] === 0) continue;
      kept.push(byte);
    }
    this.#bytes = Uint8Array.from(kept);
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new RangeError("parameter set too short");
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
      this.#at += 1;
    }
    return value;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  /** Exp-Golomb, unsigned. */
  unsigned(): number {
    let zeros = 0;
    while (!this.flag()) if (++zeros > 31) throw new RangeError("parameter set damaged");
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** Exp-Golomb, signed. */
  signed(): number {
    const code = this.unsigned();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}

const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** Table E-1 of H.264: width and height of a pixel by index. */
const pixelAspects: readonly (readonly [number, number])[] = [
  [1, 1], [1, 1], [12, 11], [10, 11], [16, 11], [40, 33], [24, 11], [20, 11], [32, 11], [80, 33],
  [18, 11], [15, 11], [64, 33], [160, 99], [4, 3], [3, 2], [2, 1],
]; // prettier-ignore

/** Null when the bytes make no sense. */
export function shapeOfH264(sps: Uint8Array): PictureShape | null {
  try {
    return readH264(new BitReader(sps.subarray(1)));
  } catch {
    return null;
  }
}

/** Null when the bytes make no sense. Pixels are taken as square: the field lies behind tables not worth reading. */
export function shapeOfH265(sps: Uint8Array): PictureShape | null {
  try {
    return readH265(new BitReader(sps.subarray(2)));
  } catch {
    return null;
  }
}

function readH264(reader: BitReader): PictureShape | null {
  const profile = reader.bits(8);
  reader.bits(16);
  reader.unsigned();
  let chroma = 1;
  if (highProfiles.has(profile)) {
    chroma = reader.unsigned();
    if (chroma === 3) reader.bits(1);
    reader.unsigned();
    reader.unsigned();
    reader.bits(1);
    if (reader.flag())
      for (let i = 0; i < (chroma === 3 ? 12 : 8); i += 1) if (reader.flag()) skipScalingList(reader, i < 6 ? 16 : 64);
  }
  reader.unsigned();
  const orderType = reader.unsigned();
  if (orderType === 0) reader.unsigned();
  if (orderType === 1) {
    reader.bits(1);
    reader.signed();
    reader.signed();
    for (let i = reader.unsigned(); i > 0; i -= 1) reader.signed();
  }
  reader.unsigned();
  reader.bits(1);
  const widthBlocks = reader.unsigned() + 1;
  const heightBlocks = reader.unsigned() + 1;
  const framesOnly = reader.flag();
  if (!framesOnly) reader.bits(1);
  reader.bits(1);
  const crop = reader.flag()
    ? [reader.unsigned(), reader.unsigned(), reader.unsigned(), reader.unsigned()]
    : [0, 0, 0, 0];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const stepX = chroma === 1 || chroma === 2 ? 2 : 1;
  const stepY = (chroma === 1 ? 2 : 1) * (framesOnly ? 1 : 2);
  const pixelAspect = reader.flag() && reader.flag() ? readPixelAspect(reader) : 1;
  return plausible(
    widthBlocks * 16 - (left + right) * stepX,
    heightBlocks * 16 * (framesOnly ? 1 : 2) - (top + bottom) * stepY,
    pixelAspect,
  );
}

function skipScalingList(reader: BitReader, size: number): void {
  let last = 8;
  for (let i = 0; i < size; i += 1) {
    const next = (last + reader.signed() + 256) % 256;
    if (next === 0) return;
    last = next;
  }
}

function readPixelAspect(reader: BitReader): number {
  const index = reader.bits(8);
  const [across, down] = index === 255 ? [reader.bits(16), reader.bits(16)] : (pixelAspects[index] ?? [1, 1]);
  return across > 0 && down > 0 ? across / down : 1;
}

function readH265(reader: BitReader): PictureShape | null {
  reader.bits(4);
  const subLayers = reader.bits(3);
  reader.bits(1);
  for (let i = 0; i < 11; i += 1) reader.bits(8);
  reader.bits(8);
  const present: [boolean, boolean][] = [];
  for (let i = 0; i < subLayers; i += 1) present.push([reader.flag(), reader.flag()]);
  if (subLayers > 0) reader.bits(2 * (8 - subLayers));
  for (const [profile, level] of present) {
    if (profile) for (let i = 0; i < 11; i += 1) reader.bits(8);
    if (level) reader.bits(8);
  }
  reader.unsigned();
  const chroma = reader.unsigned();
  if (chroma === 3) reader.bits(1);
  const width = reader.unsigned();
  const height = reader.unsigned();
  const crop = reader.flag()
    ? [reader.unsigned(), reader.unsigned(), reader.unsigned(), reader.unsigned()]
    : [0, 0, 0, 0];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  return plausible(
    width - (left + right) * (chroma === 1 || chroma === 2 ? 2 : 1),
    height - (top + bottom) * (chroma === 1 ? 2 : 1),
    1,
  );
}

/** No camera is smaller than 16 pixels or larger than 16 Ki. */
function plausible(widthPx: number, heightPx: number, pixelAspect: number): PictureShape | null {
  const fits = (size: number): boolean => size >= 16 && size <= 16_384;
  return fits(widthPx) && fits(heightPx) ? { widthPx, heightPx, pixelAspect } : null;
}
