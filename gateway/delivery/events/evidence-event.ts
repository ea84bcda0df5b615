/** Evidence that came after its event, or the word that it will not come: one CloudEvents message in the same chain. */
import { chainBefore, chained } from "./chain.ts";
import { evidenceOnWire, type Event, type EvidenceRef, type LackingEvidence } from "./event.ts";
import { localTime } from "./local-time.ts";
import type { WalkNote } from "./walk-note.ts";

/** The event that the evidence is of. */
export interface AboutEvent {
  readonly id: string;
  readonly occurrence: string;
  /** Event type of the catalogue. */
  readonly type: string;
  readonly cameraId: string;
  /** Its phase: what the evidence shows. */
  readonly phase: string;
  /** The firing moment, wall ms. */
  readonly atMs: number;
  /** Of the event, when it fired on a test walk. */
  readonly testWalk?: WalkNote;
}

/** Where the message stands: as in EventContext. */
export interface EvidenceContext {
  readonly id: string;
  readonly site: { readonly id: string; readonly name: string; readonly timezone: string };
  readonly camera: { readonly id: string; readonly name?: string | undefined; readonly code?: string | undefined };
  readonly expiresMs: number;
  readonly sequence: number;
  readonly epoch: string;
  readonly prev: string;
  readonly prevSm3: string;
  readonly nowMs: number;
}

/** The message's type on the wire; its rows in the database are of type `evidence`. */
export const evidenceEventType = "vision.evidence.v1";

/**
 * Carries the occurrence of its event as `correlationid`, and no phase: an occurrence that has ended stays ended.
 * Either `evidence` or `lacking` has entries.
 */
export function evidenceEvent(
  about: AboutEvent,
  evidence: readonly EvidenceRef[],
  lacking: readonly LackingEvidence[],
  context: EvidenceContext,
): Event {
  const { id, site, camera, sequence, epoch, prev, nowMs } = context;
  const name = camera.name ?? camera.id;
  const message = {
    specversion: "1.0",
    id,
    source: `/gateways/${site.id}`,
    type: evidenceEventType,
    subject: camera.code ?? camera.id,
    time: localTime(about.atMs, site.timezone),
    recordedtime: localTime(nowMs, site.timezone),
    datacontenttype: "application/json",
    dataschema: "urn:xueliang:evidence:1",
    sequence: String(sequence).padStart(20, "0"),
    epoch,
    severitynumber: 9,
    severitytext: "info",
    correlationid: about.occurrence,
    dataclassification: "internal",
    data: {
      about: { event: about.id, eventId: about.type },
      title:
        evidence.length > 0
          ? { zh: `${name}:事件的补充证据`, en: `${name}: more evidence of an event` }
          : { zh: `${name}:事件缺少部分证据`, en: `${name}: an event lacks evidence` },
      site: { id: site.id, name: site.name },
      camera: { id: camera.id, code: camera.code ?? null, name },
      evidence: evidence.map((one) => evidenceOnWire(one, about.phase, site, context.expiresMs)),
      evidenceLacking: lacking,
      ...(about.testWalk ? { testWalk: about.testWalk } : {}),
      ...chainBefore(context),
    },
  };
  const body = new TextEncoder().encode(JSON.stringify(message));
  return {
    id,
    n: sequence,
    occurrence: about.occurrence,
    phase: "update",
    type: "evidence",
    cameraId: about.cameraId,
    severity: 4,
    atMs: about.atMs,
    recordedAtMs: nowMs,
    body,
    hash: chained(prev, id, body),
  };
}
