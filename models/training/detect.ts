/**
 * Runs an exported model over a set of pictures and writes what it finds as COCO results.
 *
 * Usage: node models/training/detect.ts MODEL.onnx SET OUT.json [--tiles] [--every N]
 *
 * SET holds gt.json (or shards gt-*.json) and images/. Without --tiles every picture is letterboxed to the model's input as
 * a whole; with --tiles it is looked at in overlapping windows at its own scale, which is how thin rods survive.
 */
import { readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import ort from "onnxruntime-node";
import sharp from "sharp";

/** Overlap (IoU) above which two boxes of one class count as one object; the default of the shipped package. */
const NMS_IOU = 0.6;
const LOWEST_SCORE = 0.02;
const PAD = 114;
const MOST_CANDIDATES = 300;
const MOST_KEPT = 100;

/** A place of the picture that is shown to the model: corner and size in picture pixels. */
type Window = { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
type Found = {
  readonly label: number;
  readonly score: number;
  readonly box: readonly [number, number, number, number];
};
type Picture = { readonly data: Buffer; readonly width: number; readonly height: number };
type Input = { readonly width: number; readonly height: number };

/** Corners of windows of `size` that cover `length` with at least a sixth of overlap. */
function starts(length: number, size: number): number[] {
  if (length <= size) return [0];
  const count = Math.ceil((length - size / 6) / (size - size / 6));
  return Array.from({ length: count }, (_, i) => Math.round(((length - size) * i) / (count - 1)));
}

/** The windows of a picture at its own scale. */
export function tiles(picture: Input, input: Input): Window[] {
  const w = Math.min(input.width, picture.width);
  const h = Math.min(input.height, picture.height);
  return starts(picture.height, h).flatMap((y) => starts(picture.width, w).map((x) => ({ x, y, w, h })));
}

function overlap(a: Found, b: Found): number {
  const w = Math.min(a.box[2], b.box[2]) - Math.max(a.box[0], b.box[0]);
  const h = Math.min(a.box[3], b.box[3]) - Math.max(a.box[1], b.box[1]);
  if (w <= 0 || h <= 0) return 0;
  const area = (f: Found): number => (f.box[2] - f.box[0]) * (f.box[3] - f.box[1]);
  return (w * h) / (area(a) + area(b) - w * h);
}

/** Greedy suppression per class, best first; at most 100 of a class, as COCO counts. */
export function suppress(found: readonly Found[]): Found[] {
  const kept = new Map<number, Found[]>();
  for (const f of found.toSorted((a, b) => b.score - a.score)) {
    const same = kept.get(f.label) ?? [];
    if (same.length < MOST_KEPT && !same.some((k) => overlap(k, f) > NMS_IOU)) kept.set(f.label, [...same, f]);
  }
  return [...kept.values()].flat();
}

/** Rows of the output (cx, cy, w, h, scores…) as boxes in picture pixels. */
function decode(output: ort.Tensor, window: Window, scale: number, left: number, top: number): Found[] {
  const columns = output.dims[2] ?? 0;
  const values = output.data as Float32Array;
  const perLabel: Found[][] = Array.from({ length: columns - 4 }, () => []);
  for (let at = 0; at < values.length; at += columns) {
    for (let label = 0; label < columns - 4; label++) {
      const score = values[at + 4 + label] ?? 0;
      if (score <= LOWEST_SCORE) continue;
      const [cx = 0, cy = 0, w = 0, h = 0] = values.subarray(at, at + 4);
      const x = (v: number): number => (v - left) / scale + window.x;
      const y = (v: number): number => (v - top) / scale + window.y;
      perLabel[label]?.push({ label, score, box: [x(cx - w / 2), y(cy - h / 2), x(cx + w / 2), y(cy + h / 2)] });
    }
  }
  return perLabel.flatMap((of) => of.toSorted((a, b) => b.score - a.score).slice(0, MOST_CANDIDATES));
}

/** Shows one window of the picture to the model. */
async function look(session: ort.InferenceSession, picture: Picture, window: Window, input: Input): Promise<Found[]> {
  const scale = Math.min(input.width / window.w, input.height / window.h);
  const w = Math.round(window.w * scale);
  const h = Math.round(window.h * scale);
  const left = Math.floor((input.width - w) / 2);
  const top = Math.floor((input.height - h) / 2);
  const raw = { width: picture.width, height: picture.height, channels: 3 as const };
  const pixels = await sharp(picture.data, { raw })
    .extract({ left: window.x, top: window.y, width: window.w, height: window.h })
    .resize(w, h, { fit: "fill", kernel: "cubic" })
    .extend({
      left,
      top,
      right: input.width - w - left,
      bottom: input.height - h - top,
      background: { r: PAD, g: PAD, b: PAD },
    })
    .raw()
    .toBuffer();
  const image = new ort.Tensor("uint8", new Uint8Array(pixels), [1, input.height, input.width, 3]);
  const { output } = await session.run({ image });
  if (!output) throw new Error('the model has no output named "output"');
  return decode(output, window, scale, left, top);
}

type Truth = { readonly images: readonly { readonly id: number; readonly file_name: string }[] };

function readImages(folder: string): Truth["images"] {
  const files = readdirSync(folder);
  const names = files.includes("gt.json") ? ["gt.json"] : files.filter((f) => /^gt-\d+\.json$/.test(f)).sort();
  if (names.length === 0) throw new Error(`no gt.json in ${folder}`);
  return names.flatMap((name) => [...(JSON.parse(readFileSync(join(folder, name), "utf8")) as Truth).images]);
}

/** Loads a model as the product does: one thread that does not spin. */
export async function open(path: string): Promise<{ session: ort.InferenceSession; input: Input }> {
  const extra = { session: { intra_op: { allow_spinning: "0" } } };
  const session = await ort.InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1, extra });
  const shape = session.inputMetadata[0]?.isTensor ? session.inputMetadata[0].shape : [];
  return { session, input: { width: Number(shape[2]), height: Number(shape[1]) } };
}

async function main(): Promise<void> {
  const options = { tiles: { type: "boolean" }, every: { type: "string", default: "1" } } as const;
  const { positionals, values } = parseArgs({ allowPositionals: true, options });
  const [model, folder, out] = positionals;
  if (!model || !folder || !out) throw new Error("usage: detect.ts MODEL.onnx SET OUT.json [--tiles] [--every N]");
  const { session, input } = await open(model);
  const results: unknown[] = [];
  const images = readImages(folder).filter((_, i) => i % Number(values.every) === 0);
  for (const image of images) {
    const { data, info } = await sharp(join(folder, "images", image.file_name))
      .removeAlpha()
      .toColourspace("srgb")
      .raw()
      .toBuffer({ resolveWithObject: true });
    const picture = { data, width: info.width, height: info.height };
    const windows = values.tiles ? tiles(picture, input) : [{ x: 0, y: 0, w: info.width, h: info.height }];
    const found: Found[] = [];
    for (const window of windows) found.push(...(await look(session, picture, window, input)));
    for (const { label, score, box } of suppress(found)) {
      const bbox = [box[0], box[1], box[2] - box[0], box[3] - box[1]].map((v) => Math.round(v * 100) / 100);
      results.push({ image_id: image.id, category_id: label, bbox, score: Math.round(score * 1e5) / 1e5 });
    }
  }
  writeFileSync(`${out}.part`, JSON.stringify(results));
  renameSync(`${out}.part`, out);
  console.log(`${String(images.length)} pictures, ${String(results.length)} boxes: ${out}`);
}

if (import.meta.main) await main();
