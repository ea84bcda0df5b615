/** `xueliang camera`: what is configured, and whether it gives pictures; works without a daemon. */
import { join } from "node:path";
import { addressOf, parseCameraUrl } from "../analysis/capture/camera-url.ts";
import { loadConfig, type LoadedConfig } from "../config/load.ts";
import type { CameraConfig } from "../config/schema.ts";
import { say } from "../runtime/texts/say.ts";
import { tableLines } from "../runtime/texts/width.ts";
import { discoverCameras } from "./camera-discover.ts";
import { testCamera, type CameraTest } from "./camera-test.ts";
import { cameraFlags } from "./command-table.ts";
import { emit, finish, sayLine, type Command, type CommandIo } from "./command.ts";
import { askAcceptView } from "./control-socket.ts";
import { exitCodes } from "./exit-codes.ts";
import { didYouMean, readArgs, usage } from "./read-args.ts";
import { storageFolder } from "./storage-folder.ts";

/** So many at once: each takes a connection and a decoder. */
const atOnce = 4;

const actions = ["list", "test", "discover", "accept-view"];

/** `list`, `test [ID …]`, `discover [--cidr RANGE]` or `accept-view ID`. */
export const cameraCommand: Command = async (args, io) => {
  const { words, flags } = readArgs(args, cameraFlags, io.language);
  const [action = "list", ...ids] = words;
  if (!actions.includes(action)) {
    const more = didYouMean(action, actions, io.language);
    throw usage(io.language, "unknownCommand", { command: `camera ${action}` }, more);
  }
  // Needs no config: it is asked before there is one.
  if (action === "discover") return discoverCameras(typeof flags["cidr"] === "string" ? flags["cidr"] : undefined, io);
  const config = await loadConfig(io.configFolder);
  if (action === "accept-view") return acceptView(config, ids, io);
  return action === "list" ? list(config, io) : test(config, ids, io);
};

/** The running daemon learns the view anew; geometry rules look again at once. */
async function acceptView(config: LoadedConfig, ids: readonly string[], io: CommandIo): Promise<number> {
  const [id, ...more] = ids;
  if (id === undefined || more.length > 0) throw usage(io.language, "cameraViewOne");
  const { id: camera } = cameraOf(config, id, io);
  const accepted = await askAcceptView(join(storageFolder(config), "control.sock"), camera);
  const exitCode = accepted ? exitCodes.done : exitCodes.withProblems;
  return finish(io, exitCode, { camera, accepted }, () =>
    accepted ? sayLine(io, "cameraViewAccepted", { camera }) : sayLine(io, "unknownCameraId", { camera }),
  );
}

function list(config: LoadedConfig, io: CommandIo): number {
  const cameras = config.gateway.cameras.map(({ id, name, enabled, rate, url }) => {
    const login = config.credentials[id]?.user ?? null;
    return { id, name: name ?? id, enabled, rate, address: shownAddress(url, id), user: login };
  });
  return finish(io, exitCodes.done, { cameras }, () => {
    if (cameras.length === 0) return sayLine(io, "cameraListNone", { folder: config.folder });
    const rows = cameras.map((one) => [
      one.enabled ? "✓" : "–",
      one.id,
      one.name,
      one.address ?? say(io.language, "cameraFileSource"),
      `${one.rate}/s`,
      one.user ?? "",
    ]);
    return tableLines(rows).join("\n");
  });
}

/** Exit code of the one camera that was asked for, 3 when some of several failed. */
async function test(config: LoadedConfig, ids: readonly string[], io: CommandIo): Promise<number> {
  const cameras = ids.length === 0 ? config.gateway.cameras : ids.map((id) => cameraOf(config, id, io));
  const results: CameraTest[] = [];
  for (let from = 0; from < cameras.length; from += atOnce) {
    const batch = cameras.slice(from, from + atOnce).map(async (camera) => {
      const result = await testCamera(camera, config, io);
      if (io.json) emit(io, "camera", result.document);
      else io.stdout(result.text);
      return result;
    });
    results.push(...(await Promise.all(batch)));
  }
  const tested = results.filter((one) => one.tested);
  const failed = tested.filter(({ error }) => error !== null);
  const first = failed[0]?.error;
  const exitCode = !first ? exitCodes.done : results.length === 1 ? first.exitCode : exitCodes.withProblems;
  const values = { good: tested.length - failed.length, all: tested.length };
  return finish(io, exitCode, values, () => (results.length > 1 ? sayLine(io, "cameraTestSummary", values) : ""));
}

function cameraOf(config: LoadedConfig, id: string, io: CommandIo): CameraConfig {
  const { cameras } = config.gateway;
  const found = cameras.find((camera) => camera.id === id);
  if (found) return found;
  const known = cameras.map((camera) => camera.id);
  throw usage(io.language, "unknownCameraId", { camera: id }, didYouMean(id, known, io.language));
}

/** Host and port; null for a file. */
function shownAddress(url: string, cameraId: string): string | null {
  const source = parseCameraUrl(url, cameraId);
  return source.kind === "file" ? null : addressOf(source);
}
