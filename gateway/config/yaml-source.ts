/** One YAML file: its text, its values, and where each of them stands. */
import {
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from "yaml";
import type { Text } from "../runtime/texts/fill.ts";
import type { Diagnostic, KeyPath, Problem } from "./diagnostic.ts";
import { redactLine } from "./redact.ts";
import { yamlErrorText } from "./yaml-errors.ts";

/** 256 KiB: sixty cameras with sixty zones fit; a bomb does not. */
export const maxFileBytes = 256 * 1024;
/** Our own files need seven levels. */
export const maxDepth = 20;
/** Keys of one map: our own have a few dozen, and a file of nothing but keys would take minutes to answer. */
const maxKeys = 1_000;

interface Place {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A parsed file. `value` is null when `fatal` says why there is none. */
export class YamlSource {
  /** As shown to people. */
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
  readonly document: Document | null;
  /** Mistakes of YAML itself; with one of them nothing else is looked at. */
  readonly fatal: readonly Diagnostic[];
  readonly #counter = new LineCounter();
  readonly #secret: boolean;
  #lines: readonly string[] | null = null;

  /** @param options.secret true for files whose lines are never shown. */
  constructor(file: string, bytes: Uint8Array, options: { readonly secret?: boolean } = {}) {
    this.file = file;
    this.#secret = options.secret ?? false;
    this.document = null;
    this.value = null;
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      this.text = "";
      this.fatal = [this.#atTop("CONFIG_NOT_UTF8", {})];
      return;
    }
    this.text = text;
    const refused = this.#tooMuch(bytes.length);
    if (refused) {
      this.fatal = [refused];
      return;
    }
    const parsed = this.#parse();
    this.fatal = parsed.fatal;
    this.document = parsed.document;
    this.value = parsed.value;
  }

  /** Gives a problem its place in this file. */
  diagnose(problem: Problem): Diagnostic {
    return this.#placed(problem, this.#placeOf(problem.path, problem.at));
  }

  /** The characters of a plain or quoted value as written; undefined if there is none at `path`. */
  written(path: KeyPath): string | undefined {
    const node = this.#find(path).value;
    return node?.range ? this.text.slice(node.range[0], node.range[1]) : undefined;
  }

  /** A diagnostic at character offsets of the text. */
  atOffsets(problem: Problem, start: number, end: number): Diagnostic {
    return this.#placed(problem, this.#place(start, end));
  }

  #tooMuch(sizeBytes: number): Diagnostic | null {
    const limitKiB = maxFileBytes / 1024;
    if (sizeBytes > maxFileBytes)
      return this.#atTop("CONFIG_TOO_LARGE", { sizeKiB: Math.ceil(sizeBytes / 1024), limitKiB });
    // The parser takes seconds for 256 KiB of opening brackets, so the nesting is bounded before it runs.
    if (bracketDepth(this.text) > 3 * maxDepth || /(?:[-?] ){21}/.test(this.text))
      return this.#atTop("CONFIG_TOO_DEEP", { limit: maxDepth });
    return null;
  }

  #parse(): { fatal: readonly Diagnostic[]; document: Document | null; value: unknown } {
    const document = parseDocument(this.text, {
      prettyErrors: false,
      uniqueKeys: false,
      merge: false,
      lineCounter: this.#counter,
    });
    const first = document.errors[0];
    if (first) {
      // One broken bracket makes a parser stumble over the whole rest: the first message is the true one.
      const problem = {
        code: "CONFIG_SYNTAX",
        severity: "error",
        path: [],
        at: "value",
        values: { detail: yamlErrorText(first.code) },
      } as const;
      return { fatal: [this.atOffsets(problem, first.pos[0], first.pos[1])], document: null, value: null };
    }
    const refused = this.#refusedNodes(document);
    if (refused.length > 0) return { fatal: refused, document: null, value: null };
    return { fatal: [], document, value: document.toJS({ maxAliasCount: 0 }) };
  }

  /** Anchors, aliases, merge keys and tags: each is a way to make a small file mean something large or unexpected. */
  #refusedNodes(document: Document): Diagnostic[] {
    const found: Diagnostic[] = [];
    const refuse = (feature: Text, range: readonly number[] | null | undefined): void => {
      const start = range?.[0] ?? 0;
      const problem = {
        code: "CONFIG_YAML_FEATURE",
        severity: "error",
        path: [],
        at: "value",
        values: { feature },
      } as const;
      found.push(this.atOffsets(problem, start, range?.[1] ?? start + 1));
    };
    visit(document, {
      // One is enough: the file is not looked at any further.
      Alias: (_, alias) => {
        refuse({ en: "an alias (*name)", zh: "别名（*name）" }, alias.range);
        return visit.BREAK;
      },
      Pair: (_, pair) => {
        if (!isScalar(pair.key) || pair.key.value !== "<<") return undefined;
        refuse({ en: "a merge key (<<)", zh: "合并键（<<）" }, pair.key.range);
        return visit.BREAK;
      },
      Node: (_, node, parents) => {
        if (parents.filter((parent) => isCollection(parent)).length >= maxDepth) {
          found.push(this.#atTop("CONFIG_TOO_DEEP", { limit: maxDepth }));
          return visit.BREAK;
        }
        if (!isScalar(node) && !isCollection(node)) return undefined;
        const limit = maxKeys.toLocaleString("en");
        if (node.anchor !== undefined)
          refuse({ en: `an anchor (&${node.anchor})`, zh: `锚点（&${node.anchor}）` }, node.range);
        else if (hasTag(node)) refuse({ en: "a tag (!…)", zh: "标签（!…）" }, node.range);
        else if (isMap(node) && node.items.length > maxKeys)
          refuse({ en: `more than ${limit} keys in one place`, zh: `同一层超过 ${limit} 个键` }, node.range);
        return found.length > 0 ? visit.BREAK : undefined;
      },
    });
    return found;
  }

  #find(path: KeyPath): { key: Node | null; value: Node | null } {
    let value: Node | null = this.document?.contents ?? null;
    let key: Node | null = null;
    for (const part of path) {
      let next: Node | null;
      if (isMap(value)) {
        // The last of duplicate keys wins, as it does in the value.
        const pair = value.items.findLast(
          (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
        );
        if (!pair) return { key, value };
        key = pair.key as Node;
        next = pair.value as Node | null;
      } else if (isSeq(value)) {
        next = (value.items[Number(part)] ?? null) as Node | null;
        key = next ?? key;
      } else return { key, value };
      value = next;
    }
    return { key, value };
  }

  #placeOf(path: KeyPath, at: "key" | "value"): Place {
    const { key, value } = this.#find(path);
    const node = at === "key" ? (key ?? value) : (value ?? key);
    // A missing key has no place of its own: its parent's first line stands for it.
    if (!node?.range || (path.length === 0 && at === "value")) return { line: 1, column: 1, length: 1 };
    return this.#place(node.range[0], node.range[1]);
  }

  #place(start: number, end: number): Place {
    const { line, col } = this.#counter.linePos(start);
    const lineEnd = this.text.indexOf("\n", start);
    const stop = Math.min(end, lineEnd === -1 ? this.text.length : lineEnd);
    return { line, column: col, length: Math.max(1, stop - start) };
  }

  #placed(problem: Problem, place: Place): Diagnostic {
    this.#lines ??= this.text.split(/\r?\n/);
    const plain = this.#secret ? undefined : this.#lines[place.line - 1];
    const shown = plain === undefined ? null : redactLine(plain, place);
    return { ...problem, file: this.file, ...place, ...(shown?.place ?? {}), sourceLine: shown?.line ?? null };
  }

  #atTop(code: Problem["code"], values: Problem["values"]): Diagnostic {
    return {
      code,
      severity: "error",
      path: [],
      at: "value",
      values,
      file: this.file,
      line: 1,
      column: 1,
      length: 1,
      sourceLine: null,
    };
  }
}

/** yaml marks collections with their own default tag; only a written one counts. */
function hasTag(node: Node): boolean {
  const tag = "tag" in node ? node.tag : undefined;
  return tag !== undefined && tag !== "tag:yaml.org,2002:map" && tag !== "tag:yaml.org,2002:seq";
}

function bracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === "[" || character === "{") deepest = Math.max(deepest, (depth += 1));
    else if (character === "]" || character === "}") depth = Math.max(0, depth - 1);
  }
  return deepest;
}
