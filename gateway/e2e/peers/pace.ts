/** So many turns a second, whatever a turn costs: one that was long is made up for by the next ones. */
import { systemClock } from "../../runtime/clock.ts";

/** Of a backlog no more is made up for, ms: a process that stood still does not come back as a flood. */
const mostBehindMs = 1_000;

/** Call at the end of each turn; resolves when the next one is due. */
export function pace(perSecond: number): () => Promise<void> {
  const eachMs = 1_000 / perSecond;
  let dueMs = systemClock.monotonicMs();
  return async () => {
    const nowMs = systemClock.monotonicMs();
    dueMs = Math.max(dueMs + eachMs, nowMs - mostBehindMs);
    await systemClock.sleep(Math.max(0, dueMs - nowMs));
  };
}
