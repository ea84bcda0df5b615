/** `xueliang model test PACKAGE`: what a box wants of a package before the model may look, asked on any machine. */
import { checkPackage } from "../analysis/detection/eval/package-check.ts";
import { systemClock } from "../runtime/clock.ts";
import { say } from "../runtime/texts/say.ts";
import { tableLines } from "../runtime/texts/width.ts";
import { finish, type Command } from "./command.ts";
import { packageFolderNamed } from "./model.ts";
import { readArgs } from "./read-args.ts";

/** Ends with the error that a box would send back; what depends on one box (rules, rates, its present model) is not asked. */
export const testCommand: Command = async (args, io) => {
  const folder = packageFolderNamed(readArgs(args, {}, io.language).words[0], io);
  const { model, runMs, pictures } = await checkPackage(folder, null, systemClock);
  const document = { model: model.name, version: model.version, pictures, run_ms: runMs };
  return finish(io, 0, document, () =>
    [
      ...tableLines([
        [say(io.language, "modelName"), `${model.name} ${model.version}`],
        [say(io.language, "modelLicense"), model.license],
        [say(io.language, "modelTestPictures"), `${pictures}`],
        [say(io.language, "modelBenchRow"), `${runMs.toFixed(1)} ms`],
      ]),
      say(io.language, "modelTestGood"),
    ].join("\n"),
  );
};
