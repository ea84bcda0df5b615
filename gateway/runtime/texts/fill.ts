/** Texts with places to fill: `"camera {camera} is silent"`. */

/** The two languages of the product. */
export type Language = "zh" | "en";

/** What fills the places of a text. */
export type Values = Readonly<Record<string, string | number | boolean>>;

/** One text in both languages; a missing language fails the type check. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

/** Puts `values` into the `{places}` of `text`; a place without a value stays visible, so that a test can see it. */
export function fill(text: string, values: Values = {}): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    return value === undefined ? place : String(value);
  });
}

/** The language to speak to a reader whose locale is `locale` (`LANG`, `Accept-Language`): Chinese for `zh…`, English for all else. */
export function languageOf(locale: string | undefined): Language {
  const tag = (locale ?? "").toLowerCase();
  return tag.startsWith("zh") ? "zh" : "en";
}
