/** The clock that some rules share on their way through a log (pure). */
import type { Block } from "../../analysis/track-log/block.ts";
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import { RuleClock } from "../../analysis/zones/rule-clock.ts";
import type { Needs } from "../../analysis/zones/rule.ts";
import { trackSights } from "./entry-look.ts";
import type { Place } from "./rule-run.ts";

/** A clock, what makes it tick, and where it will be at the end of a block. */
export class Ticking {
  readonly needs: Needs;
  readonly clock: RuleClock;
  readonly ahead = new RuleClock();
  /** The last entry of the block that is looked at. */
  readonly end: { -readonly [Key in keyof Place]: Place[Key] };

  constructor(clock: RuleClock, needs: Needs, columns: LogColumns) {
    this.clock = clock;
    this.needs = needs;
    this.end = { columns, entry: 0, from: 0, t: 0.5, beforeT: 0.5 };
  }

  /** Runs ahead to the end of a block, as a clock of rules that look at tracks. @param from entries of earlier parts */
  runAhead(columns: LogColumns, { fromEntry, toEntry }: Block, from: number): void {
    const { clock, ahead, end } = this;
    ahead.set(clock);
    end.entry = ahead.advanceAlong(columns, trackSights, fromEntry, toEntry);
    end.columns = columns;
    end.from = from;
    end.t = ahead.t;
    end.beforeT = ahead.beforeT;
  }
}
