/** One file: YAML, then schema, then what only a look at the values can tell. */
import type { z } from "zod";
import { placeText, type Diagnostic, type Problem } from "./diagnostic.ts";
import { schemaProblems } from "./schema-problems.ts";
import { schemaTree } from "./schema-tree.ts";
import { YamlSource } from "./yaml-source.ts";
import { yamlTraps } from "./yaml-traps.ts";

/** What a file turned out to be; `value` is null when an error stands in the way. */
export interface CheckedFile<T> {
  readonly value: T | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Top-level values as written, for looks across files even when this one is wrong. */
  readonly raw: unknown;
}

/** How a file is checked. */
export interface FileCheck<S extends z.ZodType> {
  /** As shown to people. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly schema: S;
  readonly secret?: boolean;
  /** Problems that the schema cannot see; the values are as written and may be of any shape. */
  readonly look: (raw: unknown) => readonly Problem[];
  /** Changes the schema's problems before they are told, for example collapses them. */
  readonly retell?: (problems: readonly Problem[], raw: unknown) => readonly Problem[];
}

/** Mistakes of one kind that are told of one file: nobody reads more, and a list of nothing but mistakes has a hundred thousand. */
const mostTold = 200;

/** Never throws for what a file may hold. */
export function checkFile<S extends z.ZodType>(check: FileCheck<S>): CheckedFile<z.output<S>> {
  const source = new YamlSource(check.file, check.bytes, { secret: check.secret ?? false });
  if (source.fatal.length > 0) return { value: null, diagnostics: source.fatal, raw: null };
  const raw = source.value;
  const told = (problems: readonly Problem[]): Diagnostic[] => problems.map((problem) => source.diagnose(problem));
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    return {
      value: null,
      diagnostics: told([{ code: "CONFIG_EMPTY", severity: "error", path: [], at: "value", values: {} }]),
      raw: null,
    };
  }
  const parsed = check.schema.safeParse(raw);
  const written = (path: readonly (string | number)[]): string | undefined =>
    check.secret ? undefined : source.written(path);
  const retell = check.retell ?? ((same) => same);
  const seen = parsed.success
    ? []
    : retell(
        schemaProblems(parsed.error.issues.slice(0, mostTold), { tree: schemaTree(check.schema), value: raw, written }),
        raw,
      );
  const taken = new Set(seen.map((problem) => placeText(problem.path)));
  const looked = check
    .look(raw)
    .filter((problem) => !taken.has(placeText(problem.path)))
    .slice(0, mostTold);
  const errors = told([...seen, ...looked]).map((one) => (check.secret ? withoutValue(one) : one));
  const places = new Set(errors.map(({ line, column }) => `${line}:${column}`));
  // A trap that already made an error is the same mistake; the error says it better.
  const traps = yamlTraps(source).filter(({ line, column }) => !places.has(`${line}:${column}`));
  const diagnostics = [...errors, ...traps].sort((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
  const broken = errors.some((one) => one.severity === "error");
  return { value: parsed.success && !broken ? parsed.data : null, diagnostics, raw };
}

function rank(one: Diagnostic): number {
  return one.severity === "error" ? 0 : 1;
}

/** A value from the secrets file is never said, whatever is wrong with it. */
function withoutValue(one: Diagnostic): Diagnostic {
  const said = { value: "***", found: { en: "something else", zh: "其他内容" } };
  const hidden = Object.entries(said).filter(([name]) => name in one.values);
  const hint =
    one.code === "CONFIG_TYPE" ? { text: { en: "put the value into quotes", zh: "请给值加引号" } } : one.hint;
  return { ...one, values: { ...one.values, ...Object.fromEntries(hidden) }, ...(hint ? { hint } : {}) };
}
