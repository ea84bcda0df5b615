/** What boxes send, as schemas: the one source of the published JSON Schemas. Fields that are not named here may come and are ignored. */
import { z } from "zod";

const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/)
  .describe(
    "RFC 3339 with milliseconds and the offset of the site; a box without a set clock may be wrong, see provenance.clock",
  );
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const share = z.number().min(0).max(1);
const severity = z.int().min(1).max(4).describe("1 critical, 2 major, 3 minor, 4 info");
const text = z.looseObject({ zh: z.string(), en: z.string() });
const site = z.looseObject({ id: z.string(), name: z.string() });
const prev = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .describe("hash chain of this gateway before this message: SHA-256(before, id, SHA-256 of the octets)");
const prevSm3 = z
  .string()
  .regex(/^sm3:[0-9a-f]{64}$/)
  .optional()
  .describe("the same chain in SM3 (GB/T 32905); zeros in the first message that has it");
const camera = z.looseObject({
  id: z.string(),
  code: z.string().nullable().describe("20 digits of GB/T 28181, when the site has them"),
  name: z.string(),
});

/** The CloudEvents 1.0 attributes around every message. */
const envelope = {
  specversion: z.literal("1.0"),
  id: z.string().min(1).max(128).describe("unique with source, for ever: receivers recognise repetitions by it"),
  source: z.string().regex(/^\/gateways\/[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/),
  subject: z.string(),
  time,
  recordedtime: time.describe("when the box wrote it down"),
  datacontenttype: z.literal("application/json"),
  sequence: z
    .string()
    .regex(/^\d{20}$/)
    .describe("position in the gateway's chain; counts within epoch"),
  epoch: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .describe("made anew with the box's database"),
  severitynumber: z.int().describe("OpenTelemetry scale"),
  severitytext: z.string(),
  correlationid: z.string().max(128).describe("the occurrence: one start, any number of updates, one end"),
  dataclassification: z.string(),
  sig: z.looseObject({}).optional().describe("signature over the other fields, where the site asks for one"),
};

/** A picture or clip of an event, by reference; the bytes travel apart and are named by their digests. */
export const evidenceRecordSchema = z.looseObject({
  kind: z.enum(["snapshot", "clip"]),
  role: z.string().describe("phase that it shows"),
  mediaType: z.string(),
  bytes: z.int().min(1),
  w: z.int().min(1),
  h: z.int().min(1),
  sha256,
  sm3: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe("GB/T 32905 over the same bytes"),
  uri: z.string().regex(/^ev:\/\//),
  expires: time,
  differenceMs: z.number().optional(),
  durationMs: z.number().optional(),
  momentMs: z.number().optional(),
  codec: z.string().optional(),
});

const lacking = z.array(z.looseObject({ what: z.string(), why: z.string() }));

/** `vision.<event type>.v1`: something was seen. */
export const eventSchema = z.looseObject({
  ...envelope,
  type: z.string().regex(/^vision\.[a-z][a-z0-9-]*\.v1$/),
  dataschema: z.literal("urn:xueliang:event:1"),
  data: z.looseObject({
    phase: z.enum(["start", "update", "end"]),
    certainty: z.enum(["suspected", "detected"]),
    severity,
    eventId: z.string(),
    nameZh: z.string(),
    nameEn: z.string(),
    title: text.describe("one sentence for people"),
    endReason: z.string().optional(),
    onset: time,
    official: z.array(z.looseObject({ scheme: z.string(), code: z.string(), name: z.string() })),
    gb28181: z
      .looseObject({
        alarmPriority: z.int().min(1).max(4),
        alarmMethod: z.int().min(1).max(7),
        alarmType: z.int().nullable(),
      })
      .nullable(),
    departments: z.array(z.string()),
    site,
    camera: camera.extend({
      purpose: z.array(z.string()).describe("what the camera may be used for; empty: nobody said"),
      owner: z.string().nullish(),
      directionDeg: z.number().nullish().describe("where it looks, degrees from north, clockwise"),
    }),
    place: z.looseObject({ crs: z.string(), lon: z.number().optional(), lat: z.number().optional() }).nullable(),
    rule: z.looseObject({
      id: z.string(),
      kind: z.string(),
      zone: z.string().nullable(),
      zoneKind: z.string().nullable(),
      season: z
        .looseObject({ from: z.string(), to: z.string() })
        .optional()
        .describe("the part of the year in which the rule is armed, both days whole, MM-DD; absent: all the year"),
      threshold: z.number(),
      value: z.number(),
      holdSec: z.number(),
    }),
    measure: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
    objects: z.array(
      z.looseObject({
        track: z.int().nullable().optional(),
        class: z.string(),
        conf: share,
        box: z.array(z.number()).length(4).describe("x, y, width, height; 0..1 of the frame, origin top left"),
      }),
    ),
    objectsLeftOut: z.int().min(0).describe("objects that did not fit into 64 KiB"),
    frame: z
      .looseObject({ w: z.int(), h: z.int(), origin: z.literal("top-left"), normalised: z.literal(true) })
      .nullable(),
    evidence: z.array(evidenceRecordSchema),
    evidenceMissing: z.string().nullable(),
    evidenceComing: z.array(z.string()).optional(),
    evidenceLacking: lacking.optional(),
    trace: z.array(z.looseObject({ step: z.string(), passed: z.boolean() })),
    traceLeftOut: z.int().min(0),
    provenance: z.looseObject({
      software: z.string(),
      model: z
        .looseObject({ id: z.string(), version: z.string(), sha256: z.string(), sm3: z.string().optional() })
        .nullable(),
      configRevision: z.string(),
      configRevisionSm3: z.string().optional(),
      configChange: z
        .looseObject({
          user: z
            .string()
            .nullable()
            .describe("name on the box, or the operator of a command; null: by hand in the file"),
          via: z.string(),
          at: time,
        })
        .nullish()
        .describe("who made the running config run; null: not known"),
    }),
    prev,
    prevSm3,
  }),
});

/** `vision.evidence.v1`: evidence that came after its event, or the word that it will not come. */
export const evidenceSchema = z.looseObject({
  ...envelope,
  type: z.literal("vision.evidence.v1"),
  dataschema: z.literal("urn:xueliang:evidence:1"),
  data: z.looseObject({
    about: z.looseObject({ event: z.string(), eventId: z.string() }),
    title: text,
    site,
    camera,
    evidence: z.array(evidenceRecordSchema),
    evidenceLacking: lacking,
    prev,
    prevSm3,
  }),
});

/** `measurement.<kind>.v1`: a value although nothing happened. */
export const measurementSchema = z.looseObject({
  ...envelope,
  type: z.string().regex(/^measurement\.[a-z][a-z0-9-]*\.v1$/),
  dataschema: z.literal("urn:xueliang:measurement:1"),
  data: z.looseObject({
    severity,
    eventId: z.string(),
    title: text,
    site,
    camera,
    departments: z.array(z.string()),
    measurement: z.union([
      z.looseObject({
        gaugeId: z.string(),
        levelM: z.number().nullable().describe("metres over the datum; null: no reading, and reason says why"),
        confidence: share,
        reason: z.string().nullable(),
        datum: z.string().nullable(),
        levels: z.record(z.string(), z.number()),
      }),
      z.looseObject({
        sectionId: z.string(),
        speedMps: z
          .number()
          .nullable()
          .describe("metres a second along the lines, negative against them; null: no reading, and reason says why"),
        confidence: share,
        reason: z.string().nullable(),
      }),
      z.looseObject({
        from: time,
        onlineShare: share.nullable(),
        intactShare: share.nullable(),
        notObservedMin: z.record(z.string(), z.number()),
        notObservedMinTotal: z.number(),
        countedMin: z.number(),
      }),
    ]),
    prev,
    prevSm3,
  }),
});

/** `system.<kind>.v1`: what the box says of itself. */
export const systemSchema = z.looseObject({
  ...envelope,
  type: z.string().regex(/^system\.[a-z][a-z0-9-]*\.v1$/),
  dataschema: z.literal("urn:xueliang:system:1"),
  data: z.looseObject({
    severity,
    eventId: z.string(),
    title: text,
    site,
    departments: z.array(z.string()),
    detail: z.looseObject({}),
    prev,
    prevSm3,
  }),
});

/** Header of BEAT as a box sends it: its clock and, flat, its health. */
export const beatSchema = z.looseObject({
  t0: z.number().describe("wall time of the box, ms since 1970"),
  health: z
    .record(z.string().max(32), z.union([z.number(), z.string().max(200), z.boolean(), z.null()]))
    .optional()
    .describe("names as in the box's status; a receiver keeps what it does not know"),
});

/** Every published schema by the stem of its file. */
export const schemas = {
  event: {
    schema: eventSchema,
    title: "Event",
    golden: ["event-start", "event-end", "event-both-digests", "event-layout-1-first", "event-config-change"],
  },
  evidence: { schema: evidenceSchema, title: "Evidence that came later", golden: ["evidence"] },
  "evidence-record": { schema: evidenceRecordSchema, title: "Evidence record", golden: [] },
  measurement: {
    schema: measurementSchema,
    title: "Measurement",
    golden: ["water-level", "surface-speed", "camera-observation"],
  },
  system: {
    schema: systemSchema,
    title: "What a box says of itself",
    golden: ["uplink-gap", "security", "cameras", "evidence-deleted"],
  },
  beat: { schema: beatSchema, title: "Health beat", golden: ["beat"] },
} as const satisfies Readonly<
  Record<string, { readonly schema: z.ZodType; readonly title: string; readonly golden: readonly string[] }>
>;

/** Name of a published schema. */
export type SchemaName = keyof typeof schemas;
