/** Whether a package may take the place of a model on this box: whole, licensed, of the right labels, right on its own pictures. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { labelProblems } from "../../../config/rule-problems.ts";
import type { ZonesConfig } from "../../../config/zones-schema.ts";
import type { Clock } from "../../../runtime/clock.ts";
import { ModelError } from "../../../runtime/errors.ts";
import { loadModel } from "../model.ts";
import type { ModelPackage } from "../model-package.ts";
import { goldenTest } from "./golden.ts";

/** The place that a package is to take. */
export interface ModelPlace {
  /** Name of the model in the config. */
  readonly id: string;
  /** The package there now; null: none that can be used. */
  readonly present: ModelPackage | null;
  /** Zones of the cameras that use it. */
  readonly zones: Readonly<Record<string, ZonesConfig>>;
}

/**
 * Checks the package in `folder`, the quick things first; returns it, how long it takes for a picture, ms, and how many
 * pictures it was tested on. Without a `place` what depends on one is not asked.
 * @throws ModelError, each code with its remedy; DetectorError
 */
export async function checkPackage(
  folder: string,
  place: ModelPlace | null,
  clock: Clock,
): Promise<{ readonly model: ModelPackage; readonly runMs: number; readonly pictures: number }> {
  const model = await loadModel(folder, place?.id);
  const id = place?.id ?? model.name;
  const present = place?.present;
  if (model.name !== id) throw new ModelError("MODEL_NAME", { model: id, name: model.name });
  if (present?.version === model.version && present.sha256 !== model.sha256)
    throw new ModelError("MODEL_VERSION", { model: id, version: model.version });
  const text = await readFile(join(folder, "LICENSE"), "utf8").catch(() => "");
  if (text.trim() === "") throw new ModelError("MODEL_LICENSE", { model: id, detail: "LICENSE" });
  if (model.license === "unknown") throw new ModelError("MODEL_LICENSE", { model: id, detail: "model.yaml: license" });
  if (place) checkLabels(model, place);
  return { model, ...(await goldenTest(model, folder, clock)) };
}

function checkLabels({ labels }: ModelPackage, { id, zones }: ModelPlace): void {
  const missing = new Map<string, string[]>();
  for (const [camera, config] of Object.entries(zones))
    for (const { values } of labelProblems(config, id, labels)) {
      const { label } = values;
      if (typeof label !== "string") continue;
      missing.set(label, [...(missing.get(label) ?? []), camera]);
    }
  if (missing.size === 0) return;
  const cameras = [...new Set([...missing.values()].flat())].join(", ");
  throw new ModelError("MODEL_LABELS", { model: id, labels: [...missing.keys()].join(", "), cameras });
}
