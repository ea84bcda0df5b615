/** Values as YAML text, in the style of our own files (pure). */
import { stringify } from "yaml";

/** Below each other, the first line without indent, the following ones at `column`. Points and words stand in brackets. */
export function blockText(value: unknown, column: number): string {
  if (Array.isArray(value)) {
    if (value.length === 0 || !value.every((one) => typeof one === "object" && one !== null && !Array.isArray(one)))
      return flowText(value);
    return value.map((one) => `- ${blockText(one, column + 2)}`).join(`\n${" ".repeat(column)}`);
  }
  if (typeof value !== "object" || value === null) return flowText(value);
  const entries = Object.entries(value as Readonly<Record<string, unknown>>).filter(([, one]) => one !== undefined);
  if (entries.length === 0) return "{}";
  return entries
    .map(([key, one]) => {
      const isBlock = typeof one === "object" && one !== null && flowable(one) === null;
      const inner = isBlock ? `\n${" ".repeat(column + 2)}${blockText(one, column + 2)}` : ` ${flowText(one)}`;
      return `${flowText(key)}:${inner}`;
    })
    .join(`\n${" ".repeat(column)}`);
}

/** One line. */
export function flowText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    return `{ ${entries.map(([key, one]) => `${flowText(key)}: ${flowText(one)}`).join(", ")} }`;
  }
  // A comma or bracket ends a plain word inside brackets: such words get quotes everywhere.
  if (typeof value === "string" && /[,[\]{}\n]/.test(value)) return JSON.stringify(value);
  return stringify(value, { lineWidth: 0 }).trimEnd();
}

/** The text of a list that has no maps in it; null for what is better written below each other. */
function flowable(value: object): string | null {
  if (!Array.isArray(value)) return Object.keys(value).length === 0 ? "{}" : null;
  return value.length > 0 && value.every((one) => typeof one === "object" && one !== null && !Array.isArray(one))
    ? null
    : flowText(value);
}
