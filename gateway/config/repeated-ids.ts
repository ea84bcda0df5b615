/** Ids that must be unique within a list (pure). */
import { placeText, type KeyPath, type Problem } from "./diagnostic.ts";
import { entriesAt, textAt } from "./raw.ts";

/** One problem for each entry whose id an earlier one has. */
export function repeatedIds(raw: unknown, path: KeyPath): Problem[] {
  const first = new Map<string, number>();
  return entriesAt(raw, path).flatMap(([index, entry]): Problem[] => {
    // A rule without an id goes by its type, and may be written as the bare type.
    const id = textAt(entry, ["id"]) ?? textAt(entry, ["type"]) ?? (typeof entry === "string" ? entry : undefined);
    if (id === undefined) return [];
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, index);
    if (earlier === undefined) return [];
    const at = textAt(entry, ["id"]) === undefined ? [...path, index] : [...path, index, "id"];
    return [
      {
        code: "CONFIG_REPEATED_ID",
        severity: "error",
        path: at,
        at: "value",
        values: { id, place: placeText([...path, earlier]) },
      },
    ];
  });
}
