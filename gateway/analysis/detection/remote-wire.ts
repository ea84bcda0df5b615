/** Frigate's `zmq_ipc` messages: a JSON header and the tensor there, 20 rows of 6 numbers back (pure). */
import type { ModelPackage } from "./model-package.ts";

/** Rows of an answer: label, score, top, left, bottom, right; unused rows have score 0. */
export type RemoteBox = readonly [number, number, number, number, number, number];

const rowsMost = 20;
const numbersPerRow = 6;
const answerBytes = rowsMost * numbersPerRow * 4;

/** What stands before the tensor. */
export function requestHeader({ input, name }: ModelPackage): string {
  return JSON.stringify({ shape: [1, input.heightPx, input.widthPx, 3], dtype: "uint8", model_type: name });
}

/**
 * The boxes of an answer, given as one frame of 480 bytes or as a JSON header and the bytes.
 * @throws RangeError when it is none
 */
export function readAnswer(frames: readonly Buffer[]): readonly RemoteBox[] {
  const bytes = frames.at(-1);
  if (!bytes || frames.length > 2 || bytes.length !== answerBytes) {
    throw new RangeError(
      `an answer of ${frames.map((frame) => frame.length).join(" + ")} bytes, ${answerBytes} expected`,
    );
  }
  const rows = Array.from({ length: rowsMost }, (_, row) => rowOf(bytes, row));
  if (rows.some((row) => row.some((value) => !Number.isFinite(value))))
    throw new RangeError("an answer with values that are no numbers");
  return rows.filter(([, score]) => score > 0);
}

function rowOf(bytes: Buffer, row: number): RemoteBox {
  const at = (column: number): number => bytes.readFloatLE((row * numbersPerRow + column) * 4);
  return [Math.round(at(0)), at(1), at(2), at(3), at(4), at(5)];
}
