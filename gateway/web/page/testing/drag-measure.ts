/** From the pointer to the screen: a drag under the browser's own trace, and what its time is made of. */
import type { Browser } from "playwright-core";
import type { RuleSet, XY } from "../../api.ts";
import type { EditorPage } from "./browser.ts";

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
  /** From the pointer to the screen, ms: of each move, sorted. */
  readonly toScreenMs: readonly number[];
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

/** The value that a share of a sorted list does not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Drags the first vertex of a shape, with the main thread slowed by `rate`, and reads the browser's trace of it. */
export async function tracedDrag(
  browser: Browser,
  at: EditorPage,
  { shape, moves, rate }: { readonly shape: string; readonly moves: number; readonly rate: number },
): Promise<DragCost> {
  const { page } = at;
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate });
  const [x = 0, y = 0] = (await at.points(shape))[0] ?? [];
  const [from, to] = [await at.px([x, y]), await at.px([x + 0.06, y + 0.1])];
  await browser.startTracing(page, {
    categories: ["benchmark", "cc", "input", "devtools.timeline", "disabled-by-default-devtools.timeline"],
  });
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  for (let i = 1; i <= moves; i += 1) {
    await page.mouse.move(from.x + ((to.x - from.x) * i) / moves, from.y + ((to.y - from.y) * i) / moves);
    await new Promise((resolve) => setTimeout(resolve, 16));
  }
  await page.mouse.up();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await cdp.detach();
  return readTrace(traceEvents);
}

function readTrace(trace: readonly TraceEvent[]): DragCost {
  const began = new Map<string, number>();
  const toScreenMs: number[] = [];
  for (const { name, ph, pid, id2, ts, args } of trace) {
    if (name !== "EventLatency") continue;
    const key = `${pid} ${id2?.local ?? ""}`;
    const since = began.get(key);
    if (ph === "b" && args?.event_latency?.event_type === "MOUSE_DRAGGED") began.set(key, ts);
    else if (ph === "e" && since !== undefined) toScreenMs.push((ts - since) / 1_000);
    if (ph === "e") began.delete(key);
  }
  const frames = trace.filter(({ name, ph }) => name === frameName && ph === "X");
  const main = frames[0];
  const spent = (names: readonly string[]): number =>
    trace
      .filter(({ name, pid, tid }) => pid === main?.pid && tid === main.tid && names.includes(name))
      .reduce((sum, { tdur = 0 }) => sum + tdur / 1_000, 0);
  const byNumber = (a: number, b: number): number => a - b;
  return {
    toScreenMs: toScreenMs.sort(byNumber),
    frameMs: frames.map(({ tdur = 0 }) => tdur / 1_000).sort(byNumber),
    parts: Object.fromEntries(Object.entries(partNames).map(([part, names]) => [part, spent(names)])),
  };
}

/** One line for people. */
export function dragText({ toScreenMs, frameMs, parts }: DragCost): string {
  const each = Object.entries(parts).map(([part, ms]) => `${part} ${(ms / Math.max(1, frameMs.length)).toFixed(1)}`);
  return [
    `pointer to pixel: median ${quantile(toScreenMs, 0.5).toFixed(0)} ms, nine of ten within ${quantile(toScreenMs, 0.9).toFixed(0)} ms (${toScreenMs.length} moves)`,
    `main thread, processor time a frame: median ${quantile(frameMs, 0.5).toFixed(1)} ms, nine of ten within ${quantile(frameMs, 0.9).toFixed(1)} ms (${each.join(", ")})`,
  ].join("; ");
}
