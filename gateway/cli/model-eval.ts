/** `xueliang model eval PACKAGE --coco GT.json --images DIR` or `--yolo DIR`: how right a model is, by the code that looks at live frames. */
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ProcessDetector } from "../analysis/detection/detector.ts";
import type { Precision } from "../analysis/detection/eval/average-precision.ts";
import { categoriesOf, readCocoSet, type CocoSet } from "../analysis/detection/eval/coco-set.ts";
import { evaluate, type Evaluation } from "../analysis/detection/eval/evaluation.ts";
import { evaluationFloor, lookAtSet } from "../analysis/detection/eval/look-at-set.ts";
import { readYoloSet } from "../analysis/detection/eval/yolo-set.ts";
import { systemClock } from "../runtime/clock.ts";
import { say } from "../runtime/texts/say.ts";
import { tableLines } from "../runtime/texts/width.ts";
import { finish, sayLine, type Command, type CommandIo } from "./command.ts";
import type { Flag } from "./command-table.ts";
import { modelNamed } from "./model.ts";
import { readArgs, usage } from "./read-args.ts";

const flags: Readonly<Record<string, Flag>> = {
  coco: { value: "FILE", about: { en: "labelled set in COCO format", zh: "COCO 格式标注文件" } },
  images: { value: "DIR", about: { en: "folder of its pictures", zh: "图片目录" } },
  yolo: {
    value: "DIR",
    about: {
      en: "labelled set in YOLO format: images/, labels/, data.yaml",
      zh: "YOLO 格式数据集：images/、labels/、data.yaml",
    },
  },
  "skip-ignored": {
    about: {
      en: "objects marked ignore or iscrowd neither count nor harm",
      zh: "标记为 ignore 或 iscrowd 的目标不计入",
    },
  },
  out: { value: "FILE", about: { en: "write the detections, COCO result format", zh: "写出检测结果（COCO 格式）" } },
  precision: {
    value: "SHARE",
    about: { en: "wanted precision of the thresholds, 0..1", zh: "阈值所需精确率（0..1）" },
  },
};

/** A slow box has minutes of pictures to look at; only a hung process needs this. */
const timeoutMs = 60_000;

/** Prints AP per label, small objects, conditions and thresholds. */
export const evalCommand: Command = async (args, io) => {
  const { flags: given, words } = readArgs(args, flags, io.language);
  const { out, precision = "0.9" } = given;
  const wanted = Number(precision);
  if (!(wanted > 0 && wanted <= 1)) throw usage(io.language, "flagNeedsValue", { flag: "--precision" });
  const model = await modelNamed(words[0], io);
  const { set, folder } = await setOf(given, io);
  const categories = categoriesOf(model.labels, set);
  const leftOut = model.labels.filter((label) => !categories.has(label));
  if (leftOut.length > 0) io.stderr(sayLine(io, "modelEvalLeftOut", { labels: leftOut.join(", ") }));
  await using detector = await ProcessDetector.open({
    model,
    processes: 1,
    timeoutMs,
    clock: systemClock,
    floor: evaluationFloor,
    onFailure: (error) => io.stderr(`${error.say(io.language)}\n`),
  });
  const onImage = (done: number, all: number): void => {
    if (!io.json && done % 50 === 0) io.stderr(sayLine(io, "modelEvalProgress", { done, all }));
  };
  const detections = await lookAtSet(set, detector, {
    folder,
    categories,
    signal: io.signal,
    onImage,
  });
  if (typeof out === "string") await writeFile(resolve(io.cwd, out), JSON.stringify(detections));
  const evaluation = evaluate(set, detections, categories, wanted, given["skip-ignored"] === true);
  const { runMsP50, runMsP95 } = detector.status();
  const document = {
    model: model.name,
    version: model.version,
    evaluation,
    left_out: leftOut,
    run_ms_p50: runMsP50,
    run_ms_p95: runMsP95,
  };
  return finish(io, 0, document, () => tables(`${model.name} ${model.version}`, evaluation, io));
};

/** The labelled set that was named, and where its pictures lie. */
async function setOf(
  { coco, images, yolo }: Readonly<Record<string, string | true>>,
  io: CommandIo,
): Promise<{ readonly set: CocoSet; readonly folder: string }> {
  if (typeof yolo === "string" && coco === undefined && images === undefined) {
    const folder = resolve(io.cwd, yolo);
    return { set: await readYoloSet(folder), folder: join(folder, "images") };
  }
  if (typeof coco !== "string" || typeof images !== "string" || yolo !== undefined)
    throw usage(io.language, "modelEvalNeeds");
  return { set: await readCocoSet(resolve(io.cwd, coco)), folder: resolve(io.cwd, images) };
}

function tables(model: string, evaluation: Evaluation, io: CommandIo): string {
  const { images, objects, all, small, byLabel, byCondition, wantedPrecision } = evaluation;
  const head = [
    say(io.language, "modelEvalLabel"),
    say(io.language, "modelEvalObjects"),
    "AP",
    "AP50",
    "AP75",
    say(io.language, "modelEvalSmall"),
    say(io.language, "modelEvalThreshold", { wanted: wantedPrecision }),
    say(io.language, "modelEvalRecall"),
  ];
  const rows = byLabel
    .filter((one) => one.all !== null)
    .map((one) => [
      one.label,
      `${one.objects}`,
      ...figures(one.all),
      figure(one.small?.ap),
      one.threshold === null ? "–" : one.threshold.score.toFixed(3),
      figure(one.threshold?.recall),
    ]);
  const total = [say(io.language, "modelEvalAll"), `${objects}`, ...figures(all), figure(small?.ap)];
  const conditions = Object.entries(byCondition).map(([name, precision]) => [name, "", ...figures(precision)]);
  const second =
    conditions.length > 0
      ? ["", ...tableLines([[say(io.language, "modelEvalCondition"), "", "AP", "AP50", "AP75"], ...conditions])]
      : [];
  return [
    sayLine(io, "modelEvalTitle", { model, images, objects }).trimEnd(),
    "",
    ...tableLines([head, ...rows, total]),
    ...second,
  ].join("\n");
}

function figures(precision: Precision | null): readonly string[] {
  return [figure(precision?.ap), figure(precision?.ap50), figure(precision?.ap75)];
}

function figure(share: number | undefined): string {
  return share === undefined ? "–" : share.toFixed(4);
}
