/** Something that is asked for when a component appears: wait, answer, or a reason with a button to try again. */
import { signal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { JSX } from "preact";
import { shellTexts } from "../texts/shell.ts";
import { t } from "./language.ts";
import { failureText } from "./say-failure.ts";

/** What became of it. */
export interface Loading<T> {
  /** Null until it is there; an older answer stays while it is asked again. */
  readonly value: ReadonlySignal<T | null>;
  readonly error: ReadonlySignal<Error | null>;
  readonly busy: ReadonlySignal<boolean>;
  readonly again: () => void;
}

/** Asks when the component appears and whenever one of `inputs` changes; the last question wins. */
export function useLoading<T>(ask: (signal: AbortSignal) => Promise<T>, inputs: readonly unknown[] = []): Loading<T> {
  const cell = useMemo(
    () => ({ value: signal<T | null>(null), error: signal<Error | null>(null), busy: signal(false), beat: signal(0) }),
    [],
  );
  const beat = cell.beat.value;
  useEffect(() => {
    const ended = new AbortController();
    cell.busy.value = true;
    ask(ended.signal)
      .then((value) => {
        if (ended.signal.aborted) return;
        cell.value.value = value;
        cell.error.value = null;
      })
      .catch((error: unknown) => {
        if (!ended.signal.aborted) cell.error.value = error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        if (!ended.signal.aborted) cell.busy.value = false;
      });
    return () => ended.abort();
  }, [...inputs, beat]);
  return {
    ...cell,
    again: () => {
      cell.beat.value += 1;
    },
  };
}

/** A reason, and a way to try again. */
export function Trouble({ error, retry }: { readonly error: Error; readonly retry?: () => void }): JSX.Element {
  const { text, remedy } = failureText(error);
  return (
    <div class="trouble" role="alert">
      <p>
        <span aria-hidden="true">▲ </span>
        {text}
      </p>
      {remedy !== undefined && <p>{remedy}</p>}
      {retry && (
        <button type="button" onClick={retry}>
          {t(shellTexts.retry)}
        </button>
      )}
    </div>
  );
}
