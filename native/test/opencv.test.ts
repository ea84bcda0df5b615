/** The letterbox against what OpenCV said, whose pictures most detectors were trained on. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { letterbox, yuvBytes } from "../index.ts";

interface Case {
  readonly sourceWidth: number;
  readonly sourceHeight: number;
  readonly targetWidth: number;
  readonly targetHeight: number;
  readonly source: string;
  readonly linear: string;
  readonly area: string | null;
}

const recorded = JSON.parse(readFileSync(path.join(import.meta.dirname, "opencv.json"), "utf8")) as { cases: Case[] };

function worstDifference(one: Case, filter: "linear" | "area", expected: string): number {
  const { sourceWidth, sourceHeight, targetWidth, targetHeight } = one;
  const region = { x: 0, y: 0, width: sourceWidth, height: sourceHeight };
  const target = new Uint8Array(targetWidth * targetHeight * 3);
  const source = new Uint8Array(Buffer.from(one.source, "base64"));
  letterbox(source, sourceWidth, sourceHeight, region, target, targetWidth, targetHeight, {
    filter,
    fit: "stretch",
    colours: "rgb24",
  });
  const theirs = Buffer.from(expected, "base64");
  return target.reduce((worst, value, at) => Math.max(worst, Math.abs(value - theirs.readUInt8(at))), 0);
}

for (const one of recorded.cases) {
  const name = `${one.sourceWidth}x${one.sourceHeight} to ${one.targetWidth}x${one.targetHeight}`;
  test(`linear ${name} is within one grey level`, () => {
    expect(worstDifference(one, "linear", one.linear)).toBeLessThanOrEqual(1);
  });
  if (one.area !== null) {
    const { area } = one;
    test(`area ${name} is within one grey level`, () => {
      expect(worstDifference(one, "area", area)).toBeLessThanOrEqual(1);
    });
  }
}

test("area keeps a rod of one pixel that linear skips", () => {
  const [width, height] = [300, 100];
  const source = new Uint8Array(width * height * 3).fill(200);
  for (let y = 0; y < height; y++) source.fill(0, (y * width + 150) * 3, (y * width + 151) * 3);
  const region = { x: 0, y: 0, width, height };
  const darkest = (filter: "linear" | "area"): number => {
    const target = new Uint8Array(60 * 20 * 3);
    letterbox(source, width, height, region, target, 60, 20, { filter, colours: "rgb24" });
    return Math.min(...target);
  };
  expect(darkest("area")).toBe(160);
  expect(darkest("linear")).toBe(200);
});

test("the geometry leads from source pixels to target pixels and back", () => {
  const target = new Uint8Array(64 * 64 * 3);
  const region = { x: 100, y: 50, width: 320, height: 180 };
  const source = new Uint8Array(640 * 360 * 3);
  const { scaleX, scaleY, offsetX, offsetY } = letterbox(source, 640, 360, region, target, 64, 64, {
    colours: "rgb24",
  });
  expect([scaleX, scaleY, offsetX, offsetY]).toEqual([0.2, 0.2, 0, 14]);
  // The region's far corner lands on the far corner of the picture inside the padding.
  expect([(420 - region.x) * scaleX + offsetX, (230 - region.y) * scaleY + offsetY]).toEqual([64, 50]);
  expect([target[0], target[(14 * 64 + 3) * 3]]).toEqual([114, 0]);
});

for (const [name, colours, yuv, rgb] of [
  ["red", "bt601", [81, 90, 240], [255, 0, 0]],
  ["red", "bt709", [63, 102, 240], [255, 0, 0]],
  ["blue", "bt601", [41, 240, 110], [0, 0, 255]],
  ["blue", "bt709", [32, 240, 118], [0, 0, 255]],
  ["grass", "bt601", [104, 96, 113], [78, 124, 38]],
  ["white", "bt709", [235, 128, 128], [255, 255, 255]],
  ["black", "bt601", [16, 128, 128], [0, 0, 0]],
] as const)
  test(`${name} of ${colours} is ${name}`, () => {
    const [width, height] = [38, 6];
    const source = new Uint8Array(yuvBytes(width, height)).fill(yuv[0], 0, width * height);
    source.fill(yuv[1], width * height, width * height + 57).fill(yuv[2], width * height + 57);
    const target = new Uint8Array(width * height * 3);
    letterbox(source, width, height, { x: 0, y: 0, width, height }, target, width, height, { colours });
    for (let at = 0; at < target.length; at++)
      expect(Math.abs((target[at] ?? 0) - (rgb[at % 3] ?? 0)), `byte ${at}`).toBeLessThanOrEqual(3);
  });
