/** One output of a model, as the heads read it. */

/** Floating-point values, or whole numbers turned into them, row-major. */
export interface OutputTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Why an output cannot be read; the detector turns it into an error that names the model. */
export class OutputMismatch extends Error {
  override readonly name = "OutputMismatch";
}

/** The dims as people write them: `1x3549x85`. */
export function shapeText(dims: readonly (number | string)[]): string {
  return dims.join("x");
}

/** All shapes at once, for the sentence that refuses them. */
export function shapesText(outputs: readonly OutputTensor[]): string {
  return outputs.map((output) => `${output.name} ${shapeText(output.dims)}`).join(", ");
}
