/** What the manifest, the sidecars, the metadata and the graph say of a model → one answer per question (pure). */
import { ModelError } from "../../runtime/errors.ts";
import { Claims } from "./claims.ts";
import { guessHead } from "./guess-head.ts";
import type { HeadType, Manifest, Normalize } from "./model-manifest.ts";
import type { ModelHead, ModelInput, ModelPackage, Origin } from "./model-package.ts";
import type { OnnxFacts, TensorFacts } from "./onnx-file.ts";
import { shapeText } from "./output-tensor.ts";

/** What a source beside the manifest may know; keys as in the manifest. */
export interface Hints {
  readonly license?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly size?: readonly [number, number] | undefined;
  readonly color?: "rgb" | "bgr" | undefined;
  readonly normalize?: Normalize | undefined;
  readonly resize?: "letterbox" | "stretch" | undefined;
  readonly pad?: number | undefined;
  readonly head?: HeadType | undefined;
  readonly nms?: "external" | "inside" | undefined;
}

/** Everything that is known of a model file before it runs. */
export interface Sources {
  /** Name of the package for texts. */
  readonly model: string;
  readonly manifest: Manifest | null;
  readonly sidecar: Hints;
  readonly metadata: Hints;
  readonly graph: OnnxFacts;
}

/** The parts of a package that can be found out; the file's path and size are the caller's. */
export type ModelFacts = Pick<ModelPackage, "license" | "labels" | "input" | "head" | "defaults" | "origins">;

/** Suppression thresholds with which these families are measured by their authors. */
const usualIou: Partial<Record<HeadType, number>> = {
  yolox: 0.45,
  fastestdet: 0.45,
  picodet: 0.6,
  nanodet: 0.6,
  "yolo-v8": 0.7,
  "yolo-v5": 0.45,
};
const usualStrides: Partial<Record<HeadType, readonly number[]>> = {
  yolox: [8, 16, 32],
  picodet: [8, 16, 32, 64],
  nanodet: [8, 16, 32],
};
const suppressedInside: readonly HeadType[] = ["dets-labels", "end-to-end", "detr"];

/**
 * Settles every question about a model.
 * @throws ModelError MODEL_CONFLICT where two sources disagree, MODEL_UNKNOWN where nobody says it
 */
export function settleFacts(sources: Sources): ModelFacts {
  const { manifest, graph } = sources;
  const claims = new Claims(sources.model, manifest?.overrules);
  claims.add("labels", manifest?.labels, "manifest");
  // Which licence holds is for people to judge: the manifest may know more than an export tool does.
  claims.add(
    "license",
    manifest?.license ?? sources.sidecar.license ?? sources.metadata.license,
    manifest?.license ? "manifest" : "metadata",
  );
  addHints(claims, sources.sidecar, "sidecar");
  addHints(claims, sources.metadata, "metadata");
  const input = settleInput(sources, claims);
  const labels = claims.settleKnown("labels", outputsText(graph)) as readonly string[];
  if (new Set(labels).size !== labels.length)
    throw new ModelError("MODEL_UNKNOWN", { model: sources.model, key: "labels", detail: "a label appears twice" });
  const head = settleHead(sources, claims, labels.length, input);
  const given = manifest?.defaults;
  for (const label of Object.keys({ ...given?.per_class, ...given?.per_class_floor, ...given?.contained }))
    refuseStrangeLabel(sources.model, label, labels);
  return {
    license: claims.settleOr("license", "unknown"),
    labels,
    input,
    head,
    defaults: {
      confidence: given?.confidence ?? 0.35,
      floor: given?.floor ?? 0.1,
      iou: given?.iou ?? usualIou[head.type] ?? 0.6,
      perClass: given?.per_class ?? {},
      perClassFloor: given?.per_class_floor ?? {},
      contained: given?.contained ?? {},
      acrossLabels: given?.across_labels ?? false,
    },
    origins: claims.origins,
  };
}

function addHints(claims: Claims, hints: Hints, from: Origin): void {
  claims.add("labels", hints.labels, from);
  claims.add("input.size", hints.size, from);
  claims.add("input.color", hints.color, from);
  claims.add("input.normalize", hints.normalize, from);
  claims.add("input.resize", hints.resize, from);
  claims.add("input.pad", hints.pad, from);
  claims.add("head.type", hints.head, from);
  claims.add("head.nms", hints.nms, from);
}

function settleInput({ model, manifest, graph }: Sources, claims: Claims): ModelInput {
  const tensor = pictureInput(model, manifest?.input?.name, graph);
  const shape = readShape(tensor);
  const given = manifest?.input;
  const first = new Claims(model, manifest?.overrules);
  first.add("input.layout", given?.layout, "manifest");
  first.add("input.layout", shape.layout, "shapes");
  first.add("input.dtype", given?.dtype, "manifest");
  first.add("input.dtype", tensor.dtype, "graph");
  first.add("input.size", given?.size, "manifest");
  first.add("input.size", shape.size, "shapes");
  // A manifest may leave out what others say, but it may not contradict them: its word is asked against each.
  claims.add("input.size", first.settle("input.size"), first.origins["input.size"] ?? "shapes");
  const [widthPx, heightPx] = claims.settleKnown("input.size", tensorText(tensor)) as readonly [number, number];
  const dtype = first.settleKnown("input.dtype", tensorText(tensor));
  if (dtype !== "uint8" && dtype !== "float32")
    throw new ModelError("MODEL_UNKNOWN", { model, key: "input.dtype", detail: tensorText(tensor) });
  const layout = first.settleKnown("input.layout", tensorText(tensor)) as "nchw" | "nhwc";
  Object.assign(claims.origins, first.origins);
  return {
    name: tensor.name,
    widthPx,
    heightPx,
    layout,
    dtype,
    color: given?.color ?? claims.settleOr("input.color", "rgb"),
    normalize: given?.normalize ?? claims.settleOr("input.normalize", usualNormalize(dtype)),
    resize: given?.resize ?? claims.settleOr("input.resize", "letterbox"),
    pad: given?.pad ?? claims.settleOr("input.pad", 114),
    align: given?.align ?? "center",
    filter: given?.filter ?? "linear",
  };
}

/** A graph that takes bytes scales them itself; one that takes floats usually wants 0..1. */
function usualNormalize(dtype: "uint8" | "float32"): Normalize {
  return { scale: dtype === "uint8" ? 1 : 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] };
}

function pictureInput(model: string, name: string | undefined, graph: OnnxFacts): TensorFacts {
  const seen = graph.inputs.map(tensorText).join(", ");
  const inputs =
    name === undefined
      ? graph.inputs.filter((input) => input.dims.length === 4)
      : graph.inputs.filter((input) => input.name === name);
  const [input] = inputs;
  if (!input || inputs.length !== 1 || graph.inputs.length !== 1) {
    throw new ModelError("MODEL_UNKNOWN", {
      model,
      key: "input.name",
      detail: `inputs: ${seen}; exactly one picture is given`,
    });
  }
  return input;
}

/** Free dimensions say nothing; a batch other than one picture cannot be given. */
function readShape({ dims }: TensorFacts): {
  readonly layout?: "nchw" | "nhwc";
  readonly size?: readonly [number, number];
} {
  const [, a, b, c] = dims;
  const sized = (width: unknown, height: unknown): { readonly size?: readonly [number, number] } =>
    typeof width === "number" && typeof height === "number" ? { size: [width, height] } : {};
  if (a === 3 && c !== 3) return { layout: "nchw", ...sized(c, b) };
  if (c === 3 && a !== 3) return { layout: "nhwc", ...sized(b, a) };
  return {};
}

function settleHead(sources: Sources, claims: Claims, labelCount: number, input: ModelInput): ModelHead {
  const { manifest, graph } = sources;
  const given = manifest?.head;
  const all = new Claims(sources.model, manifest?.overrules);
  all.add("head.type", given?.type, "manifest");
  all.add("head.type", claims.settle("head.type"), claims.origins["head.type"] ?? "metadata");
  if (!given) all.add("head.type", guessHead(graph.outputs, labelCount, input), "shapes");
  const type = all.settleKnown("head.type", outputsText(graph)) as HeadType;
  claims.origins["head.type"] = all.origins["head.type"] ?? "shapes";
  const missing = given?.outputs?.filter((name) => !graph.outputs.some((output) => output.name === name)) ?? [];
  if (missing.length > 0) {
    throw new ModelError("MODEL_SHAPE", {
      model: sources.model,
      path: "",
      detail: `no output ${missing.join(", ")}; there are ${outputsText(graph)}`,
    });
  }
  return {
    type,
    nms: given?.nms ?? claims.settleOr("head.nms", suppressedInside.includes(type) ? "inside" : "external"),
    strides: given?.strides ?? usualStrides[type] ?? [8, 16, 32],
    activation: given?.activation ?? "none",
    outputs: given?.outputs ?? [],
  };
}

function refuseStrangeLabel(model: string, label: string, labels: readonly string[]): void {
  if (labels.includes(label)) return;
  throw new ModelError("MODEL_UNKNOWN", {
    model,
    key: `defaults.per_class.${label}`,
    detail: `labels: ${labels.slice(0, 20).join(", ")}`,
  });
}

function tensorText({ name, dtype, dims }: TensorFacts): string {
  return `${name} ${shapeText(dims)} ${dtype}`;
}

function outputsText(graph: OnnxFacts): string {
  return `outputs: ${graph.outputs.map(tensorText).join(", ")}`;
}
