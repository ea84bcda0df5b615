/** YAML of a model package: plain values only, no aliases (they can grow without bound), no merge keys, no tags. */
import { parseDocument } from "yaml";

/** The values of `text`, or why there are none. */
export type YamlResult =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly detail: string };

/** Never throws for what stands in the text. */
export function readYaml(text: string): YamlResult {
  const document = parseDocument(text, { merge: false, schema: "core", uniqueKeys: true });
  const [broken] = document.errors;
  if (broken) return { ok: false, detail: broken.message.split("\n")[0] ?? "not YAML" };
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 0 }) };
  } catch (error) {
    // The parser's own words for an alias where none is allowed.
    if (error instanceof ReferenceError) return { ok: false, detail: "aliases (*name) are not allowed" };
    throw error;
  }
}
