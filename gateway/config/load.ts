/** The config folder → one frozen, valid state; or every mistake in it, told at once. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { ConfigError } from "../runtime/errors.ts";
import { eventTypes } from "./catalogue/catalogue.ts";
import { checkFile } from "./checked-file.ts";
import { InvalidConfig, type Diagnostic } from "./diagnostic.ts";
import { gatewayProblems } from "./gateway-problems.ts";
import { idsIn } from "./raw.ts";
import { gatewaySchema, type GatewayConfig } from "./schema.ts";
import { secretsProblems, secretsSchema, type Credentials } from "./secrets.ts";
import { collapsePixels, zonesProblems } from "./zones-problems.ts";
import { zonesSchema, type ZonesConfig } from "./zones-schema.ts";

/** A valid config folder, deeply frozen. */
export interface LoadedConfig {
  /** The config folder, absolute. */
  readonly folder: string;
  /** The folder above it; relative paths of the config start here. */
  readonly root: string;
  readonly gateway: GatewayConfig;
  /** By camera id; a camera without a file has no entry. */
  readonly zones: Readonly<Record<string, ZonesConfig>>;
  /** By camera id. Not enumerable, so that printing or serialising a config never shows it. */
  readonly credentials: Credentials;
  /** 16 hex digits of SHA-256 over the files without secrets: the same files, the same revision. */
  readonly revision: string;
  /** 16 hex digits of SM3 over the same. */
  readonly revisionSm3: string;
  /** What is doubtful, but no reason not to start. */
  readonly warnings: readonly Diagnostic[];
}

/** One file of the config folder. */
export interface FoundFile {
  /** Relative to the folder: `gateway.yaml`, `zones/CAMERA.yaml`, `secrets.yaml`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
}

/** The files of a config folder, before anybody has looked into them. */
export interface ConfigFiles {
  /** Absolute. */
  readonly folder: string;
  readonly gateway: FoundFile;
  readonly zones: readonly FoundFile[];
  readonly secrets: FoundFile | null;
}

/**
 * Reads `gateway.yaml`, `zones/*.yaml` and `secrets.yaml` of `folder`.
 * @throws ConfigError CONFIG_UNREADABLE, or InvalidConfig with every diagnostic
 */
export async function loadConfig(folder: string): Promise<LoadedConfig> {
  return configOf(readConfigFiles(folder));
}

/**
 * At once: the files are small and looked at every second, and a turn of the thread pool for each costs many times the reading.
 * @throws ConfigError CONFIG_UNREADABLE
 */
export function readConfigFiles(folder: string): ConfigFiles {
  const at = resolve(folder);
  const gateway = read(at, "gateway.yaml");
  if (!gateway) throw new ConfigError("CONFIG_UNREADABLE", { path: join(at, "gateway.yaml"), detail: "ENOENT" });
  return { folder: at, gateway, zones: readZones(at), secrets: read(at, "secrets.yaml") };
}

/**
 * What the files mean.
 * @throws InvalidConfig with every diagnostic
 */
export function configOf(files: ConfigFiles): LoadedConfig {
  const { folder: at, gateway: gatewayFile, zones: zoneFiles, secrets: secretsFile } = files;
  const shown = (name: string): string => join(basename(at), name);
  const ruleTypes = new Set(eventTypes.map(({ id }) => id));

  const gateway = checkFile({
    file: shown(gatewayFile.name),
    bytes: gatewayFile.bytes,
    schema: gatewaySchema,
    look: (raw) => gatewayProblems(raw, ruleTypes),
  });
  const purposes = new Map((gateway.value?.cameras ?? []).map(({ id, purpose }) => [id, purpose]));
  const unplaced = new Set(
    (gateway.value?.cameras ?? []).flatMap(({ id, place = gateway.value?.site.place }) =>
      place?.lon === undefined || place.lat === undefined ? [id] : [],
    ),
  );
  const cameraIds = gateway.raw === null ? null : idsIn(gateway.raw, "cameras");
  const zones = zoneFiles.map(({ name, bytes }) =>
    checkFile({
      file: shown(name),
      bytes,
      schema: zonesSchema,
      look: (raw) =>
        zonesProblems(raw, { fileStem: basename(name, ".yaml"), cameraIds, ruleTypes, purposes, unplaced }),
      retell: collapsePixels,
    }),
  );
  const secrets =
    secretsFile &&
    checkFile({
      file: shown(secretsFile.name),
      bytes: secretsFile.bytes,
      schema: secretsSchema,
      secret: true,
      look: (raw) => secretsProblems(raw, cameraIds, secretsFile.mode),
    });

  const diagnostics = [gateway, ...zones, ...(secrets ? [secrets] : [])].flatMap((checked) => checked.diagnostics);
  if (gateway.value === null || diagnostics.some(({ severity }) => severity === "error"))
    throw new InvalidConfig(at, diagnostics);
  const byCamera = zones.flatMap(({ value }) => (value === null ? [] : [[value.camera, value] as const]));
  const config: LoadedConfig = {
    folder: at,
    root: dirname(at),
    gateway: gateway.value,
    zones: Object.fromEntries(byCamera),
    revision: revisionOf([gatewayFile, ...zoneFiles]),
    revisionSm3: revisionOf([gatewayFile, ...zoneFiles], "sm3"),
    warnings: diagnostics,
    credentials: deepFreeze(secrets?.value?.cameras ?? {}),
  };
  return deepFreeze(Object.defineProperty(config, "credentials", { enumerable: false }));
}

/** Null when there is no such file. */
function read(folder: string, name: string): FoundFile | null {
  const path = join(folder, name);
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) return null;
    // A file far beyond the limit is refused by its size; it need not be in memory for that.
    const bytes = found.size > 16 * 1024 * 1024 ? new Uint8Array(1024 * 1024) : readFileSync(path);
    return { name, bytes, mode: found.mode };
  } catch (cause) {
    const detail = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    if (detail === "ENOENT") return null;
    throw new ConfigError("CONFIG_UNREADABLE", { path, detail }, { cause });
  }
}

function readZones(folder: string): FoundFile[] {
  let names: string[];
  try {
    names = readdirSync(join(folder, "zones"));
  } catch {
    return []; // No zones folder: cameras without zones.
  }
  const files = names.filter((name) => /^[^.].*\.yaml$/.test(name)).sort();
  return files.map((name) => read(folder, join("zones", name))).filter((file) => file !== null);
}

/** 16 hex digits: the same files, the same revision. */
export function revisionOf(files: readonly FoundFile[], digest: "sha256" | "sm3" = "sha256"): string {
  const hash = createHash(digest);
  for (const { name, bytes } of files) hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  return hash.digest("hex").slice(0, 16);
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
