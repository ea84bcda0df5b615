/** What the classes of objects are called, from the models that lie on the box; fetched once. */
import { signal } from "@preact/signals";
import type { ModelView } from "../../api.ts";
import { call } from "../shell/call.ts";
import { language } from "../shell/language.ts";

type Names = ReadonlyMap<string, { readonly zh: string; readonly en: string }>;

const names = signal<Names | null>(null);
let isAsked = false;

async function load(): Promise<void> {
  try {
    const { value } = await call<readonly ModelView[]>("GET", "/models");
    names.value = new Map(value.flatMap(({ labels }) => labels.map((label) => [label.id, label])));
  } catch {
    isAsked = false; // Without the names the ids are shown; the next box that is drawn asks again.
  }
}

/** The name of a class in the reader's language; its id where no model tells one. */
export function labelName(id: string): string {
  if (!isAsked) {
    isAsked = true;
    void load();
  }
  return names.value?.get(id)?.[language.value] ?? id;
}
