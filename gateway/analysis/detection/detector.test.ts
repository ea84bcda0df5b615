import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { yuvBytes } from "../../../native/index.ts";
import type { Frame } from "../capture/frame.ts";
import { frameOf } from "../capture/testing/test-frame.ts";
import { gatewaySchema } from "../../config/schema.ts";
import { systemClock } from "../../runtime/clock.ts";
import type { GatewayError } from "../../runtime/errors.ts";
import { ProcessDetector, type DetectorOptions } from "./detector.ts";
import { largePages } from "./large-pages.ts";
import { loadModel } from "./model.ts";
import type { ModelPackage } from "./model-package.ts";
import {
  blindedModel,
  onnxFile,
  node,
  slowModel,
  steadyBoxes,
  steadyModel,
  tinyManifest,
  whole,
  writePackage,
} from "./testing/tiny-onnx.ts";

// A process takes half a second to start, on a machine that does nothing else.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let steady: ModelPackage;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "xueliang-detector-"));
  steady = await packaged("steady", steadyModel());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const packaged = async (name: string, file: Uint8Array): Promise<ModelPackage> =>
  loadModel(await writePackage(folder, name, file, tinyManifest(file, { input: "{ layout: nhwc }" })));

function frame(cameraId: string): Frame {
  return frameOf({ cameraId, widthPx: 64, heightPx: 64, pixels: new Uint8Array(yuvBytes(64, 64)) });
}

const failures: string[] = [];
/** Waits before the next start, ms. */
const pausesMs: number[] = [];
function open(options: Partial<DetectorOptions> = {}): Promise<ProcessDetector> {
  failures.length = 0;
  pausesMs.length = 0;
  const onFailure = (error: GatewayError, waitMs: number | null): void => {
    failures.push(error.code);
    if (waitMs !== null) pausesMs.push(waitMs);
  };
  return ProcessDetector.open({
    model: steady,
    processes: 1,
    timeoutMs: 20_000,
    clock: systemClock,
    onFailure,
    ...options,
  });
}

function memoryKiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

/** Whether this kernel gives large pages to whoever asks, and to nobody else. */
function asksForLargePages(): boolean {
  return readFileSync("/sys/kernel/mm/transparent_hugepage/enabled", "utf8").includes("[madvise]");
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function until(what: () => boolean | Promise<boolean>, deadlineMs = 60_000): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!(await what())) {
    if (performance.now() > endMs) throw new Error("waited in vain");
    await systemClock.sleep(20);
  }
}

describe("a living detector", () => {
  test("tells what it sees in 0..1 of the whole picture, and dies with its owner", async () => {
    const detector = await open();
    const [pid = 0] = detector.status().pids;
    const seen = await detector.detect(frame("a"));
    expect(seen?.map(({ label }) => label)).toEqual(["person", "boat"]);
    expect(seen?.[0]?.score).toBeCloseTo(0.9);
    // 10,10 with 8 by 4 in a model picture of 32 x 32.
    expect(seen?.[0]?.box.x).toBeCloseTo(6 / 32);
    expect(seen?.[0]?.box.height).toBeCloseTo(4 / 32);
    const half = await detector.detect(frame("a"), { x: 0.5, y: 0.5, width: 0.5, height: 0.5 });
    expect(half?.[0]?.box.x).toBeCloseTo(0.5 + 3 / 32);
    expect(detector.status()).toMatchObject({ state: "running", runs: 2, failures: 0, restarts: 0 });
    await detector[Symbol.asyncDispose]();
    expect(isAlive(pid)).toBe(false);
    expect(detector.status().state).toBe("stopped");
    expect(await detector.detect(frame("a"))).toBeNull();
  });

  test("offers itself to the out-of-memory killer before the daemon", async () => {
    await using detector = await open();
    const [pid = 0] = detector.status().pids;
    expect(readFileSync(`/proc/${pid}/oom_score_adj`, "utf8").trim()).toBe("700");
  });

  test("keeps nothing of a look", async () => {
    // 20,002 boxes, which is half a megabyte a look.
    const many = steadyModel([...steadyBoxes, ...new Array<number>(120_000).fill(0)]);
    await using detector = await open({ model: await packaged("many", many) });
    const [pid = 0] = detector.status().pids;
    const looks = async (count: number): Promise<number> => {
      for (let i = 0; i < count; i += 1) expect((await detector.detect(frame("a")))?.length).toBe(2);
      return memoryKiB(pid);
    };
    const before = await looks(20);
    expect((await looks(120)) - before).toBeLessThan(5_000);
  });

  test.runIf(largePages().GLIBC_TUNABLES && asksForLargePages())("keeps its model in large pages", async () => {
    await using detector = await open();
    const [pid = 0] = detector.status().pids;
    const heap = readFileSync(`/proc/${pid}/smaps`, "utf8").split("[heap]")[1] ?? "";
    expect(/^VmFlags:.*$/m.exec(heap)?.[0]).toContain(" hg");
  });

  test("two processes look at two cameras, a third camera gets its turn", async () => {
    await using detector = await open({ processes: 2 });
    await until(() => detector.status().pids.length === 2);
    const seen = await Promise.all(["a", "b", "c"].map((camera) => detector.detect(frame(camera))));
    expect(seen.map((detections) => detections?.length)).toEqual([2, 2, 2]);
  });

  test("a newer frame of the same camera replaces the one that waits", async () => {
    await using detector = await open();
    const [first, second, third] = await Promise.all([
      detector.detect(frame("a")),
      detector.detect(frame("a")),
      detector.detect(frame("a")),
    ]);
    expect([first?.length, second, third?.length]).toEqual([2, null, 2]);
  });
});

test("no orphan: it is gone when its gateway is killed, even while it hangs", async () => {
  const here = (name: string): string => JSON.stringify(join(import.meta.dirname, name));
  const owner = spawn(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `import { ProcessDetector } from ${here("detector.ts")};
       import { systemClock } from ${here("../../runtime/clock.ts")};
       const detector = await ProcessDetector.open({ model: ${JSON.stringify(steady)}, processes: 1, timeoutMs: 60_000, clock: systemClock, onFailure: () => undefined });
       console.log(detector.status().pids[0]);
       setInterval(() => undefined, 1_000);`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let told = "";
  owner.stdout.setEncoding("utf8").on("data", (text: string) => (told += text));
  await until(() => told.endsWith("\n"));
  const pid = Number(told);
  expect(isAlive(pid)).toBe(true);
  process.kill(pid, "SIGSTOP");
  owner.kill("SIGKILL");
  await until(() => !isAlive(pid));
});

describe("a detector in trouble says null, never nobody, and is replaced", () => {
  test("killed while it works and while it is idle", async () => {
    await using detector = await open();
    for (const round of [1, 2]) {
      const [pid = 0] = detector.status().pids;
      process.kill(pid, "SIGKILL");
      await until(() => detector.status().pids[0] !== pid);
      await until(async () => (await detector.detect(frame("a")))?.length === 2);
      expect(detector.status().pids).not.toContain(pid);
      expect(detector.status().restarts).toBe(round);
    }
    expect(failures).toContain("DETECTOR_DIED");
    expect(detector.status().lastError?.code).toBe("DETECTOR_DIED");
  });

  test("hung: the frame is not looked at, others wait no longer than it, a new process comes", async () => {
    await using detector = await open({ timeoutMs: 1_500 });
    const [pid = 0] = detector.status().pids;
    process.kill(pid, "SIGSTOP");
    const seen = await Promise.all([detector.detect(frame("a")), detector.detect(frame("b"))]);
    expect(seen[0]).toBeNull();
    await until(() => !isAlive(pid));
    await until(() => detector.status().state === "running" && detector.status().pids[0] !== pid);
    expect(failures).toContain("DETECTOR_TIMEOUT");
  });

  test.each([
    ["dead", "SIGKILL", false],
    ["hung", "SIGSTOP", true],
  ] as const)(
    "%s, as a box comes: another one begins within four seconds, looks, and until then nothing is said of the picture",
    async (_, signal, isSilent) => {
      const { detector: byDefault } = gatewaySchema.parse({
        schema: "xueliang.gateway/1",
        site: { id: "a", name: "a" },
      });
      const timeoutMs = byDefault.timeoutSec * 1_000;
      await using detector = await open({ timeoutMs });
      process.kill(detector.status().pids[0] ?? 0, signal);
      const answers: (number | null)[] = []; // The test ends with the first that is one.
      while (answers.at(-1) !== 2) {
        answers.push((await detector.detect(frame("a")))?.length ?? null);
        await systemClock.sleep(50);
      }
      expect(new Set(answers)).toEqual(new Set([null, 2]));
      // Counted in what it waits for: how long a process takes to start is the machine's affair.
      expect(pausesMs).toHaveLength(1);
      expect((isSilent ? timeoutMs : 0) + (pausesMs[0] ?? NaN)).toBeLessThan(4_000);
    },
  );

  test("slow: killed after the deadline, however hard it works", async () => {
    const slow = await packaged("slow", slowModel(640, 200));
    // The first look of the process has half a minute; only then the deadline counts.
    const detector = await open({ model: slow, timeoutMs: 150 }).catch((error: unknown) => error as GatewayError);
    if (detector instanceof ProcessDetector) {
      await using held = detector;
      expect(await held.detect(frame("a"))).toBeNull();
      await until(() => failures.includes("DETECTOR_TIMEOUT"));
    } else expect(detector.code).toBe("DETECTOR_TIMEOUT"); // A machine so busy that even the first look took too long.
  });

  test("blinded by one picture: not looked at, and the next one is", async () => {
    await using detector = await open({ model: await packaged("blinded", blindedModel()) });
    const bright = frame("a");
    bright.pixels.fill(255);
    expect(await detector.detect(bright)).toBeNull();
    expect(failures).toEqual(["DETECTOR_OUTPUT"]);
    expect((await detector.detect(frame("a")))?.length).toBe(2);
    expect(detector.status()).toMatchObject({ failures: 1, restarts: 0 });
  });

  test("too fat: replaced after the frame it has looked at", async () => {
    await using detector = await open({ memoryMostMiB: 1 });
    expect((await detector.detect(frame("a")))?.length).toBe(2);
    await until(() => failures.includes("DETECTOR_MEMORY"));
  });
});

describe("a model that cannot run is refused at once, with the model's own code", () => {
  const identity = onnxFile({ nodes: [node("Cast", ["image"], ["output"], whole("to", 1))] });
  const nan = steadyModel([NaN, 10, 8, 4, 0.9, 0.1, 20, 20, 8, 4, 0.2, 0.8]);
  const broken = onnxFile({ nodes: [node("Add", ["image", "nowhere"], ["output"])] });
  for (const [name, file, code] of [
    ["another shape than the head's", identity, "MODEL_SHAPE"],
    ["a graph with a loose end", broken, "MODEL_TRUNCATED"],
  ] as const) {
    test(name, async () => {
      await expect(open({ model: await packaged(name.replaceAll(" ", "-"), file) })).rejects.toMatchObject({ code });
    });
  }

  test("weights that are no numbers never pass for an empty scene", async () => {
    await expect(open({ model: await packaged("nan", nan) })).rejects.toMatchObject({ code: "MODEL_SHAPE" });
  });

  test("a file changed after it was checked", async () => {
    const model = await packaged("changed", steadyModel());
    await writePackage(folder, "changed", steadyModel([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]), null);
    await expect(open({ model })).rejects.toMatchObject({ code: "MODEL_CHECKSUM" });
  });
});
