/** The config folder as texts by name, and back. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isMap, parseDocument } from "yaml";
import { readConfigFiles, revisionOf, type ConfigFiles, type FoundFile } from "../load.ts";
import type { RevisionFile } from "./revisions.ts";

/** Texts by name, secrets among them; never leaves the box as a whole. */
export type Texts = ReadonlyMap<string, string>;

/** The one file that is never shown. */
export const secretsName = "secrets.yaml";
const privateMode = 0o600;
const ordinaryMode = 0o644;

/** As it lies on the disk; empty when there is no gateway.yaml. @throws ConfigError CONFIG_UNREADABLE */
export async function readTexts(folder: string): Promise<Texts> {
  if (!existsSync(join(folder, "gateway.yaml"))) return new Map();
  const { gateway, zones, secrets } = readConfigFiles(folder);
  const decoder = new TextDecoder();
  return new Map(
    [gateway, ...zones, ...(secrets ? [secrets] : [])].map(({ name, bytes }) => [name, decoder.decode(bytes)]),
  );
}

/** The files that these texts would be. */
export function filesOf(folder: string, texts: Texts): ConfigFiles {
  const encoder = new TextEncoder();
  const found = (name: string): FoundFile => ({
    name,
    bytes: encoder.encode(texts.get(name) ?? ""),
    mode: modeOf(name),
  });
  const zones = [...texts.keys()].filter((name) => name.startsWith("zones/")).sort();
  return {
    folder: resolve(folder),
    gateway: found("gateway.yaml"),
    zones: zones.map(found),
    secrets: texts.has(secretsName) ? found(secretsName) : null,
  };
}

/** The mode of a file that is written anew. */
export function modeOf(name: string): number {
  return name === secretsName ? privateMode : ordinaryMode;
}

/** What may be shown and kept: everything but the secrets, `gateway.yaml` first. */
export function shownFiles(texts: Texts): readonly RevisionFile[] {
  return [...texts]
    .filter(([name]) => name !== secretsName)
    .map(([name, text]) => ({ name, text }))
    .sort(
      (a, b) => Number(b.name === "gateway.yaml") - Number(a.name === "gateway.yaml") || (a.name < b.name ? -1 : 1),
    );
}

/** The revision of texts, the same as that of the config they make. */
export function revisionOfTexts(folder: string, texts: Texts): string {
  const { gateway, zones } = filesOf(folder, texts);
  return revisionOf([gateway, ...zones]);
}

/** Changes whenever a file holds something else, secrets among them. */
export function seenOf(texts: Texts): string {
  const sum = createHash("sha256");
  for (const part of [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).flat()) sum.update(`${part.length} ${part}`);
  return sum.digest("base64");
}

/** Where the data lies, told from a file that may have mistakes elsewhere; `var` when even that cannot be read. */
export function storageFolderGuess(folder: string): string {
  const fallback = "var";
  try {
    const { contents } = parseDocument(readFileSync(join(folder, "gateway.yaml"), "utf8"));
    const written = isMap(contents) ? contents.getIn(["storage", "folder"]) : fallback;
    return resolve(folder, "..", typeof written === "string" ? written : fallback);
  } catch {
    return resolve(folder, "..", fallback);
  }
}

/** An older state with the secrets of today: they have no revisions. */
export function withSecretsOf(texts: Texts, now: Texts): Texts {
  const secrets = now.get(secretsName);
  const rest = [...texts].filter(([name]) => name !== secretsName);
  return new Map([...rest, ...(secrets === undefined ? [] : [[secretsName, secrets] as const])]);
}
