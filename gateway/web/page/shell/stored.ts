/** Choices kept in this browser; a browser that keeps nothing still works, it only forgets. */
import { effect, signal, type Signal } from "@preact/signals";

const prefix = "xueliang.";

/** Reads a kept text; null when there is none or the browser refuses. */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(prefix + key);
  } catch {
    return null;
  }
}

/** Keeps a text, or forgets it when `value` is null; false when the browser refuses or is full. */
export function writeStored(key: string, value: string | null): boolean {
  try {
    if (value === null) localStorage.removeItem(prefix + key);
    else localStorage.setItem(prefix + key, value);
    return true;
  } catch {
    return false;
  }
}

/** A choice out of `choices`; what is kept but no longer offered falls back to the first. */
export function storedChoice<T extends string>(key: string, choices: readonly [T, ...T[]]): Signal<T> {
  const kept = readStored(key);
  const choice = signal<T>(choices.find((one) => one === kept) ?? choices[0]);
  effect(() => {
    writeStored(key, choice.value);
  });
  return choice;
}
