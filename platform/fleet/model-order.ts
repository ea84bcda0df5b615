/** Another model for boxes: every file of a package named by its digest, signed, and put beside the command. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { maxCommandFiles, maxCommandFilesBytes } from "../../gateway/delivery/uplink/protocol/limits.ts";
import { CommandError, GatewayError } from "../../gateway/runtime/errors.ts";
import { systemClock } from "../../gateway/runtime/clock.ts";
import type { CommandSpool } from "../spool.ts";
import { signOrder, type Order } from "./operator-key.ts";

/** One file of a package; `name` is its path below the package. */
export interface PackageFile {
  readonly name: string;
  readonly sha256: string;
  readonly sm3: string;
  readonly bytes: Uint8Array;
}

const fileName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
/** A package is its model, what it says of itself, its licence and its samples; tests and tools beside them stay here. */
const left = /\.(ts|py|part)$/;

/** The files of the package in `folder`. Throws CommandError USAGE, GatewayError MODEL_MISSING, MODEL_TOO_LARGE. */
export function packageFiles(folder: string): readonly PackageFile[] {
  const model = basename(folder);
  const names = [folder, join(folder, "samples")].flatMap((path, i) => {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [];
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isFile() && fileName.test(entry.name) && !left.test(entry.name))
      .map((entry) => (i === 0 ? entry.name : `samples/${entry.name}`));
  });
  if (!names.some((name) => name.endsWith(".onnx"))) throw new GatewayError("MODEL_MISSING", { model, path: folder });
  if (names.length > maxCommandFiles)
    throw new CommandError("USAGE", { detail: `${folder}: ${names.length} files, at most ${maxCommandFiles}` });
  const total = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  if (total > maxCommandFilesBytes)
    throw new GatewayError("MODEL_TOO_LARGE", {
      model,
      megabytes: Math.ceil(total / 2 ** 20),
      most: maxCommandFilesBytes / 2 ** 20,
    });
  return names.sort().map((name) => {
    const bytes = readFileSync(join(folder, name));
    const [sha256 = "", sm3 = ""] = ["sha256", "sm3"].map((hash) => createHash(hash).update(bytes).digest("hex"));
    return { name, bytes, sha256, sm3 };
  });
}

/** What is ordered, and of whom. */
export interface UpdateOrder extends Pick<Order, "operator" | "reason" | "ttlSec"> {
  readonly boxes: readonly string[];
  readonly files: readonly PackageFile[];
  /** Name of the model in the boxes' config; the package's own name when left out. */
  readonly model: string | undefined;
  readonly trialSec: string;
}

/** Signs one command a box. The files are beside it before it can be carried. */
export async function orderUpdate(
  spool: CommandSpool,
  key: string,
  { boxes, files, model, trialSec, ...rest }: UpdateOrder,
): Promise<readonly { readonly cmd: string; readonly gw: string }[]> {
  const name = model ?? nameIn(files);
  const named = files.map(({ name: file, bytes, ...digests }) => ({ name: file, bytes: bytes.length, ...digests }));
  const ordered: { cmd: string; gw: string }[] = [];
  for (const gw of boxes) {
    const args = { model: name, files: named, trialSec: Number(trialSec) };
    const command = await signOrder(key, { ...rest, gw, op: "model.update", args }, systemClock.nowMs());
    const { cmd } = command.header;
    for (const { sha256, bytes } of files) await spool.putFile(cmd, sha256, bytes);
    await spool.put(command);
    ordered.push({ cmd, gw });
  }
  return ordered;
}

function nameIn(files: readonly PackageFile[]): string {
  const manifest = files.find(({ name }) => name === "model.yaml");
  const found = /^name:\s*["']?([A-Za-z0-9_-]+)/m.exec(Buffer.from(manifest?.bytes ?? "").toString("utf8"))?.[1];
  if (found === undefined) throw new CommandError("USAGE", { detail: "model.yaml has no name; say --model NAME" });
  return found;
}
