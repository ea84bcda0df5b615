/** How fast an outbox empties, by what was acknowledged and what was added in the newest half minute (pure). */

const windowMs = 30_000;
/** Looks nearer to each other than this are one. */
const lookMs = 1_000;

/** What stands behind the outbox at a moment; both count up. */
export interface Flow {
  readonly acknowledged: number;
  readonly added: number;
}

/** One uplink's pace; times are monotonic milliseconds. */
export class DrainPace {
  readonly #looks: (Flow & { readonly ms: number })[] = [];

  /** To be called after each acknowledgement. Keeps at most a look a second of the window. */
  look(nowMs: number, flow: Flow): void {
    const last = this.#looks.at(-1);
    if (last && nowMs - last.ms < lookMs) return;
    while (this.#looks[0] && nowMs - this.#looks[0].ms > windowMs) this.#looks.shift();
    this.#looks.push({ ms: nowMs, acknowledged: flow.acknowledged, added: flow.added });
  }

  /** Milliseconds until `depth` rows are gone; null: nothing was acknowledged lately, or more comes than goes. */
  drainMs(nowMs: number, depth: number, flow: Flow): number | null {
    const first = this.#looks.find(({ ms }) => nowMs - ms <= windowMs);
    if (!first || depth === 0) return null;
    const gone = flow.acknowledged - first.acknowledged - (flow.added - first.added);
    const spanMs = nowMs - first.ms;
    return gone <= 0 || spanMs < lookMs ? null : Math.round((depth * spanMs) / gone);
  }
}
