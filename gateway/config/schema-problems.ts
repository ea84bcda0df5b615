/** What the schema found wrong, one problem a mistake, in words of this product (pure). */
import type { z } from "zod";
import type { Text } from "../runtime/texts/fill.ts";
import { placeText, type KeyPath, type Problem } from "./diagnostic.ts";
import { nearest } from "./did-you-mean.ts";
import { misplacedKeys } from "./misplaced-keys.ts";
import { formOf } from "./pattern-forms.ts";
import { valueAt } from "./raw.ts";
import { withoutLogin } from "./redact.ts";
import { keysAt, nodeAt, sentenceOf, type SchemaNode } from "./schema-tree.ts";

type Issue = z.core.$ZodIssue;

/** What the problems are told from. */
export interface Checked {
  readonly tree: SchemaNode;
  readonly value: unknown;
  /** The characters at a path as written, to quote codes that YAML took for numbers. */
  readonly written: (path: KeyPath) => string | undefined;
}

/** Problems in the order of the file's keys. */
export function schemaProblems(issues: readonly Issue[], checked: Checked): Problem[] {
  const flat = issues.flatMap((issue) => flatten(issue));
  const unknown = flat.flatMap((issue) => (issue.code === "unrecognized_keys" ? unknownKeys(issue, checked) : []));
  // A misspelt required key is one mistake, not an unknown key and a missing one.
  const meant = new Set(unknown.map((problem) => problem.meant));
  const others = flat.flatMap((issue) => {
    if (issue.code === "unrecognized_keys" || meant.has(placeText(pathOf(issue)))) return [];
    return [problemOf(issue, checked)];
  });
  return [...unknown.map(({ problem }) => problem), ...others];
}

/** A union's issues with the alternative that fits what was written. */
function flatten(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const branch = issue.errors.find(
    (errors) => !errors.some((error) => error.code === "invalid_type" && error.path.length === 0),
  );
  if (!branch) return [{ code: "invalid_type", expected: "object", path: issue.path, message: "" }];
  return branch.flatMap((inner) => flatten({ ...inner, path: [...issue.path, ...inner.path] }));
}

function unknownKeys(
  issue: Issue & { readonly keys: readonly string[] },
  { tree, value }: Checked,
): { problem: Problem; meant: string }[] {
  const parent = pathOf(issue);
  const used = new Set(Object.keys(valueAt(value, parent) ?? {}));
  const free = keysAt(tree, parent).filter((key) => !used.has(key));
  return issue.keys.map((key) => {
    const meant = nearest(key, free);
    const path = [...parent, key];
    const problem: Problem = {
      code: "CONFIG_UNKNOWN_KEY",
      severity: "error",
      path,
      at: "key",
      values: { key, place: placeOf(parent) },
      hint: unknownKeyHint(key, meant, free, nodeAt(tree, parent)),
    };
    return { problem, meant: placeText([...parent, meant ?? key]) };
  });
}

function unknownKeyHint(
  key: string,
  meant: string | null,
  free: readonly string[],
  parent: SchemaNode | undefined,
): NonNullable<Problem["hint"]> {
  const elsewhere = misplacedKeys[nearest(key, Object.keys(misplacedKeys)) ?? ""];
  if (elsewhere && meant === null) return { text: elsewhere };
  if (meant !== null) {
    const about = sentenceOf(parent?.properties?.[meant]);
    return {
      text: { en: 'did you mean "{meant}" ({about})?', zh: '是否想写 "{meant}"（{about}）？' },
      values: { meant, about },
    };
  }
  if (free.length === 0)
    return {
      text: { en: "remove it; every key of this place is already used", zh: "请删除；此处可用的配置项均已使用" },
    };
  return {
    text: { en: "remove it, or use one of: {keys}", zh: "请删除，或改用：{keys}" },
    values: { keys: free.join(", ") },
  };
}

function problemOf(issue: Issue, checked: Checked): Problem {
  const path = pathOf(issue);
  const found = valueAt(checked.value, path);
  const node = nodeAt(checked.tree, path);
  const about = { path, at: "value", severity: "error" } as const;
  const key = placeText(path);
  switch (issue.code) {
    case "invalid_type": {
      if (found === undefined) return missing(path, sentenceOf(node));
      const values = { key, expected: typeText(issue.expected), found: foundText(found) };
      return { ...about, code: "CONFIG_TYPE", values, ...typeHint(issue.expected, found, checked.written(path)) };
    }
    case "too_big":
    case "too_small":
      return sizeProblem(issue, { about, key, found, node });
    case "invalid_value": {
      const choices = issue.values.map(String);
      if (found === undefined)
        return missing(path, { en: `write ${choices.join(" or ")}`, zh: `请写 ${choices.join(" 或 ")}` });
      return enumProblem(found, choices, { about, key });
    }
    case "invalid_format":
    case "invalid_key":
    case "invalid_element":
    case "invalid_union":
    case "not_multiple_of":
    case "unrecognized_keys":
    case "custom":
      return { ...about, code: "CONFIG_FORMAT", values: { key, value: quoted(found), expected: expectedOf(node) } };
  }
}

/** The form that is asked for, or else what the place is for. */
function expectedOf(node: SchemaNode | undefined): Text {
  return formOf(node?.pattern ?? "") ?? sentenceOf(node);
}

function missing(path: KeyPath, about: Text): Problem {
  const parent = path.slice(0, -1);
  const values = { key: String(path.at(-1) ?? ""), place: placeOf(parent), about };
  return { code: "CONFIG_MISSING_KEY", severity: "error", path, at: "value", values };
}

function enumProblem(found: unknown, choices: readonly string[], { about, key }: Pick<Seen, "about" | "key">): Problem {
  const value = quoted(found);
  const meant = nearest(value, choices);
  const values = { key, value, choices: choices.join(", ") };
  const text = { en: 'did you mean "{meant}"? possible: {choices}', zh: '是否想写 "{meant}"？可选：{choices}' };
  return {
    ...about,
    code: "CONFIG_ENUM",
    values,
    ...(meant === null ? {} : { hint: { text, values: { ...values, meant } } }),
  };
}

/** In Chinese a path stands apart from what follows, words do not. */
function placeOf(parent: KeyPath): Text {
  const place = placeText(parent);
  return parent.length === 0 ? { en: "the file", zh: "文件顶层" } : { en: place, zh: `${place} ` };
}

/** A value as it may be quoted: short, and on one line. */
function quoted(found: unknown): string {
  const text = withoutLogin(typeof found === "string" ? found : JSON.stringify(found));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

interface Seen {
  readonly about: { readonly path: KeyPath; readonly at: "value"; readonly severity: "error" };
  readonly key: string;
  readonly found: unknown;
  readonly node: SchemaNode | undefined;
}

function sizeProblem(
  issue: Issue & { readonly code: "too_big" | "too_small" },
  { about, key, found, node }: Seen,
): Problem {
  if (issue.origin === "string" || issue.origin === "array") {
    const size = Array.isArray(found) ? found.length : String(found).length;
    const min = node?.minItems ?? node?.minLength ?? 0;
    const max = node?.maxItems ?? node?.maxLength ?? 0;
    const unit = issue.origin === "array" ? { en: "entries", zh: "项" } : { en: "characters", zh: "个字符" };
    return { ...about, code: "CONFIG_LENGTH", values: { key, size, min, max, unit } };
  }
  const min = node?.minimum ?? 0;
  const max = node?.maximum ?? 0;
  const values = { key, min, max, value: Number(found) };
  // A little more than one is a slip, not a share of a hundred.
  const percent = max === 1 && typeof found === "number" && found >= 2 && found <= 100;
  return {
    ...about,
    code: "CONFIG_RANGE",
    values,
    ...(percent
      ? {
          hint: {
            text: { en: "{value} % is written {share}", zh: "{value}% 写作 {share}" },
            values: { ...values, share: found / 100 },
          },
        }
      : {}),
  };
}

function typeHint(
  expected: string,
  found: unknown,
  written: string | undefined,
): { hint?: NonNullable<Problem["hint"]> } {
  if (expected === "boolean" && typeof found === "string") {
    const on = /^(y|yes|on|true)$/i.test(found);
    if (on || /^(n|no|off|false)$/i.test(found))
      return { hint: { text: { en: "write {word}", zh: "请写 {word}" }, values: { word: on ? "true" : "false" } } };
  }
  if (expected === "string" && (typeof found === "number" || typeof found === "boolean")) {
    return {
      hint: {
        text: { en: 'put it into quotes: "{written}"', zh: '请加引号："{written}"' },
        values: { written: written ?? String(found) },
      },
    };
  }
  if ((expected === "number" || expected === "int") && typeof found === "string") {
    const number = /^\s*([-+]?\d+(?:\.\d+)?)/.exec(found)?.[1];
    if (number !== undefined)
      return {
        hint: { text: { en: "write the bare number: {number}", zh: "请只写数字：{number}" }, values: { number } },
      };
  }
  return {};
}

const typeNames: Readonly<Record<string, Text>> = {
  string: { en: "a text", zh: "文本" },
  number: { en: "a number", zh: "数字" },
  int: { en: "a whole number", zh: "整数" },
  boolean: { en: "true or false", zh: " true 或 false" },
  array: { en: "a list", zh: "列表" },
  tuple: { en: "a pair [x, y]", zh: "一对数值 [x, y]" },
  object: { en: "a block of keys", zh: "一组键值" },
  record: { en: "a block of keys", zh: "一组键值" },
};

function typeText(type: string): Text {
  return typeNames[type] ?? { en: type, zh: type };
}

function foundText(found: unknown): Text {
  if (found === null) return { en: "nothing", zh: "空值" };
  if (Array.isArray(found)) return { en: "a list", zh: "列表" };
  if (typeof found === "object") return { en: "a block of keys", zh: "一组键值" };
  if (typeof found === "boolean") return { en: String(found), zh: ` ${found}` };
  if (typeof found === "number" && !Number.isFinite(found)) return { en: String(found), zh: ` ${found}` };
  return typeof found === "number" ? { en: `the number ${found}`, zh: `数字 ${found}` } : { en: "a text", zh: "文本" };
}

function pathOf(issue: Issue): KeyPath {
  return issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
}
