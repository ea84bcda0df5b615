/** Measurements go the way of every event, in the lane of what only adds up. */
import { randomBytes } from "node:crypto";
import type { Measurement } from "../analysis/measurement.ts";
import type { GatewayConfig } from "../config/schema.ts";
import type { Database } from "../database/database.ts";
import type { Clock } from "../runtime/clock.ts";
import { eventId } from "./events/event-id.ts";
import type { EventTable } from "./events/event-table.ts";
import type { Event } from "./events/event.ts";
import { measurementEvent } from "./events/measurement-event.ts";
import type { OpenUplink } from "./uplink/open-uplinks.ts";

/** Behind alarms and behind what somebody should read. */
const lane = 2;

/** What this is made of. */
export interface MeasurementsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly config: GatewayConfig;
  readonly table: EventTable;
  readonly uplinks: readonly OpenUplink[];
}

/** Writes them. */
export class Measurements {
  readonly #options: MeasurementsOptions;

  constructor(options: MeasurementsOptions) {
    this.#options = options;
  }

  /** Makes a measurement durable; when this returns, a power cut loses nothing of it. Throws DatabaseError. */
  keep(measurement: Measurement): Event {
    const { database, clock, config, table, uplinks } = this.#options;
    const nowMs = clock.nowMs();
    const camera = config.cameras.find(({ id }) => id === measurement.cameraId) ?? { id: measurement.cameraId };
    const facts = { type: measurement.kind, severity: 4, departments: [] };
    const event = database.transaction(() => {
      const { n, hash, sm3 } = table.head();
      const context = {
        id: eventId(nowMs, randomBytes(10)),
        site: config.site,
        sequence: n + 1,
        epoch: database.epoch,
        prev: hash,
        prevSm3: sm3,
        nowMs,
      };
      const made = table.sealed(measurementEvent(measurement, camera, context));
      table.insert(made);
      for (const uplink of uplinks.filter((one) => one.wants(facts, made.occurrence))) uplink.outbox.append(made, lane);
      return made;
    });
    for (const { uplink } of uplinks) uplink.wake();
    return event;
  }
}
