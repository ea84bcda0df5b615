/** Access units → RTP payloads for H.264 (RFC 6184), H.265 (RFC 7798) and JPEG (RFC 2435); pure. */
import type { AccessUnit, Clip } from "./clip.ts";

/** Bytes of payload in one packet; with all headers below an Ethernet frame. */
const maxPayload = 1_400;

/** The payloads of one access unit, in order; the last one gets the marker bit. */
export function payloadsOf(clip: Clip, unit: AccessUnit): Buffer[] {
  if (clip.codec === "mjpeg") return unit.units.flatMap((jpeg) => jpegPayloads(jpeg));
  // Parameter sets go before each key picture, as cameras do: a decoder that joins late or sees a new size can start there.
  const units = unit.isKey ? [...clip.parameterSets, ...unit.units] : unit.units;
  return units.flatMap((nal) => (clip.codec === "h264" ? h264Payloads(nal) : h265Payloads(nal)));
}

function h264Payloads(nal: Buffer): Buffer[] {
  if (nal.length <= maxPayload) return [nal];
  const head = nal.readUInt8(0);
  return fragments(nal.subarray(1), maxPayload - 2).map((part, i, parts) => {
    const edge = (i === 0 ? 0x80 : 0) | (i === parts.length - 1 ? 0x40 : 0);
    return Buffer.concat([Buffer.of((head & 0xe0) | 28, edge | (head & 0x1f)), part]);
  });
}

function h265Payloads(nal: Buffer): Buffer[] {
  if (nal.length <= maxPayload) return [nal];
  const head = nal.readUInt8(0);
  const kind = (head >> 1) & 0x3f;
  return fragments(nal.subarray(2), maxPayload - 3).map((part, i, parts) => {
    const edge = (i === 0 ? 0x80 : 0) | (i === parts.length - 1 ? 0x40 : 0);
    return Buffer.concat([Buffer.of((head & 0x81) | (49 << 1), nal.readUInt8(1), edge | kind), part]);
  });
}

/** Baseline JPEG with 4:2:0 or 4:2:2 chroma and standard Huffman tables, as RFC 2435 demands. */
function jpegPayloads(jpeg: Buffer): Buffer[] {
  const { type, widthPx, heightPx, tables, scan } = readJpeg(jpeg);
  let offset = 0;
  return fragments(scan, maxPayload - 8 - 4 - tables.length).map((part) => {
    const head = Buffer.alloc(8);
    head.writeUIntBE(offset, 1, 3);
    head.set([type, 255, widthPx / 8, heightPx / 8], 4);
    const tableHead =
      offset === 0
        ? Buffer.concat([Buffer.of(0, 0, tables.length >> 8, tables.length & 255), tables])
        : Buffer.alloc(0);
    offset += part.length;
    return Buffer.concat([head, tableHead, part]);
  });
}

function readJpeg(jpeg: Buffer): { type: number; widthPx: number; heightPx: number; tables: Buffer; scan: Buffer } {
  const tables: Buffer[] = [];
  let [type, widthPx, heightPx] = [1, 0, 0];
  for (let at = 2; at + 4 <= jpeg.length;) {
    const marker = jpeg.readUInt8(at + 1);
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    if (marker === 0xdb)
      for (let table = at + 4; table < end; table += 65) tables.push(jpeg.subarray(table + 1, table + 65));
    if (marker === 0xc0) {
      [heightPx, widthPx] = [jpeg.readUInt16BE(at + 5), jpeg.readUInt16BE(at + 7)];
      type = jpeg.readUInt8(at + 11) === 0x21 ? 0 : 1;
    }
    if (marker === 0xda) {
      const stop = jpeg.subarray(-2).equals(Buffer.of(0xff, 0xd9)) ? jpeg.length - 2 : jpeg.length;
      // Every component may name the same table; the receiver wants two.
      const both = tables.length === 1 ? [...tables, ...tables] : tables.slice(0, 2);
      return { type, widthPx, heightPx, tables: Buffer.concat(both), scan: jpeg.subarray(end, stop) };
    }
    at = end;
  }
  throw new RangeError("not a baseline JPEG");
}

function fragments(bytes: Buffer, size: number): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size));
  return parts;
}

/** The twelve bytes before a payload. */
export function rtpHeader(options: {
  payloadType: number;
  marker: boolean;
  sequence: number;
  timestamp: number;
  source: number;
}): Buffer {
  const head = Buffer.alloc(12);
  head.set([0x80, (options.marker ? 0x80 : 0) | options.payloadType]);
  head.writeUInt16BE(options.sequence & 0xffff, 2);
  head.writeUInt32BE(options.timestamp >>> 0, 4);
  head.writeUInt32BE(options.source >>> 0, 8);
  return head;
}
