/** What is measured in the picture of one camera: the staff gauge, and the section in which the surface speed is read. */
import type { XY } from "./rules.ts";

/** A place of known level (gauge) or known distance (line of a section). */
export interface KnownPlace {
  readonly at: XY;
  /** Metres. */
  readonly m: number;
}

/** The staff gauge: `gauge:` of `config/zones/CAMERA.yaml`. */
export interface Gauge {
  readonly id: string;
  readonly name?: string;
  /** Upper end of the line along the middle of the board. */
  readonly from: XY;
  /** Lower end. */
  readonly to: XY;
  /** Width of the board as a share of the picture's width. */
  readonly width: number;
  /** 2 to 16. */
  readonly marks: readonly KnownPlace[];
  readonly minM?: number;
  readonly maxM?: number;
  readonly maxRiseMPerMin?: number;
  readonly datum?: string;
  readonly levels?: {
    readonly guard?: number;
    readonly warning?: number;
    readonly guaranteed?: number;
    readonly low?: number;
  };
}

/** One line along the current, from upstream to downstream. */
export interface FlowLine {
  readonly from: XY;
  readonly to: XY;
  /** 2 to 16. */
  readonly marks: readonly KnownPlace[];
}

/** The section: `flow:` of the same file. */
export interface Flow {
  readonly id: string;
  readonly name?: string;
  /** 1 to 4. */
  readonly lines: readonly FlowLine[];
  readonly maxMps?: number;
}

/** Body of `PUT /cameras/ID/measures` (technician; `if-match: "REVISION"`): null takes it away. Answers `Applied`. */
export interface Measures {
  readonly gauge: Gauge | null;
  readonly flow: Flow | null;
}

/** `GET /cameras/ID/measures`; the revision is that of the camera's rules, because both stand in one file. */
export interface MeasuresDocument extends Measures {
  readonly camera: string;
  readonly revision: string;
}
