/** The version of the product, read once from package.json. */
import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

/** For example `0.1.0`. */
export const version = manifest.version;
