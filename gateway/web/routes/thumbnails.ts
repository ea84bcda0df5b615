/** How an object looked when it was first followed, for whoever may see its camera. */
import { join } from "node:path";
import { z } from "zod";
import { ThumbnailFinder } from "../../analysis/track-log/thumbnail-files.ts";
import { WebError } from "../../runtime/errors.ts";
import { parsed, type Api } from "./api.ts";
import { cameraOf } from "./rules.ts";

const thumbnailSchema = z.object({ at: z.coerce.number().min(0).max(1e14) });
const trackSchema = z.coerce.number().int().min(0).max(0xffff_ffff);

/** Adds the route. */
export function addThumbnails({ add, web }: Api): void {
  const finder = new ThumbnailFinder();
  add({
    method: "GET",
    path: "/cameras/:id/tracks/:track/thumbnail",
    role: "viewer",
    answer: async (asked) => {
      const desk = web.desk();
      const camera = cameraOf(desk, asked);
      const { at } = parsed(thumbnailSchema, asked.request.query);
      const track = parsed(trackSchema, (asked.request.params as { readonly track: string }).track);
      const jpeg = await finder.find(join(desk.folder, "tracks", camera), track, at);
      if (!jpeg) throw new WebError(404, "WEB_UNKNOWN", { what: `track ${track}` });
      return asked.reply.type("image/jpeg").header("cache-control", "private, max-age=3600").send(jpeg);
    },
  });
}
