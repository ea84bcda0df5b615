/** The rehearsal of a draft: asked while one drags, at most five times a second, and once more when the hand rests. */
import { effect, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { EventPage, EventRow, PreviewAnswer, PreviewRequest, RuleSet } from "../../api.ts";
import { call, CallFailed } from "../shell/call.ts";
import type { Desk } from "../editor/desk.ts";

/** Windows that end now. */
export const spans = ["hour", "day", "week"] as const;
const spanMs: Readonly<Record<(typeof spans)[number], number>> = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
};
/** Before and after a marked event. */
const aroundMs = 600_000;
/** The window that was chosen: one that ends now, or the time around an event that somebody marked. */
export const span = signal<(typeof spans)[number] | EventRow>("day");

type Time = Pick<PreviewRequest, "fromMs" | "toMs">;

function timeOf(chosen: typeof span.value, nowMs: number): Time {
  if (typeof chosen === "string") return { fromMs: nowMs - spanMs[chosen], toMs: nowMs };
  const { startMs, endMs } = chosen;
  return { fromMs: startMs - aroundMs, toMs: Math.min(nowMs, (endMs ?? startMs) + aroundMs) };
}

/** The newest events of a camera that somebody marked true or false, newest first; none where they cannot be had. */
export async function markedEvents(camera: string, signal: AbortSignal): Promise<readonly EventRow[]> {
  const of = async (mark: "true" | "false"): Promise<readonly EventRow[]> =>
    (await call<EventPage>("GET", `/events?camera=${camera}&mark=${mark}&limit=8`, { signal })).value.events;
  const [right, wrong] = await Promise.all([of("true"), of("false")]);
  return [...right, ...wrong].sort((a, b) => b.startMs - a.startMs);
}

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
    // One that was chosen at another camera says nothing here.
    const chosen = span.peek();
    if (typeof chosen !== "string" && chosen.camera !== desk.camera) span.value = "day";
    const asker = new Asker(desk.camera, merge);
    const stop = effect(() => asker.want(desk.editor.rules.value, span.value));
    const stopEvents = effect(() => {
      void eventsOf(desk.camera, timeOf(span.value, Date.now())).then((events) => merge({ events }));
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
async function eventsOf(camera: string, { fromMs, toMs }: Time): Promise<readonly EventRow[]> {
  try {
    const path = `/events?camera=${camera}&fromMs=${fromMs}&toMs=${toMs}&limit=200`;
    return (await call<EventPage>("GET", path)).value.events;
  } catch {
    return [];
  }
}

/** One question at a time; a newer draft takes the place of the one that waits. */
class Asker {
  readonly #camera: string;
  readonly #tell: (part: Partial<Rehearsal>) => void;
  #wanted: { readonly rules: RuleSet; readonly over: typeof span.value } | null = null;
  #abort: AbortController | null = null;
  #askedMs = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(camera: string, tell: (part: Partial<Rehearsal>) => void) {
    this.#camera = camera;
    this.#tell = tell;
  }

  want(rules: RuleSet, over: typeof span.value): void {
    this.#wanted = { rules, over };
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
    const body: PreviewRequest = { camera: this.#camera, rules: wanted.rules, ...timeOf(wanted.over, Date.now()) };
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
