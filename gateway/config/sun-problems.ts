/** Sunrise and sunset of a camera of which nobody said where it stands: they would be at six and at eighteen (pure). */
import { typeOf } from "./catalogue/catalogue.ts";
import type { KeyPath, Problem } from "./diagnostic.ts";
import { entriesAt, textAt } from "./raw.ts";

/** The first place of a zones file that goes by the sun. @param unplaced ids of cameras without coordinates */
export function sunProblems(raw: unknown, unplaced: ReadonlySet<string>): Problem[] {
  const camera = textAt(raw, ["camera"]) ?? "";
  const [path] = unplaced.has(camera) ? [...inSchedules(raw), ...inRules(raw)] : [];
  return path ? [{ code: "CONFIG_SUN_PLACE", severity: "warning", path, at: "value", values: { camera } }] : [];
}

function inSchedules(raw: unknown): KeyPath[] {
  return entriesAt(raw, ["schedules"]).flatMap(([schedule]) =>
    entriesAt(raw, ["schedules", schedule, "windows"]).flatMap(([window, entry]) =>
      (["from", "to"] as const).flatMap((edge): KeyPath[] =>
        (textAt(entry, [edge]) ?? "").startsWith("sun") ? [["schedules", schedule, "windows", window, edge]] : [],
      ),
    ),
  );
}

function inRules(raw: unknown): KeyPath[] {
  return (["zones", "lines"] as const).flatMap((list) =>
    entriesAt(raw, [list]).flatMap(([index]) =>
      entriesAt(raw, [list, index, "rules"]).flatMap(([rule, entry]): KeyPath[] => {
        const path = [list, index, "rules", rule];
        const own = textAt(entry, ["hours"]);
        if (own !== undefined) return bySun(own) ? [[...path, "hours"]] : [];
        if (textAt(entry, ["schedule"]) !== undefined) return [];
        const type = typeof entry === "string" ? entry : textAt(entry, ["type"]);
        return bySun(typeOf(type ?? "")?.rule.hours) ? [path] : [];
      }),
    ),
  );
}

function bySun(hours: string | undefined): boolean {
  return hours === "daylight" || hours === "night";
}
