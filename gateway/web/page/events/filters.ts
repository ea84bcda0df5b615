/** The filters of the list: they are the address, so that a link can be sent, and the query of the box (pure). */
import type { EventFilter } from "../../api.ts";

/** Filters of the address that the box understands, under the same names. */
export const filterKeys = [
  "camera",
  "zone",
  "type",
  "label",
  "severity",
  "certainty",
  "fromMs",
  "toMs",
  "mark",
  "acknowledged",
  "open",
  "testWalk",
] as const satisfies readonly (keyof EventFilter)[];

type Filters = Readonly<Record<string, string>>;

/** The query of the box; `more` is added as it is. */
export function queryOf(filters: Filters, more: Filters = {}): string {
  const own = filterKeys.map((key): [string, string] => [key, filters[key] ?? ""]);
  const query = new URLSearchParams([...own, ...Object.entries(more)].filter(([, value]) => value !== ""));
  return query.size === 0 ? "" : `?${query.toString()}`;
}

/** How many filters hold. */
export function filterCount(filters: Filters): number {
  return filterKeys.filter((key) => (filters[key] ?? "") !== "").length;
}

/** Every filter taken away; what else stands in the address stays. */
export function withoutFilters(filters: Filters): Filters {
  return { ...filters, ...Object.fromEntries(filterKeys.map((key) => [key, ""])) };
}

/** The filters alone, for the address of a detail that must find its way back. */
export function onlyFilters(filters: Filters): Filters {
  const kept = [...filterKeys, "view"].map((key) => [key, filters[key] ?? ""] as const);
  return Object.fromEntries(kept.filter(([, value]) => value !== ""));
}

/** One of several values that a comma-separated filter holds, put in or taken out. */
export function toggled(list: string, value: string): string {
  const values = list === "" ? [] : list.split(",");
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  return next.sort().join(",");
}

const two = (value: number): string => String(value).padStart(2, "0");

/** Milliseconds as a `datetime-local` field writes them, in this device's time zone; empty for no number. */
export function fieldOf(ms: string | undefined): string {
  if (ms === undefined || !/^\d{1,15}$/.test(ms)) return "";
  const at = new Date(Number(ms));
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The other way: empty for an empty or unfinished field. */
export function msOf(field: string): string {
  // Browsers read half a date as something; a field that is still being typed must not become a filter.
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(field) ? new Date(field).getTime() : NaN;
  return Number.isNaN(ms) ? "" : String(ms);
}
