/**
 * The address: path and filters behind the `#`, so that a link can be sent and no server rule is needed.
 * `#/events?camera=north-pier` is path `/events` with the filter camera = north-pier.
 */
import { computed, signal } from "@preact/signals";

/** Where the reader is. */
export interface Place {
  readonly path: string;
  readonly filters: Readonly<Record<string, string>>;
}

/** Takes an address fragment apart; anything odd leads home. */
export function placeOf(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  return {
    path: path.startsWith("/") ? path : "/live",
    filters: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** The fragment of a place; empty filters leave no trace. */
export function hashOf({ path, filters }: Place): string {
  const kept = Object.entries(filters).filter(([, value]) => value !== "");
  const query = new URLSearchParams(kept).toString();
  return `#${path}${query === "" ? "" : `?${query}`}`;
}

/** Who is asked before the reader leaves; the answer true lets them go. */
type Leave = (to: Place) => boolean;

const leaveAsked = new Set<Leave>();
const current = signal<Place>(placeOf(location.hash));

/** The present place. */
export const place = computed(() => current.value);

window.addEventListener("hashchange", () => {
  const next = placeOf(location.hash);
  if (next.path !== current.value.path && [...leaveAsked].some((ask) => !ask(next))) {
    history.replaceState(null, "", hashOf(current.value));
    return;
  }
  current.value = next;
});

/** Goes to a place; `replace` leaves no step in the history, as for a filter that is being typed. */
export function goTo(path: string, filters: Place["filters"] = {}, replace = false): void {
  const hash = hashOf({ path, filters });
  if (hash === location.hash) return;
  if (!replace) {
    location.hash = hash;
    return;
  }
  history.replaceState(null, "", hash);
  current.value = placeOf(hash);
}

/** Sets filters of the present page and keeps the others; an empty text takes one away. */
export function setFilters(filters: Place["filters"]): void {
  goTo(current.value.path, { ...current.value.filters, ...filters }, true);
}

/** Asks before another path is opened, until the returned function is called. */
export function askBeforeLeaving(ask: Leave): () => void {
  leaveAsked.add(ask);
  return () => leaveAsked.delete(ask);
}
