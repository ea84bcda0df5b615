/** Rules whose labels the camera's model never gives. */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { loadModel } from "../analysis/detection/model.ts";
import { packageFolder } from "../analysis/detection/model-shelf.ts";
import { checkFile } from "../config/checked-file.ts";
import type { Diagnostic } from "../config/diagnostic.ts";
import type { LoadedConfig } from "../config/load.ts";
import { labelProblems } from "../config/rule-problems.ts";
import { zonesSchema } from "../config/zones-schema.ts";
import { GatewayError } from "../runtime/errors.ts";
import { storageFolder } from "./storage-folder.ts";

/**
 * One warning for each label, at its place in the zones file. A model that is not here, or cannot be read, has no labels to
 * hold the rules against: that is told elsewhere.
 * @param modelsFolder absolute
 */
export async function labelWarnings(
  config: Pick<LoadedConfig, "folder" | "root" | "gateway" | "zones">,
  modelsFolder: string = join(import.meta.dirname, "../../models"),
): Promise<readonly Diagnostic[]> {
  const { cameras, detector } = config.gateway;
  const found = await Promise.all(
    cameras.map(async ({ id, model = detector.model }) => {
      if (!config.zones[id]) return [];
      const labels = await labelsOf(packageFolder({ modelsFolder, storageFolder: storageFolder(config) }, model));
      if (!labels) return [];
      const name = join("zones", `${id}.yaml`);
      const bytes = await readFile(join(config.folder, name));
      const look = (raw: unknown) => labelProblems(raw, model, labels);
      const file = join(basename(config.folder), name);
      const { diagnostics } = checkFile({ file, bytes, schema: zonesSchema, look });
      return diagnostics.filter(({ code }) => code === "CONFIG_LABEL_UNKNOWN");
    }),
  );
  return found.flat();
}

async function labelsOf(folder: string): Promise<readonly string[] | null> {
  try {
    return (await loadModel(folder)).labels;
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}
