/** `model.yaml`: what a model package says of itself (layout `xueliang.model/1`). */
import { z } from "zod";
import { idSchema } from "../../config/schema.ts";

/** One file of a package lies beside its manifest: a plain name, no path. */
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);
const triple = z.tuple([z.number(), z.number(), z.number()]);
const share = z.number().min(0).max(1);

/** How pixels become numbers: (pixel * scale - mean) / std, per channel in the model's colour order. */
const normalizeSchema = z.strictObject({
  scale: z.number().default(1),
  mean: triple.default([0, 0, 0]),
  std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]).default([1, 1, 1]),
});

/** The picture that the model takes. */
const inputSchema = z.strictObject({
  name: z.string().min(1).max(200).optional(),
  size: z.tuple([z.int().min(32).max(2048), z.int().min(32).max(2048)]).optional(),
  layout: z.enum(["nchw", "nhwc"]).optional(),
  color: z.enum(["rgb", "bgr"]).optional(),
  dtype: z.enum(["uint8", "float32"]).optional(),
  normalize: normalizeSchema.optional(),
  resize: z.enum(["letterbox", "stretch"]).optional(),
  pad: z.int().min(0).max(255).optional(),
  align: z.enum(["center", "top-left"]).optional(),
  filter: z.enum(["linear", "area"]).optional(),
});

/** Every output layout that can be read; `decode-output.ts` says what each means. */
export const headTypes = [
  "cxcywh-scores",
  "yolox",
  "picodet",
  "nanodet",
  "fastestdet",
  "dets-labels",
  "yolo-v8",
  "yolo-v5",
  "end-to-end",
  "detr",
] as const;

const headSchema = z.strictObject({
  type: z.enum(headTypes),
  nms: z.enum(["external", "inside"]).optional(),
  objectness: z.boolean().optional(),
  box: z.string().max(40).optional(),
  strides: z.array(z.int().min(1).max(256)).min(1).max(8).optional(),
  /** Numbers that the model gives instead of scores: `sigmoid` turns logits into scores. */
  activation: z.enum(["none", "sigmoid"]).optional(),
  outputs: z.array(z.string().min(1).max(200)).min(1).max(32).optional(),
});

/** The whole manifest. Everything but `schema` may be left out where a sidecar or the model file itself says it. */
export const manifestSchema = z.strictObject({
  schema: z.literal("xueliang.model/1"),
  name: idSchema.optional(),
  version: z.string().min(1).max(40).optional(),
  file: fileName.optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  sm3: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  license: z.string().min(1).max(200).optional(),
  source: z.string().max(500).optional(),
  task: z.literal("detect").optional(),
  input: inputSchema.optional(),
  head: headSchema.optional(),
  labels: z.array(z.string().min(1).max(64)).min(1).max(1000).optional(),
  display: z.record(z.string(), z.strictObject({ zh: z.string().max(64), en: z.string().max(64) })).optional(),
  defaults: z
    .strictObject({
      confidence: share.optional(),
      floor: share.optional(),
      iou: share.optional(),
      per_class: z.record(z.string(), share).optional(),
      /** Score from which a detection of a label goes on with a track, where `floor` would let a ghost live for ever. */
      per_class_floor: z.record(z.string(), share).optional(),
      /** Long thin things come in pieces: a piece that lies in the whole by more than this share is dropped. */
      contained: z.record(z.string(), share).optional(),
      /** One thing has one label: of overlapping boxes the best scored one stays, whatever their labels. */
      across_labels: z.boolean().optional(),
    })
    .optional(),
  /** Keys (`labels`, `input.size` …) for which this file is right and the model file's own metadata is wrong. */
  overrules: z.array(z.string().max(40)).max(20).optional(),
  /** What was measured, for people; the gateway does not act on it. */
  eval: z.record(z.string(), z.unknown()).optional(),
});

/** A manifest as it was written. */
export type Manifest = z.output<typeof manifestSchema>;
/** One of the readable output layouts. */
export type HeadType = (typeof headTypes)[number];
/** How pixels become numbers. */
export type Normalize = z.output<typeof normalizeSchema>;
