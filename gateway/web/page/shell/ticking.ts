/** One clock for the whole page, a beat a second: ages and counts-down are drawn from it, and only while somebody looks. */
import { signal } from "@preact/signals";

/** Wall clock of this device, ms, at most a second old. */
export const nowMs = signal(Date.now());

setInterval(() => {
  if (!document.hidden) nowMs.value = Date.now();
}, 1_000);
document.addEventListener("visibilitychange", () => {
  nowMs.value = Date.now();
});
