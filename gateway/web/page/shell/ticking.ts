/** One clock for the whole page, a beat a second: ages and counts-down are drawn from it, and only while somebody looks. */
import { signal } from "@preact/signals";
import { afterHand } from "./hand.ts";

/** Wall clock of this device, ms, at most a second old. */
export const nowMs = signal(Date.now());

const beat = (): void => {
  nowMs.value = Date.now();
};

setInterval(() => {
  if (!document.hidden) afterHand(beat, beat);
}, 1_000);
document.addEventListener("visibilitychange", beat);
