/** Looks into values of any shape: a file with one wrong key still has its other mistakes told (pure). */
import type { KeyPath } from "./diagnostic.ts";

/** The value at `path`; undefined where the path leads nowhere. */
export function valueAt(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (at, part) => (typeof at === "object" && at !== null ? (at as Record<string | number, unknown>)[part] : undefined),
    value,
  );
}

/** The list at `path` with its indices; empty where there is none. */
export function entriesAt(value: unknown, path: KeyPath): readonly (readonly [number, unknown])[] {
  const list = valueAt(value, path);
  return Array.isArray(list) ? [...list.entries()] : [];
}

/** The text at `path`, or undefined. */
export function textAt(value: unknown, path: KeyPath): string | undefined {
  const found = valueAt(value, path);
  return typeof found === "string" ? found : undefined;
}

/** Ids of the entries of a list that are texts. */
export function idsIn(value: unknown, list: string): string[] {
  return entriesAt(value, [list]).flatMap(([, entry]) => textAt(entry, ["id"]) ?? []);
}
