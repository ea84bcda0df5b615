/** Events: lists with filters, details, marks, export, evidence, the test event. */
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { EventArchive, EventQuery, Occurrence } from "../../delivery/events/event-archive.ts";
import { WebError } from "../../runtime/errors.ts";
import type { SecurityLog } from "../../runtime/security-log.ts";
import { sees, type Visitor } from "../access.ts";
import type { EventPage, TestEvent } from "../api.ts";
import { csvOf, detailOf, rowOf } from "../event-view.ts";
import { parsed, type Api, type Asked } from "./api.ts";
import { known } from "./rules.ts";

const list = z
  .string()
  .max(1_024)
  .transform((text) => text.split(",").filter((one) => one !== ""))
  .pipe(z.array(z.string().max(64)).max(64));
const flag = z.enum(["true", "false"]).transform((text) => text === "true");
const time = z.coerce.number().min(0).max(1e14);
const filterSchema = z.strictObject({
  camera: list.optional(),
  zone: list.optional(),
  type: list.optional(),
  label: list.optional(),
  severity: list.pipe(z.array(z.enum(["1", "2", "3", "4"]).transform(Number))).optional(),
  certainty: z.enum(["suspected", "detected"]).optional(),
  fromMs: time.optional(),
  toMs: time.optional(),
  mark: z.enum(["true", "false", "unsure", "none"]).optional(),
  acknowledged: flag.optional(),
  open: flag.optional(),
  testWalk: flag.optional(),
  cursor: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const markSchema = z.strictObject({
  mark: z.enum(["true", "false", "unsure"]).nullable(),
  note: z.string().max(500).optional(),
});
const holdSchema = z.strictObject({ hold: z.boolean(), reason: z.string().min(1).max(200) });
const testSchema = z.strictObject({ camera: z.string().max(32).optional() }).default({});
/** An export is read in a spreadsheet. */
const maxExported = 10_000;
const pageSize = 200;
/** Test events whose answer is waited for. */
const maxTests = 100;

/** Adds the routes. */
export function addEvents(api: Api): void {
  const { add, web } = api;
  add({ method: "GET", path: "/events", role: "viewer", answer: (asked) => page(api, asked) });
  add({ method: "GET", path: "/events/export.json", role: "viewer", answer: (asked) => exported(api, asked, "json") });
  add({ method: "GET", path: "/events/export.csv", role: "viewer", answer: (asked) => exported(api, asked, "csv") });
  add({
    method: "GET",
    path: "/events/:id",
    role: "viewer",
    answer: (asked) => detailOf(occurrenceOf(api, asked), archiveOf(api), web.desk()),
  });
  add({
    method: "PUT",
    path: "/events/:id/mark",
    role: "technician",
    answer: (asked) => {
      const { request, visitor } = asked;
      const occurrence = occurrenceOf(api, asked);
      const { mark, note } = parsed(markSchema, request.body);
      const nowMs = web.desk().status().nowMs;
      archiveOf(api).mark(occurrence.occurrence, { mark, note: note ?? null, user: visitor.user, atMs: nowMs });
      return undefined;
    },
  });
  addHolds(api);
  add({ method: "GET", path: "/evidence/:sha256", role: "viewer", answer: (asked) => evidence(api, asked) });
  addTestEvent(api);
}

/** Evidence that must not be deleted: who said so, why, and who let it go are security records. */
function addHolds(api: Api): void {
  api.add({ method: "GET", path: "/holds", role: "technician", answer: () => archiveOf(api).holds() });
  api.add({
    method: "PUT",
    path: "/events/:id/hold",
    role: "technician",
    answer: (asked) => {
      const { request, visitor } = asked;
      const { occurrence } = occurrenceOf(api, asked);
      const { hold, reason } = parsed(holdSchema, request.body);
      const { user } = visitor;
      const archive = archiveOf(api);
      if (hold) archive.hold(occurrence, { user, reason, atMs: api.web.desk().status().nowMs });
      else if (!archive.release(occurrence)) throw new WebError(404, "WEB_UNKNOWN", { what: "hold" });
      const act = hold ? "evidence-held" : "evidence-released";
      api.web.options.security?.note({ act, user, address: request.ip, detail: { occurrence, reason } });
      return undefined;
    },
  });
}

/** @throws WebError WEB_NOT_NOW */
export function archiveOf({ web }: Api): EventArchive {
  const { archive } = web.desk();
  if (!archive) throw new WebError(503, "WEB_NOT_NOW", { detail: "database" });
  return archive;
}

/** The occurrence of the address, of a camera that the visitor sees. @throws WebError WEB_UNKNOWN */
export function occurrenceOf(api: Api, { request, visitor }: Asked): Occurrence {
  const occurrence = archiveOf(api).find((request.params as { readonly id: string }).id);
  if (!occurrence || !sees(visitor, occurrence.camera)) throw new WebError(404, "WEB_UNKNOWN", { what: "event" });
  return occurrence;
}

function queryOf({ request, visitor }: Asked): EventQuery {
  const { cursor, ...filter } = parsed(filterSchema, request.query);
  return { ...filter, camera: camerasFor(visitor, filter.camera), before: cursor };
}

/** A list that is empty would ask for every camera: nobody's camera stands for none. */
function camerasFor(visitor: Visitor, wanted: readonly string[] | undefined): readonly string[] | undefined {
  if (visitor.cameras === null) return wanted;
  const some = wanted === undefined || wanted.length === 0 ? visitor.cameras : wanted.filter((id) => sees(visitor, id));
  return some.length === 0 ? [""] : some;
}

function page(api: Api, asked: Asked): EventPage {
  const query = queryOf(asked);
  const rows = archiveOf(api).list({ ...query, limit: query.limit + 1 });
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    events: shown.map((one) => rowOf(one, archiveOf(api), api.web.desk().store.running)),
    next: rows.length > query.limit && last ? String(last.n) : null,
  };
}

function exported(api: Api, asked: Asked, form: "csv" | "json"): unknown {
  const archive = archiveOf(api);
  const query = { ...queryOf(asked), limit: pageSize };
  const rows = [];
  for (let before = query.before; rows.length < maxExported;) {
    const some = archive.list({ ...query, before });
    rows.push(...some.map((one) => rowOf(one, archive, api.web.desk().store.running)));
    before = some.at(-1)?.n;
    if (some.length < pageSize) break;
  }
  const { reply } = asked;
  reply.header("content-disposition", `attachment; filename="events.${form}"`);
  if (form === "json") return reply.type("application/json; charset=utf-8").send(JSON.stringify(rows, null, 1));
  return reply.type("text/csv; charset=utf-8").send(csvOf(rows));
}

/** A file of the evidence folder, named by its digest alone; clips answer ranges, as players ask for them. */
async function evidence(api: Api, { request, reply, visitor }: Asked): Promise<unknown> {
  const { sha256 } = request.params as { readonly sha256: string };
  const archive = archiveOf(api);
  const row = /^[0-9a-f]{64}$/.test(sha256) ? archive.evidence(sha256) : null;
  if (!row || !mayLook(archive, visitor, sha256)) throw new WebError(404, "WEB_UNKNOWN", { what: "evidence" });
  const path = join(api.web.desk().folder, "evidence", sha256.slice(0, 2), `${sha256}.bin`);
  const size = (await stat(path).catch(() => null))?.size;
  if (size === undefined) throw new WebError(404, "WEB_UNKNOWN", { what: "evidence" });
  const range = rangeOf(request.headers.range, size);
  if (range === "unsatisfiable") return reply.code(416).header("content-range", `bytes */${size}`).send();
  noteSeen(api, { request, visitor }, sha256);
  const file = await open(path, "r");
  const { from, to } = range ?? { from: 0, to: size - 1 };
  reply
    .type(row.mediaType)
    .header("accept-ranges", "bytes")
    .header("content-length", to - from + 1);
  reply.header("cache-control", "private, max-age=86400, immutable");
  if (range) reply.code(206).header("content-range", `bytes ${from}-${to}/${size}`);
  return reply.send(file.createReadStream({ start: from, end: to }));
}

/** One look of somebody at a file within the hour is one line: players ask for a clip piece by piece. */
function noteSeen({ web }: Api, { request, visitor }: Pick<Asked, "request" | "visitor">, sha256: string): void {
  const { security } = web.options;
  if (!security) return;
  const looks = looksOf.get(security) ?? new Map<string, number>();
  looksOf.set(security, looks);
  const key = `${visitor.user} ${sha256}`;
  const nowMs = performance.now();
  if (nowMs - (looks.get(key) ?? -Infinity) < lookMs) return;
  looks.delete(key);
  looks.set(key, nowMs);
  const [oldest] = looks.keys();
  if (looks.size > mostLooks && oldest !== undefined) looks.delete(oldest);
  security.note({ act: "evidence-seen", user: visitor.user, address: request.ip, detail: { sha256 } });
}

const looksOf = new WeakMap<SecurityLog, Map<string, number>>();
const lookMs = 3_600_000;
const mostLooks = 10_000;

/** A file belongs to the camera of its event; one whose event is gone is for those who see every camera. */
function mayLook(archive: EventArchive, visitor: Visitor, sha256: string): boolean {
  return visitor.cameras === null || archive.camerasOf(sha256).some((camera) => sees(visitor, camera));
}

/** One range; several at once are answered with the whole. */
export function rangeOf(
  header: string | undefined,
  size: number,
): { readonly from: number; readonly to: number } | "unsatisfiable" | null {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "");
  if (!found) return null;
  const [, first = "", last = ""] = found;
  if (first === "" && last === "") return null;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size - 1 : Math.min(size - 1, Number(last));
  return from > to || from >= size ? "unsatisfiable" : { from, to };
}

function addTestEvent(api: Api): void {
  const { add, web } = api;
  const sent = new Map<
    string,
    { readonly sentMs: number; readonly answered: Map<string, number>; readonly stop: () => void }
  >();
  const answerOf = (id: string): TestEvent => {
    const test = sent.get(id);
    if (!test) throw new WebError(404, "WEB_UNKNOWN", { what: "test event" });
    const uplinks = web.desk().store.running.gateway.uplinks.map((uplink) => {
      const answeredMs = test.answered.get(uplink.id);
      return { id: uplink.id, roundTripMs: answeredMs === undefined ? null : answeredMs - test.sentMs };
    });
    return { id, sentMs: test.sentMs, uplinks };
  };
  add({
    method: "POST",
    path: "/events/test",
    role: "technician",
    answer: async ({ request, visitor }) => {
      const desk = web.desk();
      const { camera } = parsed(testSchema, request.body ?? undefined);
      const sentMs = desk.status().nowMs;
      const answered = new Map<string, number>();
      const early: { id: string; uplink: string; atMs: number }[] = [];
      let mine: string | null = null;
      const stop = desk.onNews((news) => {
        if (news.kind !== "acknowledged") return;
        if (mine === null) early.push(news);
        else if (news.id === mine && !answered.has(news.uplink)) answered.set(news.uplink, news.atMs);
      });
      const id = await desk.raiseTest(camera === undefined ? null : known(desk, camera, visitor));
      mine = id;
      for (const news of early) if (news.id === id) answered.set(news.uplink, news.atMs);
      sent.set(id, { sentMs, answered, stop });
      const [oldest] = sent.keys();
      if (sent.size > maxTests && oldest !== undefined) {
        sent.get(oldest)?.stop();
        sent.delete(oldest);
      }
      return answerOf(id);
    },
  });
  add({
    method: "GET",
    path: "/events/test/:id",
    role: "viewer",
    answer: ({ request }) => answerOf((request.params as { readonly id: string }).id),
  });
}
