/** The detector process: owns one ONNX session, answers one frame at a time, dies with the gateway. The only user of ONNX. */
import { createHash } from "node:crypto";
import { readFileSync, readSync, writeFileSync, writeSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { dieWithParent } from "../../../native/index.ts";
import { outputDecoder, OutputNotFinite } from "./decode-output.ts";
import {
  answersFd,
  MessageReader,
  messageHeader,
  numbersBeforeBoxes,
  questionsFd,
  type FailedMessage,
  type MessageKind,
  type OpenMessage,
} from "./detector-wire.ts";
import { inputConverter } from "./input-tensor.ts";
import type { ModelInput, ModelPackage } from "./model-package.ts";
import { OutputMismatch, type OutputTensor } from "./output-tensor.ts";
import { joinPicture } from "./shared-picture.ts";

/** Asking the kernel for our memory takes as long as reading the boxes; it does not leap within seconds. */
const memoryEveryLooks = 16;
let memoryMiB = 0;
let looks = 0;

let look: ((pixels: Uint8Array<ArrayBuffer>) => Promise<Float32Array>) | null = null;
/** The picture in shared memory; null: it comes through the pipe. */
let shared: Uint8Array<ArrayBuffer> | null = null;

/** What the newest message gave to do. */
let work: Promise<void> = Promise.resolve();
const reader = new MessageReader((kind, seq, payload) => {
  work = (kind === "open" ? open(payload) : answer(seq, payload)).catch((error: unknown) =>
    fail(seq, failureOf(error)),
  );
});

// A stopped process, or one deep in a run, does not see that its pipe ends: the kernel ends it.
dieWithParent();
offerToOutOfMemoryKiller();

/**
 * Follows the gateway until it is gone, however it went. It waits inside the kernel: there is nothing else to do between
 * two pictures, and a turn of the event loop for each costs more than the message.
 */
async function listen(): Promise<void> {
  const chunk = new Uint8Array(65_536);
  for (;;) {
    const bytes = readSome(chunk);
    if (bytes === 0) process.exit(0);
    reader.push(chunk.subarray(0, bytes));
    await work;
  }
}

/** Waits for what comes next; a signal that is nobody's business does not end the wait. */
function readSome(chunk: Uint8Array): number {
  for (;;) {
    try {
      return readSync(questionsFd, chunk);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EINTR") throw error;
    }
  }
}

/** When memory runs out, the kernel takes the process that is replaced within seconds, not the daemon with the outbox. */
function offerToOutOfMemoryKiller(): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", "700");
  } catch {
    // Not Linux, or /proc is not there: then the kernel chooses by size.
  }
}

async function open(payload: Uint8Array): Promise<void> {
  const { model, floor, picture } = JSON.parse(Buffer.from(payload).toString("utf8")) as OpenMessage<ModelPackage>;
  if (picture !== null) shared = joinPicture(picture, model.input.widthPx * model.input.heightPx * 3);
  const session = await InferenceSession.create(modelBytes(model), {
    // One thread and no spinning: several idle threads burn three times the CPU. Scale by processes.
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: "sequential",
    enableCpuMemArena: true,
    // Old exporters earn hundreds of warnings; only errors are somebody's business.
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
  if (!session.inputNames.includes(model.input.name)) {
    throw new OutputMismatch(`the graph has no input ${model.input.name}, only ${session.inputNames.join(", ")}`);
  }
  const runOnce = runner(session, model, floor);
  // The first run allocates and is slow; it also proves that the outputs have the promised shape.
  await runOnce(new Uint8Array(model.input.widthPx * model.input.heightPx * 3).fill(model.input.pad));
  look = runOnce;
  send("ready", 0, Buffer.from("{}"));
}

/** The bytes themselves are checked, not the path: a session made from bytes can also not reach for files beside them. */
function modelBytes(model: ModelPackage): Uint8Array {
  const bytes = readFileSync(model.path);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 !== model.sha256) throw new ChecksumChanged(sha256);
  return bytes;
}

class ChecksumChanged extends Error {
  override readonly name = "ChecksumChanged";
}

function runner(
  session: InferenceSession,
  model: ModelPackage,
  floor: number,
): (pixels: Uint8Array<ArrayBuffer>) => Promise<Float32Array> {
  const { input, head } = model;
  const toTensor = tensorMaker(input);
  const decode = outputDecoder(model, floor);
  const names = head.outputs.length > 0 ? head.outputs : session.outputNames;
  return async (pixels) => {
    const results = await session.run({ [input.name]: toTensor(pixels) }, [...names]);
    const boxes = decode(names.map((name) => outputTensor(name, results[name])));
    for (const { data } of Object.values(results)) giveBack(data);
    return boxes;
  };
}

function tensorMaker(input: ModelInput): (pixels: Uint8Array<ArrayBuffer>) => Tensor {
  const { widthPx, heightPx, layout } = input;
  const dims = layout === "nchw" ? [1, 3, heightPx, widthPx] : [1, heightPx, widthPx, 3];
  if (input.dtype === "uint8" && layout === "nhwc") return (pixels) => new Tensor("uint8", pixels, dims);
  const convert = inputConverter(input);
  if (input.dtype === "float32") return (pixels) => new Tensor("float32", convert(pixels), dims);
  return (pixels) => new Tensor("uint8", Uint8Array.from(convert(pixels)), dims);
}

function outputTensor(name: string, tensor: Tensor | undefined): OutputTensor {
  if (!tensor) throw new OutputMismatch(`the graph has no output ${name}`);
  const { data } = tensor;
  if (data instanceof Float32Array) return { name, dims: tensor.dims, data };
  if (data instanceof BigInt64Array || data instanceof Int32Array)
    return { name, dims: tensor.dims, data: Float32Array.from(data, Number) };
  throw new OutputMismatch(`output ${name} is ${tensor.type}; float32, int32 or int64 can be read`);
}

/** Memory of a run that has been read: it waits for no collector, and the next run gets the same pages, not fresh ones. */
function giveBack(data: Tensor.DataType): void {
  if (ArrayBuffer.isView(data) && data.buffer instanceof ArrayBuffer) data.buffer.transfer(0);
}

async function answer(seq: number, pixels: Uint8Array<ArrayBuffer>): Promise<void> {
  if (!look) throw new OutputMismatch("a frame came before the model");
  const startedMs = performance.now();
  const boxes = await look(shared ?? pixels);
  const numbers = new Float32Array(numbersBeforeBoxes + boxes.length);
  numbers[0] = performance.now() - startedMs;
  if (looks % memoryEveryLooks === 0) memoryMiB = process.memoryUsage.rss() / 2 ** 20;
  looks += 1;
  numbers[1] = memoryMiB;
  numbers.set(boxes, numbersBeforeBoxes);
  send("detections", seq, new Uint8Array(numbers.buffer));
}

function failureOf(error: unknown): FailedMessage {
  const detail = error instanceof Error ? error.message.slice(0, 500) : String(error);
  // On an empty picture it is the weights; later it may be the picture.
  if (error instanceof OutputNotFinite) return { code: look ? "DETECTOR_OUTPUT" : "MODEL_SHAPE", detail };
  if (error instanceof OutputMismatch) return { code: "MODEL_SHAPE", detail };
  if (error instanceof ChecksumChanged) return { code: "MODEL_CHECKSUM", detail };
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return { code: "MODEL_MISSING", detail };
  // Before the session stands, whatever the runtime says is about the file; after that it is about this process.
  return { code: look ? "DETECTOR_DIED" : "MODEL_TRUNCATED", detail };
}

function fail(seq: number, failure: FailedMessage): void {
  send("failed", seq, Buffer.from(JSON.stringify(failure)));
}

function send(kind: MessageKind, seq: number, payload: Uint8Array): void {
  // One call of the kernel, and the gateway wakes once.
  const message = Buffer.concat([messageHeader(kind, seq, payload.length), payload]);
  try {
    for (let at = 0; at < message.length;) at += writeSync(answersFd, message, at);
  } catch {
    process.exit(0); // Nobody is left to answer.
  }
}

await listen();
