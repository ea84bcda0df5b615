/** Renders a set of labelled single pictures: node render-set.ts --split train --count 300 --seed 1 --out DIR [--start 0] [--bent 0] [--windy 0]. */
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SceneBrowser } from "./browser.ts";
import { CLASSES, type SeenObject } from "./truth.ts";
import { SPLITS, type Split } from "./variants.ts";

const SHARD = 50;
/** Objects less visible, or of fewer pixels, than this are marked `ignore`: nobody could find them. */
const LEAST_VISIBLE = 0.12;
const LEAST_PIXELS = 14;

interface PictureMeta {
  readonly index: number;
  readonly condition: string;
  readonly tags: readonly string[];
  readonly variants: readonly string[];
  readonly objects: readonly SeenObject[];
}

/** A ground-truth file in the COCO manner with a few fields more. */
interface Coco {
  readonly images: Record<string, unknown>[];
  readonly annotations: Record<string, unknown>[];
  readonly categories: readonly { readonly id: number; readonly name: string }[];
}

const emptyCoco = (): Coco => ({ images: [], annotations: [], categories: CLASSES.map((name, id) => ({ id, name })) });

/** The file name of a picture. */
export const pictureName = (split: string, index: number): string => `${split}-${String(index).padStart(6, "0")}.jpg`;

function addPicture(coco: Coco, split: Split, meta: PictureMeta): void {
  coco.images.push({
    id: meta.index,
    file_name: pictureName(split, meta.index),
    width: 960,
    height: 540,
    condition: meta.condition,
    tags: meta.tags,
    variants: meta.variants,
  });
  meta.objects.forEach((object, k) => {
    if (object.pixels === 0) return;
    const [x, y, w, h] = object.box;
    const bbox = [x * 960, y * 540, w * 960, h * 540].map((v) => Math.round(v * 10) / 10);
    const ignore = object.visible < LEAST_VISIBLE || object.pixels < LEAST_PIXELS;
    coco.annotations.push({
      id: meta.index * 1000 + k,
      image_id: meta.index,
      category_id: CLASSES.indexOf(object.class),
      bbox,
      area: object.pixels,
      iscrowd: 0,
      ignore,
      visible: Math.round(object.visible * 100) / 100,
      condition: meta.condition,
      ...(object.owner === undefined ? {} : { owner: object.owner }),
    });
  });
}

/** Written whole or not at all: a reader never sees half a file. */
async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      split: { type: "string" },
      count: { type: "string" },
      seed: { type: "string", default: "1" },
      out: { type: "string" },
      start: { type: "string", default: "0" },
      bent: { type: "string", default: "0" },
      windy: { type: "string", default: "0" },
    },
  });
  const split = SPLITS.find((s) => s === values.split);
  const count = Number(values.count);
  const start = Number(values.start);
  const seed = Number(values.seed);
  const wish = { bent: Number(values.bent), windy: Number(values.windy) };
  const shares = Object.values(wish).every((share) => share >= 0 && share <= 1);
  if (!split || values.out === undefined || ![count, start, seed].every(Number.isInteger) || count < 1 || !shares) {
    throw new Error(
      `usage: render-set.ts --split ${SPLITS.join("|")} --count N --seed S --out DIR [--start K] [--bent 0..1] [--windy 0..1]`,
    );
  }
  const out = values.out;
  await mkdir(join(out, "images"), { recursive: true });
  const done = new Map<number, PictureMeta>();
  await using browser = await SceneBrowser.open("browser/page.ts", async (_path, query, body, meta) => {
    const index = Number(query.get("index"));
    await writeFile(join(out, "images", pictureName(split, index)), body);
    done.set(index, JSON.parse(meta) as PictureMeta);
  });
  for (let first = start; first < start + count; first += SHARD) {
    const end = Math.min(start + count, first + SHARD);
    const began = performance.now();
    await browser.page.evaluate(`globalThis.renderShard(${JSON.stringify({ split, seed, first, end, wish })})`);
    const coco = emptyCoco();
    for (let i = first; i < end; i += 1) {
      const meta = done.get(i);
      if (!meta) throw new Error(`picture ${i} never came`);
      addPicture(coco, split, meta);
      done.delete(i);
    }
    await writeWhole(join(out, `gt-${String(first).padStart(6, "0")}.json`), JSON.stringify(coco));
    process.stdout.write(
      `${split} ${first}..${end - 1}: ${((performance.now() - began) / (end - first)).toFixed(0)} ms a picture\n`,
    );
  }
  await merge(out);
}

/** Joins the shards of a folder into gt.json. */
async function merge(out: string): Promise<void> {
  const whole = emptyCoco();
  for (const name of (await readdir(out)).filter((n) => /^gt-\d+\.json$/.test(n)).sort()) {
    const shard = JSON.parse(await readFile(join(out, name), "utf8")) as Coco;
    whole.images.push(...shard.images);
    whole.annotations.push(...shard.annotations);
  }
  await writeWhole(join(out, "gt.json"), JSON.stringify(whole));
}

await main();
