/** As much XML as cameras speak, read without trust: no entities of their own, no document types, bounded in size and depth (pure). */

/** One element; names without their prefix, which every maker chooses otherwise. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** Its text, without that of its children. */
  readonly text: string;
}

/** An answer of a camera has a few kilobytes; one with sixty profiles some dozens. */
export const maxXmlChars = 256 * 1_024;
const maxDepth = 32;
const maxElements = 8_000;

const token = /<!--[\s\S]*?-->|<\?[^?]*\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([^\s/>!?]+)([^>]*?)(\/?)>|([^<]+)/gy;
const attribute = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** The root element; null for what is no XML of this kind. Never throws. */
export function xmlOf(text: string): Element | null {
  if (text.length > maxXmlChars) return null;
  const open: Open[] = [{ name: "", attributes: {}, children: [], text: "" }];
  let elements = 0;
  token.lastIndex = text.startsWith("\uFEFF") ? 1 : 0;
  while (token.lastIndex < text.length) {
    const found = token.exec(text);
    const top = open.at(-1);
    if (!found || !top) return null;
    const [, raw, closes, name, rest = "", isEmpty, plain] = found;
    if (raw !== undefined) top.text += raw;
    else if (plain !== undefined) top.text += unescaped(plain);
    if (name === undefined) continue;
    if (closes === "/") {
      const parent = open.at(-2);
      if (!parent || top.name !== local(name)) return null;
      open.pop();
      parent.children.push(top);
      continue;
    }
    if ((elements += 1) > maxElements || open.length > maxDepth) return null;
    const element: Open = { name: local(name), attributes: attributesOf(rest), children: [], text: "" };
    if (isEmpty === "/") top.children.push(element);
    else open.push(element);
  }
  return open.length === 1 ? (open[0]?.children[0] ?? null) : null;
}

/** Every element of that name below, in the order of the text. */
export function all(element: Element, name: string): readonly Element[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}

/** The first of that name below; null when there is none. */
export function first(element: Element, name: string): Element | null {
  return all(element, name)[0] ?? null;
}

/** Its text without blanks around it; empty when there is no such element. */
export function textIn(element: Element, name: string): string {
  return first(element, name)?.text.trim() ?? "";
}

/** Text made safe to stand in XML. */
export function escaped(text: string): string {
  return text.replaceAll(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(attribute)].map(([, name = "", double, single]) => [
      local(name),
      unescaped(double ?? single ?? ""),
    ]),
  );
}

/** The five names of XML and numbers; whatever else stands there stays as it is. */
function unescaped(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/g, (whole, decimal, hex, name) => {
    if (typeof name === "string") return named[name] ?? whole;
    const code = typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
