/** What a model package is, once every question about it has an answer. Plain data: it travels to the detector process. */
import type { HeadType, Normalize } from "./model-manifest.ts";

/** The picture that the model takes. */
export interface ModelInput {
  /** Name of the tensor in the graph. */
  readonly name: string;
  /** Pixels across and down. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly layout: "nchw" | "nhwc";
  readonly color: "rgb" | "bgr";
  readonly dtype: "uint8" | "float32";
  readonly normalize: Normalize;
  readonly resize: "letterbox" | "stretch";
  /** Value of every channel of the border that a letterbox leaves, 0..255. */
  readonly pad: number;
  readonly align: "center" | "top-left";
  readonly filter: "linear" | "area";
}

/** How the output tensors are to be read. */
export interface ModelHead {
  readonly type: HeadType;
  /** Whether overlapping boxes still have to be dropped outside the graph. */
  readonly nms: "external" | "inside";
  /** Input pixels per cell, finest first; only for heads that give raw cells. */
  readonly strides: readonly number[];
  readonly activation: "none" | "sigmoid";
  /** Output tensors to ask for; empty means all of them. */
  readonly outputs: readonly string[];
}

/** Where a value was found; `assumed` means that nothing said it and the usual value was taken. */
export type Origin = "manifest" | "sidecar" | "metadata" | "shapes" | "graph" | "assumed";

/** A model that can be run. */
export interface ModelPackage {
  readonly name: string;
  readonly version: string;
  /** Absolute path of the ONNX file. */
  readonly path: string;
  readonly sha256: string;
  /** GB/T 32905 digest of the same file. */
  readonly sm3: string;
  readonly sizeBytes: number;
  readonly license: string;
  readonly labels: readonly string[];
  readonly display: Readonly<Record<string, { readonly zh: string; readonly en: string }>>;
  readonly input: ModelInput;
  readonly head: ModelHead;
  readonly defaults: {
    /** Score from which a detection counts by itself, 0..1. */
    readonly confidence: number;
    /** Score below which a detection is not even told to the tracker, 0..1. */
    readonly floor: number;
    /** Overlap (IoU) above which the weaker of two boxes of one label is dropped. */
    readonly iou: number;
    readonly perClass: Readonly<Record<string, number>>;
    /** By label: score from which a detection goes on with a track, 0..1; `floor` where there is none. */
    readonly perClassFloor: Readonly<Record<string, number>>;
    /** By label: share of the smaller box inside the other above which the weaker is dropped, whatever the IoU. */
    readonly contained: Readonly<Record<string, number>>;
    /** Whether overlapping boxes of different labels drop one another. */
    readonly acrossLabels: boolean;
  };
  /** Where each answer came from, by its key (`input.size`, `labels` …). */
  readonly origins: Readonly<Record<string, Origin>>;
}
