/** The rehearsal of a draft: asked while one drags, at most five times a second, and once more when the hand rests. */
import { effect, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { EventPage, EventRow, PreviewAnswer, PreviewRequest, RuleSet } from "../../api.ts";
import { call, CallFailed } from "../shell/call.ts";
import type { Desk } from "../editor/desk.ts";

/** The windows one can choose. */
export const spans = ["hour", "day", "week"] as const;
const spanMs: Readonly<Record<(typeof spans)[number], number>> = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
};
export const span = signal<(typeof spans)[number]>("day");

/** A recorded event that belongs to a happening. */
export type Marked = EventRow | null;

const betweenMs = 200;
const restMs = 150;

/** What the panel shows. */
export interface Rehearsal {
  readonly answer: PreviewAnswer | null;
  readonly error: Error | null;
  readonly busy: boolean;
  readonly events: readonly EventRow[];
}

/** Runs as long as the panel is open. */
export function useRehearsal(desk: Desk): Rehearsal {
  const state = useMemo(() => signal<Rehearsal>({ answer: null, error: null, busy: true, events: [] }), [desk]);
  useEffect(() => {
    const merge = (part: Partial<Rehearsal>): void => {
      state.value = { ...state.peek(), ...part };
    };
    const asker = new Asker(desk.camera, merge);
    const stop = effect(() => asker.want(desk.editor.rules.value, spanMs[span.value]));
    const stopEvents = effect(() => {
      void eventsOf(desk.camera, spanMs[span.value]).then((events) => merge({ events }));
    });
    return () => {
      stop();
      stopEvents();
      asker.stop();
    };
  }, [desk]);
  return state.value;
}

/** Recorded events of the window, for pictures and marks; without them the lists are only plainer. */
async function eventsOf(camera: string, lengthMs: number): Promise<readonly EventRow[]> {
  try {
    const path = `/events?camera=${camera}&fromMs=${Date.now() - lengthMs}&limit=200`;
    return (await call<EventPage>("GET", path)).value.events;
  } catch {
    return [];
  }
}

/** One question at a time; a newer draft takes the place of the one that waits. */
class Asker {
  readonly #camera: string;
  readonly #tell: (part: Partial<Rehearsal>) => void;
  #wanted: { readonly rules: RuleSet; readonly lengthMs: number } | null = null;
  #abort: AbortController | null = null;
  #askedMs = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(camera: string, tell: (part: Partial<Rehearsal>) => void) {
    this.#camera = camera;
    this.#tell = tell;
  }

  want(rules: RuleSet, lengthMs: number): void {
    this.#wanted = { rules, lengthMs };
    clearTimeout(this.#timer);
    const sinceMs = performance.now() - this.#askedMs;
    // While the hand moves the beat is kept; a last question follows when it rests.
    if (sinceMs >= betweenMs) void this.#ask();
    else this.#timer = setTimeout(() => void this.#ask(), Math.max(restMs, betweenMs - sinceMs));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#wanted = null;
  }

  async #ask(): Promise<void> {
    const wanted = this.#wanted;
    if (!wanted) return;
    this.#wanted = null;
    this.#askedMs = performance.now();
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#tell({ busy: true });
    const toMs = Date.now();
    const body: PreviewRequest = { camera: this.#camera, rules: wanted.rules, fromMs: toMs - wanted.lengthMs, toMs };
    try {
      const { value } = await call<PreviewAnswer>("POST", "/rules/preview", {
        body,
        signal: abort.signal,
        deadlineMs: 60_000,
      });
      if (!abort.signal.aborted) this.#tell({ answer: value, error: null, busy: false });
    } catch (error) {
      // 409: a newer question of ours overtook this one; 422: the outline is being mended right now.
      const passing = error instanceof CallFailed && (error.status === 409 || error.status === 422);
      if (!abort.signal.aborted) this.#tell(passing ? { busy: false } : { busy: false, error: error as Error });
    }
  }
}
