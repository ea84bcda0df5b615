/** `npm run page:size`: what each part of the built page weighs on the wire (brotli), and which limit it must keep. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const dist = join(import.meta.dirname, "dist");

/** One entry of the bundler's manifest. */
interface Chunk {
  readonly file: string;
  readonly src?: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly css?: readonly string[];
}

const manifest = JSON.parse(readFileSync(join(dist, "manifest.json"), "utf8")) as Readonly<Record<string, Chunk>>;
const brotliBytes = (file: string): number => statSync(join(dist, `${file}.br`)).size;

/** A chunk with all that it needs at once. */
function closure(key: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key]?.imports ?? []) closure(next, seen);
  return seen;
}

const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry === true) ?? "";
const first = closure(entry);
const weigh = (keys: Iterable<string>, kind: "js" | "css"): number => {
  const files = new Set(
    [...keys].flatMap((key) => (kind === "js" ? [manifest[key]?.file ?? ""] : (manifest[key]?.css ?? []))),
  );
  return [...files].filter((file) => file.endsWith(`.${kind}`)).reduce((sum, file) => sum + brotliBytes(file), 0);
};
/** Who fetches a chunk when it is needed; by then it has all of its own. */
const fetchers = (key: string): string[] =>
  Object.keys(manifest).filter((one) => manifest[one]?.dynamicImports?.includes(key) === true);
/** What opening a part fetches beyond the first paint and beyond the part that opens it. */
const beyond = (key: string): string[] => {
  const there = new Set([...first, ...fetchers(key).flatMap((one) => [...closure(one)])]);
  return [...closure(key)].filter((one) => !there.has(one));
};

/** Limits in KiB; a lazy part without a limit of its own has the general one. */
const lazyLimits: Readonly<Record<string, number>> = { "editor/": 20, "events/": 20, "config/yaml": 130 };
const generalLimit = 60;

const rows: { part: string; bytes: number; limitKiB: number }[] = [
  { part: "first paint, JavaScript", bytes: weigh(first, "js"), limitKiB: 60 },
  { part: "first paint, CSS", bytes: weigh(first, "css"), limitKiB: 12 },
];
for (const [key, chunk] of Object.entries(manifest)) {
  if (chunk.src === undefined || key === entry || !chunk.file.endsWith(".js")) continue;
  const limit = Object.entries(lazyLimits).find(([folder]) => chunk.src?.startsWith(folder))?.[1] ?? generalLimit;
  rows.push({ part: chunk.src, bytes: weigh(beyond(key), "js"), limitKiB: limit });
}
const everything = new Set(Object.values(manifest).flatMap(({ file, css = [] }) => [file, ...css]));
const total = [...everything].filter((file) => /\.(js|css)$/.test(file)).reduce((sum, f) => sum + brotliBytes(f), 0);
rows.push({ part: "everything, JavaScript and CSS", bytes: total, limitKiB: 350 });

let failed = false;
for (const { part, bytes, limitKiB } of rows) {
  const over = bytes > limitKiB * 1_024;
  failed ||= over;
  console.log(
    `${part.padEnd(44)} ${(bytes / 1_024).toFixed(1).padStart(6)} of ${limitKiB} KiB${over ? "  TOO LARGE" : ""}`,
  );
}
process.exitCode = failed ? 1 : 0;
