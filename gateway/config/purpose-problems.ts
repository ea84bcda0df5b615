/** Rules on a camera that was not given for their purpose: public cameras may be used for what they were put up for (pure). */
import { typeOf } from "./catalogue/catalogue.ts";
import { purposesOf } from "./catalogue/purposes.ts";
import type { Problem } from "./diagnostic.ts";
import { entriesAt, textAt, valueAt } from "./raw.ts";

/** Problems of a zones file whose values may have any shape. `purposes`: by camera id; an empty list allows everything. */
export function purposeProblems(raw: unknown, purposes: ReadonlyMap<string, readonly string[]>): Problem[] {
  const camera = textAt(raw, ["camera"]) ?? "";
  const allowed = purposes.get(camera) ?? [];
  if (allowed.length === 0) return [];
  return (["zones", "lines"] as const).flatMap((list) =>
    entriesAt(raw, [list]).flatMap(([index]) =>
      entriesAt(raw, [list, index, "rules"]).flatMap(([rule, entry]): Problem[] => {
        const words = wordsOf(entry);
        if (words === null || words.some((word) => allowed.includes(word))) return [];
        const [word = ""] = words;
        const isBare = typeof entry === "string";
        const path = [list, index, "rules", rule, ...(isBare ? [] : ["type"])];
        const values = { camera, allowed: allowed.join(", "), purpose: word, word };
        return [{ severity: "error", code: "CONFIG_PURPOSE", path, at: "value", values }];
      }),
    ),
  );
}

/** Words that would allow this rule, the shortest way to say it first; null: it needs nobody's leave. */
function wordsOf(entry: unknown): readonly string[] | null {
  if (valueAt(entry, ["enabled"]) === false) return null;
  const own = textAt(entry, ["purpose"]);
  if (own !== undefined) return [own];
  const id = typeof entry === "string" ? entry : (textAt(entry, ["type"]) ?? "");
  const type = typeOf(id);
  // A type of the site's own says what it is for itself, or its name stands for it.
  if (type === null) return textAt(entry, ["kind"]) === undefined ? null : [id];
  return type.group === "video-quality" ? null : purposesOf(type);
}
