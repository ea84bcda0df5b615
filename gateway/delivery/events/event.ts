/** A trigger made durable: one CloudEvents 1.0 message in structured JSON, at most 64 KiB. */
import type { Trigger } from "../../analysis/zones/trigger.ts";
import { signatureRoom } from "../keys/event-signature.ts";
import { chainBefore, chained } from "./chain.ts";
import { localTime } from "./local-time.ts";
import { reasonFor } from "./reason.ts";
import type { WalkNote } from "./walk-note.ts";

/** What the catalogue knows of an event type. */
export interface EventTypeInfo {
  readonly id: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly departments: readonly string[];
  /** Codes of city-management and fishery standards. */
  readonly official: readonly { readonly scheme: string; readonly code: string; readonly name: string }[];
  /** Numbers of the GB/T 28181 alarm; null where there is none. */
  readonly gb28181: {
    readonly alarmPriority: number;
    readonly alarmMethod: number;
    readonly alarmType: number | null;
  } | null;
}

/** What is said of a type that the catalogue does not know: a site may have its own. */
export function unknownType(id: string): EventTypeInfo {
  return { id, nameZh: id, nameEn: id, departments: [], official: [], gb28181: null };
}

/** Where a camera or site is; the keys of `place` in gateway.yaml. */
export interface Place {
  readonly region?: string | undefined;
  readonly street?: string | undefined;
  readonly community?: string | undefined;
  readonly grid?: string | undefined;
  readonly riverReach?: string | undefined;
  readonly lon?: number | undefined;
  readonly lat?: number | undefined;
}

/** One piece of evidence, named by its digest; the bytes travel apart. */
export interface EvidenceRef {
  readonly kind: "snapshot" | "clip";
  readonly mediaType: string;
  readonly bytes: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly sha256: string;
  /** GB/T 32905 digest of the same bytes. */
  readonly sm3: string;
  /** How much later than the firing frame a picture of the evidence stream was taken, ms; negative when earlier. */
  readonly differenceMs?: number;
  /** A clip's length and how far into it the firing moment lies, ms. */
  readonly durationMs?: number;
  readonly momentMs?: number;
  /** A clip's codec as ffprobe names it, for example `h264`. */
  readonly codec?: string;
}

/** What may come after an event: a picture of its moment from the evidence stream, and a clip around it. */
export type LaterKind = "picture" | "clip";

/** Evidence that an event was to have and does not: that is not the same as an event that was to have none. */
export interface LackingEvidence {
  readonly what: LaterKind;
  /** For example `stream-down`, `not-kept`, `disk-full`, `restarted`. */
  readonly why: string;
}

/** What an event says of evidence that does not come with it. */
export interface LaterEvidenceNote {
  readonly coming: readonly LaterKind[];
  readonly lacking: readonly LackingEvidence[];
}

/** What made the event: enough to repeat the decision. */
export interface Provenance {
  readonly software: string;
  readonly model: {
    readonly id: string;
    readonly version: string;
    readonly sha256: string;
    readonly sm3?: string;
  } | null;
  /** 16 hex digits of SHA-256 over the config files, and of SM3 over the same. */
  readonly configRevision: string;
  readonly configRevisionSm3?: string;
  /** Who made this config run, how, and when (wall ms); null or left out: not known. */
  readonly configChange?: { readonly user: string | null; readonly via: string; readonly atMs: number } | null;
  /** `synced` null: nobody could say. */
  readonly clock?: { readonly synced: boolean | null; readonly offsetMs: number | null };
}

/** All that an event says beside its trigger. */
export interface EventContext {
  readonly id: string;
  readonly site: {
    readonly id: string;
    readonly name: string;
    readonly timezone: string;
    readonly place?: Place | undefined;
  };
  readonly camera: {
    readonly id: string;
    readonly name?: string | undefined;
    readonly code?: string | undefined;
    readonly purpose: readonly string[];
    readonly owner?: string | undefined;
    readonly directionDeg?: number | undefined;
    readonly place?: Place | undefined;
  };
  readonly typeInfo: EventTypeInfo;
  readonly frame: { readonly widthPx: number; readonly heightPx: number } | null;
  readonly evidence: readonly EvidenceRef[];
  /** Why there is no picture, when one was there to keep; null otherwise. */
  readonly evidenceMissing: "disk-full" | "write-failed" | null;
  readonly evidenceExpiresMs: number;
  /** Left out: none is configured. */
  readonly later?: LaterEvidenceNote;
  /** It fired on a test walk and is sent to nobody; null or left out: it did not. */
  readonly testWalk?: WalkNote | null;
  readonly provenance: Provenance;
  /** Position in this source's chain, from 1, and the epoch it counts in. */
  readonly sequence: number;
  readonly epoch: string;
  /** Hex SHA-256 of the chain before this event, and its SM3. */
  readonly prev: string;
  readonly prevSm3: string;
  readonly recordedAtMs: number;
}

/** An event as it is stored and sent: the bytes are the truth, the fields beside them are for indexes. */
export interface Event {
  readonly id: string;
  readonly n: number;
  readonly occurrence: string;
  readonly phase: Trigger["phase"];
  readonly type: string;
  readonly cameraId: string;
  readonly severity: number;
  readonly atMs: number;
  readonly recordedAtMs: number;
  readonly body: Uint8Array;
  /** Hex; see `chained`. */
  readonly hash: string;
}

/** Greatest event: an array of one must still fit into the 65,536 bytes of a message. */
export const maxEventBytes = 65_534;
/** Room that is left for a signature. */
const bodyBytes = maxEventBytes - signatureRoom;
const severities = { 1: ["critical", 21], 2: ["major", 17], 3: ["minor", 13], 4: ["info", 9] } as const;

/** The event of `trigger`. Objects go first when it would be too big, then the trace; the message says how many are missing. */
export function eventFrom(trigger: Trigger, context: EventContext): Event {
  let objects = trigger.objects;
  let trace = trigger.trace;
  let body = encoded(trigger, context, objects, trace);
  while (body.length > bodyBytes && (objects.length > 0 || trace.length > 0)) {
    if (objects.length > 0) objects = objects.slice(0, Math.floor(objects.length / 2));
    else trace = trace.slice(0, Math.floor(trace.length / 2));
    body = encoded(trigger, context, objects, trace);
  }
  if (body.length > bodyBytes)
    throw new RangeError(`event ${context.id} has ${body.length} bytes without objects and trace`);
  return {
    id: context.id,
    n: context.sequence,
    occurrence: trigger.occurrenceId,
    phase: trigger.phase,
    type: trigger.eventType,
    cameraId: trigger.cameraId,
    severity: trigger.severity,
    atMs: trigger.atMs,
    recordedAtMs: context.recordedAtMs,
    body,
    hash: chained(context.prev, context.id, body),
  };
}

function encoded(
  trigger: Trigger,
  context: EventContext,
  objects: Trigger["objects"],
  trace: Trigger["trace"],
): Uint8Array {
  const { site, camera, typeInfo } = context;
  const [severityText, severityNumber] = severities[trigger.severity];
  const place = camera.place ?? site.place;
  const message = {
    specversion: "1.0",
    id: context.id,
    source: `/gateways/${site.id}`,
    type: `vision.${trigger.eventType}.v1`,
    subject: camera.code ?? camera.id,
    time: localTime(trigger.phase === "start" ? trigger.onsetMs : trigger.atMs, site.timezone),
    recordedtime: localTime(context.recordedAtMs, site.timezone),
    datacontenttype: "application/json",
    dataschema: "urn:xueliang:event:1",
    sequence: String(context.sequence).padStart(20, "0"),
    epoch: context.epoch,
    severitynumber: severityNumber,
    severitytext: severityText,
    correlationid: trigger.occurrenceId,
    dataclassification: "internal",
    data: {
      phase: trigger.phase,
      certainty: trigger.certainty,
      severity: trigger.severity,
      eventId: trigger.eventType,
      nameZh: typeInfo.nameZh,
      nameEn: typeInfo.nameEn,
      title: reasonFor(trigger, { camera: camera.name ?? camera.id, nameZh: typeInfo.nameZh, nameEn: typeInfo.nameEn }),
      endReason: trigger.endReason,
      ...(context.testWalk ? { testWalk: context.testWalk } : {}),
      onset: localTime(trigger.onsetMs, site.timezone),
      official: typeInfo.official,
      gb28181: typeInfo.gb28181,
      departments: typeInfo.departments,
      site: { id: site.id, name: site.name },
      camera: {
        id: camera.id,
        code: camera.code ?? null,
        name: camera.name ?? camera.id,
        purpose: camera.purpose,
        owner: camera.owner ?? null,
        directionDeg: camera.directionDeg ?? null,
      },
      place: place ? { ...place, crs: "CGCS2000" } : null,
      rule: {
        id: trigger.ruleId,
        kind: trigger.ruleKind,
        zone: trigger.zoneId,
        zoneKind: trigger.zoneKind,
        season: trigger.season,
        threshold: trigger.threshold,
        value: trigger.value,
        holdSec: trigger.holdSec,
      },
      measure: trigger.measure,
      objects: objects.map((o) => ({
        track: o.track,
        class: o.label,
        conf: round(o.score),
        box: [o.box.x, o.box.y, o.box.width, o.box.height].map(round),
        owner: o.owner,
      })),
      objectsLeftOut: trigger.objects.length - objects.length,
      frame: context.frame
        ? { w: context.frame.widthPx, h: context.frame.heightPx, origin: "top-left", normalised: true }
        : null,
      evidence: context.evidence.map((e) => evidenceOnWire(e, trigger.phase, site, context.evidenceExpiresMs)),
      evidenceMissing: context.evidenceMissing,
      evidenceComing: context.later?.coming ?? [],
      evidenceLacking: context.later?.lacking ?? [],
      trace,
      traceLeftOut: trigger.trace.length - trace.length,
      provenance: { ...context.provenance, configChange: changeOnWire(context) },
      ...chainBefore(context),
    },
  };
  return new TextEncoder().encode(JSON.stringify(message));
}

function changeOnWire({ provenance, site }: EventContext): object | null {
  const change = provenance.configChange;
  return change ? { user: change.user, via: change.via, at: localTime(change.atMs, site.timezone) } : null;
}

/** A piece of evidence as messages name it. `role`: the phase that it shows. */
export function evidenceOnWire(
  e: EvidenceRef,
  role: string,
  site: { readonly id: string; readonly timezone: string },
  expiresMs: number,
): Readonly<Record<string, unknown>> {
  return {
    kind: e.kind,
    role,
    mediaType: e.mediaType,
    bytes: e.bytes,
    w: e.widthPx,
    h: e.heightPx,
    sha256: e.sha256,
    sm3: e.sm3,
    uri: `ev://${site.id}/${e.sha256}`,
    expires: localTime(expiresMs, site.timezone),
    ...(e.differenceMs === undefined ? {} : { differenceMs: e.differenceMs }),
    ...(e.durationMs === undefined ? {} : { durationMs: e.durationMs, momentMs: e.momentMs, codec: e.codec }),
  };
}

/** Four digits are a tenth of a pixel at 1,000 pixels: more only costs bytes. */
function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
