/**
 * `npm run page:rerun`: what a re-run of a recorded clip costs the live analysis: analysed frames a second of two cameras at
 * five looks a second, and the time from a frame's arrival to its tracks, for a minute without and a minute with re-runs
 * back to back.
 */
import type { ClipRerunLine } from "../api.ts";
import { openBox } from "./testing/box.ts";
import { openBrowser, visitor } from "./testing/browser.ts";
import { enter, provokeClip, recording } from "./testing/tour.ts";

/** The quantiles are those of the newest 256 frames of a camera: a minute holds more. */
const windowMs = 60_000;

await using box = await openBox({ north: recording });
const { path, headers } = await recordedEvent();
const before = await watched("without", () => new Promise((resolve) => setTimeout(resolve, windowMs)));
let runs = 0;
let frames = 0;
const during = await watched("with re-runs", async () => {
  const endMs = performance.now() + windowMs;
  while (performance.now() < endMs) {
    const body = JSON.stringify({ rules: { zones: [] } });
    const told = await (await fetch(`${box.address}api/v1${path}`, { method: "POST", headers, body })).text();
    const last = JSON.parse(told.trim().split("\n").at(-1) ?? "") as ClipRerunLine;
    if (last.kind !== "done") throw new Error(`the re-run ended with ${last.kind}`);
    runs += 1;
    frames += last.frames;
  }
});
console.log(`${runs} re-runs of ${Math.round(frames / runs)} frames`);
console.log(`live analysis kept ${((100 * during) / before).toFixed(0)} % of its rate`);

/** Frames a second that were analysed meanwhile, of all cameras. */
async function watched(name: string, act: () => Promise<unknown>): Promise<number> {
  const analysed = (): number => box.gateway.status().cameras.reduce((sum, one) => sum + one.analysed, 0);
  const [startMs, start] = [performance.now(), analysed()];
  await act();
  const rate = ((analysed() - start) * 1_000) / (performance.now() - startMs);
  const each = box.gateway
    .status()
    .cameras.map((one) => `${one.id} ${one.analysisMsP50?.toFixed(0)} / ${one.analysisMsP95?.toFixed(0)} ms`);
  console.log(`${name}: ${rate.toFixed(2)} frames/s analysed; arrival to tracks, median / 95 %: ${each.join(", ")}`);
  return rate;
}

/** The address at which an event's clip is re-run, and what goes with a question: the browser's own load must not be in it. */
async function recordedEvent(): Promise<{ readonly path: string; readonly headers: Readonly<Record<string, string>> }> {
  const browser = await openBrowser();
  try {
    const context = await visitor(browser, { width: 1280, height: 800 });
    const at = await enter(await context.newPage(), box);
    const { id } = await provokeClip(box, at);
    const { csrf } = await at.ask<{ readonly csrf: string }>("GET", "/session");
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
    const path = `/events/${encodeURIComponent(id)}/rerun`;
    return { path, headers: { cookie, "x-csrf-token": csrf, "content-type": "application/json" } };
  } finally {
    await browser.close();
  }
}
