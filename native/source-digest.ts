/** The digest that every binary carries, so that a prebuilt one cannot silently lag behind its sources. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The C++ files, sorted, relative to this folder. */
export function sourceFiles(): readonly string[] {
  return readdirSync(path.join(import.meta.dirname, "src"))
    .filter((name) => /\.(?:cc|h)$/.test(name))
    .sort()
    .map((name) => path.join("src", name));
}

/** SHA-256 over names and contents of the C++ files, in hex. */
export function sourceDigest(): string {
  const digest = createHash("sha256");
  for (const name of sourceFiles())
    digest
      .update(`${name}\0`)
      .update(readFileSync(path.join(import.meta.dirname, name)))
      .update("\0");
  return digest.digest("hex");
}
