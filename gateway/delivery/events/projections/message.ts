/** The fields of a published event that projections read; whatever else it has stays unread. */
import { z } from "zod";

const schema = z.looseObject({
  id: z.string(),
  time: z.string(),
  data: z.looseObject({
    phase: z.enum(["start", "update", "end"]),
    certainty: z.enum(["suspected", "detected"]),
    eventId: z.string(),
    nameZh: z.string(),
    title: z.looseObject({ zh: z.string() }),
    gb28181: z.looseObject({ alarmPriority: z.int(), alarmMethod: z.int(), alarmType: z.int().nullable() }).nullable(),
    camera: z.looseObject({ code: z.string().nullable() }),
    place: z.looseObject({ crs: z.string(), lon: z.number().optional(), lat: z.number().optional() }).nullable(),
    evidence: z.array(
      z.looseObject({
        kind: z.string(),
        mediaType: z.string(),
        bytes: z.number(),
        w: z.number(),
        h: z.number(),
        sha256: z.string(),
        uri: z.string(),
      }),
    ),
    provenance: z.looseObject({
      clock: z.looseObject({ synced: z.boolean().nullable() }).optional(),
    }),
  }),
});

/** An event as a projection reads it. */
export type ProjectedEvent = z.output<typeof schema>;

/** What another standard's message cannot say, or says only by our reading of it. */
export type Caveat =
  | "clock-not-synced"
  | "certainty-only-in-text"
  | "alarm-type-is-nearest"
  | "no-alarm-type"
  | "needs-reset-alarm"
  | "coordinates-left-out"
  | "no-md5"
  | "no-slot-for-event-type"
  | "identifier-not-verified";

/** `none`: this event has no counterpart there, and why. */
export type Projection<T> =
  | { readonly kind: "made"; readonly made: T; readonly caveats: readonly Caveat[] }
  | { readonly kind: "none"; readonly why: string };

/** Reads the parsed JSON of an event; null when it is none. */
export function projectable(message: unknown): ProjectedEvent | null {
  const read = schema.safeParse(message);
  return read.success ? read.data : null;
}

/** Twenty digits of GB/T 28181, annex E. */
export function isDeviceCode(code: string | null): code is string {
  return code !== null && /^\d{20}$/.test(code);
}

/** Beijing time of an RFC 3339 time, `yyyy-MM-ddTHH:mm:ss`; null when it is no time. Both standards write it without a zone. */
export function beijingTime(time: string): string | null {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? null : new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19);
}

/** Caveats that hold whatever the standard: a wrong clock cannot be seen in a time without a zone. */
export function clockCaveats(event: ProjectedEvent): readonly Caveat[] {
  return event.data.provenance.clock?.synced === true ? [] : ["clock-not-synced"];
}
