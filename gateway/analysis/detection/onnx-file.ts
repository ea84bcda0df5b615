/** What an ONNX file says of itself, read with our own bounded reader: the file is hostile until proven otherwise. */
import { ProtobufReader, type Field } from "./protobuf.ts";

/** A tensor at the border of the graph. Free dimensions are their name, or "?" without one. */
export interface TensorFacts {
  readonly name: string;
  readonly dtype: string;
  readonly dims: readonly (number | string)[];
}

/** What was found. */
export interface OnnxFacts {
  readonly irVersion: number;
  readonly producer: string;
  /** Version of the standard operators. */
  readonly opset: number;
  /** Inputs that a caller has to give: those without a stored value. */
  readonly inputs: readonly TensorFacts[];
  readonly outputs: readonly TensorFacts[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly nodeCount: number;
  /** Names of tensors whose bytes lie outside the file. */
  readonly externalData: readonly string[];
  /** Operators that are not ONNX's own, as `domain::Operator`. */
  readonly foreignOperators: readonly string[];
}

/** The file is no ONNX model, is cut off, or is built to hurt. */
export class OnnxUnreadable extends Error {
  override readonly name = "OnnxUnreadable";
}

/** Sub-graphs nest in If, Loop and Scan; real models stay below 4. */
const depthMost = 16;
/** Real detectors have hundreds of nodes and tensors. */
const itemsMost = 200_000;
const textMost = 65_536;

/** Domains whose operators the runtime itself brings; all other operators would be somebody's own code. */
const ownDomains = new Set(["", "ai.onnx", "ai.onnx.ml"]);
/** What quantisers of the same runtime write; without side effects. */
const contribOperators = new Set(["com.microsoft::QuantizeLinear", "com.microsoft::DequantizeLinear"]);

const dtypes: readonly string[] = [
  "undefined",
  "float32",
  "uint8",
  "int8",
  "uint16",
  "int16",
  "int32",
  "int64",
  "string",
  "bool",
  "float16",
  "float64",
  "uint32",
  "uint64",
  "complex64",
  "complex128",
  "bfloat16",
];

interface Draft {
  readonly inputs: TensorFacts[];
  readonly outputs: TensorFacts[];
  readonly stored: Set<string>;
  readonly metadata: Record<string, string>;
  readonly external: Set<string>;
  readonly foreign: Set<string>;
  items: number;
  nodeCount: number;
}

/**
 * Reads the facts of `bytes`.
 * @throws OnnxUnreadable
 */
export function readOnnx(bytes: Uint8Array): OnnxFacts {
  try {
    return readModel(bytes);
  } catch (error) {
    if (error instanceof RangeError) throw new OnnxUnreadable(error.message, { cause: error });
    throw error;
  }
}

function readModel(bytes: Uint8Array): OnnxFacts {
  const draft: Draft = {
    inputs: [],
    outputs: [],
    stored: new Set(),
    metadata: Object.create(null) as Record<string, string>,
    external: new Set(),
    foreign: new Set(),
    items: 0,
    nodeCount: 0,
  };
  let irVersion = 0;
  let producer = "";
  let opset = 0;
  let graphs = 0;
  for (const field of new ProtobufReader(bytes)) {
    count(draft);
    if (field.number === 1) irVersion = number(field);
    else if (field.number === 2) producer = `${text(field)}${producer}`;
    else if (field.number === 3) producer = `${producer} ${text(field)}`.trim();
    else if (field.number === 7) {
      graphs += 1;
      readGraph(field.bytes, draft, 0);
    } else if (field.number === 8) opset = Math.max(opset, readOpset(field));
    else if (field.number === 14) readMetadata(field, draft);
    else if (field.number === 20) readTraining(field, draft);
    else if (field.number === 25) readFunction(field, draft);
  }
  if (!(irVersion >= 3 && irVersion <= 100) || graphs !== 1 || !(opset >= 1))
    throw new RangeError("no ONNX model inside");
  if (draft.outputs.length === 0) throw new RangeError("a graph without an output");
  return {
    irVersion,
    producer,
    opset,
    inputs: draft.inputs.filter((input) => !draft.stored.has(input.name)),
    outputs: draft.outputs,
    metadata: draft.metadata,
    nodeCount: draft.nodeCount,
    externalData: [...draft.external],
    foreignOperators: [...draft.foreign],
  };
}

/** Inputs and outputs only count at depth 0: those of sub-graphs are inner wires. */
function readGraph(bytes: Uint8Array, draft: Draft, depth: number): void {
  if (depth > depthMost) throw new RangeError("graphs nested too deep");
  for (const field of new ProtobufReader(bytes)) {
    count(draft);
    if (field.number === 1) readNode(field.bytes, draft, depth);
    else if (field.number === 5) readTensor(field.bytes, draft, depth === 0);
    else if (field.number === 15) readSparse(field.bytes, draft);
    else if (field.number === 11 && depth === 0) draft.inputs.push(readValueInfo(field.bytes));
    else if (field.number === 12 && depth === 0) draft.outputs.push(readValueInfo(field.bytes));
  }
}

function readNode(bytes: Uint8Array, draft: Draft, depth: number): void {
  draft.nodeCount += 1;
  let operator = "";
  let domain = "";
  for (const field of new ProtobufReader(bytes)) {
    count(draft);
    if (field.number === 4) operator = text(field);
    else if (field.number === 7) domain = text(field);
    else if (field.number === 5) readAttribute(field.bytes, draft, depth);
  }
  if (operator === "") throw new RangeError("a node without an operator");
  const full = `${domain}::${operator}`;
  if (!ownDomains.has(domain) && !contribOperators.has(full) && draft.foreign.size < 20) draft.foreign.add(full);
}

function readAttribute(bytes: Uint8Array, draft: Draft, depth: number): void {
  for (const field of new ProtobufReader(bytes)) {
    count(draft);
    if (field.number === 5 || field.number === 10) readTensor(field.bytes, draft, false);
    else if (field.number === 6 || field.number === 11) readGraph(field.bytes, draft, depth + 1);
    else if (field.number === 22 || field.number === 23) readSparse(field.bytes, draft);
  }
}

function readTraining(field: Field, draft: Draft): void {
  for (const inner of new ProtobufReader(field.bytes)) {
    count(draft);
    if (inner.number === 1 || inner.number === 2) readGraph(inner.bytes, draft, 1);
  }
}

function readFunction(field: Field, draft: Draft): void {
  for (const inner of new ProtobufReader(field.bytes)) {
    count(draft);
    if (inner.number === 7) readNode(inner.bytes, draft, 1);
  }
}

function readSparse(bytes: Uint8Array, draft: Draft): void {
  for (const field of new ProtobufReader(bytes)) {
    count(draft);
    if (field.number === 1 || field.number === 2) readTensor(field.bytes, draft, false);
  }
}

function readTensor(bytes: Uint8Array, draft: Draft, isInitializer: boolean): void {
  let name = "";
  let external = false;
  for (const field of new ProtobufReader(bytes)) {
    if (field.number === 8) name = text(field);
    // external_data entries, or data_location EXTERNAL: either is enough to refuse.
    else if (field.number === 13) external = true;
    else if (field.number === 14) external ||= number(field) !== 0;
  }
  if (isInitializer) draft.stored.add(name);
  if (external && draft.external.size < 20) draft.external.add(name);
}

function readValueInfo(bytes: Uint8Array): TensorFacts {
  let name = "";
  let dtype = "undefined";
  let dims: readonly (number | string)[] = [];
  for (const field of new ProtobufReader(bytes)) {
    if (field.number === 1) name = text(field);
    else if (field.number === 2) [dtype, dims] = readType(field.bytes);
  }
  return { name, dtype, dims };
}

function readType(bytes: Uint8Array): readonly [string, readonly (number | string)[]] {
  let dtype = "undefined";
  const dims: (number | string)[] = [];
  for (const field of new ProtobufReader(bytes)) {
    if (field.number !== 1) continue;
    for (const inner of new ProtobufReader(field.bytes)) {
      if (inner.number === 1) dtype = dtypes[number(inner)] ?? "undefined";
      else if (inner.number === 2) for (const dim of new ProtobufReader(inner.bytes)) dims.push(readDim(dim));
      if (dims.length > 16) throw new RangeError("a tensor with too many dimensions");
    }
  }
  return [dtype, dims];
}

function readDim(dim: Field): number | string {
  for (const field of new ProtobufReader(dim.bytes)) {
    // Some exporters write -1 for a free dimension.
    if (field.number === 1) return number(field) >= 0 ? number(field) : "?";
    if (field.number === 2) return text(field) || "?";
  }
  return "?";
}

function readOpset(field: Field): number {
  let domain = "";
  let version = 0;
  for (const inner of new ProtobufReader(field.bytes)) {
    if (inner.number === 1) domain = text(inner);
    else if (inner.number === 2) version = number(inner);
  }
  return domain === "" || domain === "ai.onnx" ? version : 0;
}

function readMetadata(field: Field, draft: Draft): void {
  let key = "";
  let value = "";
  for (const inner of new ProtobufReader(field.bytes)) {
    if (inner.number === 1) key = text(inner);
    else if (inner.number === 2) value = text(inner);
  }
  if (Object.keys(draft.metadata).length < 200) draft.metadata[key.slice(0, 200)] = value;
}

function count(draft: Draft): void {
  draft.items += 1;
  if (draft.items > itemsMost) throw new RangeError("too many parts");
}

function number(field: Field): number {
  if (field.kind !== "varint") throw new RangeError(`field ${field.number} is not a number`);
  return field.value;
}

function text(field: Field): string {
  if (field.kind !== "bytes") throw new RangeError(`field ${field.number} is not a text`);
  if (field.bytes.length > textMost) throw new RangeError("a text too long");
  return Buffer.from(field.bytes).toString("utf8");
}
