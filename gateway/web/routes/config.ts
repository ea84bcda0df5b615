/** The config as text, its revisions, its confirmation. */
import { z } from "zod";
import { jsonSchemas } from "../../config/json-schema.ts";
import { configOf } from "../../config/load.ts";
import { changesBetween } from "../../config/store/changes.ts";
import { reloadPlan } from "../../config/store/reload-plan.ts";
import type { Revision } from "../../config/store/revisions.ts";
import { filesOf, secretsName, shownFiles, withSecretsOf, type Texts } from "../../config/store/texts.ts";
import { GatewayError, WebError } from "../../runtime/errors.ts";
import type { ConfigChecked, ConfigDocument, RevisionRow } from "../api.ts";
import { changeConfig, diagnosticsOf } from "../changes.ts";
import { configStateOf } from "../config-state.ts";
import type { Desk } from "../desk.ts";
import { ifMatch, parsed, type Api, type Asked } from "./api.ts";

/** Twice the largest file that the loader reads. */
const maxTextBytes = 1_024 * 1_024;
const fileSchema = z.strictObject({
  name: z.string().regex(/^(gateway\.yaml|zones\/[A-Za-z0-9][A-Za-z0-9_-]{0,31}\.yaml)$/),
  text: z.string().max(300_000),
});
const textsSchema = z.strictObject({ files: z.array(fileSchema).max(65) });

/** Adds the routes. */
export function addConfig(api: Api): void {
  const { add, web } = api;
  add({ method: "GET", path: "/config", role: "viewer", answer: (asked) => document(web.desk(), asked) });
  add({
    method: "POST",
    path: "/config/check",
    role: "admin",
    bodyLimit: maxTextBytes,
    answer: async ({ request }) => {
      const desk = web.desk();
      return checked(desk, merged(await desk.store.texts(), parsed(textsSchema, request.body).files));
    },
  });
  add({
    method: "PUT",
    path: "/config",
    role: "admin",
    bodyLimit: maxTextBytes,
    answer: ({ request, visitor }) => {
      const { files } = parsed(textsSchema, request.body);
      return changeConfig(web.desk(), { visitor, base: ifMatch(request) }, (texts) => merged(texts, files));
    },
  });
  add({
    method: "POST",
    path: "/config/confirm",
    role: "technician",
    answer: ({ request, visitor }) => {
      const { store } = web.desk();
      if (!store.confirm()) throw new WebError(404, "WEB_UNKNOWN", { what: "pending change" });
      const detail = { revision: store.running.revision };
      web.options.security?.note({ act: "config-confirmed", user: visitor.user, address: request.ip, detail });
      return undefined;
    },
  });
  add({ method: "GET", path: "/config/schema", role: "viewer", answer: () => jsonSchemas() });
  addRevisions(api);
}

function addRevisions({ add, web }: Api): void {
  const found = ({ request }: Asked): Revision => {
    const revision = web.desk().store.revisions.at(Number((request.params as { readonly n: string }).n));
    if (!revision) throw new WebError(404, "WEB_UNKNOWN", { what: "revision" });
    return revision;
  };
  const rowOf = ({ n, revision, atMs, user, via, changes }: Revision): RevisionRow => ({
    ...{ n, revision, atMs, user, via, changes },
    running: n === web.desk().store.revisions.withContent(web.desk().store.running.revision)?.n,
  });
  add({
    method: "GET",
    path: "/revisions",
    role: "viewer",
    // What changed may name cameras that this visitor is not to know of.
    answer: ({ visitor }) =>
      web
        .desk()
        .store.revisions.list()
        .map((one) => ({ ...rowOf(one), ...(visitor.cameras === null ? {} : { changes: [] }) })),
  });
  add({
    method: "GET",
    path: "/revisions/:n",
    role: "admin",
    answer: (asked) => {
      const revision = found(asked);
      const before = web.desk().store.revisions.before(revision.n);
      return { ...rowOf(revision), before: before?.files ?? [], after: revision.files };
    },
  });
  add({
    method: "POST",
    path: "/revisions/:n/rollback",
    role: "technician",
    answer: (asked) => {
      const revision = found(asked);
      const former = new Map(revision.files.map(({ name, text }) => [name, text]));
      return changeConfig(web.desk(), { visitor: asked.visitor, base: null }, (now) => {
        const next = withSecretsOf(former, now);
        // Network, uplinks and cameras are an admin's; what is drawn is a technician's.
        if (asked.visitor.role !== "admin" && next.get("gateway.yaml") !== now.get("gateway.yaml"))
          throw new WebError(403, "WEB_ROLE", { role: "admin" });
        return next;
      });
    },
  });
}

async function document(desk: Desk, { reply, visitor }: Asked): Promise<ConfigDocument> {
  const state = configStateOf(desk.store.state(), visitor);
  reply.header("etag", `"${state.onDisk}"`);
  const files = visitor.role === "admin" ? shownFiles(await desk.store.texts()) : [];
  return { revision: state.onDisk, state, files };
}

function merged(texts: Texts, files: readonly { readonly name: string; readonly text: string }[]): Texts {
  return new Map([
    ...texts,
    ...files.filter(({ name }) => name !== secretsName).map(({ name, text }) => [name, text] as const),
  ]);
}

function checked(desk: Desk, texts: Texts): ConfigChecked {
  const { running } = desk.store;
  const diagnostics = diagnosticsOf(running.folder, texts);
  try {
    const next = configOf(filesOf(running.folder, texts));
    const reload = reloadPlan(running, next).map((one) => ({
      what: one.what,
      camera: "camera" in one ? one.camera : null,
    }));
    return { diagnostics, changes: changesBetween(running, next), reload };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { diagnostics, changes: [], reload: [] };
  }
}
