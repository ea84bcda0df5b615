/** What is drawn for a camera: read, checked, tried, applied; drafts; what the rule form needs. */
import { z } from "zod";
import { eventTypes } from "../../config/catalogue/catalogue.ts";
import { rulesOf, rulesRevision, withRules } from "../../config/store/edits.ts";
import type { Texts } from "../../config/store/texts.ts";
import { WebError } from "../../runtime/errors.ts";
import { sees, type Visitor } from "../access.ts";
import type { CatalogueType, Draft, RulesConflict, RulesDocument, RuleSet } from "../api.ts";
import { KeptDrafts, type DraftKey } from "../box/kept-drafts.ts";
import { appliedOf, spliced } from "../changes.ts";
import type { Desk } from "../desk.ts";
import { problemOf } from "../problem.ts";
import { RuleDoubts } from "../rule-doubts.ts";
import { ifMatch, parsed, type Api, type Asked } from "./api.ts";

const things = (max: number) => z.array(z.record(z.string(), z.unknown())).max(max);
/** Only the outline: what is inside is told by the check of the file it becomes, with place and remedy. */
export const ruleSetSchema = z.strictObject({
  zones: things(64),
  lines: things(64).default([]),
  masks: things(32).default([]),
  schedules: things(32).default([]),
  holidays: z.array(z.string().max(16)).max(366).default([]),
});
const checkSchema = z.strictObject({ camera: z.string().max(32), rules: ruleSetSchema });
const draftSchema = z.strictObject({
  baseRevision: z.string().max(64),
  base: ruleSetSchema,
  rules: ruleSetSchema,
  savedMs: z.number(),
});

/** Adds the routes. */
export function addRules(api: Api): void {
  const { add, web } = api;
  const doubts = new RuleDoubts();
  add({
    method: "GET",
    path: "/cameras/:id/rules",
    role: "viewer",
    answer: async (asked) => {
      const camera = cameraOf(web.desk(), asked);
      const document = documentOf(await web.desk().store.texts(), camera);
      asked.reply.header("etag", `"${document.revision}"`);
      return document;
    },
  });
  add({
    method: "PUT",
    path: "/cameras/:id/rules",
    role: "technician",
    answer: (asked) => putRules(web.desk(), asked),
  });
  add({
    method: "POST",
    path: "/rules/check",
    role: "viewer",
    answer: async ({ request, visitor }) => {
      const { camera, rules } = parsed(checkSchema, request.body);
      const desk = web.desk();
      known(desk, camera, visitor);
      return { diagnostics: await doubts.check(desk, camera, rules) };
    },
  });
  add({ method: "GET", path: "/catalogue", role: "viewer", answer: () => catalogue });
  addDrafts(api);
}

async function putRules(desk: Desk, asked: Asked): Promise<unknown> {
  const { request, reply, visitor } = asked;
  const camera = cameraOf(desk, asked);
  const base = ifMatch(request);
  const rules = parsed(ruleSetSchema, request.body);
  const isDry = (request.query as { readonly dry_run?: string }).dry_run === "true";
  let now: Texts = new Map();
  try {
    let next: Texts = now;
    const change = await desk.store.change(
      { user: visitor.user, via: "page" },
      (texts) => {
        now = texts;
        if (rulesRevision(texts, camera) !== base) throw new WebError(412, "WEB_CONFLICT");
        next = spliced(() => withRules(texts, camera, rules));
        return next;
      },
      isDry,
    );
    const applied = appliedOf(change, rulesRevision(next, camera));
    reply.header("etag", `"${applied.revision}"`);
    return applied;
  } catch (error) {
    if (!(error instanceof WebError) || error.code !== "WEB_CONFLICT") throw error;
    return reply.code(412).send(conflictOf(desk, { error, camera, base, mine: rules as unknown as RuleSet, now }));
  }
}

function conflictOf(
  desk: Desk,
  { error, camera, base, mine, now }: { error: WebError; camera: string; base: string; mine: RuleSet; now: Texts },
): RulesConflict {
  const revisions = desk.store.revisions.list();
  const texts = revisions.map(({ files }) => new Map(files.map((file) => [file.name, file.text])));
  const based = texts.find((one) => rulesRevision(one, camera) === base);
  const theirs = documentOf(now, camera);
  const last = revisions.findLast((_, index) => {
    const one = texts[index];
    return one !== undefined && rulesRevision(one, camera) === theirs.revision;
  });
  const { code, text, hint, values } = problemOf(error);
  if (code !== "WEB_CONFLICT") throw error;
  return {
    code,
    text,
    hint,
    values,
    base: based ? (rulesOf(based, camera) as RuleSet) : null,
    mine,
    theirs,
    by: last ? { user: last.user, atMs: last.atMs } : null,
  };
}

function documentOf(texts: Texts, camera: string): RulesDocument {
  return { camera, revision: rulesRevision(texts, camera), ...(rulesOf(texts, camera) as RuleSet) };
}

/** The camera of the address. @throws WebError WEB_UNKNOWN */
export function cameraOf(desk: Desk, { request, visitor }: Asked): string {
  return known(desk, (request.params as { readonly id: string }).id, visitor);
}

/** A camera that there is, and that the visitor may know of. @throws WebError WEB_UNKNOWN */
export function known(desk: Desk, camera: string, visitor: Visitor): string {
  if (!sees(visitor, camera) || !desk.store.running.gateway.cameras.some(({ id }) => id === camera))
    throw new WebError(404, "WEB_UNKNOWN", { what: camera.slice(0, 32) });
  return camera;
}

/** By user and camera, on the disk: the phone keeps its own copy too, so that one of both survives. */
function addDrafts({ add, web }: Api): void {
  const kept = (): KeptDrafts => new KeptDrafts(web.desk().folder);
  const keyOf = (asked: Asked): DraftKey => ({ user: asked.visitor.user, camera: cameraOf(web.desk(), asked) });
  const path = "/cameras/:id/draft";
  add({
    method: "GET",
    path,
    role: "technician",
    answer: async (asked) => {
      // What an earlier version kept may not fit any more.
      const draft = draftSchema.safeParse(await kept().read(keyOf(asked)));
      if (!draft.success) throw new WebError(404, "WEB_UNKNOWN", { what: "draft" });
      return draft.data;
    },
  });
  add({
    method: "PUT",
    path,
    role: "technician",
    answer: async (asked) => {
      const draft: Draft = parsed(draftSchema, asked.request.body) as unknown as Draft;
      await kept().keep(keyOf(asked), draft);
    },
  });
  add({ method: "DELETE", path, role: "technician", answer: (asked) => kept().forget(keyOf(asked)) });
}

const lineKinds: readonly string[] = ["line-crossing"];

/** Every event type, as the rule form needs it; the catalogue does not change while the box runs. */
const catalogue: readonly CatalogueType[] = eventTypes.map((type) => {
  const { kind, ...rest } = type.rule;
  const defaults = Object.fromEntries(
    Object.entries(rest).filter(
      ([, value]) => value !== undefined && (typeof value !== "object" || Array.isArray(value)),
    ),
  ) as CatalogueType["defaults"];
  return {
    id: type.id,
    name: { zh: type.nameZh, en: type.nameEn },
    kind,
    labels: type.rule.labels ?? type.objectClasses,
    severity: type.severity,
    defaults,
    on: lineKinds.includes(kind) ? ["line"] : ["zone"],
  };
});
