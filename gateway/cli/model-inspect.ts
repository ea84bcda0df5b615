/** `xueliang model inspect FILE|PACKAGE`: every answer about a model and where it came from. */
import { ProcessDetector } from "../analysis/detection/detector.ts";
import { readModelFile } from "../analysis/detection/model.ts";
import type { ModelPackage } from "../analysis/detection/model-package.ts";
import type { OnnxFacts, TensorFacts } from "../analysis/detection/onnx-file.ts";
import { systemClock } from "../runtime/clock.ts";
import { say } from "../runtime/texts/say.ts";
import { tableLines } from "../runtime/texts/width.ts";
import { finish, type Command, type CommandIo } from "./command.ts";
import { modelNamed } from "./model.ts";
import { readArgs } from "./read-args.ts";

/** Ends with the model's own error when it cannot be used. */
export const inspectCommand: Command = async (args, io) => {
  const model = await modelNamed(readArgs(args, {}, io.language).words[0], io);
  const { graph } = await readModelFile(model.path, model.name);
  const startedMs = systemClock.monotonicMs();
  // Opening runs the model once on an empty picture: what it gives must have the shape that the package promises.
  const detector = await ProcessDetector.open({
    model,
    processes: 1,
    timeoutMs: 30_000,
    clock: systemClock,
    onFailure: () => undefined,
  });
  await detector[Symbol.asyncDispose]();
  const openMs = Math.round(systemClock.monotonicMs() - startedMs);
  const tensors = {
    inputs: graph.inputs,
    outputs: graph.outputs,
    opset: graph.opset,
    nodes: graph.nodeCount,
    producer: graph.producer,
  };
  return finish(io, 0, { model, graph: tensors, open_ms: openMs }, () =>
    tableLines(rows(model, graph, openMs, io)).join("\n"),
  );
};

function rows(model: ModelPackage, graph: OnnxFacts, openMs: number, io: CommandIo): string[][] {
  const { input, head, labels, origins } = model;
  const word = (key: Parameters<typeof say>[1]): string => say(io.language, key);
  const from = (key: string): string => origins[key] ?? "manifest";
  const { scale, mean, std } = input.normalize;
  return [
    [
      word("modelFile"),
      `${(model.sizeBytes / 2 ** 20).toFixed(1)} MiB · sha256 ${model.sha256.slice(0, 16)}… · sm3 ${model.sm3.slice(0, 16)}…`,
      "",
    ],
    [word("modelName"), `${model.name} ${model.version}`, ""],
    [
      word("modelGraph"),
      `IR ${graph.irVersion}, opset ${graph.opset}, ${graph.nodeCount} nodes · ${graph.producer}`,
      "",
    ],
    [
      word("modelInput"),
      `${input.name} ${input.widthPx}x${input.heightPx} ${input.layout} ${input.dtype}`,
      from("input.size"),
    ],
    [
      word("modelPixels"),
      `${input.color} · ${input.resize} ${input.align} pad ${input.pad} · ${input.filter}`,
      from("input.resize"),
    ],
    ["", `(x * ${+scale.toPrecision(4)} - [${mean.join(", ")}]) / [${std.join(", ")}]`, from("input.normalize")],
    [word("modelHead"), `${head.type} · NMS ${head.nms}`, from("head.type")],
    [word("modelOutputs"), graph.outputs.map(tensorText).join(", "), "graph"],
    [
      word("modelLabels"),
      `${labels.length}: ${labels.slice(0, 10).join(", ")}${labels.length > 10 ? " …" : ""}`,
      from("labels"),
    ],
    [word("modelLicense"), model.license, `${from("license")} · ${word("modelCheckLicense")}`],
    [word("modelSmoke"), `${openMs} ms`, ""],
    [word("modelUsable")],
  ];
}

function tensorText({ name, dtype, dims }: TensorFacts): string {
  return `${name} ${dims.join("x")} ${dtype}`;
}
