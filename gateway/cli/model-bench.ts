/** `xueliang model bench PACKAGE`: how fast a model is on this machine, one thread. */
import { readFile } from "node:fs/promises";
import { yuvBytes } from "../../native/index.ts";
import type { Frame } from "../analysis/capture/frame.ts";
import { ProcessDetector } from "../analysis/detection/detector.ts";
import { systemClock } from "../runtime/clock.ts";
import { say } from "../runtime/texts/say.ts";
import { tableLines } from "../runtime/texts/width.ts";
import { finish, type Command } from "./command.ts";
import type { Flag } from "./command-table.ts";
import { modelNamed } from "./model.ts";
import { readArgs, usage } from "./read-args.ts";

const flags: Readonly<Record<string, Flag>> = {
  seconds: { value: "N", about: { en: "how long; default 10", zh: "时长（秒），默认 10" } },
};

/** The usual rate of a camera, and the load at which a box still has room for decoding and for heat. */
const cameraRate = 5;
const usableLoad = 0.7;

/** Medians of single runs, pictures per second with the way there and back, memory. */
export const benchCommand: Command = async (args, io) => {
  const { flags: given, words } = readArgs(args, flags, io.language);
  const seconds = Number(given["seconds"] ?? "10");
  if (!(seconds > 0 && seconds <= 3600)) throw usage(io.language, "flagNeedsValue", { flag: "--seconds" });
  const model = await modelNamed(words[0], io);
  const startedMs = systemClock.monotonicMs();
  await using detector = await ProcessDetector.open({
    model,
    processes: 1,
    timeoutMs: 60_000,
    clock: systemClock,
    onFailure: (error) => io.stderr(`${error.say(io.language)}\n`),
  });
  const openMs = systemClock.monotonicMs() - startedMs;
  const frame = testFrame();
  await detector.detect(frame);
  const fromMs = systemClock.monotonicMs();
  let pictures = 0;
  while (systemClock.monotonicMs() - fromMs < seconds * 1_000 && !io.signal.aborted) {
    if ((await detector.detect(frame)) !== null) pictures += 1;
  }
  const rate = (pictures * 1_000) / (systemClock.monotonicMs() - fromMs);
  const { runMsP50, runMsP95, pids } = detector.status();
  const memoryMiB = await residentMiB(pids[0]);
  const cameras = Math.floor((rate * usableLoad) / cameraRate);
  const document = {
    model: model.name,
    open_ms: openMs,
    run_ms_p50: runMsP50,
    run_ms_p95: runMsP95,
    per_second: rate,
    memory_mib: memoryMiB,
    cameras,
  };
  return finish(io, 0, document, () =>
    tableLines([
      [say(io.language, "modelName"), `${model.name} ${model.version}`],
      [say(io.language, "modelBenchOpen"), `${Math.round(openMs)} ms`],
      [
        say(io.language, "modelBenchRow"),
        `p50 ${runMsP50?.toFixed(1) ?? "–"} ms · p95 ${runMsP95?.toFixed(1) ?? "–"} ms`,
      ],
      [say(io.language, "modelBenchRate"), rate.toFixed(1)],
      [say(io.language, "modelBenchMemory"), memoryMiB === null ? "–" : `${memoryMiB} MiB`],
      [say(io.language, "modelBenchCameras", { rate: cameraRate }), `${cameras}`],
    ]).join("\n"),
  );
};

/** A picture with something in every part: speed does not depend on what it shows. */
function testFrame(): Frame {
  const [widthPx, heightPx] = [960, 540];
  const pixels = Uint8Array.from({ length: yuvBytes(widthPx, heightPx) }, (_, i) => (i * 31 + (i >> 7) * 17) & 0xff);
  return {
    cameraId: "bench",
    seq: 1,
    capturedAtMs: 0,
    widthPx,
    heightPx,
    pixels,
    intact: true,
    [Symbol.dispose]: () => undefined,
  };
}

async function residentMiB(pid: number | undefined): Promise<number | null> {
  if (pid === undefined) return null;
  try {
    const kibibytes = /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
    return kibibytes === undefined ? null : Math.round(Number(kibibytes) / 1_024);
  } catch {
    return null; // Not Linux.
  }
}
