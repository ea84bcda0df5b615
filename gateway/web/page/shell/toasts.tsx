/** Short notes at the foot of the page: what was done, what failed and what to do about it. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { shellTexts } from "../texts/shell.ts";
import { t } from "./language.ts";

/** One note. */
export interface Toast {
  readonly id: number;
  readonly mood: "good" | "bad";
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string | undefined;
  /** A button on the note. */
  readonly action?: { readonly text: string; readonly run: () => void } | undefined;
}

/** Good news goes by itself; bad news stays until it is read. */
const goodMs = 6_000;
const most = 4;
let lastId = 0;
const toasts = signal<readonly Toast[]>([]);

/** Shows a note; at most four stand at a time, the oldest goes. */
export function showToast(toast: Omit<Toast, "id">): void {
  lastId += 1;
  const id = lastId;
  toasts.value = [...toasts.value, { ...toast, id }].slice(-most);
  if (toast.mood === "good") setTimeout(() => dismiss(id), goodMs);
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

/** Where the notes stand. */
export function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, mood, text, remedy, action }) => (
        <div key={id} class={`toast ${mood}`} data-testid="toast">
          <p>
            <span aria-hidden="true">{mood === "good" ? "✓ " : "▲ "}</span>
            {text}
            {remedy !== undefined && <small>{remedy}</small>}
          </p>
          {action && (
            <button type="button" class="plain" onClick={action.run}>
              {action.text}
            </button>
          )}
          <button type="button" class="plain icon" aria-label={t(shellTexts.close)} onClick={() => dismiss(id)}>
            ✕
          </button>
        </div>
      ))}
    </div>
  );
}
