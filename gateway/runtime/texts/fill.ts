/** Texts with places to fill: `"camera {camera} is silent"`, `"{count} track{count|s}"`. */

/** The two languages of the product. */
export type Language = "zh" | "en";

/** What fills the places of a text. */
export type Values = Readonly<Record<string, string | number | boolean>>;

/** One text in both languages; a missing language fails the type check. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

/**
 * Puts `values` into the `{places}` of `text`; a place without a value stays visible, so that a test can see it. `{count|s}`
 * is the ending `s` unless the value is 1. What would say in brackets behind a place the same as that place is left out: a
 * camera without a name goes by its address.
 */
export function fill(text: string, values: Values = {}): string {
  const once = text.replaceAll(/\{(\w+)\} ?[(（]\{(\w+)\}[)）]/g, (both, name: string, again: string) =>
    // The Chinese bracket stood in for the space between a word and the number before it.
    values[name] !== undefined && values[name] === values[again] ? `{${name}}${both.endsWith("）") ? " " : ""}` : both,
  );
  return once.replaceAll(/\{(\w+)(?:\|(\w+))?\}/g, (place, name: string, ending?: string) => {
    const value = values[name];
    if (value === undefined) return place;
    if (ending === undefined) return String(value);
    return String(value) === "1" ? "" : ending;
  });
}

/** The language to speak to a reader whose locale is `locale` (`LANG`, `Accept-Language`): Chinese for `zh…`, English for all else. */
export function languageOf(locale: string | undefined): Language {
  const tag = (locale ?? "").toLowerCase();
  return tag.startsWith("zh") ? "zh" : "en";
}
