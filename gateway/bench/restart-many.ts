/** Decoder restarts against a simulated camera, with what the process holds counted in between. */
import { readdir, readFile } from "node:fs/promises";
import { CameraSession } from "../analysis/capture/camera-session.ts";
import { parseCameraUrl } from "../analysis/capture/camera-url.ts";
import { FrameWriter } from "../analysis/capture/frame-writer.ts";
import { cameraSchema } from "../config/schema.ts";
import { CameraSimulator } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { systemClock } from "../runtime/clock.ts";

/** What the process held after so many restarts. */
export interface Holdings {
  readonly restarts: number;
  readonly descriptors: number;
  readonly children: number;
  readonly rssMb: number;
  /** What is held of it: JavaScript's heap, and buffers outside it; the rest is the allocator's. */
  readonly heldMb: number;
}

/** How to restart. */
export interface RestartOptions {
  readonly clip: string;
  readonly count: number;
  /** Cameras side by side. */
  readonly atOnce: number;
  readonly report: (line: string) => void;
}

/** Connects (probe, login, ffmpeg), waits for a frame and kills, `count` times; returns samples, the first before any start. */
export async function restartMany({ clip, count, atOnce, report }: RestartOptions): Promise<Holdings[]> {
  const credentials = { user: "admin", password: "it's #1" };
  await using camera = await CameraSimulator.open({
    mounts: { "/a": { clip } },
    auth: { ...credentials, scheme: "digest" },
  });
  const samples: Holdings[] = [];
  const sample = async (restarts: number): Promise<void> => {
    const holdings = await holdingsOf(restarts);
    samples.push(holdings);
    report(
      `${restarts}: descriptors ${holdings.descriptors}, children ${holdings.children}, held ${holdings.heldMb} MB, rss ${holdings.rssMb} MB`,
    );
  };
  await sample(0);
  const step = Math.max(1, Math.ceil(count / 10 / atOnce));
  for (let done = 0; done < count;) {
    const rounds = Math.min(step, Math.ceil((count - done) / atOnce));
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let round = 0; round < rounds; round += 1) await connectOnce(camera.url("/a"), credentials);
      }),
    );
    done += rounds * atOnce;
    await sample(done);
  }
  return samples;
}

async function connectOnce(
  url: string,
  credentials: { readonly user: string; readonly password: string },
): Promise<void> {
  const stop = new AbortController();
  const config = cameraSchema.parse({ id: "bench", url, width: 320 });
  const session: CameraSession = new CameraSession({
    config,
    source: parseCameraUrl(url, config.id),
    credentials,
    ffmpegPath: "ffmpeg",
    clock: systemClock,
    failedDecoder: null,
    owner: {
      started: (_decoder, _choice, size) =>
        new FrameWriter({
          cameraId: config.id,
          size,
          masks: [],
          stamp: () => ({ seq: (session.frameCount += 1), capturedAtMs: systemClock.nowMs(), intact: true }),
          publish: (frame) => frame[Symbol.dispose](),
          reclaim: () => undefined,
          skipped: () => undefined,
        }),
      answered: () => undefined,
      connected: () => undefined,
      damaged: () => undefined,
      stalled: () => undefined,
    },
  });
  try {
    await session.run(stop.signal, () => stop.abort());
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
}

async function holdingsOf(restarts: number): Promise<Holdings> {
  // One turn of the loop, so that sockets closed just now are really closed.
  await systemClock.sleep(300);
  globalThis.gc?.(); // With `node --expose-gc` the figure is what is held, not what waits to be collected.
  const tasks = await readdir("/proc/self/task");
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/self/task/${task}/children`, "utf8").catch(() => "")),
  );
  const children = lists.join(" ").split(/\s+/).filter(Boolean).length;
  const descriptors = (await readdir("/proc/self/fd")).length;
  const { rss, heapUsed, external } = process.memoryUsage();
  const heldMb = Math.round((heapUsed + external) / 1e5) / 10;
  return { restarts, descriptors, children, rssMb: Math.round(rss / 1e6), heldMb };
}
