/** `models/<name>` → a model that can be run: found, whole, harmless, and every question about it answered. */
import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { ModelError } from "../../runtime/errors.ts";
import { metadataHints } from "./metadata-hints.ts";
import { settleFacts } from "./model-facts.ts";
import { manifestSchema, type Manifest } from "./model-manifest.ts";
import type { ModelPackage } from "./model-package.ts";
import { OnnxUnreadable, readOnnx, type OnnxFacts } from "./onnx-file.ts";
import { sidecarHints } from "./sidecar-hints.ts";
import { readYaml } from "./yaml-text.ts";

/** The largest model file. */
export const modelBytesMost = 64 * 2 ** 20;
/** The largest manifest or sidecar. */
const textBytesMost = 256 * 2 ** 10;

/** A model file that was read and found harmless, before anybody asked what it detects. */
export interface ModelFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly sm3: string;
  readonly graph: OnnxFacts;
}

/**
 * Loads the package in `folder`: `model.yaml`, sidecars, the ONNX file. `model` is its name until it says its own.
 * @throws ModelError, each code with its remedy
 */
export async function loadModel(folder: string, model = basename(resolve(folder))): Promise<ModelPackage> {
  const manifest = await readManifest(folder, model);
  const file = await readModelFile(join(resolve(folder), manifest?.file ?? "model.onnx"), manifest?.name ?? model);
  for (const name of ["sha256", "sm3"] as const) {
    if ((manifest?.[name] ?? file[name]) === file[name]) continue;
    throw new ModelError("MODEL_CHECKSUM", { model, path: file.path, detail: `${name} ${file[name].slice(0, 16)}…` });
  }
  return packageOf(file, folder, model, manifest);
}

/**
 * Finds out what the bare ONNX file `path` is; sidecars beside it are heard.
 * @throws ModelError
 */
export async function inspectModel(path: string): Promise<ModelPackage> {
  const model = basename(path, ".onnx");
  return packageOf(await readModelFile(resolve(path), model), join(resolve(path), ".."), model, null);
}

/**
 * Reads and checks the ONNX file `path`.
 * @throws ModelError MODEL_MISSING, MODEL_TOO_LARGE, MODEL_TRUNCATED, MODEL_EXTERNAL_DATA, MODEL_OPERATORS
 */
export async function readModelFile(path: string, model: string): Promise<ModelFile> {
  const bytes = await readBounded(path, modelBytesMost, model);
  if (!bytes) throw new ModelError("MODEL_MISSING", { model, path });
  const graph = understood(bytes, model, path);
  if (graph.externalData.length > 0)
    throw new ModelError("MODEL_EXTERNAL_DATA", { model, detail: graph.externalData.slice(0, 3).join(", ") });
  if (graph.foreignOperators.length > 0)
    throw new ModelError("MODEL_OPERATORS", { model, detail: graph.foreignOperators.slice(0, 5).join(", ") });
  const [sha256 = "", sm3 = ""] = ["sha256", "sm3"].map((name) => createHash(name).update(bytes).digest("hex"));
  return { path, sizeBytes: bytes.length, sha256, sm3, graph };
}

function understood(bytes: Uint8Array, model: string, path: string): OnnxFacts {
  try {
    return readOnnx(bytes);
  } catch (cause) {
    if (!(cause instanceof OnnxUnreadable)) throw cause;
    throw new ModelError(
      "MODEL_TRUNCATED",
      { model, path, detail: `${cause.message}; ${bytes.length} bytes` },
      { cause },
    );
  }
}

async function packageOf(
  file: ModelFile,
  folder: string,
  model: string,
  manifest: Manifest | null,
): Promise<ModelPackage> {
  const sidecar = await sidecarHints((name) => readText(join(folder, name), model), model);
  const facts = settleFacts({
    model,
    manifest,
    sidecar,
    metadata: metadataHints(file.graph.metadata),
    graph: file.graph,
  });
  return {
    name: manifest?.name ?? model,
    version: manifest?.version ?? file.sha256.slice(0, 8),
    path: file.path,
    sha256: file.sha256,
    sm3: file.sm3,
    sizeBytes: file.sizeBytes,
    display: manifest?.display ?? {},
    ...facts,
  };
}

async function readManifest(folder: string, model: string): Promise<Manifest | null> {
  const text = await readText(join(folder, "model.yaml"), model);
  if (text === null) return null;
  const unusable = (detail: string): ModelError =>
    new ModelError("MODEL_MANIFEST", { model, file: "model.yaml", detail });
  const yaml = readYaml(text);
  if (!yaml.ok) throw unusable(yaml.detail);
  const parsed = manifestSchema.safeParse(yaml.value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unusable(issue ? `${issue.path.join(".")}: ${issue.message}` : "invalid");
}

async function readText(path: string, model: string): Promise<string | null> {
  const bytes = await readBounded(path, textBytesMost, model);
  return bytes && Buffer.from(bytes).toString("utf8");
}

/** The whole file, or null when there is none. Never more than `most` bytes are read, whatever the file claims to be. */
async function readBounded(path: string, most: number, model: string): Promise<Uint8Array | null> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return null;
    throw new ModelError("MODEL_MISSING", { model, path }, { cause: error });
  }
  await using handle = file;
  const { size } = await handle.stat();
  if (size > most)
    throw new ModelError("MODEL_TOO_LARGE", { model, megabytes: Math.ceil(size / 2 ** 20), most: most / 2 ** 20 });
  const bytes = new Uint8Array(size);
  const { bytesRead } = await handle.read(bytes, 0, size, 0);
  return bytes.subarray(0, bytesRead);
}
