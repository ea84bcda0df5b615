/** The event types that rules may name, fetched once. */
import { signal } from "@preact/signals";
import type { CatalogueType } from "../../api.ts";
import { call } from "../shell/call.ts";
import { said } from "../shell/say-failure.ts";

/** Null before it came. */
export const catalogue = signal<readonly CatalogueType[] | null>(null);

let asked: Promise<void> | null = null;

/** The name of an event type; its id until the catalogue came. */
export function typeName(type: string): string {
  const known = catalogue.value?.find(({ id }) => id === type);
  return known ? said(known.name) : type;
}

/** Fetches the catalogue; a failure is tried again at the next call. */
export function loadCatalogue(): Promise<void> {
  asked ??= call<readonly CatalogueType[]>("GET", "/catalogue").then(
    ({ value }) => {
      catalogue.value = value;
    },
    (error: unknown) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}
