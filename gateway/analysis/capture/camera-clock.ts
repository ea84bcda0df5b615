/** How wrong a camera's clock is, from the Date of its RTSP answers: cameras stamp pictures with that clock. */
import type { CameraCredentials } from "../../config/schema.ts";
import type { Clock } from "../../runtime/clock.ts";
import { CameraError } from "../../runtime/errors.ts";
import { requestUrl, type RtspSource } from "./camera-url.ts";
import { RtspClient } from "./rtsp-client.ts";

const timeoutMs = 5_000;
/** Zones differ by quarters of an hour. */
const zoneStepSec = 900;
/** A difference this near to a zone's is one: many cameras write local time and call it GMT. */
const zoneTolerance = 60;

/** Seconds the camera is ahead (behind: negative); null for a header that is no date. A difference of whole zones counts as none. */
export function offsetOf(date: string, nowMs: number): number | null {
  const cameraMs = Date.parse(date);
  if (Number.isNaN(cameraMs)) return null;
  const offsetSec = (cameraMs - nowMs) / 1_000;
  const zones = Math.round(offsetSec / zoneStepSec) * zoneStepSec;
  const rest = offsetSec - zones;
  // The header counts whole seconds: half of one is the middle of what it can mean.
  const sure = zones !== 0 && Math.abs(zones) <= 14 * 3_600 && Math.abs(rest) <= zoneTolerance ? rest : offsetSec;
  return Math.round((sure + 0.5) * 10) / 10;
}

/** Asks a camera; null when it does not say, or does not answer now. Rejects only when `signal` aborts. */
export async function askClock(
  source: RtspSource,
  options: {
    readonly cameraId: string;
    readonly credentials: CameraCredentials | null;
    readonly clock: Clock;
    readonly signal: AbortSignal;
  },
): Promise<number | null> {
  const { cameraId, credentials, clock } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMs)]);
  try {
    using client = await RtspClient.open({ source, cameraId, credentials, signal }, () => undefined);
    await client.ask("OPTIONS", requestUrl(source));
    return client.date === null ? null : offsetOf(client.date, clock.nowMs());
  } catch (error) {
    if (options.signal.aborted || !(error instanceof CameraError)) throw error;
    return null;
  }
}
