import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { GatewayError } from "../../runtime/errors.ts";
import { inspectModel, loadModel } from "./model.ts";
import {
  field,
  message,
  node,
  onnxFile,
  steadyModel,
  stored,
  tinyManifest,
  valueInfo,
  writePackage,
} from "./testing/tiny-onnx.ts";

// 64 MiB are written once.
vi.setConfig({ testTimeout: 120_000 });

const good = steadyModel();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "xueliang-model-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    for (const language of ["zh", "en"] as const)
      expect(error.say(language) + error.hint(language)).not.toMatch(/\{\w+\}/);
    return error.code;
  }
  return "loaded";
}

test("a whole package answers every question", async () => {
  const model = await loadModel(await writePackage(folder, "whole", good, tinyManifest(good)));
  expect(model).toMatchObject({
    name: "whole",
    labels: ["person", "boat"],
    input: { name: "image", widthPx: 32, heightPx: 32, layout: "nhwc", dtype: "uint8", color: "rgb" },
    head: { type: "cxcywh-scores", nms: "external" },
    origins: { labels: "manifest", "input.size": "shapes", "input.color": "assumed" },
  });
});

describe("a package is refused with its own code", () => {
  const weights = (more: Uint8Array): Uint8Array =>
    onnxFile({ nodes: [node("Identity", ["w"], ["output"])], stored: [message(stored("w", [1], [1]), more)] });
  const nested = (depth: number): Uint8Array => {
    let graph = message(field(1, node("Identity", ["image"], ["output"])));
    for (let i = 0; i < depth; i += 1)
      graph = message(
        field(1, message(node("If", ["c"], ["output"]), field(5, message(field(1, "then_branch"), field(6, graph))))),
      );
    return message(field(1, 8), field(7, graph), field(8, message(field(2, 13))));
  };
  for (const [name, file, lines, code] of [
    ["nothing there", null, {}, "MODEL_MISSING"],
    ["another file than the manifest names", good, { sha256: "a".repeat(64) }, "MODEL_CHECKSUM"],
    ["cut in the middle", good.subarray(0, good.length / 2), {}, "MODEL_TRUNCATED"],
    ["empty", new Uint8Array(0), {}, "MODEL_TRUNCATED"],
    ["a picture named model.onnx", Buffer.from("\x89PNG\r\n\x1a\nnot a model at all"), {}, "MODEL_TRUNCATED"],
    ["noise", Uint8Array.from({ length: 5_000 }, (_, i) => (i * 7919 + (i >> 3) * 31) & 0xff), {}, "MODEL_TRUNCATED"],
    ["larger than a model may be", new Uint8Array(64 * 2 ** 20 + 1), {}, "MODEL_TOO_LARGE"],
    [
      "weights in another file",
      weights(field(13, message(field(1, "location"), field(2, "../../etc/passwd")))),
      {},
      "MODEL_EXTERNAL_DATA",
    ],
    ["weights elsewhere by location alone", weights(field(14, 1)), {}, "MODEL_EXTERNAL_DATA"],
    [
      "weights elsewhere inside a branch's constant",
      onnxFile({
        nodes: [
          node("Constant", [], ["output"], field(5, message(field(1, "value"), field(5, message(field(14, 1)))))),
        ],
      }),
      {},
      "MODEL_EXTERNAL_DATA",
    ],
    [
      "operators of somebody's own",
      onnxFile({ nodes: [message(node("Steal", ["image"], ["output"]), field(7, "evil.corp"))] }),
      {},
      "MODEL_OPERATORS",
    ],
    ["graphs nested without end", nested(200), {}, "MODEL_TRUNCATED"],
    [
      "a length beyond the file",
      message(field(1, 8), Uint8Array.from([0x3a, 0xff, 0xff, 0xff, 0x7f])),
      {},
      "MODEL_TRUNCATED",
    ],
    ["another layout than the graph's", good, { input: "{ layout: nchw }" }, "MODEL_CONFLICT"],
    ["another size than the graph's", good, { input: "{ size: [64, 64] }" }, "MODEL_CONFLICT"],
    ["another number type than the graph's", good, { input: "{ dtype: float32 }" }, "MODEL_CONFLICT"],
    ["an input that is not there", good, { input: "{ name: images }" }, "MODEL_UNKNOWN"],
    ["an output that is not there", good, { head: "{ type: yolox, outputs: [nowhere] }" }, "MODEL_SHAPE"],
    ["a floor for no label", good, { defaults: "{ per_class_floor: { debris: 0.3 } }" }, "MODEL_UNKNOWN"],
    ["a threshold for no label", good, { defaults: "{ per_class: { debris: 0.3 } }" }, "MODEL_UNKNOWN"],
    ["a label twice", good, { labels: "[person, person]" }, "MODEL_UNKNOWN"],
    ["an unknown key", good, { lables: "[person]" }, "MODEL_MANIFEST"],
    ["a file outside the package", good, { file: "../other/model.onnx" }, "MODEL_MANIFEST"],
    ["aliases", good, { eval: "{ a: &a [1], b: *a }" }, "MODEL_MANIFEST"],
    ["a manifest that is no YAML", good, { head: "{ type: [" }, "MODEL_MANIFEST"],
  ] as const) {
    test(name, async () => {
      const manifest = tinyManifest(file ?? new Uint8Array(0), lines);
      const where = await writePackage(folder, name.replaceAll(/\W+/g, "-"), file, manifest);
      expect(await refusal(loadModel(where))).toBe(code);
    });
  }
});

describe("a bare file tells what it is", () => {
  const names = "{0: 'person', 1: \"fisherman's net\", 2: '漂浮物'}";
  const ultralytics = { names, imgsz: "[64, 96]", stride: "32", license: "AGPL-3.0", task: "detect" };
  const picture = valueInfo("images", 1, [1, 3, 64, 96]);
  const file = (output: readonly number[], metadata: Readonly<Record<string, string>>): Uint8Array =>
    onnxFile({
      nodes: [node("Identity", ["images"], ["output0"])],
      inputs: [picture],
      outputs: [valueInfo("output0", 1, output)],
      metadata,
    });

  for (const [name, bytes, found] of [
    [
      "Ultralytics metadata and a v8 shape",
      file([1, 7, 126], ultralytics),
      { labels: ["person", "fisherman's net", "漂浮物"], license: "AGPL-3.0", head: "yolo-v8", nms: "external" },
    ],
    [
      "NMS in the graph",
      file([1, 300, 6], { ...ultralytics, args: "{'nms': True, 'half': False}" }),
      { head: "end-to-end", nms: "inside" },
    ],
    ["one box per cell: YOLOX", file([1, 126, 8], ultralytics), { head: "yolox" }],
    ["three boxes per cell: v5", file([1, 378, 8], ultralytics), { head: "yolo-v5" }],
  ] as const) {
    test(name, async () => {
      const path = join(folder, `${name.replaceAll(/\W+/g, "-")}.onnx`);
      await writeFile(path, bytes);
      const { labels, license, head, input } = await inspectModel(path);
      expect({ labels, license, head: head.type, nms: head.nms }).toMatchObject(found);
      expect([input.widthPx, input.heightPx, input.layout]).toEqual([96, 64, "nchw"]);
    });
  }

  test("shapes that could mean two things are asked about, not guessed", async () => {
    const path = join(folder, "ambiguous.onnx");
    await writeFile(path, file([1, 126, 5], ultralytics));
    expect(await refusal(inspectModel(path))).toBe("MODEL_UNKNOWN");
  });

  test("labels.txt that contradicts the file's own names is a conflict, unless the manifest overrules", async () => {
    const bytes = file([1, 7, 126], ultralytics);
    const where = await writePackage(folder, "contradiction", bytes, null);
    await writeFile(join(where, "labels.txt"), "person\nnet\ndebris\n");
    expect(await refusal(loadModel(where))).toBe("MODEL_CONFLICT");
    await writeFile(join(where, "model.yaml"), "schema: xueliang.model/1\nlabels: [a, b, c]\noverrules: [labels]\n");
    expect((await loadModel(where)).labels).toEqual(["a", "b", "c"]);
  });
});
