/** Cameras as the contract tells them: what is configured, what is seen, never a password (pure). */
import { withoutLogin } from "../config/redact.ts";
import { typeOf } from "../config/catalogue/catalogue.ts";
import type { CameraConfig } from "../config/schema.ts";
import type { CameraStatus } from "../runtime/status.ts";
import { say } from "../runtime/texts/say.ts";
import { sees, type Visitor } from "./access.ts";
import type { CameraSettings, CameraView } from "./api.ts";
import type { Desk } from "./desk.ts";
import { rememberedOrNull } from "./problem.ts";

/** Every camera of the config, in its order. */
export function camerasOf(desk: Desk): readonly CameraView[] {
  const { cameras } = desk.status();
  const { gateway } = desk.store.running;
  return gateway.cameras.map((camera) =>
    viewOf(
      desk,
      camera,
      cameras.find(({ id }) => id === camera.id),
    ),
  );
}

/** What a screen need not know of its cameras. */
const untold = { url: "", hasLogin: false, loginUser: null, settings: {}, testWalk: null } as const;

/** Of these, what the visitor may know of, and of each how much. */
export function told(visitor: Visitor, cameras: readonly CameraView[]): readonly CameraView[] {
  const known = seen(visitor, cameras);
  return visitor.kind === "screen" ? known.map((camera) => ({ ...camera, ...untold })) : known;
}

/** Of these, what the visitor may know of. */
export function seen<T extends { readonly id: string }>(visitor: Visitor, cameras: readonly T[]): readonly T[] {
  return cameras.filter(({ id }) => sees(visitor, id));
}

function viewOf(desk: Desk, config: CameraConfig, status: CameraStatus | undefined): CameraView {
  const { running } = desk.store;
  const zones = running.zones[config.id];
  const login = running.credentials[config.id];
  const note = status?.decoderNote ?? null;
  return {
    id: config.id,
    name: config.name ?? config.id,
    enabled: config.enabled,
    url: withoutLogin(config.url),
    hasLogin: login !== undefined,
    loginUser: login?.user ?? null,
    settings: settingsOf(config),
    state: status?.state ?? (config.enabled ? "connecting" : "disabled"),
    sinceMs: status?.sinceMs ?? 0,
    decoder: status?.decoder ?? "",
    decoderNote: note && { zh: say("zh", note.key, note.values), en: say("en", note.key, note.values) },
    widthPx: status?.widthPx ?? null,
    heightPx: status?.heightPx ?? null,
    stream: status?.ring?.stream ?? null,
    framesIn: status?.framesIn ?? 0,
    analysed: status?.analysed ?? 0,
    gated: status?.gated ?? 0,
    overwritten: status?.overwritten ?? 0,
    shed: status?.shed ?? 0,
    notLookedAt: status?.notLookedAt ?? 0,
    triggers: status?.triggers ?? 0,
    liveTracks: status?.liveTracks ?? 0,
    reconnects: status?.reconnects ?? 0,
    analysisMsP50: status?.analysisMsP50 ?? null,
    analysisMsP95: status?.analysisMsP95 ?? null,
    lastFrameMs: status?.lastFrameMs ?? null,
    lastError: rememberedOrNull(status?.lastError ?? null),
    diagnosis: status?.diagnosis ? status.diagnosis.open.map(({ id, sinceMs }) => diagnosed(id, sinceMs)) : null,
    viewMoved: status?.diagnosis?.blind === "view-moved",
    readings: status?.readings ?? { level: null, speed: null },
    model: desk.modelOf(config.id)?.id ?? null,
    zones: zones?.zones.length ?? 0,
    lines: zones?.lines.length ?? 0,
    testWalk: desk.walks?.running(config.id) ?? null,
  };
}

function diagnosed(kind: string, sinceMs: number): NonNullable<CameraView["diagnosis"]>[number] {
  const type = typeOf(kind);
  return { kind, sinceMs, text: { zh: type?.nameZh ?? kind, en: type?.nameEn ?? kind } };
}

function settingsOf(config: CameraConfig): CameraSettings {
  const { name, url, enabled, transport, rate, keyFramesOnly, decoder, width, model, stallSec } = config;
  const rest = { enabled, transport, rate, keyFramesOnly, decoder, width, stallSec, url: withoutLogin(url) };
  return { ...rest, ...(name === undefined ? {} : { name }), ...(model === undefined ? {} : { model }) };
}
