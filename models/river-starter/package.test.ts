/** The shipped package holds together: manifest, labels, checksum and the shapes of the graph. */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { manifestSchema } from "../../gateway/analysis/detection/model-manifest.ts";
import { open } from "../training/detect.ts";

const at = (name: string): string => join(import.meta.dirname, name);
const manifest = manifestSchema.parse(parse(readFileSync(at("model.yaml"), "utf8")));
const labels = readFileSync(at("labels.txt"), "utf8").trim().split("\n");

describe("models/river-starter", () => {
  it("has the checksum that its manifest names, and at most 4 MB", () => {
    const model = readFileSync(at("model.onnx"));
    expect(createHash("sha256").update(model).digest("hex")).toBe(manifest.sha256);
    expect(model.byteLength).toBeLessThan(4_000_000);
  });

  it("names the same labels everywhere, each in both languages and with a threshold of its own", () => {
    expect(manifest.labels).toEqual(labels);
    expect(Object.keys(manifest.display ?? {})).toEqual(labels);
    expect(Object.keys(manifest.defaults?.per_class ?? {})).toEqual(labels);
  });

  it("takes the picture and gives the rows that the manifest declares", async () => {
    const { session, input } = await open(at("model.onnx"));
    expect([input.width, input.height]).toEqual(manifest.input?.size);
    const [picture, rows] = [session.inputMetadata[0], session.outputMetadata[0]];
    expect(picture).toMatchObject({ name: manifest.input?.name, type: manifest.input?.dtype });
    expect(rows?.isTensor && rows.shape.at(-1)).toBe(4 + labels.length);
    await session.release();
  });

  it("ships under its licence with a card that says what it is", () => {
    const files = readdirSync(import.meta.dirname);
    expect(files).toEqual(
      expect.arrayContaining(["LICENSE", "MODEL_CARD.md", "labels.txt", "model.onnx", "model.yaml"]),
    );
    expect(readFileSync(at("LICENSE"), "utf8")).toContain("Apache License");
  });
});
