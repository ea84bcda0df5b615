/** What files beside a model say, as the export tools of the field write them. */
import { z } from "zod";
import { ModelError } from "../../runtime/errors.ts";
import type { Hints } from "./model-facts.ts";
import { labelsOf, pairOf } from "./python-literal.ts";
import { readYaml } from "./yaml-text.ts";

/** Gives the text of a file of the package, null when there is none. */
export type ReadSidecar = (name: string) => Promise<string | null>;

/**
 * Hears `labels.txt`, `metadata.yaml` (Ultralytics), `infer_cfg.yml` (PaddleDetection) and `config.json` with
 * `preprocessor_config.json` (Hugging Face); the first that is there speaks, `labels.txt` beside any of them.
 * @throws ModelError MODEL_MANIFEST for a sidecar that cannot be read
 */
export async function sidecarHints(read: ReadSidecar, model: string): Promise<Hints> {
  const listed = await read("labels.txt");
  const labels =
    listed === null
      ? undefined
      : labelsOf(
          listed
            .split(/\r?\n/)
            .map((line) => line.trim())
            .filter((line) => line !== ""),
        );
  const hints =
    (await ultralytics(read, model)) ?? (await paddle(read, model)) ?? (await huggingFace(read, model)) ?? {};
  return labels ? { ...hints, labels } : hints;
}

async function parsed(read: ReadSidecar, name: string, model: string): Promise<unknown> {
  const text = await read(name);
  if (text === null) return null;
  const yaml = readYaml(text);
  if (!yaml.ok) throw new ModelError("MODEL_MANIFEST", { model, file: name, detail: yaml.detail });
  return yaml.value;
}

const ultralyticsSchema = z.looseObject({
  names: z.unknown(),
  imgsz: z.unknown(),
  stride: z.unknown(),
  license: z.string().optional(),
});

async function ultralytics(read: ReadSidecar, model: string): Promise<Hints | null> {
  const said = ultralyticsSchema.safeParse(await parsed(read, "metadata.yaml", model));
  if (!said.success || said.data.names === undefined) return null;
  const size = pairOf(said.data.imgsz);
  return { labels: labelsOf(mapOf(said.data.names)), size: size && [size[1], size[0]], license: said.data.license };
}

const paddleSchema = z.looseObject({
  arch: z.string(),
  label_list: z.array(z.string()).optional(),
  Preprocess: z
    .array(
      z.looseObject({
        type: z.string(),
        target_size: z.unknown().optional(),
        keep_ratio: z.boolean().optional(),
        mean: z.tuple([z.number(), z.number(), z.number()]).optional(),
        std: z.tuple([z.number(), z.number(), z.number()]).optional(),
        is_scale: z.boolean().optional(),
        norm_type: z.string().optional(),
      }),
    )
    .optional(),
});

async function paddle(read: ReadSidecar, model: string): Promise<Hints | null> {
  const said = paddleSchema.safeParse(await parsed(read, "infer_cfg.yml", model));
  if (!said.success) return null;
  const { arch, label_list, Preprocess = [] } = said.data;
  const resize = Preprocess.find((step) => step.type === "Resize");
  const normal = Preprocess.find((step) => step.type === "NormalizeImage");
  const size = pairOf(resize?.target_size);
  const scale = normal && (normal.is_scale ?? normal.norm_type !== "none") ? 1 / 255 : 1;
  return {
    labels: label_list && labelsOf(label_list),
    size: size && [size[1], size[0]],
    color: "rgb",
    resize: resize?.keep_ratio === true ? "letterbox" : "stretch",
    ...(normal ? { normalize: { scale, mean: normal.mean ?? [0, 0, 0], std: normal.std ?? [1, 1, 1] } } : {}),
    ...(arch === "PicoDet" || arch === "GFL" ? { head: "picodet" as const } : {}),
  };
}

const configSchema = z.looseObject({ id2label: z.record(z.string(), z.string()) });
const preprocessorSchema = z.looseObject({
  image_mean: z.tuple([z.number(), z.number(), z.number()]).optional(),
  image_std: z.tuple([z.number(), z.number(), z.number()]).optional(),
  rescale_factor: z.number().optional(),
  do_normalize: z.boolean().optional(),
});

async function huggingFace(read: ReadSidecar, model: string): Promise<Hints | null> {
  const config = configSchema.safeParse(await parsed(read, "config.json", model));
  if (!config.success) return null;
  const labels = labelsOf(mapOf(config.data.id2label));
  const said = preprocessorSchema.safeParse(await parsed(read, "preprocessor_config.json", model));
  if (!said.success) return { labels };
  const { image_mean, image_std, rescale_factor = 1 / 255, do_normalize = true } = said.data;
  const mean = do_normalize && image_mean ? image_mean : ([0, 0, 0] as [number, number, number]);
  const std = do_normalize && image_std ? image_std : ([1, 1, 1] as [number, number, number]);
  return { labels, color: "rgb", normalize: { scale: rescale_factor, mean, std } };
}

/** `{0: a, 1: b}` as parsed YAML or JSON gives it, for `labelsOf`. */
function mapOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? new Map(Object.entries(value)) : value;
}
