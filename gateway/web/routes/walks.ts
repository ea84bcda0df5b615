/** Test walks: a page that keeps asking keeps one going; what fires on it is sent to nobody. */
import { z } from "zod";
import { WebError } from "../../runtime/errors.ts";
import type { TestWalkView } from "../api.ts";
import type { Walks } from "../desk.ts";
import { parsed, type Api, type Asked } from "./api.ts";
import { cameraOf } from "./rules.ts";

const walkSchema = z.strictObject({ zone: z.string().max(32) });

/** Adds the routes. Who began and ended a walk are security records: for that long alarms stay in. */
export function addWalks({ add, web }: Api): void {
  const walks = (): Walks => {
    const found = web.desk().walks;
    if (!found) throw new WebError(503, "WEB_NOT_NOW", { detail: "delivery" });
    return found;
  };
  const note = (act: "walk-begun" | "walk-ended", { request, visitor }: Asked, { camera, zone }: TestWalkView): void =>
    web.options.security?.note({ act, user: visitor.user, address: request.ip, detail: { camera, zone } });
  add({
    method: "PUT",
    path: "/cameras/:id/walk",
    role: "technician",
    answer: (asked) => {
      const { request, visitor } = asked;
      const camera = cameraOf(web.desk(), asked);
      const { zone } = parsed(walkSchema, request.body);
      const before = walks().running(camera);
      const walk = walks().keep({ camera, zone, user: visitor.user });
      if (walk.fromMs !== before?.fromMs) note("walk-begun", asked, walk);
      return walk;
    },
  });
  add({
    method: "DELETE",
    path: "/cameras/:id/walk",
    role: "technician",
    answer: (asked) => {
      const camera = cameraOf(web.desk(), asked);
      const walk = walks().end(camera);
      if (!walk) throw new WebError(404, "WEB_UNKNOWN", { what: "test walk" });
      note("walk-ended", asked, walk);
      return walk;
    },
  });
}
