/** The staff gauge and the section of a camera: read and applied like what is drawn, in the same file. */
import { z } from "zod";
import { measuresOf, rulesRevision, withMeasures } from "../../config/store/edits.ts";
import type { Texts } from "../../config/store/texts.ts";
import { WebError } from "../../runtime/errors.ts";
import type { Measures, MeasuresDocument } from "../api.ts";
import { appliedOf, spliced } from "../changes.ts";
import { ifMatch, parsed, type Api } from "./api.ts";
import { cameraOf } from "./rules.ts";

const thing = z.record(z.string().max(32), z.unknown()).nullable();
/** Only the outline: what is inside is told by the check of the file it becomes, with place and remedy. */
const measuresSchema = z.strictObject({ gauge: thing, flow: thing });

/** Adds the routes. */
export function addMeasures({ add, web }: Api): void {
  const path = "/cameras/:id/measures";
  add({
    method: "GET",
    path,
    role: "viewer",
    answer: async (asked): Promise<MeasuresDocument> => {
      const camera = cameraOf(web.desk(), asked);
      const texts = await web.desk().store.texts();
      const revision = rulesRevision(texts, camera);
      asked.reply.header("etag", `"${revision}"`);
      return { camera, revision, ...(measuresOf(texts, camera) as unknown as Measures) };
    },
  });
  add({
    method: "PUT",
    path,
    role: "technician",
    answer: async (asked) => {
      const { request, reply, visitor } = asked;
      const { store } = web.desk();
      const camera = cameraOf(web.desk(), asked);
      const base = ifMatch(request);
      const measures = parsed(measuresSchema, request.body);
      let next: Texts = new Map();
      const change = await store.change({ user: visitor.user, via: "page" }, (texts) => {
        if (rulesRevision(texts, camera) !== base) throw new WebError(412, "WEB_CONFLICT");
        next = spliced(() => withMeasures(texts, camera, measures));
        return next;
      });
      const applied = appliedOf(change, rulesRevision(next, camera));
      reply.header("etag", `"${applied.revision}"`);
      return applied;
    },
  });
}
