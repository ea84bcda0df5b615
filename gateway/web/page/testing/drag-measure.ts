/** From the pointer to the screen: a drag under the browser's own trace, and what its time is made of. */
import type { Browser, Page } from "playwright-core";
import type { RuleSet, XY } from "../../api.ts";
import type { EditorPage, Spot } from "./browser.ts";

const corners = (cx: number, cy: number): readonly XY[] =>
  Array.from({ length: 16 }, (_, i): XY => [
    Math.round((cx + 0.08 * Math.cos((i / 8) * Math.PI)) * 1e4) / 1e4,
    Math.round((cy + 0.1 * Math.sin((i / 8) * Math.PI)) * 1e4) / 1e4,
  ]);

/** Twelve zones of sixteen vertices. */
export const crowdedRules: RuleSet = {
  zones: Array.from({ length: 12 }, (_, i) => ({
    id: `z${i}`,
    polygon: corners(0.14 + (i % 4) * 0.24, 0.18 + Math.floor(i / 4) * 0.3),
    rules: [],
  })),
  lines: [],
  masks: [],
  schedules: [],
  holidays: [],
};

/** Runs in the page: feeds tracks at 10 Hz. */
export function feedTracks(count: number): void {
  const { feed } = (window as unknown as { __zoneEditor: { feed: (header: unknown) => void } }).__zoneEditor;
  let seq = 1e6;
  setInterval(() => {
    seq += 1;
    const tracks = Array.from({ length: count }, (_, i) => {
      const x = ((i * 0.047 + seq * 0.002) % 0.9) + 0.01;
      const y = (i % 5) * 0.18 + 0.02;
      return { id: i, cls: "person", conf: 0.8, box: [x, y, 0.05, 0.12], anchor: [x + 0.025, y + 0.12], state: "confirmed", zones: [] }; // prettier-ignore
    });
    feed({ cam: "north", seq, atMs: Date.now(), w: 960, h: 540, tracks, fired: [] });
  }, 100);
}

/** What a drag cost. */
export interface DragCost {
  /** From the pointer to the screen, ms: of each move that a frame showed, sorted. */
  readonly toScreenMs: readonly number[];
  /** What that way is made of, ms, sorted. */
  readonly stages: Readonly<Record<string, readonly number[]>>;
  /** Processor time of the main thread for each of its frames, ms, sorted: other work on the machine is not in it. */
  readonly frameMs: readonly number[];
  /** Processor time of the main thread over the whole drag, ms, by what it did. */
  readonly parts: Readonly<Record<string, number>>;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  /** Processor time, microseconds. */
  readonly tdur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly id2?: { readonly local?: string };
  readonly args?: { readonly event_latency?: { readonly event_type?: string } };
}

const frameName = "ProxyMain::BeginMainFrame";
/** What the time of a frame is made of, as the browser's trace calls it. */
const partNames = {
  script: ["EventDispatch", "TimerFire", "FireAnimationFrame"],
  "style and layout": ["UpdateLayoutTree", "Layout"],
  paint: ["PrePaint", "Paint", "Layerize"],
  "hand-over to the compositor": ["Commit"],
} as const;

/** What the way of an event is made of, as the browser's trace calls it. */
const stageNames = {
  "on its way into the page": ["GenerationToBrowserMain", "BrowserMainToRendererCompositor"],
  "wait for the main thread": ["RendererCompositorToMain"],
  handler: ["RendererMainProcessing"],
  "frame on the main thread": ["RendererMainFinishedToCommit", "Commit"],
  raster: ["EndCommitToActivation", "Activation"],
  "onto the screen": ["EndActivateToSubmitCompositorFrame", "SubmitCompositorFrameToPresentationCompositorFrame"],
} as const;
const moveNames = ["MOUSE_DRAGGED", "TOUCH_MOVED"];
const presented = "SubmitCompositorFrameToPresentationCompositorFrame";

/** What waits in the page for a move to have its frame. */
type Waiting = Window & { __seen?: () => void };

/** Runs in the page: the browser follows an event to the screen only when its handling asked for a frame. */
function followMoves(): void {
  window.addEventListener("pointermove", () => requestAnimationFrame(() => (window as Waiting).__seen?.()), {
    capture: true,
  });
}

/** The value that a share of a sorted list does not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** How a drag is made. */
export interface DragWishes {
  readonly moves: number;
  /** How much slower the main thread is made. */
  readonly rate: number;
  /** A finger brings the loupe with it. */
  readonly by: "mouse" | "finger";
}

/** Drags the first vertex of a shape, and reads the browser's trace of it. */
export async function tracedDrag(
  browser: Browser,
  at: EditorPage,
  { shape, ...wishes }: DragWishes & { readonly shape: string },
): Promise<DragCost> {
  const [x = 0, y = 0] = (await at.points(shape))[0] ?? [];
  return traced(browser, at.page, {
    from: await at.px([x, y]),
    // As far on a phone's small picture as on a large one: a finger that creeps presses long.
    to: await at.px(wishes.by === "finger" ? [x + 0.12, y + 0.2] : [x + 0.06, y + 0.1]),
    ...wishes,
  });
}

/** The floor of this machine: an empty page in which one outline of three corners follows the pointer, and nothing else is. */
export async function tracedFloor(browser: Browser, page: Page, wishes: DragWishes): Promise<DragCost> {
  await page.goto("about:blank");
  await page.setContent(`<svg width="340" height="340" style="touch-action:none"><polygon fill="gray"/></svg>`);
  await page.evaluate(() => {
    const outline = document.querySelector("polygon");
    window.addEventListener("pointermove", ({ clientX, clientY }) =>
      outline?.setAttribute("points", `0,0 60,10 ${clientX},${clientY}`),
    );
  });
  return traced(browser, page, { from: { x: 100, y: 100 }, to: { x: 160, y: 160 }, ...wishes });
}

/** By the browser's own input and not Playwright's, whose drags run scripts in the page around every move. */
async function traced(
  browser: Browser,
  page: Page,
  way: DragWishes & { readonly from: Spot; readonly to: Spot },
): Promise<DragCost> {
  const { from, to, moves, rate, by } = way;
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate });
  await page.evaluate(followMoves);
  await browser.startTracing(page, {
    categories: ["benchmark", "cc", "input", "devtools.timeline", "disabled-by-default-devtools.timeline"],
  });
  const at = (i: number): Spot => ({
    x: from.x + ((to.x - from.x) * i) / moves,
    y: from.y + ((to.y - from.y) * i) / moves,
  });
  // A finger is a mouse that the browser takes for one: touches that are sent as such stay outside until the page's main
  // thread has a moment, some 15 ms before an empty page and 25 before this one, which is no way of a real finger.
  const touches = { enabled: by === "finger", configuration: "mobile" } as const;
  await cdp.send("Emulation.setEmitTouchEventsForMouse", touches);
  const asked = (expression: string, awaitPromise: boolean): Promise<unknown> =>
    cdp.send("Runtime.evaluate", { expression, awaitPromise });
  const send = async (type: "mousePressed" | "mouseMoved" | "mouseReleased", i: number): Promise<void> => {
    const sent = cdp.send("Input.dispatchMouseEvent", { type, ...at(i), button: "left", buttons: 1, clickCount: 1 });
    if (by === "mouse") {
      await sent;
      return;
    }
    // A mouse that became a finger is never answered for: the next move waits for the frame of this one, and not for any:
    // a frame that is asked for before the move comes is taken for another's, and the move for one that nobody saw.
    sent.catch(() => undefined);
    if (type === "mouseMoved") await asked("moved", true);
  };
  await send("mousePressed", 0);
  for (let i = 1; i <= moves; i += 1) {
    if (by === "finger") await asked("moved = new Promise((resolve) => (__seen = resolve)), 0", false);
    await send("mouseMoved", i);
    await new Promise((resolve) => setTimeout(resolve, 16));
  }
  await send("mouseReleased", moves);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await cdp.detach();
  return readTrace(traceEvents);
}

function readTrace(trace: readonly TraceEvent[]): DragCost {
  const moves = new Map<string, { readonly sinceUs: number; readonly stages: Map<string, number> }>();
  const shown: { readonly ms: number; readonly stages: ReadonlyMap<string, number> }[] = [];
  for (const { name, ph, pid, id2, ts, args } of trace) {
    const key = `${pid} ${id2?.local ?? ""}`;
    const move = moves.get(key);
    if (name === "EventLatency") {
      if (ph === "b" && moveNames.includes(args?.event_latency?.event_type ?? ""))
        moves.set(key, { sinceUs: ts, stages: new Map() });
      // Moves that the next one overtook in the same frame end here too; they were never on the screen by themselves.
      else if (move?.stages.has(presented)) shown.push({ ms: (ts - move.sinceUs) / 1_000, stages: move.stages });
      if (ph === "e") moves.delete(key);
    } else if (move && (ph === "b" || ph === "e"))
      move.stages.set(name, (move.stages.get(name) ?? 0) + (ph === "e" ? ts : -ts) / 1_000);
  }
  const frames = trace.filter(({ name, ph }) => name === frameName && ph === "X");
  const main = frames[0];
  const spent = (names: readonly string[]): number =>
    trace
      .filter(({ name, pid, tid }) => pid === main?.pid && tid === main.tid && names.includes(name))
      .reduce((sum, { tdur = 0 }) => sum + tdur / 1_000, 0);
  const byNumber = (a: number, b: number): number => a - b;
  return {
    toScreenMs: shown.map(({ ms }) => ms).sort(byNumber),
    stages: Object.fromEntries(
      Object.entries(stageNames).map(([stage, names]) => [
        stage,
        shown.map(({ stages }) => names.reduce((sum, name) => sum + (stages.get(name) ?? 0), 0)).sort(byNumber),
      ]),
    ),
    frameMs: frames.map(({ tdur = 0 }) => tdur / 1_000).sort(byNumber),
    parts: Object.fromEntries(Object.entries(partNames).map(([part, names]) => [part, spent(names)])),
  };
}

/** One line for people. */
export function dragText({ toScreenMs, stages, frameMs, parts }: DragCost): string {
  const each = Object.entries(parts).map(([part, ms]) => `${part} ${(ms / Math.max(1, frameMs.length)).toFixed(1)}`);
  const way = Object.entries(stages).map(([stage, all]) => `${stage} ${quantile(all, 0.5).toFixed(1)}`);
  return [
    `pointer to pixel: median ${quantile(toScreenMs, 0.5).toFixed(0)} ms, nine of ten within ${quantile(toScreenMs, 0.9).toFixed(0)} ms (${toScreenMs.length} moves shown; medians: ${way.join(", ")})`,
    `main thread, processor time a frame: median ${quantile(frameMs, 0.5).toFixed(1)} ms, nine of ten within ${quantile(frameMs, 0.9).toFixed(1)} ms (${each.join(", ")})`,
  ].join("; ");
}
