/** Room on the disk: what is old goes in its order, the ballast is kept full, and a bad day is survived. */
import type { Database } from "../database/database.ts";
import { LivedDays } from "../database/lived-days.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Ballast } from "./evidence/ballast.ts";
import { bytesOver } from "./evidence/disk-room.ts";
import type { EvidenceFiles } from "./evidence/evidence-files.ts";
import { dropUnsendable, housekeep, untold, type RetentionLimits } from "./evidence/retention.ts";
import type { Outbox } from "./outbox/outbox.ts";
import type { SystemEvents } from "./system-events.ts";

/** What is kept in order. */
export interface HousekeepingOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly files: EvidenceFiles;
  readonly ballast: Ballast;
  readonly outboxes: readonly Outbox[];
  readonly limits: RetentionLimits;
  /** Tells of evidence that is gone: once an hour, or when there is much of it; left out: it is noted and waits. */
  readonly system?: Pick<SystemEvents, "deleted">;
  /** Told what failed; throws on what is a bug. */
  readonly onFailed: (error: unknown) => void;
}

const turnMs = 60_000;
/** Files in one word of deletion: a third of what an event holds. */
const mostTold = 100;
const tellAfterMs = 3_600_000;
/** Rows that are given up at once when the database is at its bound: some minutes of a busy day. */
const giveUpRows = 200;

/** One box's housekeeping. */
export class Housekeeping {
  readonly #options: HousekeepingOptions;
  readonly #lived: LivedDays;

  constructor(options: HousekeepingOptions) {
    this.#options = options;
    this.#lived = new LivedDays(options.database, options.clock);
  }

  /** Turns once a minute until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, database, files, ballast, onFailed } = this.#options;
    const known = (sha256: string): boolean =>
      database.get("SELECT 1 AS known FROM evidence WHERE sha256 = ? AND state = 'kept'", sha256) !== undefined;
    await files.sweep(known, clock.nowMs() - 3_600_000).catch(onFailed);
    while (!signal.aborted) {
      await this.once().catch(onFailed);
      await ballast.fill().catch(onFailed);
      await clock.sleep(turnMs, signal).catch(() => undefined);
    }
  }

  /** One turn. */
  async once(): Promise<void> {
    const { database, clock, files, outboxes, limits, system } = this.#options;
    const shedBytes = bytesOver(await files.diskRoom(), "sent");
    const gone = await housekeep(database, files, outboxes, { ...limits, shedBytes }, clock.nowMs());
    if (gone.rows > 0) database.shrink();
    const deleted = untold(database, mostTold);
    const sinceMs = deleted[0]?.deletedMs ?? 0;
    // A clock that was set back is no reason to wait for what it said before.
    const isLate = deleted.length > 0 && Math.abs(clock.nowMs() - sinceMs) >= tellAfterMs;
    if (deleted.length === mostTold || isLate) system?.deleted(deleted);
    this.#lived.look();
  }

  /**
   * The database could not take an event. First the ballast and what is old; then, where not the disk is full but the
   * database's own bound is reached, the oldest waiting rows of the least urgent lane, each run as a gap that the platform is told.
   */
  async makeRoom(): Promise<void> {
    const { database, ballast, outboxes, onFailed } = this.#options;
    await ballast.release();
    await this.once().catch(onFailed);
    if (!database.isAtBound) return;
    // Whose queue is longest has been away longest: it gives first.
    const [longest] = [...outboxes].sort((a, b) => b.waiting().depth - a.waiting().depth);
    try {
      if (longest && longest.giveUpOldest(giveUpRows) > 0) dropUnsendable(database, giveUpRows);
    } catch (error) {
      onFailed(error);
    }
  }
}
