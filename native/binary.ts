/** Loads the prebuilt binary of this machine, or says why the TypeScript reference runs instead. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** The raw exports of src/addon.cc, arguments in its order. They check every argument themselves. */
export interface Binary {
  readonly interface: number;
  letterbox(
    sourceWidth: number,
    sourceHeight: number,
    colours: number,
    source: Uint8Array,
    regionX: number,
    regionY: number,
    regionWidth: number,
    regionHeight: number,
    targetWidth: number,
    targetHeight: number,
    target: Uint8Array,
    innerX: number,
    innerY: number,
    innerWidth: number,
    innerHeight: number,
    pad: number,
    isArea: number,
    isSwapped: number,
  ): void;
  motionStep(
    width: number,
    height: number,
    source: Uint8Array,
    state: Uint8Array,
    columns: number,
    rows: number,
    blocks: Uint8Array,
    backgroundRate: number,
    absorbRate: number,
    noiseRate: number,
    minDifference: number,
    noiseFactor: number,
    blockShare: number,
    followsLight: number,
  ): number;
  measureScene(width: number, height: number, source: Uint8Array, state: Uint8Array, out: Float64Array): void;
  lineSums(width: number, height: number, plane: Uint8Array, columns: Uint32Array, rows: Uint32Array): void;
  cellSums(width: number, height: number, plane: Uint8Array, side: number, sums: Uint32Array): void;
  bendSums(width: number, height: number, plane: Uint8Array, side: number, sums: Uint32Array): void;
  stepSums(width: number, height: number, plane: Uint8Array, every: number, sums: Uint32Array): void;
  maskSums(width: number, height: number, plane: Uint8Array, places: Uint32Array, sums: Uint32Array): void;
  allFinite(values: Float32Array): number;
  rowsWith(values: Float32Array, width: number, from: number, to: number, floor: number, found: Uint32Array): number;
  wholeBlocks(bytes: Uint8Array, at: number, spans: Uint32Array): number;
  readHeads(
    bytes: Uint8Array,
    spans: Uint32Array,
    counts: Uint32Array,
    labels: Uint8Array,
    kind: Uint8Array,
    looked: Uint8Array,
    nowMs: Float64Array,
    pointCount: Uint16Array,
    pointsAt: Uint32Array,
    labelOf: Uint8Array,
    idOf: Uint32Array,
    toldAt: Uint32Array,
    pathOf: Uint32Array,
    pointsOf: Uint32Array,
    spanValues: Int32Array,
    blockValues: Int32Array,
    pathValues: Int32Array,
    rows: Uint32Array,
    ids: Uint32Array,
    table: Uint32Array,
  ): number;
  memberChanges(
    bytes: Uint8Array,
    rows: Uint32Array,
    extents: Int32Array,
    looked: Uint8Array,
    pointCount: Uint16Array,
    pointsAt: Uint32Array,
    idOf: Uint32Array,
    pointsOf: Uint32Array,
    matters: Uint8Array,
    labelOf: Uint8Array,
    spanValues: Int32Array,
    roles: Uint8Array,
    rule: Float64Array,
    zones: Float64Array,
    waters: Uint32Array,
    members: Uint32Array,
    changes: Uint32Array,
    done: Uint32Array,
  ): void;
  countAnglers(
    bytes: Uint8Array,
    rows: Uint32Array,
    looked: Uint8Array,
    pointCount: Uint16Array,
    pointsAt: Uint32Array,
    idOf: Uint32Array,
    labelOf: Uint8Array,
    spanValues: Int32Array,
    roles: Uint8Array,
    rule: Float64Array,
    zones: Float64Array,
    waters: Uint32Array,
    counts: Uint8Array,
    stride: number,
    doubts: Uint8Array,
    blockStride: number,
  ): void;
  sideChanges(
    bytes: Uint8Array,
    rows: Uint32Array,
    looked: Uint8Array,
    pointCount: Uint16Array,
    pointsAt: Uint32Array,
    pathOf: Uint32Array,
    matters: Uint8Array,
    spanValues: Int32Array,
    times: Float64Array,
    first: number,
    rule: Float64Array,
    polygon: Float64Array,
    sights: Uint32Array,
    told: Uint32Array,
    done: Uint32Array,
  ): void;
  mapSharedFile(path: string, bytes: number, create: number): ArrayBuffer;
  dieWithParent(): number;
  openPipe(bytes: number, ends: Float64Array): void;
  notifyService(path: string, text: string): number;
  narrow(): void;
}

/** Which of the two runs, for the log, the status page and `xueliang doctor`. */
export interface NativeStatus {
  readonly kind: "native" | "reference";
  /** The binary that was loaded or looked for. */
  readonly path: string;
  /** Why the reference runs, in one English sentence; empty for "native". */
  readonly note: string;
}

/** The interface that index.ts speaks; `kInterface` of src/addon.cc. */
const wantedInterface = 10;

const binaryPath =
  process.env["XUELIANG_NATIVE_PATH"] ??
  path.join(import.meta.dirname, "prebuilds", `${process.platform}-${process.arch}`, "xueliang.node");

function withoutBinary(note: string): { binary: null; status: NativeStatus } {
  return {
    binary: null,
    status: {
      kind: "reference",
      path: binaryPath,
      note: `${note}; pixels are handled in TypeScript, several times slower`,
    },
  };
}

/**
 * Whether the file is a whole ELF library. dlopen maps a copy that was cut short and dies of SIGBUS while it reads it,
 * which no handler catches; the section table lies at the very end of what the linker wrote.
 */
function isWhole(file: string): boolean {
  const bytes = readFileSync(file);
  if (bytes.length < 64 || bytes.readUInt32BE(0) !== 0x7f_45_4c_46) return false;
  return bytes.readBigUInt64LE(40) + BigInt(bytes.readUInt16LE(58) * bytes.readUInt16LE(60)) <= BigInt(bytes.length);
}

/** Never throws: whatever is wrong with the binary ends in the reference and a note. */
export function loadBinary(): { readonly binary: Binary | null; readonly status: NativeStatus } {
  if (process.env["XUELIANG_NATIVE"] === "off") return withoutBinary("XUELIANG_NATIVE=off");
  if (!existsSync(binaryPath))
    return withoutBinary(`no addon for ${process.platform}-${process.arch}: build it with "node native/build.ts"`);
  try {
    if (!isWhole(binaryPath)) return withoutBinary("the addon is no whole library: restore or rebuild it");
    const binary = createRequire(import.meta.url)(binaryPath) as Binary;
    if (binary.interface !== wantedInterface)
      return withoutBinary(
        `the addon speaks interface ${binary.interface}, this program ${wantedInterface}: rebuild it`,
      );
    if (process.env["XUELIANG_NATIVE"] === "narrow") binary.narrow();
    return { binary, status: { kind: "native", path: binaryPath, note: "" } };
  } catch (error) {
    // Another C library, a truncated copy, a wrong architecture: dlopen says which.
    return withoutBinary(`the addon does not load (${error instanceof Error ? error.message : String(error)})`);
  }
}
