/** A clip file as the camera simulator sends it: access units with their times, read from an mp4 without any tool. */
import { readFile } from "node:fs/promises";

/** What the simulator can send. */
export type ClipCodec = "h264" | "h265" | "mjpeg";

/** One picture as coded: NAL units without start codes, or one JPEG. Times count in 1/90000 s from the clip's start. */
export interface AccessUnit {
  readonly presentation90k: number;
  readonly decode90k: number;
  readonly isKey: boolean;
  readonly units: readonly Buffer[];
}

/** A whole clip. `parameterSets` are VPS, SPS, PPS in the order in which a decoder wants them; none for MJPEG. */
export interface Clip {
  readonly codec: ClipCodec;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly parameterSets: readonly Buffer[];
  readonly accessUnits: readonly AccessUnit[];
  readonly duration90k: number;
}

interface Mp4Box {
  readonly type: string;
  readonly body: Buffer;
}

/** Reads the first video track of an mp4 or mov file with H.264, H.265 or Motion JPEG; throws RangeError for anything else. */
export async function loadClip(path: string): Promise<Clip> {
  const file = await readFile(path);
  for (const track of boxes(only(boxes(file), "moov")).filter((box) => box.type === "trak")) {
    const media = boxes(only(boxes(track.body), "mdia"));
    if (only(media, "hdlr").toString("latin1", 8, 12) !== "vide") continue;
    const samples = boxes(only(boxes(only(media, "minf")), "stbl"));
    const header = only(media, "mdhd");
    return clipFrom(file, samples, header.readUInt32BE(header[0] === 1 ? 20 : 12));
  }
  throw new RangeError(`${path} has no video track`);
}

function clipFrom(file: Buffer, tables: readonly Mp4Box[], timescale: number): Clip {
  const entry = boxes(only(tables, "stsd").subarray(8))[0];
  if (!entry) throw new RangeError("no sample description");
  const config = boxes(entry.body.subarray(78));
  const { codec, lengthSize, parameterSets } = codecOf(entry.type, config);
  const deltas = runs(only(tables, "stts"), (table, at) => table.readUInt32BE(at));
  const offsetTable = tables.find((box) => box.type === "ctts")?.body;
  const offsets = offsetTable ? runs(offsetTable, (table, at) => table.readInt32BE(at)) : [];
  const keyTable = tables.find((box) => box.type === "stss")?.body;
  const keys = keyTable ? new Set(uint32s(keyTable)) : null;
  const to90k = (ticks: number): number => Math.round((ticks * 90_000) / timescale);
  const firstTicks = firstPresentation(deltas, offsets);
  let decodeTicks = 0;
  const accessUnits = sampleRanges(tables).map(([start, end], i): AccessUnit => {
    const sample = file.subarray(start, end);
    const unit = {
      decode90k: to90k(decodeTicks),
      presentation90k: to90k(decodeTicks + (offsets[i] ?? 0) - firstTicks),
      isKey: keys === null || keys.has(i + 1),
      units: codec === "mjpeg" ? [sample] : nalUnits(sample, lengthSize),
    };
    decodeTicks += deltas[i] ?? 0;
    return unit;
  });
  const [widthPx, heightPx] = [entry.body.readUInt16BE(24), entry.body.readUInt16BE(26)];
  return { codec, widthPx, heightPx, parameterSets, accessUnits, duration90k: to90k(decodeTicks) };
}

/** With B-frames the first picture shown has a positive offset; the clip is to start at zero all the same. */
function firstPresentation(deltas: readonly number[], offsets: readonly number[]): number {
  let earliest = Infinity;
  let decodeTicks = 0;
  for (const [i, offset] of offsets.entries()) {
    earliest = Math.min(earliest, decodeTicks + offset);
    decodeTicks += deltas[i] ?? 0;
  }
  return Number.isFinite(earliest) ? earliest : 0;
}

function codecOf(
  type: string,
  config: readonly Mp4Box[],
): { codec: ClipCodec; lengthSize: number; parameterSets: Buffer[] } {
  if (type === "avc1" || type === "avc3") {
    const avc = only(config, "avcC");
    const sets: Buffer[] = [];
    let at = 5;
    for (const mask of [0x1f, 0xff]) {
      const count = avc.readUInt8(at++) & mask;
      for (let i = 0; i < count; i += 1) at = takeUnit(avc, at, sets);
    }
    return { codec: "h264", lengthSize: (avc.readUInt8(4) & 3) + 1, parameterSets: sets };
  }
  if (type === "hvc1" || type === "hev1") {
    const hevc = only(config, "hvcC");
    const sets: Buffer[] = [];
    let at = 23;
    for (let array = hevc.readUInt8(22); array > 0; array -= 1) {
      const kind = hevc.readUInt8(at) & 0x3f;
      const count = hevc.readUInt16BE(at + 1);
      at += 3;
      const kept: Buffer[] = kind >= 32 && kind <= 34 ? sets : [];
      for (let i = 0; i < count; i += 1) at = takeUnit(hevc, at, kept);
    }
    return { codec: "h265", lengthSize: (hevc.readUInt8(21) & 3) + 1, parameterSets: sets };
  }
  if (type === "mp4v" || type === "jpeg" || type === "mjpa")
    return { codec: "mjpeg", lengthSize: 0, parameterSets: [] };
  throw new RangeError(`codec ${type} is none of H.264, H.265, Motion JPEG`);
}

function takeUnit(from: Buffer, at: number, into: Buffer[]): number {
  const end = at + 2 + from.readUInt16BE(at);
  into.push(from.subarray(at + 2, end));
  return end;
}

function nalUnits(sample: Buffer, lengthSize: number): Buffer[] {
  const units: Buffer[] = [];
  for (let at = 0; at + lengthSize <= sample.length;) {
    const end = at + lengthSize + sample.readUIntBE(at, lengthSize);
    units.push(sample.subarray(at + lengthSize, end));
    at = end;
  }
  return units;
}

/** Where each sample lies in the file: chunk offsets, samples per chunk and sample sizes put together. */
function sampleRanges(tables: readonly Mp4Box[]): [number, number][] {
  const sizeTable = only(tables, "stsz");
  const fixedSize = sizeTable.readUInt32BE(4);
  const sizes =
    fixedSize > 0 ? Array.from({ length: sizeTable.readUInt32BE(8) }, () => fixedSize) : uint32s(sizeTable.subarray(4));
  const wide = tables.find((box) => box.type === "co64")?.body;
  const chunks = wide
    ? Array.from({ length: wide.readUInt32BE(4) }, (_, i) => Number(wide.readBigUInt64BE(8 + 8 * i)))
    : uint32s(only(tables, "stco"));
  const perChunk = only(tables, "stsc");
  const ranges: [number, number][] = [];
  let rule = 0;
  let perThisChunk = 0;
  for (const [index, offset] of chunks.entries()) {
    const at = 8 + 12 * rule;
    if (rule < perChunk.readUInt32BE(4) && perChunk.readUInt32BE(at) === index + 1) {
      perThisChunk = perChunk.readUInt32BE(at + 4);
      rule += 1;
    }
    let start = offset;
    for (let i = 0; i < perThisChunk; i += 1) {
      const size = sizes[ranges.length];
      if (size === undefined) break;
      ranges.push([start, start + size]);
      start += size;
    }
  }
  return ranges;
}

/** Run-length table (count, value) of a full box, unrolled. */
function runs(table: Buffer, valueAt: (table: Buffer, at: number) => number): number[] {
  const values: number[] = [];
  for (let i = 0; i < table.readUInt32BE(4); i += 1) {
    const value = valueAt(table, 12 + 8 * i);
    for (let count = table.readUInt32BE(8 + 8 * i); count > 0; count -= 1) values.push(value);
  }
  return values;
}

/** The 32-bit list of a full box: version and flags, count, values. */
function uint32s(table: Buffer): number[] {
  return Array.from({ length: table.readUInt32BE(4) }, (_, i) => table.readUInt32BE(8 + 4 * i));
}

function boxes(bytes: Buffer): Mp4Box[] {
  const found: Mp4Box[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const short = bytes.readUInt32BE(at);
    const head = short === 1 ? 16 : 8;
    const size = short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? bytes.length - at : short;
    if (size < head) break;
    found.push({ type: bytes.toString("latin1", at + 4, at + 8), body: bytes.subarray(at + head, at + size) });
    at += size;
  }
  return found;
}

function only(list: readonly Mp4Box[], type: string): Buffer {
  const box = list.find((candidate) => candidate.type === type);
  if (!box) throw new RangeError(`not a clip that can be served: no ${type} box`);
  return box.body;
}
