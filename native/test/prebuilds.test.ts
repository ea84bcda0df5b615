/** The committed binaries are made from the committed sources, ask for nothing newer than they must, and run everywhere. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { sourceDigest } from "../source-digest.ts";

for (const [arch, machine] of [
  ["x64", 62],
  ["arm64", 183],
] as const) {
  const binary = readFileSync(path.join(import.meta.dirname, `../prebuilds/linux-${arch}/xueliang.node`));

  test(`linux-${arch} is built from these sources: else run "node native/build.ts --arch all"`, () => {
    expect(binary.includes(sourceDigest())).toBe(true);
    // e_machine of the ELF header.
    expect(binary.readUInt16LE(18)).toBe(machine);
  });

  test(`linux-${arch} needs a C library of 2.17 at most, and no C++ library`, () => {
    const wanted = new Set(binary.toString("latin1").match(/GLIBC_2\.\d+/g));
    expect([...wanted].filter((version) => Number(version.split(".")[1]) > 17)).toEqual([]);
    expect(binary.includes("libstdc++")).toBe(false);
  });
}
