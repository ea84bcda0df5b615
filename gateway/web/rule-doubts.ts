/** What is doubtful in a camera's rules that nobody has written yet, as `xueliang config check` tells it of the file they become. */
import { basename, join } from "node:path";
import { LabelDoubts } from "../analysis/detection/label-doubts.ts";
import { InvalidConfig } from "../config/diagnostic.ts";
import { configOf, type LoadedConfig } from "../config/load.ts";
import { rulesName, withRules } from "../config/store/edits.ts";
import { filesOf, type Texts } from "../config/store/texts.ts";
import type { Diagnostic } from "./api.ts";
import { spliced } from "./changes.ts";
import type { Desk } from "./desk.ts";
import { diagnosticOf } from "./problem.ts";

/** A whole config with a draft in it, valid. */
export interface DraftedConfig {
  readonly texts: Texts;
  readonly config: LoadedConfig;
}

type Rules = Parameters<typeof withRules>[2];

/** The config as it would be with these rules of a camera. @throws InvalidConfig */
export async function draftedConfig(desk: Desk, camera: string, rules: Rules): Promise<DraftedConfig> {
  const before = await desk.store.texts();
  const texts = spliced(() => withRules(before, camera, rules));
  return { texts, config: configOf(filesOf(desk.store.running.folder, texts)) };
}

/** Knows the labels of the models it was asked about. */
export class RuleDoubts {
  #labels: LabelDoubts | null = null;

  /** Mistakes and doubts of the camera's file as it would be. */
  async check(desk: Desk, camera: string, rules: Rules): Promise<readonly Diagnostic[]> {
    try {
      return await this.of(desk, camera, await draftedConfig(desk, camera, rules));
    } catch (error) {
      if (!(error instanceof InvalidConfig)) throw error;
      return error.diagnostics.filter(({ file }) => file.endsWith(rulesName(camera))).map(diagnosticOf);
    }
  }

  /** Doubts of the camera's file. */
  async of(desk: Desk, camera: string, { texts, config }: DraftedConfig): Promise<readonly Diagnostic[]> {
    const name = rulesName(camera);
    const written = texts.get(name);
    if (written === undefined) return [];
    const { cameras, detector } = config.gateway;
    const model = cameras.find(({ id }) => id === camera)?.model ?? detector.model;
    this.#labels ??= new LabelDoubts({ modelsFolder: desk.modelsFolder, storageFolder: desk.folder });
    const text = { file: join(basename(desk.store.running.folder), name), bytes: Buffer.from(written) };
    const found = config.warnings.filter(({ file }) => file.endsWith(name));
    return [...found, ...(await this.#labels.of(text, model))].map(diagnosticOf);
  }
}
