/** Rules whose labels the camera's model never gives. */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { LabelDoubts } from "../analysis/detection/label-doubts.ts";
import type { Diagnostic } from "../config/diagnostic.ts";
import type { LoadedConfig } from "../config/load.ts";
import { storageFolder } from "./storage-folder.ts";

const installed = join(import.meta.dirname, "../../models");

/** Holds zones files of a config against the models of its cameras. @param modelsFolder absolute */
export function labelDoubts(config: Pick<LoadedConfig, "root" | "gateway">, modelsFolder = installed): LabelDoubts {
  return new LabelDoubts({ modelsFolder, storageFolder: storageFolder(config) });
}

/** Of all zones files in use. @param modelsFolder absolute */
export async function labelWarnings(
  config: Pick<LoadedConfig, "folder" | "root" | "gateway" | "zones">,
  modelsFolder?: string,
): Promise<readonly Diagnostic[]> {
  const { cameras, detector } = config.gateway;
  const doubts = labelDoubts(config, modelsFolder);
  const found = await Promise.all(
    cameras.map(async ({ id, model = detector.model }) => {
      if (!config.zones[id]) return [];
      const name = join("zones", `${id}.yaml`);
      const bytes = await readFile(join(config.folder, name));
      return doubts.of({ file: join(basename(config.folder), name), bytes }, model);
    }),
  );
  return found.flat();
}
