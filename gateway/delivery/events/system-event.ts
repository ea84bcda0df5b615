/** What the box has to say of itself: a gap, a command, its health. One CloudEvents message like any other, in the same chain. */
import { chainBefore, chained } from "./chain.ts";
import { type Event } from "./event.ts";
import { localTime } from "./local-time.ts";

/** What happened to the box; the type on the wire is `system.<kind>.v1`. */
export interface SystemFact {
  readonly kind:
    | "uplink-gap"
    | "command"
    | "box-health"
    | "store-damaged"
    | "security"
    | "cameras"
    | "evidence-deleted"
    | "evidence-lost";
  /** 1 critical … 4 info. */
  readonly severity: 1 | 2 | 3 | 4;
  readonly title: { readonly zh: string; readonly en: string };
  /** Numbers and names for machines; plain JSON. */
  readonly detail: Readonly<Record<string, unknown>>;
  /** As in any event: what belongs to it and comes apart. */
  readonly evidence?: readonly Readonly<Record<string, unknown>>[];
}

/** Where the event stands: as in EventContext. */
export interface SystemContext {
  readonly id: string;
  readonly site: { readonly id: string; readonly name: string; readonly timezone: string };
  readonly sequence: number;
  readonly epoch: string;
  readonly prev: string;
  readonly prevSm3: string;
  readonly nowMs: number;
}

const severities = { 1: ["critical", 21], 2: ["major", 17], 3: ["minor", 13], 4: ["info", 9] } as const;

/** The event of `fact`: an occurrence of its own without phases. */
export function systemEvent(fact: SystemFact, context: SystemContext): Event {
  const { id, site, sequence, epoch, prev, nowMs } = context;
  const [severitytext, severitynumber] = severities[fact.severity];
  const time = localTime(nowMs, site.timezone);
  const message = {
    specversion: "1.0",
    id,
    source: `/gateways/${site.id}`,
    type: `system.${fact.kind}.v1`,
    subject: site.id,
    time,
    recordedtime: time,
    datacontenttype: "application/json",
    dataschema: "urn:xueliang:system:1",
    sequence: String(sequence).padStart(20, "0"),
    epoch,
    severitynumber,
    severitytext,
    correlationid: id,
    dataclassification: "internal",
    data: {
      severity: fact.severity,
      eventId: fact.kind,
      title: fact.title,
      site: { id: site.id, name: site.name },
      departments: [],
      detail: fact.detail,
      evidence: fact.evidence ?? [],
      ...chainBefore(context),
    },
  };
  const body = new TextEncoder().encode(JSON.stringify(message));
  return {
    id,
    n: sequence,
    occurrence: id,
    phase: "update",
    type: fact.kind,
    cameraId: "",
    severity: fact.severity,
    atMs: nowMs,
    recordedAtMs: nowMs,
    body,
    hash: chained(prev, id, body),
  };
}
