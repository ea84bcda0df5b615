/** The language of the page: switched without reload, because every text is read through the signal. */
import { effect, signal } from "@preact/signals";
import { fill, languageOf, type Language, type Text, type Values } from "../../../runtime/texts/fill.ts";
import { readStored, writeStored } from "./stored.ts";

function initial(): Language {
  const kept = readStored("language");
  return kept === "zh" || kept === "en" ? kept : languageOf(navigator.language);
}

/** The reader's language. */
export const language = signal<Language>(initial());

effect(() => {
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
});

/** Changes the language and remembers it. */
export function setLanguage(next: Language): void {
  writeStored("language", next);
  language.value = next;
}

/** `text` in the reader's language, its places filled; a component that calls it is drawn anew when the language changes. */
export function t(text: Text, values: Values = {}): string {
  return fill(text[language.value], values);
}

const locale = (): string => (language.value === "zh" ? "zh-CN" : "en-GB");

/** The site's time zone, as the box tells it: sheet, platform and the picture's own clock say the same. Before, this device's. */
export const siteZone = signal(Intl.DateTimeFormat().resolvedOptions().timeZone);

/** `22:31:04` at the site. */
export function clockText(ms: number): string {
  const options = { timeStyle: "medium", hourCycle: "h23", timeZone: siteZone.value } as const;
  return new Intl.DateTimeFormat(locale(), options).format(ms);
}

/** `21 Nov 2026, 22:31` at the site, or in another zone. */
export function momentText(ms: number, timeZone = siteZone.value): string {
  const options = { dateStyle: "medium", timeStyle: "short", hourCycle: "h23", timeZone } as const;
  return new Intl.DateTimeFormat(locale(), options).format(ms);
}

/** A number with at most `digits` decimals. */
export function numberText(value: number, digits = 0): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
}
