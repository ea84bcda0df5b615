/** Notices that a camera which was gone answers again, so that nobody sits out the rest of a long pause: a cheap question without a login. */
import type { Clock } from "../../runtime/clock.ts";
import { CameraError, GatewayError, type ErrorCode } from "../../runtime/errors.ts";
import { parseCameraUrl, requestUrl, type RtspSource } from "./camera-url.ts";
import { RtspClient } from "./rtsp-client.ts";

/** From one question to the next, and how long an answer may take. */
const everyMs = 2_000;
/** Answers in a row that count as being back: a camera that starts answers before it can show anything, and a flapping one is gone again. */
const answersWanted = 3;
/** The same of one that was not seen gone, and so does not start. */
const answersOfPresent = 2;
/** Failures after which a camera may turn out to be gone; any other one it has told itself. */
const maybeGone: ReadonlySet<ErrorCode> = new Set([
  "CAMERA_SILENT",
  "CAMERA_REFUSED",
  "CAMERA_UNREACHABLE",
  "CAMERA_ENDED",
  "CAMERA_STALLED",
  "CAMERA_DRIPS",
  // The connection broke before there was a picture.
  "DECODER_EXITED",
]);

/** Failures to answer at all. */
const nobodyThere: ReadonlySet<ErrorCode> = new Set(["CAMERA_REFUSED", "CAMERA_UNREACHABLE"]);

/** The stream that is awaited. */
export interface AwaitedStream {
  readonly url: string;
  readonly cameraId: string;
}

/** How a camera is watched. */
export interface Watch {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Monotonic time at which the pause is over: from then on one answer is enough, and nobody is tried without one. */
  readonly dueMs: number;
  /** Asked when it answers and nobody saw it gone: it may have been, for less than it takes to notice the failure. */
  readonly isTrusted: () => boolean;
}

/** Resolves when the camera was gone and is back after `failure`, when its pause is over and it answers, or when `signal` aborts. Null: it told what is wrong (busy, no such stream), and is not asked again before its pause is over. */
export function comesBack({ url, cameraId }: AwaitedStream, failure: unknown, watch: Watch): Promise<void> | null {
  if (!(failure instanceof GatewayError) || !maybeGone.has(failure.code)) return null;
  const source = parseCameraUrl(url, cameraId);
  return source.kind === "rtsp" ? answersAgain(source, cameraId, { ...watch, wasGone: sawNobody(failure) }) : null;
}

/** Whether the try that failed had asked the same question as the watch does, in vain. */
function sawNobody({ code, values }: GatewayError): boolean {
  const detail = String(values["detail"]);
  return nobodyThere.has(code) || (code === "CAMERA_SILENT" && detail.startsWith("OPTIONS:"));
}

async function answersAgain(
  source: RtspSource,
  cameraId: string,
  { clock, signal, dueMs, isTrusted, ...seen }: Watch & { readonly wasGone: boolean },
): Promise<void> {
  let { wasGone } = seen;
  for (let answers = 0; ;) {
    const askedMs = clock.monotonicMs();
    if (await answersNow(source, cameraId, signal)) answers += 1;
    else [answers, wasGone] = [0, true];
    if (
      signal.aborted ||
      (answers >= answersWanted && wasGone) ||
      (answers >= answersOfPresent && !wasGone && isTrusted())
    )
      return;
    const nextMs = askedMs + everyMs;
    const isDue = answers > 0 && dueMs <= nextMs;
    await clock.sleep(Math.max(0, (isDue ? dueMs : nextMs) - clock.monotonicMs()), signal).catch(() => undefined);
    if (isDue) return;
  }
}

/** Whether anything that speaks RTSP answers; what it answers, a demand for a login included, does not matter. */
async function answersNow(source: RtspSource, cameraId: string, stop: AbortSignal): Promise<boolean> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(everyMs)]);
  try {
    using client = await RtspClient.open({ source, cameraId, credentials: null, signal }, () => undefined);
    await client.ask("OPTIONS", requestUrl(source));
    return true;
  } catch (error) {
    if (stop.aborted) return false;
    if (!(error instanceof CameraError)) throw error;
    return error.code === "CAMERA_PASSWORD_MISSING";
  }
}
