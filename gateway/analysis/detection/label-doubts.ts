/** Rules whose labels the camera's model never gives: held against a zones file, whether it is in use or only a draft. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { checkFile } from "../../config/checked-file.ts";
import type { Diagnostic } from "../../config/diagnostic.ts";
import { labelProblems } from "../../config/rule-problems.ts";
import { zonesSchema } from "../../config/zones-schema.ts";
import { GatewayError } from "../../runtime/errors.ts";
import { loadModel } from "./model.ts";
import { packageFolder, type ModelFolders } from "./model-shelf.ts";

/** One zones file as it is, or would be. */
export interface ZonesText {
  /** As shown to people. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

interface Known {
  readonly seen: string;
  readonly labels: readonly string[] | null;
}

/** More models than a box has. */
const mostKnown = 16;

/** Reads a model once, and again when its package has changed. */
export class LabelDoubts {
  readonly #folders: ModelFolders;
  readonly #known = new Map<string, Known>();

  constructor(folders: ModelFolders) {
    this.#folders = folders;
  }

  /**
   * One warning for each label, at its place. A model that is not here, or cannot be read, has no labels to hold the rules
   * against: that is told elsewhere.
   */
  async of({ file, bytes }: ZonesText, model: string): Promise<readonly Diagnostic[]> {
    const labels = await this.#labelsOf(packageFolder(this.#folders, model));
    if (!labels) return [];
    const look = (raw: unknown) => labelProblems(raw, model, labels);
    const { diagnostics } = checkFile({ file, bytes, schema: zonesSchema, look });
    return diagnostics.filter(({ code }) => code === "CONFIG_LABEL_UNKNOWN");
  }

  async #labelsOf(folder: string): Promise<readonly string[] | null> {
    const seen = await seenOf(folder);
    const known = this.#known.get(folder);
    if (known?.seen === seen) return known.labels;
    const labels = await read(folder);
    if (this.#known.size >= mostKnown) this.#known.clear();
    this.#known.set(folder, { seen, labels });
    return labels;
  }
}

/** Changes with any file of the package. */
async function seenOf(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const all = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => null)));
  return all.map((one, i) => `${names[i]} ${one?.size} ${one?.mtimeMs}`).join("\n");
}

async function read(folder: string): Promise<readonly string[] | null> {
  try {
    return (await loadModel(folder)).labels;
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}
