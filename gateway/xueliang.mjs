#!/usr/bin/env node
// Starts the product on the right Node. Plain JavaScript of Node 16: it must run, and speak, where nothing else does.
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import module from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const needed = [22, 14];
const here = dirname(fileURLToPath(import.meta.url));
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const newEnough = major > needed[0] || (major === needed[0] && minor >= needed[1]);
// Node 22.14 to 22.17 run TypeScript only when asked to.
const asksForTypes = newEnough && process.features.typescript === false;

if (newEnough) keepCompiled();
if (newEnough && !asksForTypes) await import("./main.ts");
else if (newEnough && !process.execArgv.includes("--experimental-strip-types")) {
  again(process.execPath, ["--experimental-strip-types", "--disable-warning=ExperimentalWarning"]);
} else {
  const own = ownNode();
  if (own && !process.env.XUELIANG_AGAIN) again(own, []);
  else tooOld();
}

/**
 * What Node has compiled is kept beside the packages, or where XUELIANG_COMPILED says, for this process and those that it
 * starts: a start costs half the processor time. Where nobody may write, nothing is kept; and as whoever may write there
 * decides what runs, a place of another user (but root) is left alone.
 */
function keepCompiled() {
  if (process.env.NODE_COMPILE_CACHE || !module.enableCompileCache) return;
  const folder = process.env.XUELIANG_COMPILED || join(here, "..", "node_modules", ".cache", "compiled");
  const owners = [folder, dirname(folder), dirname(dirname(folder))].map((path) => ownerOf(path));
  const owner = owners.find((one) => one !== null) ?? null;
  if (owner === null || (owner !== 0 && owner !== process.getuid?.())) return;
  if (module.enableCompileCache(folder).directory) process.env.NODE_COMPILE_CACHE = folder;
}

/** The user whose folder this is; null where there is none, or none that we may see. */
function ownerOf(path) {
  try {
    return statSync(path).uid;
  } catch {
    return null;
  }
}

/** The Node that the packages brought along, if any. */
function ownNode() {
  const modules = join(here, "..", "node_modules");
  const places = [".bin/node", `node-${process.platform}-${process.arch}/bin/node`, "node/bin/node"];
  return places.map((place) => join(modules, place)).find((path) => existsSync(path));
}

/** Runs the same command line on another Node and ends as it ends. */
function again(node, options) {
  const args = [...options, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  // The ipc channel tells the child when this process is gone, even by SIGKILL.
  const stdio = ["inherit", "inherit", "inherit", "ipc"];
  const child = spawn(node, args, { stdio, env: { ...process.env, XUELIANG_AGAIN: "1" } });
  // A terminal sends Ctrl-C to both; only what was sent to this process alone must be passed on.
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGINT", () => undefined);
  process.on("SIGHUP", () => child.kill("SIGTERM"));
  child.on("error", tooOld);
  child.on("exit", (code, signal) => {
    process.exitCode = code === null ? (signal === "SIGINT" ? 130 : 1) : code;
    if (child.connected) child.disconnect();
  });
}

/** One sentence in the reader's language, exit code 69: a dependency is missing. */
function tooOld() {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  const zh = /^zh/i.test(LC_ALL || LC_MESSAGES || LANG || "");
  const found = process.versions.node;
  console.error(
    zh
      ? `错误[NODE_TOO_OLD]：Node ${found} 版本过低，需要 ${needed.join(".")} 或更高版本；请用 \`npm start\` 启动（自带 Node），或安装更新的版本。`
      : `error[NODE_TOO_OLD]: Node ${found} is too old; ${needed.join(".")} or newer is needed. Start with \`npm start\`, which brings its own Node, or install a newer one.`,
  );
  process.exitCode = 69;
}
