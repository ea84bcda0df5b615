/** Labelled pictures as YOLO tools write them: a text file of shares beside each picture. */
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { CommandError } from "../../../runtime/errors.ts";
import { sizeOfPicture } from "../../snapshot.ts";
import { labelsOf } from "../python-literal.ts";
import { readYaml } from "../yaml-text.ts";
import type { CocoAnnotation, CocoSet } from "./coco-set.ts";

const pictureEndings = new Set([".jpg", ".jpeg", ".png", ".webp"]);
const picturesMost = 200_000;

/**
 * Reads FOLDER/images (with all below it) and the files of the same names in FOLDER/labels; a picture without one shows
 * nothing. Names come from data.yaml (`names`) or classes.txt, category ids are their numbers.
 * @throws CommandError USAGE, naming the file and line, when the folder holds no such set
 */
export async function readYoloSet(folder: string): Promise<CocoSet> {
  const names = (await readdir(join(folder, "images"), { recursive: true }).catch(() => []))
    .filter((name) => pictureEndings.has(extname(name).toLowerCase()))
    .toSorted();
  if (names.length === 0) throw unusable(join(folder, "images"), "no pictures (.jpg, .png, .webp)");
  if (names.length > picturesMost) throw unusable(join(folder, "images"), `more than ${picturesMost} pictures`);
  const categories = await namesOf(folder);
  const annotations: CocoAnnotation[] = [];
  for (const [index, name] of names.entries()) {
    const labels = join(folder, "labels", `${name.slice(0, -extname(name).length)}.txt`);
    const text = await readText(labels);
    if (text === null || text.trim() === "") continue;
    const size = await sizeOfPicture(join(folder, "images", name));
    annotations.push(...annotationsOf(text, labels, index + 1, size));
  }
  return { images: names.map((name, index) => ({ id: index + 1, name, condition: null })), annotations, categories };
}

function annotationsOf(
  text: string,
  path: string,
  imageId: number,
  size: { readonly widthPx: number; readonly heightPx: number },
): readonly CocoAnnotation[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === "") return [];
    const numbers = line.trim().split(/\s+/).map(Number);
    const [categoryId = NaN, x = NaN, y = NaN, width = NaN, height = NaN] = numbers;
    const shares = [x, y, width, height];
    if (numbers.length !== 5 || !Number.isInteger(categoryId) || shares.some((share) => !(share >= 0 && share <= 1)))
      throw unusable(`${path}:${index + 1}`, "expected a label number and x y width height as shares 0..1");
    const [w, h] = [width * size.widthPx, height * size.heightPx];
    const box = [x * size.widthPx - w / 2, y * size.heightPx - h / 2, w, h] as const;
    return [{ imageId, categoryId, box, areaPx: w * h, condition: null, ignored: false }];
  });
}

async function namesOf(folder: string): Promise<ReadonlyMap<number, string>> {
  const yaml = await readText(join(folder, "data.yaml"));
  if (yaml !== null) {
    const read = readYaml(yaml);
    if (!read.ok) throw unusable(join(folder, "data.yaml"), read.detail);
    const said = (read.value as { readonly names?: unknown } | null)?.names;
    const names = labelsOf(Array.isArray(said) ? said : new Map(Object.entries(said ?? {})));
    if (names) return new Map(names.entries());
    throw unusable(join(folder, "data.yaml"), "no names");
  }
  const listed = await readText(join(folder, "classes.txt"));
  if (listed === null) throw unusable(folder, "neither data.yaml nor classes.txt says what the label numbers mean");
  return new Map(
    listed
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .entries(),
  );
}

function readText(path: string): Promise<string | null> {
  return readFile(path, "utf8").catch(() => null);
}

function unusable(path: string, detail: string): CommandError {
  return new CommandError("USAGE", { detail: `${path}: ${detail}` });
}
