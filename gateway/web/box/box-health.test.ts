/** What small files of the kernel say of the box. */
import { expect, test } from "vitest";
import { throttlingOf, wearOf } from "./box-health.ts";

test.each([
  ["a new device", ["0x01 0x01\n"], 0.1],
  ["the worse kind of cells counts", ["0x03 0x07\n"], 0.7],
  ["the worse device counts", ["0x02 0x02\n", "0x09 0x01\n"], 0.9],
  ["past its end", ["0x0b 0x0B\n"], 1],
  ["not told", ["0x00 0x00\n"], null],
  ["no such device", [], null],
  ["a device without the file", [""], null],
] as const)("flash wear: %s", (_, texts, share) => expect(wearOf(texts)).toBe(share));

test.each([
  ["all well", "0\n", { throttled: false, underVoltage: false }],
  ["too little voltage", "1\n", { throttled: false, underVoltage: true }],
  ["slowed down by heat", "e\n", { throttled: true, underVoltage: false }],
  ["both, now and before", "50005\n", { throttled: true, underVoltage: true }],
  ["once, and no more", "50000\n", { throttled: false, underVoltage: false }],
  ["another board", "", null],
] as const)("throttling: %s", (_, text, told) => expect(throttlingOf(text)).toEqual(told));
