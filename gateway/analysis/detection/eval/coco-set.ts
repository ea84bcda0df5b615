/** Labelled pictures in COCO's format. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { CommandError } from "../../../runtime/errors.ts";

const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);

const setSchema = z.looseObject({
  images: z
    .array(
      z.looseObject({
        id: z.number(),
        file_name: z.string(),
        width: z.number().optional(),
        height: z.number().optional(),
        condition: z.string().optional(),
      }),
    )
    .min(1)
    .max(200_000),
  annotations: z.array(
    z.looseObject({
      image_id: z.number(),
      category_id: z.number(),
      bbox: box,
      area: z.number().optional(),
      condition: z.string().optional(),
      iscrowd: z.union([z.literal(0), z.literal(1)]).optional(),
      ignore: z.union([z.boolean(), z.literal(0), z.literal(1)]).optional(),
    }),
  ),
  categories: z.array(z.looseObject({ id: z.number(), name: z.string() })).optional(),
});

/** One labelled object: x, y, width, height in pixels of its picture. */
export interface CocoAnnotation {
  readonly imageId: number;
  readonly categoryId: number;
  readonly box: readonly [number, number, number, number];
  readonly areaPx: number;
  readonly condition: string | null;
  /** Marked by its author as too hidden, too small or a crowd (`ignore`, `iscrowd`). */
  readonly ignored: boolean;
}

/** A whole set. `name` of a picture is its path below the folder of pictures. */
export interface CocoSet {
  readonly images: readonly { readonly id: number; readonly name: string; readonly condition: string | null }[];
  readonly annotations: readonly CocoAnnotation[];
  /** Names by category id; empty when the file does not name them. */
  readonly categories: ReadonlyMap<number, string>;
}

/** One found object as COCO's result files hold it. */
export interface CocoDetection {
  readonly image_id: number;
  readonly category_id: number;
  readonly score: number;
  readonly bbox: readonly [number, number, number, number];
}

/**
 * Reads a set.
 * @throws CommandError USAGE when the file is not one
 */
export async function readCocoSet(path: string): Promise<CocoSet> {
  const unusable = (detail: string): CommandError => new CommandError("USAGE", { detail: `${path}: ${detail}` });
  let parsed: ReturnType<typeof setSchema.safeParse>;
  try {
    parsed = setSchema.safeParse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    throw unusable(error instanceof Error ? error.message : "unreadable");
  }
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unusable(issue ? `${issue.path.join(".")}: ${issue.message}` : "no COCO set");
  }
  const { images, annotations, categories = [] } = parsed.data;
  return {
    images: images.map(({ id, file_name, condition }) => ({ id, name: file_name, condition: condition ?? null })),
    annotations: annotations.map(({ image_id, category_id, bbox, area, condition, iscrowd, ignore }) => ({
      imageId: image_id,
      categoryId: category_id,
      box: bbox,
      areaPx: area ?? bbox[2] * bbox[3],
      condition: condition ?? null,
      ignored: Boolean(ignore) || iscrowd === 1,
    })),
    categories: new Map(categories.map(({ id, name }) => [id, name])),
  };
}

/**
 * The category that each label of a model stands for: by name, or by position where the set gives its categories
 * numbers only. Labels that the set does not know are left out.
 */
export function categoriesOf(labels: readonly string[], set: CocoSet): ReadonlyMap<string, number> {
  const isNamed = [...set.categories].some(([id, name]) => name !== String(id));
  const byName = new Map([...set.categories].map(([id, name]) => [name, id]));
  const isKnown = (id: number): boolean => set.categories.size === 0 || set.categories.has(id);
  const found = new Map<string, number>();
  labels.forEach((label, index) => {
    const id = isNamed ? byName.get(label) : isKnown(index) ? index : undefined;
    if (id !== undefined) found.set(label, id);
  });
  return found;
}
