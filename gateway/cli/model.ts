/** `xueliang model`: what a model is, whether a box would take it, how fast and how right it is; works without a daemon. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { inspectModel, loadModel } from "../analysis/detection/model.ts";
import type { ModelPackage } from "../analysis/detection/model-package.ts";
import { ModelError } from "../runtime/errors.ts";
import { tableLines } from "../runtime/texts/width.ts";
import { finish, sayLine, type Command, type CommandIo } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { didYouMean, usage } from "./read-args.ts";

const modelsFolder = join(import.meta.dirname, "../../models");

const actions: Readonly<Record<string, () => Promise<Command>>> = {
  list: () => Promise.resolve(list),
  inspect: async () => (await import("./model-inspect.ts")).inspectCommand,
  test: async () => (await import("./model-test.ts")).testCommand,
  bench: async () => (await import("./model-bench.ts")).benchCommand,
  eval: async () => (await import("./model-eval.ts")).evalCommand,
};

/** `list`, `inspect PACKAGE`, `test PACKAGE`, `bench PACKAGE`, `eval PACKAGE …`. */
export const modelCommand: Command = async (args, io) => {
  const [action = "list", ...rest] = args;
  const load = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (!load) {
    const more = didYouMean(action, Object.keys(actions), io.language);
    throw usage(io.language, "unknownCommand", { command: `model ${action}` }, more);
  }
  return (await load())(rest, io);
};

/**
 * The model that `word` names: a package folder, an ONNX file, or a name in `models/`.
 * @throws ModelError, CommandError USAGE without a word
 */
export async function modelNamed(word: string | undefined, io: CommandIo): Promise<ModelPackage> {
  if (word?.endsWith(".onnx")) return inspectModel(resolve(io.cwd, word));
  return loadModel(packageFolderNamed(word, io));
}

/**
 * The folder that `word` names: a path, or a name in `models/`.
 * @throws CommandError USAGE without a word
 */
export function packageFolderNamed(word: string | undefined, io: CommandIo): string {
  if (word === undefined) throw usage(io.language, "modelNeedsPackage");
  const here = resolve(io.cwd, word);
  return existsSync(here) ? here : join(modelsFolder, word);
}

async function list(_: readonly string[], io: CommandIo): Promise<number> {
  const folders = await readdir(modelsFolder, { withFileTypes: true });
  const names = folders.filter((entry) => entry.isDirectory() && isPackage(entry.name)).map((entry) => entry.name);
  const models = await Promise.all(names.sort().map((name) => describe(name, io)));
  const broken = models.some(({ error }) => error !== null);
  return finish(io, broken ? exitCodes.withProblems : exitCodes.done, { models }, () => {
    if (models.length === 0) return sayLine(io, "modelNone", { folder: modelsFolder });
    return tableLines(
      models.map(({ name, version, labels, license, error }) =>
        error === null ? ["✓", name, version, labels.join(", "), license] : ["✗", name, error],
      ),
    ).join("\n");
  });
}

/** A folder with a manifest or a model; `training` beside them is none. */
function isPackage(name: string): boolean {
  return ["model.yaml", "model.onnx"].some((file) => existsSync(join(modelsFolder, name, file)));
}

interface Described {
  readonly name: string;
  readonly version: string;
  readonly labels: readonly string[];
  readonly license: string;
  readonly error: string | null;
}

async function describe(name: string, io: CommandIo): Promise<Described> {
  try {
    const { version, labels, license } = await loadModel(join(modelsFolder, name));
    return { name, version, labels, license, error: null };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { name, version: "", labels: [], license: "", error: error.say(io.language) };
  }
}
