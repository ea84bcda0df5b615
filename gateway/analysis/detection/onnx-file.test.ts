import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { OnnxUnreadable, readOnnx } from "./onnx-file.ts";
import { field, message, node, onnxFile, steadyModel, valueInfo } from "./testing/tiny-onnx.ts";

vi.setConfig({ testTimeout: 120_000 });

test("borders, operators, versions and metadata are read", () => {
  const facts = readOnnx(
    onnxFile({
      nodes: [node("Identity", ["image"], ["output"])],
      inputs: [valueInfo("image", 2, ["batch", 32, 32, 3])],
      metadata: { names: "{0: 'person'}", __proto__evil: "1" },
    }),
  );
  expect(facts).toMatchObject({
    irVersion: 8,
    opset: 13,
    nodeCount: 1,
    externalData: [],
    foreignOperators: [],
    inputs: [{ name: "image", dtype: "uint8", dims: ["batch", 32, 32, 3] }],
    outputs: [{ name: "output", dtype: "float32", dims: [1, 2, 6] }],
  });
  expect(facts.metadata["names"]).toBe("{0: 'person'}");
});

test("a stored tensor among the inputs is not asked of the caller", () => {
  const graph = onnxFile({
    nodes: [node("Add", ["image", "w"], ["output"])],
    inputs: [valueInfo("image", 2, [1]), valueInfo("w", 1, [1])],
    stored: [message(field(8, "w"))],
  });
  expect(readOnnx(graph).inputs.map(({ name }) => name)).toEqual(["image"]);
});

test("metadata named like an object's own parts stays data", () => {
  const facts = readOnnx(
    onnxFile({ nodes: [node("Identity", ["image"], ["output"])], metadata: { ["__proto__"]: "x", constructor: "y" } }),
  );
  expect(facts.metadata["constructor"]).toBe("y");
  expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
});

/** Either facts or one kind of refusal: nothing hangs, nothing else is thrown. */
function survives(bytes: Uint8Array): void {
  try {
    readOnnx(bytes);
  } catch (error) {
    if (!(error instanceof OnnxUnreadable)) throw error;
  }
}

describe("a damaged file is facts or a refusal, never a crash", () => {
  const whole = steadyModel();
  test("cut at every byte", () => {
    for (let length = 0; length < whole.length; length += 1) survives(whole.subarray(0, length));
    expect(() => readOnnx(whole.subarray(0, whole.length - 1))).toThrow(OnnxUnreadable);
  });

  test("5,000 mutations", () => {
    let seed = 20_261_121;
    const random = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % below;
    for (let i = 0; i < 5_000; i += 1) {
      const bytes = Uint8Array.from(whole);
      for (let k = 0; k <= random(4); k += 1) bytes[random(bytes.length)] = random(256);
      survives(bytes);
    }
  });

  test("millions of tiny fields end at a limit, not in memory", () => {
    const flood = new Uint8Array(8_000_000);
    for (let i = 0; i < flood.length; i += 2) flood[i] = 0x08;
    expect(() => readOnnx(flood)).toThrow(/too many parts/);
  });
});

const shared = join(import.meta.dirname, "../../../../shared/models");
test.skipIf(!existsSync(shared))("real exports of five tools are read, and none needs anything strange", () => {
  for (const file of readdirSync(shared).filter((name) => name.endsWith(".onnx"))) {
    const facts = readOnnx(readFileSync(join(shared, file)));
    expect([file, facts.inputs.length, facts.foreignOperators, facts.externalData]).toEqual([file, 1, [], []]);
    expect(() => readOnnx(readFileSync(join(shared, file)).subarray(0, 100_000))).toThrow(OnnxUnreadable);
  }
});
