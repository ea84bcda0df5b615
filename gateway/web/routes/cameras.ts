/** Cameras: how they are, what they see, adding, changing, removing, testing. */
import { readFile, stat } from "node:fs/promises";
import { z } from "zod";
import { cameraSchema, idSchema } from "../../config/schema.ts";
import { withCamera, withLogin, withNewCamera, withoutCamera } from "../../config/store/edits.ts";
import { WebError } from "../../runtime/errors.ts";
import type { Applied, NewCamera } from "../api.ts";
import { backgroundPath } from "../box/backgrounds.ts";
import { addressSchema, brands, urlOf } from "../brands.ts";
import { camerasOf, seen } from "../camera-view.ts";
import { changeConfig } from "../changes.ts";
import { ifMatch, parsed, type Api, type Asked } from "./api.ts";
import { addCameraTest } from "./camera-test.ts";
import { cameraOf } from "./rules.ts";

const login = z
  .string()
  .max(256)
  .regex(/^[^\p{Cc}]*$/u);
const { name, url, enabled, transport, rate, keyFramesOnly, decoder, width, model, stallSec } = cameraSchema.shape;
const settingsSchema = z
  .strictObject({ name, url, enabled, transport, rate, keyFramesOnly, decoder, width, model, stallSec })
  .partial();
const newSchema = z.strictObject({
  id: idSchema.optional(),
  name: z.string().min(1).max(64),
  address: addressSchema,
  user: login.optional(),
  password: login.optional(),
  settings: settingsSchema.optional(),
});
const loginSchema = z.strictObject({ user: login, password: login });

/** Adds the routes. */
export function addCameras(api: Api): void {
  const { add, web } = api;
  add({
    method: "GET",
    path: "/cameras",
    role: "viewer",
    answer: ({ visitor }) => seen(visitor, camerasOf(web.desk())),
  });
  add({
    method: "GET",
    path: "/cameras/:id",
    role: "viewer",
    answer: (asked) => {
      const id = cameraOf(web.desk(), asked);
      return camerasOf(web.desk()).find((camera) => camera.id === id);
    },
  });
  add({
    method: "GET",
    path: "/cameras/:id/history",
    role: "viewer",
    answer: (asked) => web.desk().history(cameraOf(web.desk(), asked)),
  });
  add({ method: "GET", path: "/cameras/:id/picture.jpg", role: "viewer", answer: (asked) => picture(api, asked) });
  add({
    method: "GET",
    path: "/cameras/:id/background.jpg",
    role: "viewer",
    answer: (asked) => background(api, asked),
  });
  add({
    method: "POST",
    path: "/cameras/:id/accept-view",
    role: "technician",
    answer: (asked) => {
      web.desk().acceptView(cameraOf(web.desk(), asked));
      return undefined;
    },
  });
  add({ method: "GET", path: "/brands", role: "viewer", answer: () => brands });
  addChanges(api);
  addCameraTest(api);
}

function addChanges({ add, web }: Api): void {
  add({ method: "POST", path: "/cameras", role: "admin", answer: (asked) => addOne(web.desk(), asked) });
  add({
    method: "PATCH",
    path: "/cameras/:id",
    role: "admin",
    answer: ({ request, visitor, reply }) => {
      const desk = web.desk();
      const id = cameraOf(desk, { request, visitor, reply });
      const settings = parsed(settingsSchema, request.body);
      return changeConfig(desk, { visitor, base: ifMatch(request) }, (texts) => withCamera(texts, id, settings));
    },
  });
  add({
    method: "DELETE",
    path: "/cameras/:id",
    role: "admin",
    answer: ({ request, visitor, reply }) => {
      const id = cameraOf(web.desk(), { request, visitor, reply });
      return changeConfig(web.desk(), { visitor, base: ifMatch(request) }, (texts) => withoutCamera(texts, id));
    },
  });
  add({
    method: "PUT",
    path: "/cameras/:id/login",
    role: "admin",
    answer: ({ request, visitor, reply }) => {
      const id = cameraOf(web.desk(), { request, visitor, reply });
      const given = parsed(loginSchema, request.body);
      const next = given.user === "" ? null : given;
      return changeConfig(web.desk(), { visitor, base: null }, (texts) => withLogin(texts, id, next));
    },
  });
}

async function addOne(desk: ReturnType<Api["web"]["desk"]>, { request, visitor }: Asked): Promise<Applied> {
  const camera = parsed(newSchema, request.body);
  const taken = desk.store.running.gateway.cameras.map(({ id }) => id);
  const id = camera.id ?? idFor(camera.name, taken);
  if (taken.includes(id)) throw new WebError(409, "WEB_USER_EXISTS", { user: id });
  const entry = { id, name: camera.name, url: urlOf(camera.address as NewCamera["address"]), ...camera.settings };
  const applied = await changeConfig(desk, { visitor, base: ifMatch(request) }, (texts) => {
    const added = withNewCamera(texts, entry);
    if (camera.user === undefined || camera.user === "") return added;
    return withLogin(added, id, { user: camera.user, password: camera.password ?? "" });
  });
  return { ...applied, camera: id };
}

/** `North pier 2` becomes `north-pier-2`; a name in another script becomes `cam1`, `cam2` … */
export function idFor(given: string, taken: readonly string[]): string {
  const slug = given
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 28);
  if (slug !== "" && !taken.includes(slug)) return slug;
  const stem = slug === "" ? "cam" : `${slug}-`;
  for (let n = slug === "" ? 1 : 2; ; n += 1) if (!taken.includes(`${stem}${n}`)) return `${stem}${n}`;
}

async function picture({ web }: Api, asked: Asked): Promise<unknown> {
  const jpeg = await web.desk().picture(cameraOf(web.desk(), asked));
  if (!jpeg) throw new WebError(503, "WEB_NOT_NOW", { detail: "no picture" });
  return asked.reply.type("image/jpeg").header("cache-control", "private, no-store").send(Buffer.from(jpeg));
}

/** How the camera looked last by day or by night; `last-modified` says when. */
async function background({ web }: Api, asked: Asked): Promise<unknown> {
  const desk = web.desk();
  const camera = cameraOf(desk, asked);
  const { of } = parsed(z.object({ of: z.enum(["day", "night"]) }), asked.request.query);
  const path = backgroundPath(desk.folder, camera, of);
  const [jpeg, facts] = await Promise.all([readFile(path), stat(path)]).catch(() => [null, null]);
  if (!jpeg || !facts) throw new WebError(404, "WEB_UNKNOWN", { what: `background ${of}` });
  const { reply } = asked;
  return reply
    .type("image/jpeg")
    .header("cache-control", "private, no-store")
    .header("last-modified", facts.mtime.toUTCString())
    .send(jpeg);
}
