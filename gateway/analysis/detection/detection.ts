/** One object in one frame. */
import type { Box } from "../geometry.ts";

/** What the detector saw; `box` in 0..1 of the whole picture, `score` in 0..1. */
export interface Detection {
  /** A label of the model, for example `person`. */
  readonly label: string;
  readonly score: number;
  readonly box: Box;
}
