/** The recorded clip of an event once more through detection and rules, with a draft; what comes of it is told line by line. */
import { join } from "node:path";
import { z } from "zod";
import { packageFolder, packageNames } from "../../analysis/detection/model-shelf.ts";
import { idSchema } from "../../config/schema.ts";
import { GatewayError, WebError } from "../../runtime/errors.ts";
import type { ClipRerunRequest } from "../../rehearsal/clip-rerun/clip-rerun.ts";
import type { ClipRerunLine } from "../api.ts";
import { clipOf, type StoredClip } from "../event-view.ts";
import type { Desk } from "../desk.ts";
import { problemOf } from "../problem.ts";
import { parsed, type Api } from "./api.ts";
import { stream } from "./camera-test.ts";
import { archiveOf, occurrenceOf } from "./events.ts";
import { drafted } from "./rehearsal.ts";
import { known, ruleSetSchema } from "./rules.ts";

const rerunSchema = z.strictObject({
  rules: ruleSetSchema,
  model: idSchema.optional(),
  confidence: z.number().min(0.05).max(0.95).optional(),
});
/** A clip may last a minute and a half; nobody waits for more than this of it. */
const mostSeconds = 60;
/** Well within the server's patience with a silent connection, ms. */
const beatMs = 5_000;

/** Adds the route. */
export function addReruns(api: Api): void {
  const { add, web } = api;
  add({
    method: "POST",
    path: "/events/:id/rerun",
    role: "technician",
    answer: async (asked) => {
      const desk = web.desk();
      const { reruns } = desk;
      if (!reruns) throw new WebError(503, "WEB_NOT_NOW", { detail: "rehearsal" });
      const occurrence = occurrenceOf(api, asked);
      const { rules, model, confidence = null } = parsed(rerunSchema, asked.request.body);
      const clip = clipOf(occurrence, archiveOf(api));
      if (!clip) throw new WebError(404, "WEB_UNKNOWN", { what: "clip" });
      const camera = known(desk, occurrence.camera, asked.visitor);
      const zones = await drafted(desk, camera, rules);
      const order: ClipRerunRequest = { ...orderOf(desk, { camera, clip, model }), zones, confidence };
      if (reruns.isBusy) throw new GatewayError("CLIP_RERUN_BUSY");
      const gone = new AbortController();
      asked.reply.raw.on("close", () => gone.abort(new DOMException("the page went away", "AbortError")));
      await stream(asked.reply, async (tell) => {
        const of = Math.round(order.seconds * order.rate);
        let newest: ClipRerunLine = { kind: "progress", frames: 0, of };
        const line = (told: ClipRerunLine): void => {
          newest = told;
          tell(told);
        };
        line(newest);
        // A box that has other things to do loads a model for long, and a line that says nothing is cut.
        const beat = setInterval(() => tell(newest), beatMs);
        try {
          const told = await reruns.run(order, (frames) => line({ kind: "progress", frames, of }), gone.signal);
          return { kind: "done", ...told } satisfies ClipRerunLine;
        } catch (error) {
          if (gone.signal.aborted) return null;
          if (!(error instanceof GatewayError)) web.options.log?.error({ camera }, "re-run of a clip", error);
          const said = error instanceof GatewayError ? error : new WebError(500, "WEB_FAILED");
          return { kind: "failed", problem: problemOf(said) } satisfies ClipRerunLine;
        } finally {
          clearInterval(beat);
        }
      });
      return asked.reply;
    },
  });
}

/** As the camera is looked at live: its rate, its width, its model, its place. @throws WebError WEB_UNKNOWN for a model */
function orderOf(
  desk: Desk,
  { camera, clip, model }: { readonly camera: string; readonly clip: StoredClip; readonly model: string | undefined },
): Omit<ClipRerunRequest, "zones" | "confidence"> {
  const { gateway } = desk.store.running;
  const config = gateway.cameras.find(({ id }) => id === camera);
  if (!config) throw new WebError(404, "WEB_UNKNOWN", { what: camera });
  const folders = { modelsFolder: desk.modelsFolder, storageFolder: desk.folder };
  const id = model ?? config.model ?? gateway.detector.model;
  if (!packageNames(folders).includes(id)) throw new WebError(404, "WEB_UNKNOWN", { what: id });
  return {
    clip: join(desk.folder, "evidence", clip.sha256.slice(0, 2), `${clip.sha256}.bin`),
    fromMs: clip.fromMs,
    seconds: Math.min(mostSeconds, clip.durationMs / 1_000),
    model: { id, folder: packageFolder(folders, id) },
    ffmpegPath: gateway.ffmpeg.path,
    rate: config.rate,
    widthPx: config.width,
    timezone: gateway.site.timezone,
    place: config.place ?? gateway.site.place ?? {},
  };
}
