/** What every rehearsal on a log starts from: the camera, its log, its rules, a time. */
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import type { ZonesText } from "../analysis/detection/label-doubts.ts";
import { eventTypes } from "../config/catalogue/catalogue.ts";
import { checkFile } from "../config/checked-file.ts";
import { diagnosticText } from "../config/diagnostic-text.ts";
import { InvalidConfig, type Diagnostic } from "../config/diagnostic.ts";
import type { LoadedConfig } from "../config/load.ts";
import { collapsePixels, zonesProblems } from "../config/zones-problems.ts";
import { emptyZones, zonesSchema, type ZonesConfig } from "../config/zones-schema.ts";
import { trackFolder } from "../rehearsal/track-log/read-log.ts";
import type { Rehearsal } from "../rehearsal/track-log/replay-log.ts";
import type { Language } from "../runtime/texts/fill.ts";
import { say } from "../runtime/texts/say.ts";
import type { CommandIo } from "./command.ts";
import { labelDoubts } from "./label-warnings.ts";
import { usage } from "./read-args.ts";
import { storageFolder } from "./storage-folder.ts";

/** One camera, ready to be rehearsed. */
export interface RulesSite {
  readonly cameraId: string;
  /** Of the track log. */
  readonly folder: string;
  readonly present: Rehearsal;
  /** What the camera's model never gives, in a zones file. */
  readonly doubtsOf: (text: ZonesText) => Promise<readonly Diagnostic[]>;
}

/** @throws CommandError USAGE without `--camera`, or for a camera that is not configured */
export function siteOf(config: LoadedConfig, camera: string | true | undefined, io: CommandIo): RulesSite {
  if (typeof camera !== "string") throw usage(io.language, "rulesNeedsFlag", { flag: "--camera" });
  const known = config.gateway.cameras.find(({ id }) => id === camera);
  if (!known) throw usage(io.language, "rulesNoCamera", { camera });
  const { timezone, place } = config.gateway.site;
  const doubts = labelDoubts(config);
  return {
    cameraId: camera,
    folder: trackFolder(storageFolder(config), camera),
    present: { zones: config.zones[camera] ?? emptyZones(camera), timezone, place: known.place ?? place ?? {} },
    doubtsOf: (text) => doubts.of(text, known.model ?? config.gateway.detector.model),
  };
}

/** A zones file that is not in use yet. @throws InvalidConfig with every mistake in it, CommandError USAGE when unreadable */
export async function draftOf(
  typed: string,
  { cameraId, doubtsOf }: Pick<RulesSite, "cameraId" | "doubtsOf">,
  io: CommandIo,
): Promise<ZonesConfig> {
  const path = resolve(io.cwd, typed);
  const bytes = await readFile(path).catch((cause: unknown) => {
    const detail = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw usage(io.language, "rulesBadFile", { path: typed, detail });
  });
  const { value, diagnostics } = checkFile({
    file: basename(path),
    bytes,
    schema: zonesSchema,
    // A draft may have any name: only its camera must be the one that is rehearsed.
    look: (raw) =>
      zonesProblems(raw, {
        fileStem: cameraId,
        cameraIds: [cameraId],
        ruleTypes: new Set(eventTypes.map(({ id }) => id)),
        purposes: new Map(),
        unplaced: new Set(), // Rehearsed is not run.
      }),
    retell: collapsePixels,
  });
  if (value === null || diagnostics.some(({ severity }) => severity === "error"))
    throw new InvalidConfig(dirname(path), diagnostics);
  const labels = await doubtsOf({ file: basename(path), bytes });
  for (const doubt of [...diagnostics, ...labels]) io.stderr(`${diagnosticText(doubt, io.language)}\n\n`);
  return value;
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `24h` before `nowMs`, a time with its offset, or one of the site. @throws CommandError USAGE */
export function timeOf(
  typed: string | true | undefined,
  { nowMs, timezone }: { readonly nowMs: number; readonly timezone: string },
  io: CommandIo,
): number {
  const text = typed === true || typed === undefined ? "" : typed.trim();
  const ago = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text);
  const ms = ago ? nowMs - Number(ago[1]) * (unitMs[ago[2] ?? ""] ?? NaN) : momentOf(text, timezone);
  if (Number.isNaN(ms)) throw usage(io.language, "rulesBadTime", { typed: text });
  return ms;
}

/** Without an offset it is the site's own clock, not that of whoever types. */
function momentOf(text: string, timezone: string): number {
  const local = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?$/.exec(text);
  if (!local) return Date.parse(text);
  const wanted = Date.parse(`${local[1]}T${local[2] ?? "00:00"}Z`);
  if (Number.isNaN(wanted)) return NaN;
  const offsetAt = (ms: number): number =>
    Date.parse(`${shownTime(ms, timezone).replace(" ", "T")}Z`) - Math.floor(ms / 1_000) * 1_000;
  // Twice: the first guess may lie on the other side of a change to summer time.
  return wanted - offsetAt(wanted - offsetAt(wanted));
}

/** Which tracks took part; nothing where none did. */
export function tracksOf(ids: readonly number[], language: Language): string {
  return ids.length === 0 ? "" : say(language, "rulesTracks", { ids: ids.slice(0, 8).join(", ") });
}

/** `2026-03-14 12:00:00` in the site's time zone. */
export function shownTime(atMs: number, timezone: string): string {
  return new Date(atMs).toLocaleString("sv-SE", { timeZone: timezone });
}
