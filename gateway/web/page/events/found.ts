/** What was found with the present filters: it stays while one event is looked at, so that the next one is known. */
import { signal } from "@preact/signals";
import type { EventPage, EventRow, Mark } from "../../api.ts";
import { call } from "../shell/call.ts";
import { onlyFilters, queryOf } from "./filters.ts";

/** As many as a phone can hold without growing slow. */
const mostKept = 2_000;
const pageSize = 50;

/** Rows of the list, newest first; null before the first answer. */
export const found = signal<readonly EventRow[] | null>(null);
/** Where the list goes on; null at its end. */
export const next = signal<string | null>(null);
/** Events that began since the list was fetched. */
export const fresh = signal(0);
let keptQuery: string | null = null;

type Filters = Readonly<Record<string, string>>;

/** Fetches the list anew; one that is already there for the same filters stays unless `again`. @throws CallFailed */
export async function find(filters: Filters, again: boolean, abort: AbortSignal): Promise<void> {
  const query = queryOf(filters);
  if (!again && keptQuery === query && found.value !== null) return;
  const path = `/events${queryOf(filters, { limit: String(pageSize) })}`;
  const { value } = await call<EventPage>("GET", path, { signal: abort });
  keptQuery = query;
  found.value = value.events;
  next.value = value.next;
  fresh.value = 0;
}

/** Fetches the next rows. @throws CallFailed */
export async function findMore(filters: Filters): Promise<void> {
  const cursor = next.value;
  if (cursor === null) return;
  const query = queryOf(filters);
  const path = `/events${queryOf(filters, { limit: String(pageSize), cursor })}`;
  const { value } = await call<EventPage>("GET", path);
  // Other filters may have been chosen meanwhile: their list must not get these rows.
  if (keptQuery !== query || next.value !== cursor) return;
  const known = new Set((found.value ?? []).map(({ id }) => id));
  const rows = [...(found.value ?? []), ...value.events.filter(({ id }) => !known.has(id))];
  found.value = rows.slice(0, mostKept);
  next.value = rows.length >= mostKept ? null : value.next;
}

/** The rows before and after one, as far as they were fetched. */
export function neighbours(id: string): { readonly previous: EventRow | null; readonly next: EventRow | null } {
  const rows = found.value ?? [];
  const at = rows.findIndex((row) => row.id === id);
  if (at < 0) return { previous: null, next: null };
  return { previous: rows[at - 1] ?? null, next: rows[at + 1] ?? null };
}

/** Shows a mark in the list without asking for the list again. */
export function noteMark(id: string, mark: Mark | null): void {
  found.value = found.value?.map((row) => (row.id === id ? { ...row, mark } : row)) ?? null;
}

/** The address of one event; the filters travel along for the way back. */
export function addressOfEvent(id: string, filters: Filters): { readonly path: string; readonly filters: Filters } {
  return { path: `/events/${encodeURIComponent(id)}`, filters: onlyFilters(filters) };
}
