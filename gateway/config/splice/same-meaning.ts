/** Whether two values of our files mean the same (pure). */

/** The id of a thing in a list; a rule without one is named by its type, a rule written as a word by that word. */
export function idOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const { id, type } = value as { readonly id?: unknown; readonly type?: unknown };
  if (typeof id === "string") return id;
  return typeof type === "string" ? type : null;
}

/**
 * Equal but for the order of keys and of things with ids, a rule written as a word (`type` alone), and lists that are empty
 * on one side and missing on the other.
 */
export function sameMeaning(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a === "string" && isRecord(b)) return sameMeaning({ type: a }, b);
  if (typeof b === "string" && isRecord(a)) return sameMeaning(a, { type: b });
  if (Array.isArray(a) && Array.isArray(b)) return sameList(a, b);
  if (!isRecord(a) || !isRecord(b)) return isNothing(a) && isNothing(b);
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => sameMeaning(a[key], b[key]));
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  const isNamed = [...a, ...b].every((one) => isRecord(one) && idOf(one) !== null);
  if (!isNamed) return a.every((one, index) => sameMeaning(one, b[index]));
  return a.every((one) => b.some((other) => idOf(other) === idOf(one) && sameMeaning(one, other)));
}

function isNothing(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
