/** Small ONNX files written by hand for tests: no exporter is needed, and every byte can be wrong on purpose. */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

type Part = Uint8Array | string | number;

/** A field: a number as varint, a text or bytes with their length. */
export function field(number: number, value: Part): Uint8Array {
  if (typeof value === "number") return Buffer.concat([varint(number * 8), varint(value)]);
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

/** Fields one after the other: a message. */
export function message(...fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(fields);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Uint8Array.from([...bytes, rest]);
}

const float = 1;
const uint8 = 2;

/** A tensor at the graph's border. */
export function valueInfo(name: string, dtype: number, dims: readonly (number | string)[]): Uint8Array {
  const shape = message(...dims.map((dim) => field(1, typeof dim === "number" ? field(1, dim) : field(2, dim))));
  return message(field(1, name), field(2, field(1, message(field(1, dtype), field(2, shape)))));
}

/** One operator. */
export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  ...more: readonly Uint8Array[]
): Uint8Array {
  return message(
    ...inputs.map((name) => field(1, name)),
    ...outputs.map((name) => field(2, name)),
    field(4, operator),
    ...more,
  );
}

/** A whole number attribute. */
export function whole(name: string, value: number): Uint8Array {
  return field(5, message(field(1, name), field(3, value), field(20, 2)));
}

/** A stored tensor of float32. */
export function stored(name: string, dims: readonly number[], values: readonly number[]): Uint8Array {
  const raw = new Uint8Array(Float32Array.from(values).buffer);
  return message(...dims.map((dim) => field(1, dim)), field(2, float), field(8, name), field(9, raw));
}

/** What a tiny model is made of. */
export interface TinyModel {
  readonly nodes: readonly Uint8Array[];
  readonly stored?: readonly Uint8Array[];
  readonly inputs?: readonly Uint8Array[];
  readonly outputs?: readonly Uint8Array[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The file of `tiny`. */
export function onnxFile(tiny: TinyModel): Uint8Array {
  const graph = message(
    ...tiny.nodes.map((one) => field(1, one)),
    field(2, "tiny"),
    ...(tiny.stored ?? []).map((one) => field(5, one)),
    ...(tiny.inputs ?? [valueInfo("image", uint8, [1, 32, 32, 3])]).map((one) => field(11, one)),
    ...(tiny.outputs ?? [valueInfo("output", float, [1, 2, 6])]).map((one) => field(12, one)),
  );
  const metadata = Object.entries(tiny.metadata ?? {}).map(([key, value]) =>
    field(14, message(field(1, key), field(2, value))),
  );
  return message(
    field(1, 8),
    field(2, "tiny"),
    field(7, graph),
    field(8, message(field(1, ""), field(2, 13))),
    ...metadata,
  );
}

/** What the steady model finds. */
export const steadyBoxes: readonly number[] = [10, 10, 8, 4, 0.9, 0, 20, 20, 8, 4, 0, 0.8];

/**
 * A model that always finds the same two boxes, plus `tilt` times the mean brightness: a person at 10,10 and a boat at
 * 20,20, 8 wide and 4 high in a picture of 32 x 32. `values` are other boxes, six numbers each.
 */
export function steadyModel(values: readonly number[] = steadyBoxes): Uint8Array {
  const shape = [1, values.length / 6, 6];
  return onnxFile({
    nodes: [
      node("Cast", ["image"], ["floats"], whole("to", float)),
      node("ReduceMean", ["floats"], ["mean"], whole("keepdims", 0)),
      node("Mul", ["mean", "zero"], ["nothing"]),
      node("Add", ["boxes", "nothing"], ["output"]),
    ],
    stored: [stored("boxes", shape, values), stored("zero", [1], [0])],
    outputs: [valueInfo("output", float, shape)],
  });
}

/** As the steady one, but pictures brighter than `limit` give values that are no numbers. */
export function blindedModel(limit = 200): Uint8Array {
  return onnxFile({
    nodes: [
      node("Cast", ["image"], ["floats"], whole("to", float)),
      node("ReduceMean", ["floats"], ["mean"], whole("keepdims", 0)),
      node("Sub", ["limit", "mean"], ["left"]),
      node("Log", ["left"], ["logarithm"]),
      node("Mul", ["logarithm", "zero"], ["nothing"]),
      node("Add", ["boxes", "nothing"], ["output"]),
    ],
    stored: [stored("boxes", [1, 2, 6], steadyBoxes), stored("zero", [1], [0]), stored("limit", [1], [limit])],
  });
}

/** A model that keeps a core busy for seconds: the square of a large matrix, again and again. */
export function slowModel(size: number, rounds: number): Uint8Array {
  const names = Array.from({ length: rounds + 1 }, (_, i) => `m${i}`);
  return onnxFile({
    nodes: [
      node("Cast", ["image"], ["floats"], whole("to", float)),
      node("ReduceMean", ["floats"], ["mean"], whole("keepdims", 0)),
      node("Mul", ["mean", "zero"], ["nothing"]),
      node("Expand", ["nothing", "shape"], ["m0"]),
      ...names.slice(1).map((name, i) => node("MatMul", [names[i] ?? "", names[i] ?? ""], [name])),
      node("ReduceMax", [names.at(-1) ?? ""], ["most"], whole("keepdims", 0)),
      node("Add", ["boxes", "most"], ["output"]),
    ],
    stored: [stored("boxes", [1, 2, 6], steadyBoxes), stored("zero", [1], [0]), shape("shape", [size, size])],
  });
}

function shape(name: string, values: readonly number[]): Uint8Array {
  const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return message(field(1, values.length), field(2, 7), field(8, name), field(9, raw));
}

/** The manifest that fits `steadyModel` and `slowModel`; `lines` replace or add keys. */
export function tinyManifest(file: Uint8Array, lines: Readonly<Record<string, string>> = {}): string {
  const all = {
    schema: "xueliang.model/1",
    version: '"1"',
    sha256: createHash("sha256").update(file).digest("hex"),
    license: "Apache-2.0",
    labels: "[person, boat]",
    head: "{ type: cxcywh-scores }",
    ...lines,
  };
  return Object.entries(all)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join("");
}

/** Writes a package; a null manifest writes none. Returns its folder. */
export async function writePackage(
  parent: string,
  name: string,
  file: Uint8Array | null,
  manifest: string | null,
): Promise<string> {
  const folder = join(parent, name);
  await mkdir(folder, { recursive: true });
  if (file) await writeFile(join(folder, "model.onnx"), file);
  if (manifest !== null) await writeFile(join(folder, "model.yaml"), manifest);
  return folder;
}
