/** A package's own pictures through a real detector process: what it counts on them must be what its makers counted. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Clock } from "../../../runtime/clock.ts";
import type { GatewayError } from "../../../runtime/errors.ts";
import { DetectorError, ModelError } from "../../../runtime/errors.ts";
import type { Frame } from "../../capture/frame.ts";
import { frameFromFile } from "../../snapshot.ts";
import type { Detection } from "../detection.ts";
import { ProcessDetector } from "../detector.ts";
import type { ModelPackage } from "../model-package.ts";

/** By picture: how many of each label; a label that is not named must not be seen. */
const expectedSchema = z
  .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/), z.record(z.string().max(64), z.int().min(0)))
  .refine((pictures) => Object.keys(pictures).length > 0, "no pictures")
  .refine((pictures) => Object.keys(pictures).length <= 50, "more than 50 pictures");

/** Every picture is looked at this often: once to count, the rest to know how long it takes. */
const rounds = 3;

/**
 * Looks at `samples/` of the package in `folder`; returns how long a picture takes, ms (median).
 * @throws ModelError MODEL_SAMPLES without usable samples, MODEL_GOLDEN when it counts otherwise; DetectorError
 */
export async function goldenTest(
  model: ModelPackage,
  folder: string,
  clock: Clock,
): Promise<{ readonly runMs: number; readonly pictures: number }> {
  const expected = await expectedOf(model, folder);
  const failures: GatewayError[] = [];
  await using detector = await ProcessDetector.open({
    model,
    processes: 1,
    timeoutMs: 30_000,
    clock,
    onFailure: (error) => failures.push(error),
  });
  for (let round = 0; round < rounds; round += 1)
    for (const [file, counts] of Object.entries(expected)) {
      using frame = await sample(model, join(folder, "samples", file), file);
      const seen = await detector.detect(frame);
      if (!seen) throw failures.at(-1) ?? new DetectorError("DETECTOR_DIED", { model: model.name, detail: file });
      const wrong = difference(counts, seen, model);
      if (wrong !== null) throw new ModelError("MODEL_GOLDEN", { model: model.name, file, detail: wrong });
    }
  return { runMs: detector.status().runMsP50 ?? 0, pictures: Object.keys(expected).length };
}

async function expectedOf(model: ModelPackage, folder: string): Promise<z.output<typeof expectedSchema>> {
  const unusable = (detail: string): ModelError => new ModelError("MODEL_SAMPLES", { model: model.name, detail });
  const text = await readFile(join(folder, "samples", "expected.json"), "utf8").catch(() => null);
  if (text === null) throw unusable("samples/expected.json is missing");
  const parsed = expectedSchema.safeParse(jsonOf(text));
  if (!parsed.success) throw unusable(`samples/expected.json: ${parsed.error.issues[0]?.message ?? "invalid"}`);
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function sample(model: ModelPackage, path: string, file: string): Promise<Frame> {
  return frameFromFile(path, "golden", 1).catch((cause: unknown) => {
    throw new ModelError("MODEL_SAMPLES", { model: model.name, detail: `samples/${file} is no picture` }, { cause });
  });
}

/** Processors round differently: a score so near to its threshold may fall on either side. */
const slack = 0.04;

/** What is wrong with the counts, or null. */
function difference(
  expected: Readonly<Record<string, number>>,
  seen: readonly Detection[],
  { defaults }: ModelPackage,
): string | null {
  const wrong = [...new Set([...Object.keys(expected), ...seen.map(({ label }) => label)])].flatMap((label) => {
    const threshold = defaults.perClass[label] ?? defaults.confidence;
    const above = (score: number): number => seen.filter((one) => one.label === label && one.score >= score).length;
    const wanted = expected[label] ?? 0;
    const isRight = above(threshold + slack) <= wanted && wanted <= above(threshold - slack);
    return isRight ? [] : [`${label} ${above(threshold)} (${wanted})`];
  });
  return wrong.length === 0 ? null : wrong.join(", ");
}
