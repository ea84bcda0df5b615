// Builds the page into `dist`, beside the old one first, so that a running gateway never serves half a page.
// `--if-changed` does nothing when no source changed since the last build.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";

const here = import.meta.dirname;
const root = join(here, "../../..");
const dist = join(here, "dist");
const stamp = join(dist, ".sources");

/** Every file that ends up in the page, and what builds it. */
function sources() {
  const below = (folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  const own = below(here).filter((path) => !/^dist(\.[\w-]+)?\//.test(relative(here, path)));
  const shared = [...below(join(root, "gateway/runtime/texts")), join(root, "gateway/web/api.ts")];
  const pure = [
    "gateway/analysis/gauge/calibration.ts",
    "gateway/analysis/geometry.ts",
    "gateway/analysis/zones/schedule.ts",
    "gateway/analysis/zones/sun.ts",
    "gateway/config/polygon-problems.ts",
    "package-lock.json",
  ];
  return [...own, ...shared, ...pure.map((path) => join(root, path))].filter((path) => existsSync(path)).sort();
}

/** What the page was, or would be, built from. */
function digest() {
  const hash = createHash("sha256");
  for (const path of sources()) {
    if (/\.test\.tsx?$/.test(path)) continue;
    hash.update(relative(root, path)).update(readFileSync(path));
  }
  return hash.digest("hex");
}

/** Moves the old page aside; another build may have done so a moment ago. */
function swap(old) {
  try {
    renameSync(dist, old);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}

/** Builds; true when there was something to do. Throws what the bundler throws. */
export async function buildPage({ ifChanged = false } = {}) {
  const wanted = digest();
  if (ifChanged && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return false;
  const { build } = await import("vite");
  // A folder of its own for each build: two that run at once must not clear away each other's files.
  const next = join(here, `dist.${process.pid}`);
  const old = join(here, `dist.old-${process.pid}`);
  await build({ configFile: join(here, "vite.config.ts"), build: { outDir: next } });
  writeFileSync(join(next, ".sources"), wanted);
  swap(old);
  renameSync(next, dist);
  rmSync(old, { recursive: true, force: true });
  return true;
}

if (process.argv[1] && join(process.argv[1]) === import.meta.filename) {
  const ifChanged = process.argv.includes("--if-changed");
  const startedMs = Date.now();
  if (await buildPage({ ifChanged })) console.error(`page: built in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
}
