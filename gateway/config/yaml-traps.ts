/** Values that YAML reads otherwise than people do; each is told, none is refused. */
import { isMap, isScalar, visit, type Pair, type Scalar } from "yaml";
import type { Diagnostic, Problem } from "./diagnostic.ts";
import type { YamlSource } from "./yaml-source.ts";

const about = { severity: "warning", path: [], at: "value" } as const;
/** Nobody reads more. */
const mostTold = 200;
const switchWord = /^(?:y|yes|on|n|no|off)$/i;

/** Warnings in the order of the file. */
export function yamlTraps(source: YamlSource): Diagnostic[] {
  const { document } = source;
  if (!document) return [];
  const found: Diagnostic[] = [];
  const warn = (problem: Pick<Problem, "code" | "values">, range: readonly number[] | null | undefined): void => {
    if (range && found.length < mostTold)
      found.push(source.atOffsets({ ...about, ...problem }, range[0] ?? 0, range[1] ?? 0));
  };
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(String(key.value)))
          warn({ code: "CONFIG_REPEATED_KEY", values: { key: String(key.value) } }, key.range);
        seen.add(String(key.value));
      }
    },
    Pair: (_, pair) => {
      const { value } = pair;
      if (!isScalar(value) || value.type !== "PLAIN") return;
      const trap = scalarTrap(pair, value);
      if (trap) warn(trap, value.range);
    },
  });
  return found;
}

function scalarTrap(pair: Pair, value: Scalar): Pick<Problem, "code" | "values"> | null {
  const key = isScalar(pair.key) ? String(pair.key.value) : "";
  const written = value.source ?? "";
  if (switchWord.test(written)) return { code: "CONFIG_WORD_NOT_SWITCH", values: { written } };
  if (typeof value.value === "number" && /^[-+]?0\d/.test(written))
    return { code: "CONFIG_LEADING_ZERO", values: { written, value: value.value } };
  // A # that its own text follows at once belongs more often to the login or address than to a comment.
  if (/^(?:user|password|url|evidenceUrl)$/.test(key) && /^\S/.test(value.comment ?? ""))
    return { code: "CONFIG_HASH", values: { key } };
  return null;
}

/** Whether the parsed document is a map of keys, as our files are. */
export function isKeyed(source: YamlSource): boolean {
  return isMap(source.document?.contents);
}
