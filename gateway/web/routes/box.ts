/** The box itself: health, clock, log, models. */
import { readdir } from "node:fs/promises";
import { z } from "zod";
import { loadModel } from "../../analysis/detection/model.ts";
import { packageFolder, packageNames } from "../../analysis/detection/model-shelf.ts";
import { sunTimes } from "../../analysis/zones/sun.ts";
import { GatewayError } from "../../runtime/errors.ts";
import { sees, type Visitor } from "../access.ts";
import type { ModelView, SunTimes } from "../api.ts";
import { boxHealthOf, clockCheck } from "../box/box-health.ts";
import { setClock } from "../box/set-clock.ts";
import type { Desk } from "../desk.ts";
import { rememberedOf } from "../problem.ts";
import { parsed, type Api } from "./api.ts";

const clockSchema = z.strictObject({ phoneMs: z.number().min(1_600_000_000_000).max(4_102_444_800_000) });
const logSchema = z.strictObject({
  level: z.enum(["info", "warn", "error"]).default("info"),
  camera: z.string().max(32).optional(),
  limit: z.coerce.number().int().min(1).max(2_000).default(200),
});
const sunSchema = z.object({
  camera: z.string().max(32).optional(),
  day: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/),
});
const levels = ["info", "warn", "error"] as const;
/** A folder with more is no folder of models. */
const maxModels = 50;

/** Adds the routes. */
export function addBox({ add, web }: Api): void {
  const timezone = (): string => web.desk().store.running.gateway.site.timezone;
  add({ method: "GET", path: "/box", role: "viewer", answer: () => boxHealthOf(web.desk()) });
  add({ method: "GET", path: "/clock", role: "viewer", answer: () => clockCheck(timezone()) });
  add({
    method: "POST",
    path: "/clock",
    role: "admin",
    answer: async ({ request, visitor }) => {
      const { phoneMs } = parsed(clockSchema, request.body);
      const beforeMs = Date.now();
      await (web.options.setClock ?? setClock)(phoneMs);
      web.options.log?.warn({ user: visitor.user, movedMs: phoneMs - beforeMs }, "clock set from the page");
      return clockCheck(timezone());
    },
  });
  add({
    method: "GET",
    path: "/logs",
    role: "technician",
    answer: ({ request }) => {
      const { level, camera, limit } = parsed(logSchema, request.query);
      const wanted = levels.slice(levels.indexOf(level));
      const lines = web.desk().logs(2_000);
      return lines
        .filter((line) => wanted.includes(line.level) && (camera === undefined || line.camera === camera))
        .slice(-limit);
    },
  });
  add({
    method: "GET",
    path: "/sun",
    role: "viewer",
    answer: ({ request, visitor }) => {
      const { camera, day } = parsed(sunSchema, request.query);
      return sunOf(web.desk(), camera !== undefined && sees(visitor, camera) ? camera : undefined, day);
    },
  });
  add({ method: "GET", path: "/models", role: "viewer", answer: ({ visitor }) => models(web.desk(), visitor) });
}

/** In the site's own time, as the schedules count it. */
function sunOf(desk: Desk, cameraId: string | undefined, day: string): SunTimes {
  const { site, cameras } = desk.store.running.gateway;
  const { lon, lat } = cameras.find(({ id }) => id === cameraId)?.place ?? site.place ?? {};
  const { timezone } = site;
  const sun = lon === undefined || lat === undefined ? null : sunTimes(Date.parse(`${day}T00:00:00Z`), { lon, lat });
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: timezone, hour: "2-digit", minute: "2-digit" });
  return { day, timezone, sunrise: sun && clock.format(sun.riseMs), sunset: sun && clock.format(sun.setMs) };
}

async function models(desk: Desk, visitor: Visitor): Promise<readonly ModelView[]> {
  const ids = packageNames({ modelsFolder: desk.modelsFolder, storageFolder: desk.folder });
  const views = await Promise.all(ids.slice(0, maxModels).map((id) => modelView(desk, id, visitor)));
  return views.filter((view) => view !== null);
}

async function modelView(desk: Desk, id: string, visitor: Visitor): Promise<ModelView | null> {
  const folder = packageFolder({ modelsFolder: desk.modelsFolder, storageFolder: desk.folder }, id);
  const names = await readdir(folder).catch(() => []);
  if (!names.some((name) => name.endsWith(".onnx") || name === "model.yaml")) return null;
  const { gateway } = desk.store.running;
  const cameras = gateway.cameras
    .filter((camera) => (camera.model ?? gateway.detector.model) === id && sees(visitor, camera.id))
    .map((camera) => camera.id);
  try {
    const model = await loadModel(folder);
    const labels = model.labels.map((label) => ({ id: label, zh: label, en: label, ...model.display[label] }));
    const { widthPx: width, heightPx: height } = model.input;
    return {
      id,
      name: model.name,
      version: model.version,
      labels,
      inputPx: { width, height },
      licence: model.license,
      cameras,
      error: null,
    };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const said = rememberedOf({ code: error.code, values: error.values, atMs: Date.now() });
    return { id, name: id, version: "", labels: [], inputPx: null, licence: null, cameras, error: said };
  }
}
