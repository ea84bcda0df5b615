/** Test walks: what fires while somebody walks through a zone to try it is kept on the box and sent to nobody. */
import type { Trigger } from "../analysis/zones/trigger.ts";
import type { Database } from "../database/database.ts";
import type { Clock } from "../runtime/clock.ts";
import type { EventTable } from "./events/event-table.ts";
import type { WalkNote } from "./events/walk-note.ts";

/** A walk; times are wall ms. */
export interface TestWalk {
  readonly camera: string;
  /** Id of the zone or line; empty: every one of the camera. */
  readonly zone: string;
  readonly user: string;
  readonly fromMs: number;
  /** What fires later than this is sent again. */
  readonly untilMs: number;
}

/** A page that says nothing for so long has gone: alarms must not stay in because a phone lost its net. */
export const walkLeaseMs = 60_000;
/** After the walk: the way out of the zone. */
export const walkLeaveMs = 20_000;
/** No walk is longer, however often it is renewed. */
export const longestWalkMs = 30 * 60_000;

const rowPrefix = "test-walk:";

/** One walk a camera, kept in the database: a restart in the middle of one sends nothing. */
export class TestWalks {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #table: EventTable;

  constructor(database: Database, clock: Clock, table: EventTable) {
    this.#database = database;
    this.#clock = clock;
    this.#table = table;
  }

  /** Begins a walk, or goes on with the same one; another user's or zone's walk of the camera ends. */
  keep({ camera, zone, user }: Pick<TestWalk, "camera" | "zone" | "user">): TestWalk {
    const nowMs = this.#clock.nowMs();
    const before = this.running(camera);
    const isSame = before?.zone === zone && before.user === user;
    const fromMs = isSame ? before.fromMs : nowMs;
    return this.#write({ camera, zone, user, fromMs, untilMs: Math.min(nowMs + walkLeaseMs, fromMs + longestWalkMs) });
  }

  /** Ends it, but for the way out; null when there was none. */
  end(camera: string): TestWalk | null {
    const walk = this.running(camera);
    const untilMs = this.#clock.nowMs() + walkLeaveMs;
    return walk && this.#write({ ...walk, untilMs: Math.min(walk.untilMs, untilMs) });
  }

  /** The walk of a camera; null when none is going on. */
  running(camera: string): TestWalk | null {
    return this.#at(camera, this.#clock.nowMs());
  }

  /**
   * The walk that `trigger` belongs to; null: it is an event like any other. Whether it does is decided at its start. One
   * that goes on after the walk is no walk any more, and is sent from its next update on.
   */
  of(trigger: Trigger): WalkNote | null {
    const { cameraId, zoneId, phase, objects, occurrenceId, atMs } = trigger;
    const walk = this.#at(cameraId, atMs);
    const covers = walk !== null && (walk.zone === "" || walk.zone === zoneId);
    // What is no object in the picture (a water level, a bad picture) nobody makes by walking.
    if (phase === "start") return covers && objects.length > 0 ? { user: walk.user, fromMs: walk.fromMs } : null;
    const before = this.#table.walkOf(occurrenceId);
    return covers || phase === "end" ? before : null;
  }

  /** A clock that jumps out of the walk ends it. */
  #at(camera: string, ms: number): TestWalk | null {
    const row = this.#database.get("SELECT value FROM meta WHERE name = ?", `${rowPrefix}${camera}`);
    if (!row) return null;
    const walk = JSON.parse(String(row["value"])) as TestWalk;
    return ms >= walk.fromMs && ms <= walk.untilMs ? walk : null;
  }

  #write(walk: TestWalk): TestWalk {
    this.#database.run(
      "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)",
      `${rowPrefix}${walk.camera}`,
      JSON.stringify(walk),
    );
    return walk;
  }
}
