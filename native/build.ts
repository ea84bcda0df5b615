/** Builds the addon with a plain compiler: `node native/build.ts [--arch x64|arm64|all] [--asan]`. No download, no node-gyp. */
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import { sourceDigest, sourceFiles } from "./source-digest.ts";

const here = import.meta.dirname;
const compilers = {
  x64: { compile: process.env["CXX"] ?? "g++", strip: "strip", flags: ["-march=x86-64"] },
  arm64: { compile: "aarch64-linux-gnu-g++", strip: "aarch64-linux-gnu-strip", flags: ["-march=armv8-a"] },
} as const;
type Arch = keyof typeof compilers;

// -ffp-contract=off: arm64 would otherwise fuse multiply and add, and round differently from x64 and from JavaScript.
const common = [
  "-std=c++17",
  "-O3",
  "-fPIC",
  "-fno-exceptions",
  "-fno-rtti",
  "-fno-threadsafe-statics",
  "-ffp-contract=off",
  "-fvisibility=hidden",
];
const warnings = ["-Wall", "-Wextra", "-Wshadow", "-Werror"];

function headers(): string {
  const { include_dir } = createRequire(import.meta.url)("node-api-headers") as { include_dir: string };
  return path.resolve(include_dir);
}

/** Compiles and links one addon; returns its path. The file appears whole or not at all. */
function build(arch: Arch, isAsan: boolean): string {
  const { compile, strip, flags } = compilers[arch];
  const folder = path.join(here, isAsan ? "test/.out" : `prebuilds/linux-${arch}`);
  mkdirSync(folder, { recursive: true });
  const target = path.join(folder, isAsan ? "xueliang-asan.node" : "xueliang.node");
  const fresh = `${target}.${process.pid}.tmp`;
  const files = sourceFiles().filter((name) => name.endsWith(".cc"));
  const asan = isAsan ? ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"] : [];
  // --as-needed leaves libstdc++ out where nothing of it is used: the binary then asks for the C library alone.
  const link = ["-shared", "-Wl,--as-needed", "-Wl,--build-id=none", "-Wl,-z,relro,-z,now,-z,noexecstack"];
  const stamp = [`-DXUELIANG_SOURCE="${sourceDigest()}"`, `-I${headers()}`];
  const options = [...common, ...flags, ...warnings, ...asan, ...link, ...stamp];
  execFileSync(compile, [...options, ...files, "-o", fresh], { cwd: here, stdio: "inherit" });
  if (!isAsan) execFileSync(strip, ["--strip-all", fresh]);
  renameSync(fresh, target);
  return target;
}

const { values } = parseArgs({
  options: { arch: { type: "string", default: process.arch }, asan: { type: "boolean", default: false } },
});
const wanted = values.arch === "all" ? (["x64", "arm64"] as const) : [values.arch];
for (const arch of wanted) {
  if (arch !== "x64" && arch !== "arm64") throw new RangeError(`--arch is x64, arm64 or all, not ${arch}`);
  const target = build(arch, values.asan);
  console.log(`${path.relative(process.cwd(), target)}  ${statSync(target).size} bytes`);
}
