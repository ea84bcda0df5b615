/**
 * How old something is when the clock may lie: by the clock, and by the days that the box has lived through since. A clock that
 * starts years ahead, or jumps there, ages nothing; what it dated meanwhile does not stay for ever.
 */
import type { Clock } from "../runtime/clock.ts";
import type { Database } from "./database.ts";

/** What was noted before `beforeMs`, or after `afterMs`, is past its days. */
export interface AgeBounds {
  readonly beforeMs: number;
  readonly afterMs: number;
}

const key = "lived-days";
const dayMs = 86_400_000;
/** Longer than anything is kept. */
const mostDays = 4_000;
/** So long a clock must run without a leap before its day counts. */
const steadyMs = 3_600_000;
/** A second that is set right is no leap. */
const leapMs = 60_000;

/** Notes the days; `look` is called once a minute or so. */
export class LivedDays {
  readonly #database: Database;
  readonly #clock: Clock;
  #sinceMs: number;
  #aheadMs: number;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    this.#sinceMs = clock.monotonicMs();
    this.#aheadMs = clock.nowMs() - this.#sinceMs;
  }

  look(): void {
    const [nowMs, monotonicMs] = [this.#clock.nowMs(), this.#clock.monotonicMs()];
    const aheadMs = nowMs - monotonicMs;
    if (Math.abs(aheadMs - this.#aheadMs) > leapMs) this.#sinceMs = monotonicMs;
    this.#aheadMs = aheadMs;
    if (monotonicMs - this.#sinceMs >= steadyMs) noteDay(this.#database, nowMs);
  }
}

/** The box has lived on this day. */
export function noteDay(database: Database, atMs: number): void {
  const days = livedDays(database);
  const day = Math.floor(atMs / dayMs);
  if (days.includes(day)) return;
  const text = JSON.stringify([...days, day].slice(-mostDays));
  database.run("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", key, text);
}

/** Of what is kept for `days`. Before the box has lived so long, nothing is past. */
export function ageBounds(database: Database, nowMs: number, days: number): AgeBounds {
  const lived = livedDays(database).slice(-days - 1);
  const [first] = lived;
  if (first === undefined || lived.length <= days)
    return { beforeMs: Number.MIN_SAFE_INTEGER, afterMs: Number.MAX_SAFE_INTEGER };
  return {
    beforeMs: Math.round(Math.min(nowMs - days * dayMs, (first + 1) * dayMs)),
    afterMs: Math.round(Math.max(nowMs + dayMs, (Math.max(...lived) + 1) * dayMs)),
  };
}

/** Days since 1970 in the order in which they were first lived; those of a database without the note are the days of its events. */
function livedDays(database: Database): readonly number[] {
  const text = database.get("SELECT value FROM meta WHERE name = ?", key)?.["value"];
  const days: unknown = typeof text === "string" ? JSON.parse(text) : null;
  if (Array.isArray(days)) return days.filter((day) => typeof day === "number");
  return database
    .all("SELECT recorded_ms / 86400000 AS day FROM events GROUP BY day ORDER BY min(n)")
    .map((row) => Number(row["day"]));
}
