/** Python literals as `str()` writes them: dicts, lists, tuples, texts, numbers, True, False, None (pure, bounded). */

const longest = 200_000;
const deepest = 8;

/** Dicts become Maps, tuples arrays; undefined where the text is no literal. Nothing is ever evaluated. */
export function readPythonLiteral(text: string): unknown {
  if (text.length > longest) return undefined;
  try {
    const reader = new LiteralReader(text);
    const value = reader.value(0);
    return reader.isAtEnd() ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Labels in the order of their index: from `{0: 'a', 1: 'b'}` or `['a', 'b']`; undefined for anything else. */
export function labelsOf(value: unknown): readonly string[] | undefined {
  const list: unknown[] = [];
  if (value instanceof Map) for (let i = 0; i < value.size; i += 1) list.push(value.get(i) ?? value.get(String(i)));
  else if (Array.isArray(value)) list.push(...(value as unknown[]));
  const isLabel = (label: unknown): label is string =>
    typeof label === "string" && label.length >= 1 && label.length <= 64;
  return list.length >= 1 && list.length <= 1000 && list.every(isLabel) ? list : undefined;
}

/** Two whole numbers, from `[640, 640]` or `640`. */
export function pairOf(value: unknown): readonly [number, number] | undefined {
  const [a, b] = Array.isArray(value) ? (value as unknown[]) : [value, value];
  const isSize = (n: unknown): n is number => Number.isInteger(n) && Number(n) >= 32 && Number(n) <= 2048;
  return isSize(a) && isSize(b) ? [a, b] : undefined;
}

class LiteralReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    this.#space();
    return this.#at === this.#text.length;
  }

  value(depth: number): unknown {
    if (depth > deepest) throw new SyntaxError("too deep");
    this.#space();
    const next = this.#text[this.#at];
    if (next === "{") return this.#dict(depth);
    if (next === "[") return this.#list("]", depth);
    if (next === "(") return this.#list(")", depth);
    if (next === "'" || next === '"') return this.#string(next);
    return this.#word();
  }

  #dict(depth: number): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    this.#at += 1;
    while (!this.#skip("}")) {
      const key = this.value(depth + 1);
      if (!this.#skip(":")) throw new SyntaxError("no colon");
      map.set(key, this.value(depth + 1));
      if (!this.#skip(",") && !this.#peek("}")) throw new SyntaxError("no comma");
    }
    return map;
  }

  #list(end: string, depth: number): unknown[] {
    const list: unknown[] = [];
    this.#at += 1;
    while (!this.#skip(end)) {
      list.push(this.value(depth + 1));
      if (!this.#skip(",") && !this.#peek(end)) throw new SyntaxError("no comma");
    }
    return list;
  }

  #string(quote: string): string {
    let text = "";
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const letter = this.#text[this.#at] ?? "";
      if (letter === quote) {
        this.#at += 1;
        return text;
      }
      if (letter === "\\") this.#at += 1;
      text += letter === "\\" ? (this.#text[this.#at] ?? "") : letter;
    }
    throw new SyntaxError("text without end");
  }

  #word(): unknown {
    const word = /^[A-Za-z0-9.+-]+/.exec(this.#text.slice(this.#at, this.#at + 40))?.[0] ?? "";
    this.#at += word.length;
    if (word === "True" || word === "False") return word === "True";
    if (word === "None") return null;
    const number = Number(word);
    if (word === "" || !Number.isFinite(number)) throw new SyntaxError("no literal");
    return number;
  }

  #skip(letter: string): boolean {
    const here = this.#peek(letter);
    if (here) this.#at += 1;
    return here;
  }

  #peek(letter: string): boolean {
    this.#space();
    return this.#text[this.#at] === letter;
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at += 1;
  }
}
