/** One camera asked for video and decoded until its first picture; every stage is told as it happens. */
import { Camera } from "../../analysis/capture/camera.ts";
import { parseCameraUrl } from "../../analysis/capture/camera-url.ts";
import type { Frame } from "../../analysis/capture/frame.ts";
import { probeRtsp, type Probe, type ProbeStage } from "../../analysis/capture/probe.ts";
import { liveJpegs } from "../../analysis/snapshot.ts";
import { cameraSchema, type CameraConfig, type CameraCredentials } from "../../config/schema.ts";
import { systemClock as clock } from "../../runtime/clock.ts";
import { CameraError, GatewayError, type ErrorCode } from "../../runtime/errors.ts";
import type { SaidError } from "../../runtime/status.ts";
import type { TestResult, TestStage, TestStep } from "../api.ts";
import { rememberedOf } from "../problem.ts";

/** What is tried. */
export interface Trial {
  readonly camera: Partial<CameraConfig> & { readonly url: string };
  readonly credentials: CameraCredentials | null;
  readonly ffmpegPath: string;
}

const stages: readonly TestStage[] = ["dns", "tcp", "rtsp", "auth", "codec", "keyframe", "decoded", "snapshot"];
/** A camera may wait for its next key frame: long ones come every ten seconds. */
const frameMs = 20_000;
/** Longer than a person wants to wait for the first picture after every interruption. */
const longWaitMs = 4_000;

const authCodes: readonly ErrorCode[] = [
  "CAMERA_UNAUTHORIZED",
  "CAMERA_PASSWORD_MISSING",
  "CAMERA_AUTH_UNSUPPORTED",
  "CAMERA_FORBIDDEN",
];

/** What can go wrong before anything is connected. */
const nameCodes: readonly string[] = ["CAMERA_NAME_UNKNOWN", "CAMERA_URL_INVALID"];

/** Tells each stage and returns the result; an operating error stands in it. Rejects when `signal` aborts. */
export async function testConnection(
  trial: Trial,
  tell: (step: TestStep) => void,
  signal: AbortSignal,
): Promise<TestResult> {
  const course = new Course(tell);
  let probe: Probe | null = null;
  try {
    const config = cameraSchema.parse({ id: "test", ...trial.camera });
    if (parseCameraUrl(config.url, config.id).kind === "rtsp") {
      probe = await asked(config, trial.credentials, course, signal);
      if (probe.error) throw probe.error;
    } else for (const stage of ["dns", "tcp", "rtsp", "auth", "codec"] as const) course.skip(stage);
    return await decoded({ ...trial, camera: config }, probe, course, signal);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const camera = trial.camera.id ?? hostIn(trial.camera.url);
    const said = rememberedOf({ code: error.code, values: { ...error.values, camera }, atMs: clock.nowMs() });
    course.fail(said, authCodes.includes(error.code) ? "auth" : null);
    return { ...resultOf(probe, null), ok: false, error: said, advice: [], jpegBase64: null };
  }
}

/** A camera that is not added yet is called by its host. */
function hostIn(url: string): string {
  return /^[a-z]+:\/\/(?:[^/]*@)?([^/?#]+)/i.exec(url)?.[1] ?? "?";
}

async function asked(
  config: CameraConfig,
  credentials: CameraCredentials | null,
  course: Course,
  signal: AbortSignal,
): Promise<Probe> {
  course.begin("dns");
  const onStage = (stage: ProbeStage, ms: number): void => {
    if (stage === "dns" || stage === "tcp") course.pass(stage, ms);
    else if (stage === "options") course.pass("rtsp", ms);
    else if (stage === "describe") course.pass("auth", ms);
  };
  const { transport } = config;
  const probe = await probeRtsp(config.url, credentials, { cameraId: config.id, transport, signal, onStage });
  if (!probe.error) {
    const size = probe.shape ? ` ${probe.shape.widthPx}×${probe.shape.heightPx}` : "";
    course.pass("codec", probe.timings.at(-1)?.ms ?? 0, `${probe.codecName ?? probe.codec ?? ""}${size}`);
  }
  return probe;
}

async function decoded(
  trial: Trial & { readonly camera: CameraConfig },
  probe: Probe | null,
  course: Course,
  signal: AbortSignal,
): Promise<TestResult> {
  const failure = Promise.withResolvers<SaidError>();
  const ended = new AbortController();
  const stopped = AbortSignal.any([signal, ended.signal]);
  const { camera: config, credentials, ffmpegPath } = trial;
  await using camera = new Camera({ config, credentials, ffmpegPath, clock, onError: failure.resolve });
  const startedMs = clock.monotonicMs();
  const running = camera.run(stopped);
  course.begin("keyframe");
  try {
    const late = clock.sleep(frameMs, stopped).then(() => "late" as const);
    late.catch(() => undefined); // Ends with the test; the frame or the error came first.
    const first = await Promise.race([camera.frames.take(stopped), failure.promise, late]);
    if (first === undefined) throw new DOMException("aborted", "AbortError");
    if (first === "late") throw new CameraError("CAMERA_STALLED", { camera: config.id, seconds: frameMs / 1_000 });
    if ("code" in first) throw new GatewayError(first.code, first.values);
    using frame = first;
    const waitedMs = Math.round(clock.monotonicMs() - startedMs);
    course.pass("keyframe", waitedMs);
    course.pass("decoded", 0, `${frame.widthPx}×${frame.heightPx} · ${camera.status().decoder}`);
    course.begin("snapshot");
    return { ...(await pictured(frame, probe, course)), advice: waitedMs > longWaitMs ? [longWait(waitedMs)] : [] };
  } finally {
    ended.abort();
    await running;
  }
}

async function pictured(frame: Frame, probe: Probe | null, course: Course): Promise<TestResult> {
  const startedMs = clock.monotonicMs();
  const [jpeg] = await liveJpegs(frame, [{ widthPx: 640, quality: 75 }]);
  course.pass("snapshot", Math.round(clock.monotonicMs() - startedMs));
  const jpegBase64 = jpeg ? Buffer.from(jpeg).toString("base64") : null;
  return { ...resultOf(probe, frame), ok: true, error: null, advice: [], jpegBase64 };
}

function resultOf(
  probe: Probe | null,
  frame: Frame | null,
): Pick<TestResult, "kind" | "codec" | "widthPx" | "heightPx" | "transport" | "server"> {
  return {
    kind: "result",
    codec: probe?.codecName ?? probe?.codec ?? null,
    widthPx: probe?.shape?.widthPx ?? frame?.widthPx ?? null,
    heightPx: probe?.shape?.heightPx ?? frame?.heightPx ?? null,
    transport: probe?.transport ?? null,
    server: probe?.server ?? null,
  };
}

function longWait(ms: number): TestResult["advice"][number] {
  const seconds = Math.round(ms / 100) / 10;
  return {
    zh: `首帧等待 ${seconds} 秒：请在摄像机中缩短 I 帧间隔，并关闭 Smart 编码。`,
    en: `The first picture took ${seconds} s: shorten the I-frame interval in the camera and switch smart coding off.`,
  };
}

/** Which stage runs; each is told once as it begins and once as it ends. */
class Course {
  readonly #tell: (step: TestStep) => void;
  #running: TestStage | null = null;
  #isOver = false;

  constructor(tell: (step: TestStep) => void) {
    this.#tell = tell;
  }

  begin(stage: TestStage): void {
    if (this.#running === stage) return;
    this.#running = stage;
    this.#tell({ kind: "stage", stage, state: "running", ms: null, detail: null, error: null });
  }

  pass(stage: TestStage, ms: number, detail: string | null = null): void {
    // An address that is a number needs no name server.
    if (stage === "tcp" && this.#running === "dns") this.skip("dns");
    this.begin(stage);
    this.#tell({ kind: "stage", stage, state: "passed", ms, detail, error: null });
    const next = stages[stages.indexOf(stage) + 1];
    if (next !== undefined) this.begin(next);
  }

  skip(stage: TestStage): void {
    this.#tell({ kind: "stage", stage, state: "skipped", ms: null, detail: null, error: null });
  }

  /** @param at the stage that the error itself names; else the one that runs */
  fail(error: NonNullable<TestStep["error"]>, at: TestStage | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#running === "dns" && !nameCodes.includes(error.code)) {
      this.skip("dns");
      this.begin("tcp");
    }
    const running = this.#running ?? "dns";
    // An answer that refuses the login was an answer: what lies between was passed.
    const refusedLater = running === "auth" && at === null;
    if (refusedLater) this.pass("auth", 0);
    const stage = at ?? (refusedLater ? "codec" : running);
    this.#tell({ kind: "stage", stage, state: "failed", ms: null, detail: null, error });
  }
}
