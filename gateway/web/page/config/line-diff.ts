/** The difference of two texts by lines (pure). */

/** A line as it is in both, only before, or only after. Numbers count from 1; null where the line is not. */
export interface DiffLine {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** A table of more cells would cost a phone its memory; such texts are shown as replaced. */
const mostCells = 4_000_000;

/** Every line, in order. */
export function diffOf(before: string, after: string): readonly DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1;
  const found: DiffLine[] = a.slice(0, head).map((text, at) => same(text, at, at));
  found.push(...middleOf(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head));
  for (let at = a.length - tail; at < a.length; at += 1) found.push(same(a[at] ?? "", at, at - a.length + b.length));
  return found;
}

/** A text of no characters has no lines; a line break at the end begins none. */
function linesOf(text: string): readonly string[] {
  const lines = text.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function same(text: string, before: number, after: number): DiffLine {
  return { kind: "same", text, before: before + 1, after: after + 1 };
}

/** The longest common subsequence, by the table; `from` is where both parts begin. */
function middleOf(a: readonly string[], b: readonly string[], from: number): readonly DiffLine[] {
  const gone = (x: number): DiffLine => ({ kind: "removed", text: a[x] ?? "", before: from + x + 1, after: null });
  const come = (y: number): DiffLine => ({ kind: "added", text: b[y] ?? "", before: null, after: from + y + 1 });
  if (a.length * b.length > mostCells) return [...a.map((_, x) => gone(x)), ...b.map((_, y) => come(y))];
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  const at = (x: number, y: number): number => longest[x * width + y] ?? 0;
  for (let x = a.length - 1; x >= 0; x -= 1)
    for (let y = b.length - 1; y >= 0; y -= 1)
      longest[x * width + y] = a[x] === b[y] ? at(x + 1, y + 1) + 1 : Math.max(at(x + 1, y), at(x, y + 1));
  const found: DiffLine[] = [];
  let [x, y] = [0, 0];
  while (x < a.length || y < b.length) {
    if (x < a.length && y < b.length && a[x] === b[y]) {
      found.push(same(a[x] ?? "", from + x, from + y));
      x += 1;
      y += 1;
    } else if (x < a.length && (y === b.length || at(x + 1, y) >= at(x, y + 1))) {
      found.push(gone(x));
      x += 1;
    } else {
      found.push(come(y));
      y += 1;
    }
  }
  return found;
}

/** Runs of unchanged lines, all but `around` lines beside a change, folded into their number. */
export function foldedOf(lines: readonly DiffLine[], around = 3): readonly (DiffLine | number)[] {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - around), at + around + 1).some((l) => l.kind !== "same"),
  );
  const found: (DiffLine | number)[] = [];
  lines.forEach((line, at) => {
    const last = found.at(-1);
    if (near[at] === true) found.push(line);
    else if (typeof last === "number") found[found.length - 1] = last + 1;
    else found.push(1);
  });
  return found;
}
