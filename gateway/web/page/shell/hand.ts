/** The hand goes first: while it moves something, whatever else the page has to do waits for it to pause, or for a turn. */
import { batch } from "@preact/signals";

/** A hand that moved nothing for so long rests. */
const restMs = 150;
const lookEveryMs = 50;
/** Of the time of a moving hand everything else has a twentieth: five turns a second on a quick device, few on a slow one. */
const share = 20;
const leastMs = 200;
/** Before a live picture would count as old. */
const mostMs = 3_000;

/** Emptied by each turn. */
const waiting = new Map<unknown, () => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let movedMs = -Infinity;
let turnMs = 0;
/** What a turn takes of the page's own time, with the frames that show it; a guess before the first one. */
let costMs = 50;
/** One turn has a clock to move on, the next all panels: the dearest of late counts, and is forgotten by a quarter a turn. */
const kept = 0.75;

/** The hand moved something, just now. */
export function handMoved(): void {
  // The first move begins the wait for a turn.
  if (rests()) turnMs = performance.now();
  movedMs = performance.now();
}

/** Does `work` at once while the hand rests, else in the next turn; of those with the same `key` only the newest. */
export function afterHand(key: unknown, work: () => void): void {
  if (rests() && waiting.size === 0) {
    work();
    return;
  }
  waiting.set(key, work);
  timer ??= setTimeout(look, lookEveryMs);
}

function rests(): boolean {
  return performance.now() - movedMs >= restMs;
}

function look(): void {
  timer = undefined;
  const startedMs = performance.now();
  if (!rests() && startedMs - turnMs < Math.min(mostMs, Math.max(leastMs, share * costMs))) {
    timer = setTimeout(look, lookEveryMs);
    return;
  }
  turnMs = startedMs;
  const works = [...waiting.values()];
  waiting.clear();
  batch(() => {
    for (const work of works) work();
  });
  setTimeout(() => {
    const drawnMs = performance.now() - startedMs;
    framesMs(2, (tookMs) => {
      costMs = Math.max(kept * costMs, drawnMs + tookMs);
    });
  });
}

/** What the next frames take together: components draw in the first, what waits for their drawing comes in the second. */
function framesMs(count: number, told: (tookMs: number) => void): void {
  requestAnimationFrame((startedMs) => {
    const began = Math.min(startedMs, performance.now());
    setTimeout(() => {
      const tookMs = performance.now() - began;
      if (count === 1) told(tookMs);
      else framesMs(count - 1, (moreMs) => told(tookMs + moreMs));
    });
  });
}
