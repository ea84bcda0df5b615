/** `xueliang demo`: a clip as a camera, the gateway and a receiver, all real, all on this machine. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { emit, finish, sayLine, type CommandIo } from "../cli/command.ts";
import { exitCodes } from "../cli/exit-codes.ts";
import { readArgs } from "../cli/read-args.ts";
import { loadConfig } from "../config/load.ts";
import { openKeys } from "../delivery/uplink/keys.ts";
import { Gateway } from "../gateway.ts";
import { systemClock } from "../runtime/clock.ts";
import { openLog } from "../runtime/log.ts";
import { eventLine } from "../../platform/event-line.ts";
import { Receiver } from "../../platform/receiver.ts";
import { CameraSimulator } from "./camera-simulator/camera-simulator.ts";
import { demoGateway, writeDemoSite } from "./demo-site.ts";

const clipName = "second-rod.mp4";
const clip = new URL(`../../test-fixtures/clips/${clipName}`, import.meta.url).pathname;

/** `--until-event TYPE` ends with 0 at the first acknowledged event of that type, with 1 when `--timeout` comes first. */
export async function demo(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = { "until-event": { value: "TYPE", about: { en: "", zh: "" } } };
  const asked = readArgs(args, flags, io.language).flags["until-event"];
  const wanted = asked === true ? undefined : asked;
  const folder = join(io.cwd, "var", "demo");
  await rm(folder, { recursive: true, force: true });
  const startedMs = systemClock.monotonicMs();
  const seconds = (): string => ((systemClock.monotonicMs() - startedMs) / 1_000).toFixed(1);

  await using stack = new AsyncDisposableStack();
  const platform = join(folder, "platform");
  const listen = "tcp://127.0.0.1:0";
  const receiver = stack.use(await Receiver.open({ listen, folder: platform, language: io.language }));
  const simulator = stack.use(await CameraSimulator.open({ mounts: { "/river": { clip } } }));
  const cameraUrl = simulator.url("/river");
  const configFolder = await writeDemoSite({
    folder,
    cameraUrl,
    receiverAddress: receiver.address,
    receiverKey: receiver.serverKey,
  });
  const keys = await openKeys(join(folder, "data", "keys.json"));
  await receiver.enrol({ gw: demoGateway, curvePublic: keys.curvePublic, signPublic: keys.signPublic });

  const found = Promise.withResolvers<boolean>();
  const gateway = stack.use(
    await Gateway.open({
      config: await loadConfig(configFolder),
      language: io.language,
      log: openLog({ language: io.language, level: "warn" }),
      onAcknowledged: ({ event }) => {
        if (io.json) emit(io, "acknowledged", { event });
        // What the box says of itself would only stand between a newcomer and what was seen.
        else if (!event.type.startsWith("system.")) io.stdout(`${eventLine(event, io.language)}\n`);
        if (event.type === `vision.${wanted ?? ""}.v1`) found.resolve(true);
      },
    }),
  );
  if (!io.json) {
    io.stderr(sayLine(io, "demoCamera", { address: cameraUrl, clip: clipName }));
    io.stderr(sayLine(io, "demoReceiver", { address: receiver.address, path: platform }));
    const { pageAddress, setupCode } = gateway;
    if (pageAddress !== null) io.stderr(sayLine(io, "demoPage", { address: pageAddress, code: setupCode ?? "-" }));
    io.stderr(wanted === undefined ? sayLine(io, "demoEnds") : sayLine(io, "demoWaiting", { type: wanted }));
  }
  const ended = new AbortController();
  const running = gateway.run(AbortSignal.any([io.signal, ended.signal])).then(() => false);
  const firstFrame = awaitFirstFrame(gateway, io.signal).then(() => {
    if (io.json) emit(io, "first-frame", { seconds: Number(seconds()) });
    else io.stderr(sayLine(io, "demoFirstFrame", { seconds: seconds() }));
  });
  const isFound = await Promise.race([running, found.promise]);
  if (isFound) await awaitEvidence(gateway, io.signal).catch(() => undefined);
  ended.abort();
  await Promise.all([running, firstFrame.catch(() => undefined)]);
  if (wanted === undefined) return finish(io, exitCodes.done, {});
  const values = { type: wanted, seconds: seconds() };
  return finish(io, isFound ? exitCodes.done : exitCodes.failed, values, () =>
    sayLine(io, isFound ? "demoFound" : "demoTimedOut", values),
  );
}

async function awaitFirstFrame(gateway: Gateway, signal: AbortSignal): Promise<void> {
  while (!gateway.status().cameras.some(({ analysed }) => analysed > 0)) await systemClock.sleep(100, signal);
}

/** The picture travels behind its event. */
async function awaitEvidence(gateway: Gateway, signal: AbortSignal): Promise<void> {
  while (gateway.status().delivery.uplinks.some(({ evidenceWaiting }) => evidenceWaiting > 0))
    await systemClock.sleep(50, signal);
}
