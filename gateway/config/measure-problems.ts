/** Rules on a measurement that nobody takes: they would wait for ever (pure). */
import { typeOf } from "./catalogue/catalogue.ts";
import type { KeyPath, Problem } from "./diagnostic.ts";
import { nearest } from "./did-you-mean.ts";
import { measured, type MeasureSource } from "./measures.ts";
import { entriesAt, textAt, valueAt } from "./raw.ts";

const kinds: readonly string[] = ["level-threshold", "scene-quality"];

/** What has to be added to the file, for people. */
const lacking: Readonly<Record<Exclude<MeasureSource, "picture">, { en: string; zh: string }>> = {
  gauge: { en: "a staff gauge (key `gauge`)", zh: "水尺（`gauge`）" },
  flow: { en: "a section with lines along the current (key `flow`)", zh: "流速断面（`flow`）" },
  water: { en: "a zone of kind water", zh: "kind 为 water 的区域" },
};

/** Problems of all rules of a zones file whose values may have any shape. */
export function measureProblems(raw: unknown): Problem[] {
  return (["zones", "lines"] as const).flatMap((list) =>
    entriesAt(raw, [list]).flatMap(([index]) =>
      entriesAt(raw, [list, index, "rules"]).flatMap(([rule, entry]) =>
        problemOf(entry, [list, index, "rules", rule], raw),
      ),
    ),
  );
}

function problemOf(entry: unknown, path: KeyPath, raw: unknown): Problem[] {
  const type = typeof entry === "string" ? entry : textAt(entry, ["type"]);
  const template = typeOf(type ?? "")?.rule;
  const kind = textAt(entry, ["kind"]) ?? template?.kind ?? "";
  if (valueAt(entry, ["enabled"]) === false) return [];
  if (!kinds.includes(kind)) return driftProblem(entry, kind, { path, raw });
  const written = textAt(entry, ["measure"]);
  const measure = written ?? (kind === template?.kind ? template.measure : undefined);
  if (measure === undefined) return []; // Told elsewhere.
  const source = Object.hasOwn(measured, measure) ? measured[measure]?.source : undefined;
  if (source === undefined) {
    const known = Object.keys(measured);
    const meant = nearest(measure, known);
    const hint = meant === null ? {} : { hint: { text: meantText, values: { meant } } };
    const at = [...path, ...(written === undefined ? [] : ["measure"])];
    const values = { measure, known: known.join(", ") };
    return [{ severity: "error", at: "value", code: "CONFIG_MEASURE_UNKNOWN", path: at, values, ...hint }];
  }
  if (source === "picture" || isThere(source, raw)) return [];
  const values = { measure, lacking: lacking[source] };
  return [{ severity: "warning", at: "value", code: "CONFIG_MEASURE_UNSUPPLIED", path, values }];
}

/** Pieces that have to drift where the current is known to flow, in a file that reads none. */
function driftProblem(entry: unknown, kind: string, { path, raw }: { path: KeyPath; raw: unknown }): Problem[] {
  if (kind !== "area-ratio" || textAt(entry, ["drift"]) !== "flowing" || isThere("flow", raw)) return [];
  return [{ severity: "warning", at: "value", code: "CONFIG_DRIFT_NO_CURRENT", path: [...path, "drift"], values: {} }];
}

function isThere(source: Exclude<MeasureSource, "picture">, raw: unknown): boolean {
  if (source !== "water") return valueAt(raw, [source]) !== undefined;
  return entriesAt(raw, ["zones"]).some(([, zone]) => textAt(zone, ["kind"]) === "water");
}

const meantText = { en: 'did you mean "{meant}"?', zh: '是否想写 "{meant}"？' };
