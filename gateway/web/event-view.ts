/** Events as the contract tells them, made of the very messages that were sent. */
import { z } from "zod";
import { typeOf } from "../config/catalogue/catalogue.ts";
import type { LoadedConfig } from "../config/load.ts";
import { pictureZoneId } from "../config/picture-faults.ts";
import type { EventArchive, Occurrence } from "../delivery/events/event-archive.ts";
import { toldTrace } from "../delivery/events/told-trace.ts";
import { say } from "../runtime/texts/say.ts";
import type { Distributions, EventDetail, EventRow, Evidence, LaterEvidence } from "./api.ts";
import type { Desk } from "./desk.ts";
import { pathsBefore } from "./paths-before.ts";

const later = z.enum(["picture", "clip"]);

/** What of a message is shown; a message of an older version may lack some of it. */
const messageSchema = z.object({
  data: z.object({
    certainty: z.enum(["suspected", "detected"]).catch("suspected"),
    title: z.object({ zh: z.string(), en: z.string() }).catch({ zh: "", en: "" }),
    endReason: z.string().nullish(),
    testWalk: z.object({ user: z.string(), fromMs: z.number() }).nullish().catch(null),
    site: z.object({ id: z.string(), name: z.string() }).catch({ id: "", name: "" }),
    camera: z.object({ id: z.string(), name: z.string() }).catch({ id: "", name: "" }),
    rule: z
      .object({ id: z.string(), zone: z.string(), holdSec: z.number().catch(0) })
      .catch({ id: "", zone: "", holdSec: 0 }),
    measure: z.record(z.string(), z.number()).catch({}),
    objects: z
      .array(
        z.object({
          track: z.number().nullable(),
          class: z.string(),
          conf: z.number(),
          box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
          owner: z.number().nullish(),
        }),
      )
      .catch([]),
    evidence: z
      .array(
        z.object({
          kind: z.enum(["snapshot", "clip"]),
          mediaType: z.string(),
          bytes: z.number(),
          w: z.number(),
          h: z.number(),
          sha256: z.string(),
          sm3: z.string(),
          differenceMs: z.number().optional(),
          durationMs: z.number().optional(),
          momentMs: z.number().optional(),
          codec: z.string().optional(),
        }),
      )
      .catch([]),
    about: z.object({ event: z.string() }).optional().catch(undefined),
    evidenceComing: z.array(later).catch([]),
    evidenceLacking: z.array(z.object({ what: later, why: z.string() })).catch([]),
    evidenceMissing: z.string().nullish(),
    trace: toldTrace,
    traceLeftOut: z.number().catch(0),
    provenance: z
      .object({
        software: z.string(),
        model: z.object({ id: z.string(), sha256: z.string(), sm3: z.string().optional() }).nullable().catch(null),
        configRevision: z.string(),
        configRevisionSm3: z.string().optional(),
      })
      .catch({ software: "", model: null, configRevision: "" }),
  }),
});
type Message = z.output<typeof messageSchema>["data"];

const empty: Message = messageSchema.parse({ data: {} }).data;

function readMessage(body: unknown): Message {
  const result = messageSchema.safeParse(body);
  return result.success ? result.data.data : empty;
}

/** One row of the list. */
export function rowOf(one: Occurrence, archive: EventArchive, running: LoadedConfig): EventRow {
  const first = readMessage(one.first.body);
  const newest = readMessage(one.newest.body);
  const type = typeOf(one.type);
  const kept = archive.evidenceOf(one.occurrence).filter(({ state }) => state === "kept");
  const addressOf = (kind: string): string | null => {
    const found = kept.find((file) => file.kind === kind);
    return found ? `/api/v1/evidence/${found.sha256}` : null;
  };
  return {
    id: one.id,
    occurrence: one.occurrence,
    camera: one.camera,
    cameraName: first.camera.name,
    type: one.type,
    name: { zh: type?.nameZh ?? one.type, en: type?.nameEn ?? one.type },
    title: first.title,
    zone: first.rule.zone,
    zoneName: shapeName(running, one.camera, first.rule.zone),
    rule: first.rule.id,
    severity: severityOf(one.severity),
    certainty: newest.certainty,
    startMs: one.startMs,
    endMs: one.endMs,
    picture: addressOf("snapshot"),
    clip: addressOf("clip"),
    mark: one.mark,
    acknowledged: one.acknowledged,
    test: one.type === "test-event",
    testWalk: first.testWalk ? { ...first.testWalk, wentOn: !newest.testWalk } : null,
  };
}

/** A clip that is on the box. */
export interface StoredClip {
  readonly sha256: string;
  /** Wall time at which it begins, ms. */
  readonly fromMs: number;
  readonly durationMs: number;
}

/** The clip of an occurrence; null when there is none, or none any more. */
export function clipOf(one: Occurrence, archive: EventArchive): StoredClip | null {
  const files = archive.messages(one.occurrence).flatMap(({ body }) => readMessage(body).evidence);
  const clip = files.find(({ kind, sha256 }) => kind === "clip" && archive.evidence(sha256)?.state === "kept");
  if (clip?.durationMs === undefined) return null;
  const { sha256, durationMs, momentMs = 0 } = clip;
  return { sha256, fromMs: one.startMs - momentMs, durationMs };
}

/** What sliders show of events that somebody marked; an unsure one says nothing. */
export function markedOf(all: readonly Occurrence[]): Distributions["marked"] {
  return all.flatMap(({ mark, first }) => {
    if (mark !== "true" && mark !== "false") return [];
    const { rule, objects } = readMessage(first.body);
    const score = objects.length === 0 ? null : Math.max(...objects.map(({ conf }) => conf));
    return [{ zone: rule.zone, rule: rule.id, isTrue: mark === "true", score, heldSec: rule.holdSec }];
  });
}

/** What people call a zone or line: its name, else its id; for rules that no zone asked for, that it is the whole picture. */
export function shapeName(
  { zones, gateway }: Pick<LoadedConfig, "zones" | "gateway">,
  camera: string,
  id: string,
): string {
  const drawn = [...(zones[camera]?.zones ?? []), ...(zones[camera]?.lines ?? [])].find((one) => one.id === id);
  if (!drawn && id === pictureZoneId) return say(gateway.site.language, "wholePicture");
  return drawn?.name ?? id;
}

/** The whole occurrence. */
export async function detailOf(one: Occurrence, archive: EventArchive, desk: Desk): Promise<EventDetail> {
  const first = readMessage(one.first.body);
  const newest = readMessage(one.newest.body);
  const messages = archive.messages(one.occurrence);
  const bodies = messages.map(({ body }) => readMessage(body));
  const evidence = new Map(bodies.flatMap((body) => body.evidence).map((file) => [file.sha256, file]));
  return {
    ...rowOf(one, archive, desk.store.running),
    messages: messages.map((message, index) => ({
      id: message.id,
      phase: message.isEvidence ? ("evidence" as const) : message.phase,
      atMs: message.atMs,
      certainty: bodies[index]?.certainty ?? "suspected",
      severity: one.severity,
      sequence: message.sequence,
      acknowledged: archive.acknowledgements(message.id),
    })),
    trace: first.trace,
    traceLeftOut: first.traceLeftOut,
    objects: first.objects.map(({ track, class: label, conf, box, owner }) => ({
      track,
      label,
      score: conf,
      box,
      anchor: [box[0] + box[2] / 2, box[1] + box[3]],
      owner: owner ?? null,
    })),
    paths: await pathsBefore(desk, {
      camera: one.camera,
      tracks: first.objects.flatMap(({ track }) => track ?? []),
      atMs: one.startMs,
    }),
    measure: first.measure,
    evidence: [...evidence.values()].map((file) => evidenceOf(file, archive)),
    evidenceComing: comingOf(messages.map(({ id }, index) => ({ id, body: bodies[index] ?? empty }))),
    evidenceLacking: bodies.flatMap((body) => body.evidenceLacking),
    evidenceMissing: first.evidenceMissing ?? null,
    endReason: newest.endReason ?? null,
    hold: archive.holdOf(one.occurrence),
    note: one.note,
    markedBy: one.markedBy,
    markedMs: one.markedMs,
    site: first.site.id === "" ? desk.status().site : first.site,
    provenance: {
      software: first.provenance.software,
      model: first.provenance.model?.id ?? null,
      modelSha256: first.provenance.model?.sha256 ?? null,
      modelSm3: first.provenance.model?.sm3 ?? null,
      configRevision: first.provenance.configRevision,
      configRevisionSm3: first.provenance.configRevisionSm3 ?? null,
    },
    message: one.first.body,
  };
}

function evidenceOf(file: Message["evidence"][number], archive: EventArchive): Evidence {
  const { durationMs, momentMs, codec } = file;
  return {
    kind: file.kind,
    mediaType: file.mediaType,
    bytes: file.bytes,
    widthPx: file.w,
    heightPx: file.h,
    sha256: file.sha256,
    sm3: file.sm3,
    here: archive.evidence(file.sha256)?.state === "kept",
    address: `/api/v1/evidence/${file.sha256}`,
    differenceMs: file.differenceMs ?? null,
    clip: durationMs === undefined ? null : { durationMs, momentMs: momentMs ?? 0, codec: codec ?? "" },
  };
}

/** What messages promised and no later one has brought or taken back. */
function comingOf(messages: readonly { readonly id: string; readonly body: Message }[]): readonly LaterEvidence[] {
  const told = messages.flatMap(({ body }) =>
    [
      ...body.evidence.map(({ kind }) => (kind === "clip" ? "clip" : "picture")),
      ...body.evidenceLacking.map(({ what }) => what),
    ].map((what) => `${body.about?.event ?? ""} ${what}`),
  );
  return messages.flatMap(({ id, body }) => body.evidenceComing.filter((what) => !told.includes(`${id} ${what}`)));
}

const columns = [
  "id",
  "camera",
  "cameraName",
  "type",
  "title",
  "zone",
  "rule",
  "severity",
  "certainty",
  "start",
  "end",
  "mark",
  "acknowledged",
  "testWalk",
] as const;

/** With a byte order mark, so that a spreadsheet reads Chinese; a text never begins as a formula. */
export function csvOf(rows: readonly EventRow[]): string {
  const lines = rows.map((row) => {
    const end = row.endMs === null ? "" : isoOf(row.endMs);
    const values = { ...row, title: row.title.zh, start: isoOf(row.startMs), end, testWalk: row.testWalk !== null };
    return columns.map((column) => cell(values[column])).join(",");
  });
  return `\uFEFF${[columns.join(","), ...lines].join("\r\n")}\r\n`;
}

function cell(value: string | number | boolean | null): string {
  const text = value === null ? "" : String(value);
  // Spreadsheets with an East Asian keyboard take the wide signs too.
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

function severityOf(value: number): 1 | 2 | 3 | 4 {
  return value === 1 || value === 2 || value === 3 ? value : 4;
}
