/** What would have fired, why, and the set that must fire as it did. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readSuppressed } from "../../analysis/track-log/suppressed-log.ts";
import { trackLogDelayMs } from "../../analysis/track-log/track-log.ts";
import type { Suppressed } from "../../analysis/zones/suppression.ts";
import { rulesOf } from "../../config/store/edits.ts";
import { typeOf } from "../../config/catalogue/catalogue.ts";
import { emptyZones, type ZonesConfig } from "../../config/zones-schema.ts";
import { systemClock } from "../../runtime/clock.ts";
import { GatewayError, WebError } from "../../runtime/errors.ts";
import { sees, type Visitor } from "../access.ts";
import { writeWhole } from "../../runtime/whole-file.ts";
import type { Rehearsals } from "../../rehearsal/preview.ts";
import type { RegressionCase, RegressionRun, RuleSet, SuggestAnswer, SuppressedAnswer } from "../api.ts";
import { candidatesFor, changed, judged, suggestion } from "../suggest.ts";
import type { Desk } from "../desk.ts";
import { pathsBefore } from "../paths-before.ts";
import { markedOf, shapeName } from "../event-view.ts";
import { draftedConfig, RuleDoubts } from "../rule-doubts.ts";
import { countsOf, distributionsOf, previewOf, whyOf } from "../rehearsal-view.ts";
import { parsed, type Api, type Asked } from "./api.ts";
import { cameraOf, known, ruleSetSchema } from "./rules.ts";

const time = z.coerce.number().min(0).max(1e14);
const previewSchema = z.strictObject({ camera: z.string().max(32), rules: ruleSetSchema, fromMs: time, toMs: time });
const windowSchema = z.object({ from: time, to: time });
const whySchema = z.object({ at: time, track: z.coerce.number().int().min(0).optional() });
const expectedSchema = z
  .array(z.strictObject({ type: z.string().max(64), zone: z.string().max(32), count: z.int().min(0).max(100_000) }))
  .max(100);
const caseSchema = z.strictObject({
  id: z.string(),
  name: z.string().min(1).max(120),
  camera: z.string().max(32),
  fromMs: time,
  toMs: time,
  expected: expectedSchema,
});
const newCaseSchema = caseSchema.omit({ id: true }).extend({ expected: expectedSchema.optional() });
const runSchema = z
  .strictObject({ camera: z.string().max(32).optional(), rules: ruleSetSchema.optional() })
  .default({});
const suggestSchema = z.strictObject({
  camera: z.string().max(32),
  zone: z.string().max(32),
  rule: z.string().max(64),
});
const suggestMs = 7 * 86_400_000;
/** More is read by nobody. */
const maxSuppressed = 500;
/** Run on every apply: more would keep a technician waiting. */
const maxCases = 100;

/** Adds the routes. */
export function addRehearsal(api: Api): void {
  const { add, web } = api;
  const doubts = new RuleDoubts();
  add({
    method: "POST",
    path: "/rules/preview",
    role: "viewer",
    answer: async ({ request, reply, visitor }) => {
      const desk = web.desk();
      const { camera, rules, fromMs, toMs } = parsed(previewSchema, request.body);
      known(desk, camera, visitor);
      const inPlace = await draftedConfig(desk, camera, rules);
      const draft = inPlace.config.zones[camera] ?? emptyZones(camera);
      const asked = { camera, fromMs, toMs, live: present(desk, camera), draft };
      const answer = await newest(() => rehearsalsOf(desk).preview(asked, goneOf(reply.raw)));
      return previewOf(answer, await doubts.of(desk, camera, inPlace));
    },
  });
  add({
    method: "GET",
    path: "/cameras/:id/why",
    role: "viewer",
    answer: async (asked) => {
      const desk = web.desk();
      const camera = cameraOf(desk, asked);
      const { at, track } = parsed(whySchema, asked.request.query);
      const answer = await rehearsalsOf(desk).why({ camera, atMs: at, zones: present(desk, camera), track });
      return whyOf(answer, await pathsBefore(desk, { camera, tracks: track === undefined ? [] : [track], atMs: at }));
    },
  });
  add({
    method: "GET",
    path: "/cameras/:id/distributions",
    role: "viewer",
    answer: async (asked) => {
      const desk = web.desk();
      const camera = cameraOf(desk, asked);
      const { from, to } = parsed(windowSchema, asked.request.query);
      const window = { camera, fromMs: from, toMs: to, zones: present(desk, camera) };
      const events = desk.archive?.list({ camera: [camera], fromMs: from, toMs: to, limit: 200 }) ?? [];
      return distributionsOf(await rehearsalsOf(desk).histograms(window), markedOf(events));
    },
  });
  add({
    method: "GET",
    path: "/cameras/:id/suppressed",
    role: "viewer",
    answer: async (asked) => {
      const desk = web.desk();
      const camera = cameraOf(desk, asked);
      const { from, to } = parsed(windowSchema, asked.request.query);
      return suppressedOf(await readSuppressed(join(desk.folder, "tracks", camera), from), to, (zone) =>
        shapeName(desk.store.running, camera, zone),
      );
    },
  });
  add({
    method: "POST",
    path: "/rules/suggest",
    role: "technician",
    answer: ({ request, visitor }) => suggest(web.desk(), visitor, request.body),
  });
  addRegression(api);
}

/** What nearly fired, newest first. */
function suppressedOf(all: readonly Suppressed[], toMs: number, nameOf: (zoneId: string) => string): SuppressedAnswer {
  const nearly = all
    .filter(({ atMs }) => atMs <= toMs)
    .slice(-maxSuppressed)
    .reverse()
    .map(({ ruleId, zoneId, eventType, atMs, tracks, reason, value, limit, setting }) => ({
      rule: ruleId,
      zone: zoneId,
      zoneName: nameOf(zoneId),
      type: eventType,
      atMs,
      track: tracks[0] ?? null,
      step: { step: reason, passed: false, value, limit, setting },
    }));
  return { nearly };
}

/** Tries stricter values of one rule on the time of its marked events, the smallest first. */
async function suggest(desk: Desk, visitor: Visitor, body: unknown): Promise<SuggestAnswer> {
  const { camera, zone, rule } = parsed(suggestSchema, body);
  known(desk, camera, visitor);
  const texts = await desk.store.texts();
  const rules = rulesOf(texts, camera) as unknown as RuleSet;
  // Events name a rule with its zone before it; the change is told of the rule within the zone.
  const bare = rule.startsWith(`${zone}/`) ? rule.slice(zone.length + 1) : rule;
  const found = rules.zones.find(({ id }) => id === zone)?.rules.find((one) => (one.id ?? one.type) === bare);
  const nowMs = desk.status().nowMs;
  const events = desk.archive?.list({ camera: [camera], zone: [zone], fromMs: nowMs - suggestMs, limit: 200 }) ?? [];
  const marked = events
    .filter(({ mark, type }) => (mark === "true" || mark === "false") && type === found?.type)
    .map(({ startMs, mark }) => ({ startMs, isTrue: mark === "true" }));
  const none = suggestion(null, null, { trueKept: 0, falseGone: 0 });
  if (!found || !marked.some(({ isTrue }) => !isTrue)) return none;
  const template = typeOf(found.type)?.rule;
  const values = {
    score: found.score ?? template?.score ?? 0.3,
    suspectedSec: found.suspectedSec ?? template?.suspectedSec ?? 0,
    minSize: found.minSize ?? template?.minSize ?? 0,
  };
  const window = { camera, fromMs: Math.min(...marked.map(({ startMs }) => startMs)) - 60_000, toMs: nowMs };
  for (const candidate of candidatesFor(values)) {
    const draft = changed(rules, { zone, rule: bare }, candidate);
    const zones = await drafted(desk, camera, draft as unknown as z.output<typeof ruleSetSchema>);
    const answer = await newest(() => rehearsalsOf(desk).preview({ ...window, live: zones, draft: zones }));
    const counts = judged(
      marked,
      answer.draft.filter((one) => one.zone === zone && one.type === found.type),
    );
    if (counts.isGood) return suggestion(draft, candidate, counts);
  }
  return none;
}

function rehearsalsOf(desk: Desk): Rehearsals {
  if (!desk.rehearsals) throw new WebError(503, "WEB_NOT_NOW", { detail: "rehearsal" });
  return desk.rehearsals;
}

/** A newer question of the same camera ends the one before it. */
async function newest<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError")
      throw new WebError(409, "WEB_NEWER", {}, { cause: error });
    throw error;
  }
}

function goneOf(raw: Asked["reply"]["raw"]): AbortSignal {
  const gone = new AbortController();
  raw.once("close", () => {
    if (!raw.writableFinished) gone.abort(new DOMException("the page went away", "AbortError"));
  });
  return gone.signal;
}

function present(desk: Desk, camera: string): ZonesConfig {
  return desk.store.running.zones[camera] ?? emptyZones(camera);
}

/** A draft as rules; checked as the file that it would be. @throws InvalidConfig */
export async function drafted(desk: Desk, camera: string, rules: z.output<typeof ruleSetSchema>): Promise<ZonesConfig> {
  return (await draftedConfig(desk, camera, rules)).config.zones[camera] ?? emptyZones(camera);
}

function addRegression({ add, web }: Api): void {
  const path = (): string => join(web.desk().folder, "regression.json");
  const read = async (): Promise<readonly RegressionCase[]> => {
    const text = await readFile(path(), "utf8").catch(() => "[]");
    const all = z.array(caseSchema).safeParse(JSON.parse(text));
    return all.success ? all.data : [];
  };
  const write = (all: readonly RegressionCase[]): Promise<void> =>
    writeWhole(path(), Buffer.from(`${JSON.stringify(all, null, 1)}\n`));
  add({
    method: "GET",
    path: "/regression",
    role: "viewer",
    answer: async ({ visitor }) => (await read()).filter(({ camera }) => sees(visitor, camera)),
  });
  add({
    method: "POST",
    path: "/regression",
    role: "technician",
    answer: async ({ request, visitor }) => {
      const desk = web.desk();
      const { expected, ...given } = parsed(newCaseSchema, request.body);
      known(desk, given.camera, visitor);
      // A walk that ended just now is not in the log yet; without its end the case would expect too little.
      await systemClock.sleep(
        Math.min(trackLogDelayMs, Math.max(0, given.toMs + trackLogDelayMs - systemClock.nowMs())),
      );
      const added = {
        ...given,
        id: randomUUID(),
        expected: expected ?? (await fired(desk, given, present(desk, given.camera))),
      };
      await write([...(await read()), added].slice(-maxCases));
      return added;
    },
  });
  add({
    method: "DELETE",
    path: "/regression/:id",
    role: "technician",
    answer: async ({ request }) => {
      const { id } = request.params as { readonly id: string };
      await write((await read()).filter((one) => one.id !== id));
      return undefined;
    },
  });
  add({
    method: "POST",
    path: "/regression/run",
    role: "viewer",
    answer: async ({ request, visitor }) => {
      const desk = web.desk();
      const { camera, rules } = parsed(runSchema, request.body ?? undefined);
      if (camera !== undefined) known(desk, camera, visitor);
      const draft = camera !== undefined && rules ? await drafted(desk, camera, rules) : null;
      const wanted = (await read()).filter((one) => (camera ?? one.camera) === one.camera && sees(visitor, one.camera));
      const cases: RegressionRun["cases"][number][] = [];
      for (const one of wanted) cases.push(await runCase(desk, one, draft ?? present(desk, one.camera)));
      return { passed: cases.filter(({ passed }) => passed).length, cases } satisfies RegressionRun;
    },
  });
}

async function fired(
  desk: Desk,
  { camera, fromMs, toMs }: Pick<RegressionCase, "camera" | "fromMs" | "toMs">,
  zones: ZonesConfig,
): Promise<RegressionCase["expected"]> {
  const { draft } = await newest(() => rehearsalsOf(desk).preview({ camera, fromMs, toMs, live: zones, draft: zones }));
  return countsOf(draft.filter(({ startMs }) => startMs <= toMs));
}

async function runCase(desk: Desk, one: RegressionCase, zones: ZonesConfig): Promise<RegressionRun["cases"][number]> {
  const { id, name, expected } = one;
  try {
    const found = await fired(desk, one, zones);
    const wanted = [...expected].filter(({ count }) => count > 0);
    const passed =
      wanted.length === found.length &&
      wanted.every(({ type, zone, count }) =>
        found.some((f) => f.type === type && f.zone === zone && f.count === count),
      );
    return { id, name, expected, found, passed, gone: false };
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== "TRACK_LOG_EMPTY") throw error;
    return { id, name, expected, found: [], passed: false, gone: true };
  }
}
