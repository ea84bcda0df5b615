/**
 * Makes a YAML text say something else by rewriting only the nodes that differ: comments, quotes, blank lines and every
 * untouched byte stay (pure).
 */
import { isMap, isScalar, isSeq, parseDocument, type Node, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import { blockText, flowText } from "./render.ts";
import { idOf, sameMeaning } from "./same-meaning.ts";

/** A replacement of `text[from, to)`. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Where edits are gathered. */
interface Work {
  readonly text: string;
  readonly edits: Edit[];
}

/** A place in the text that no splice of ours fits; the whole node is written anew instead. */
class NoSplice extends Error {}

/**
 * `text` changed so that it means `wanted`. Keys of maps that `wanted` lacks go, lists of things with ids are matched by id.
 * @throws RangeError when the text is no map, or cannot be made to mean it
 */
export function splice(text: string, wanted: Readonly<Record<string, unknown>>): string {
  const { contents, errors } = parseDocument(text);
  if (errors.length > 0) throw new RangeError("the text is not valid YAML");
  if (contents === null) return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${blockText(wanted, 0)}\n`;
  if (!isMap(contents)) throw new RangeError("the text is no map");
  const work: Work = { text, edits: [] };
  change(contents, wanted, work);
  const result = applied(work);
  if (!sameMeaning(parseDocument(result).toJS(), wanted))
    throw new RangeError("the splice does not mean what is wanted");
  return result;
}

function applied({ text, edits }: Work): string {
  let [result, at] = ["", 0];
  for (const edit of edits.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (edit.from < at) throw new RangeError("edits overlap");
    result += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return result + text.slice(at);
}

function change(node: Node, wanted: unknown, work: Work): void {
  if (sameMeaning(valueOf(node), wanted)) return;
  const mark = work.edits.length;
  try {
    const isSpliced = spliceable(node, wanted, work);
    if (isSpliced) return;
  } catch (error) {
    if (!(error instanceof NoSplice)) throw error;
    work.edits.length = mark;
  }
  replace(node, wanted, work);
}

/** False where value and text are of different kinds. */
function spliceable(node: Node, wanted: unknown, work: Work): boolean {
  if (isMap(node) && isRecord(wanted)) changeMap(node, wanted, work);
  else if (isSeq(node) && Array.isArray(wanted)) changeList(node, wanted, work);
  else return false;
  return true;
}

function changeMap(map: YAMLMap, wanted: Readonly<Record<string, unknown>>, work: Work): void {
  if (map.items.length === 0) throw new NoSplice();
  for (const [index, pair] of map.items.entries()) {
    const key = keyOf(pair);
    const value = wanted[key];
    if (value === undefined) removeItem(map, index, work);
    else if (!isNode(pair.value)) throw new NoSplice();
    else change(pair.value, value, work);
  }
  const known = new Set(map.items.map((pair) => keyOf(pair)));
  const added = Object.entries(wanted).filter(([key, value]) => !known.has(key) && value !== undefined);
  if (added.length > 0 && map.items.every((pair) => wanted[keyOf(pair)] === undefined)) throw new NoSplice();
  if (added.length > 0)
    addItems(
      map,
      (column) =>
        added.map(([key, value]) =>
          map.flow === true
            ? flowText({ [key]: value })
                .slice(1, -1)
                .trim()
            : blockText({ [key]: value }, column),
        ),
      work,
    );
}

function changeList(list: YAMLSeq, wanted: readonly unknown[], work: Work): void {
  const items = list.items as readonly Node[];
  const ids = items.map((item) => idOf(valueOf(item)));
  const wantedIds = wanted.map((value) => idOf(value));
  const isNamed = wanted.every((value) => isRecord(value)) && areNames(ids) && areNames(wantedIds);
  if (!isNamed) {
    if (items.length !== wanted.length) throw new NoSplice();
    items.forEach((item, index) => change(item, wanted[index], work));
    return;
  }
  const kept = wanted.filter((_, index) => ids.includes(wantedIds[index] ?? null));
  if (kept.length === 0) throw new NoSplice();
  items.forEach((item, index) => {
    const at = wantedIds.indexOf(ids[index] ?? null);
    if (at === -1) removeItem(list, index, work);
    else change(item, wanted[at], work);
  });
  const added = wanted.filter((_, index) => !ids.includes(wantedIds[index] ?? null));
  if (added.length > 0)
    addItems(
      list,
      (column) => added.map((value) => (list.flow === true ? flowText(value) : `- ${blockText(value, column + 2)}`)),
      work,
    );
}

function areNames(ids: readonly (string | null)[]): boolean {
  return ids.every((id) => id !== null) && new Set(ids).size === ids.length;
}

/** Takes one item of a map or list out, with its own line's comment; comments on lines of their own stay. */
function removeItem(parent: YAMLMap | YAMLSeq, index: number, work: Work): void {
  const starts = parent.items.map((item) => startOf(item, parent, work.text));
  const ends = parent.items.map((item) => endOf(item, work.text));
  const [start, end, next, before] = [starts[index], ends[index], starts[index + 1], ends[index - 1]];
  if (start === undefined || end === undefined || parent.items.length === 1) throw new NoSplice();
  if (parent.flow === true) {
    if (next !== undefined) work.edits.push({ from: start, to: next, text: "" });
    else if (before !== undefined) work.edits.push({ from: before, to: end, text: "" });
    return;
  }
  const line = work.text.lastIndexOf("\n", start - 1) + 1;
  const isFirstOfLine = work.text.slice(line, start).trim() === "";
  if (isFirstOfLine) work.edits.push({ from: line, to: lineEnd(work.text, end), text: "" });
  // The first key of a list item stands behind its dash: the next key moves up.
  else if (next !== undefined && work.text.slice(end, next).trim() === "")
    work.edits.push({ from: start, to: next, text: "" });
  else throw new NoSplice();
}

function addItems(parent: YAMLMap | YAMLSeq, texts: (column: number) => readonly string[], work: Work): void {
  const first = parent.items[0];
  const last = parent.items.at(-1);
  if (first === undefined || last === undefined) throw new NoSplice();
  const column = columnOf(startOf(first, parent, work.text), work.text);
  const end = endOf(last, work.text);
  if (parent.flow === true) {
    work.edits.push({
      from: end,
      to: end,
      text: texts(column)
        .map((text) => `, ${text}`)
        .join(""),
    });
    return;
  }
  const indent = " ".repeat(column);
  const at = lineEnd(work.text, end);
  const isEndOfText = at === work.text.length && !work.text.endsWith("\n");
  const lines = texts(column).map((text) => `${indent}${text}`);
  work.edits.push({ from: at, to: at, text: isEndOfText ? `\n${lines.join("\n")}` : `${lines.join("\n")}\n` });
}

/** Writes a whole node anew, in the place and at the depth of the old one. */
function replace(node: Node, wanted: unknown, work: Work): void {
  const [from] = rangeOf(node);
  const to = endOf(node, work.text);
  const isFlow = isScalar(wanted) || !isBlockValue(wanted) || insideFlow(node, work.text);
  if (isFlow) {
    work.edits.push({ from, to, text: flowText(wanted) });
    return;
  }
  const isBlock = (isMap(node) || isSeq(node)) && node.flow !== true;
  if (isBlock) {
    work.edits.push({ from, to, text: blockText(wanted, columnOf(from, work.text)) });
    return;
  }
  // A value behind its key becomes a block below it.
  const line = work.text.lastIndexOf("\n", from - 1) + 1;
  const keyColumn = (/^[ -]*/.exec(work.text.slice(line))?.[0] ?? "").length;
  const column = keyColumn + 2;
  const gap = /[ \t]*$/.exec(work.text.slice(line, from))?.[0].length ?? 0;
  const isListItem = /^\s*-\s*$/.test(work.text.slice(line, from));
  if (isListItem) work.edits.push({ from, to, text: blockText(wanted, columnOf(from, work.text)) });
  else work.edits.push({ from: from - gap, to, text: `\n${" ".repeat(column)}${blockText(wanted, column)}` });
}

/** Lists of maps, and maps, are easier to read below each other; points and words beside each other. */
function isBlockValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((one) => isRecord(one));
  return isRecord(value) && Object.keys(value).length > 0;
}

/** Whether a node stands within brackets; the parser does not tell, so the brackets before it are counted by its parents. */
function insideFlow(node: Node, text: string): boolean {
  const [from] = rangeOf(node);
  const line = text.slice(text.lastIndexOf("\n", from - 1) + 1, from).replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/g, "");
  const opened = (line.match(/[[{]/g) ?? []).length - (line.match(/[\]}]/g) ?? []).length;
  return opened > 0;
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

function valueOf(node: Node): unknown {
  return node.toJSON() as unknown;
}

function rangeOf(node: Node): readonly [number, number] {
  if (!node.range) throw new NoSplice();
  return [node.range[0], node.range[1]];
}

/** Where an item begins: its key, or the dash of a list. */
function startOf(item: unknown, parent: YAMLMap | YAMLSeq, text: string): number {
  const node = isMap(parent) ? (item as Pair).key : item;
  if (!isNode(node)) throw new NoSplice();
  const [from] = rangeOf(node);
  if (isMap(parent) || parent.flow === true) return from;
  const dash = text.lastIndexOf("-", from - 1);
  if (dash === -1 || text.slice(dash + 1, from).trim() !== "") throw new NoSplice();
  return dash;
}

/** Where the last byte of a value lies; the parser counts the blank lines after a block to it. */
function endOf(item: unknown, text: string): number {
  const node = isNode(item) ? item : (item as Pair).value;
  if (!isNode(node)) throw new NoSplice();
  const [from, to] = rangeOf(node);
  if ((isMap(node) || isSeq(node)) && node.flow !== true && node.items.length > 0)
    return endOf(node.items.at(-1), text);
  return from + text.slice(from, to).trimEnd().length;
}

/** Behind the line break of the line in which `at` lies. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end + 1;
}

function columnOf(at: number, text: string): number {
  return at - (text.lastIndexOf("\n", at - 1) + 1);
}
