/** How often a camera is tried again, by what was wrong with it: what a person must mend is not hammered, and no two cameras knock in step. */
import { describe, expect, test } from "vitest";
import { ClockDouble } from "../../runtime/clock-double.ts";
import { CameraError, DecoderError, type ErrorCode } from "../../runtime/errors.ts";
import { Standing } from "./standing.ts";

/** When a stream that always fails with `code` is tried within `ms`. A file: nobody can ask whether it is back. */
async function triedMs(code: ErrorCode, ms: number): Promise<readonly number[]> {
  const clock = new ClockDouble();
  const stop = new AbortController();
  const tried: number[] = [];
  const connect = (): Promise<void> => {
    tried.push(clock.monotonicMs());
    return Promise.reject(new (code.startsWith("DECODER") ? DecoderError : CameraError)(code, { camera: "a" }));
  };
  const keeping = new Standing(clock).keep({ cameraId: "a", url: "file:clip.mp4" }, connect, stop.signal);
  await clock.advance(ms);
  stop.abort();
  await keeping;
  return tried.map((at) => at - (tried[0] ?? 0));
}

const hourMs = 3_600_000;

describe("tries within six hours", () => {
  test.each([
    // A login that is refused once is refused again, and cameras lock accounts: every half hour.
    ["CAMERA_UNAUTHORIZED", 11, 14],
    ["CAMERA_PASSWORD_MISSING", 11, 14],
    ["CAMERA_AUTH_UNSUPPORTED", 11, 14],
    ["CAMERA_FORBIDDEN", 11, 14],
    // What only another address or another program mends: every five minutes, the mending may not tell us.
    ["CAMERA_URL_INVALID", 72, 73],
    ["CLIP_UNREADABLE", 72, 73],
    ["DECODER_NOT_STARTED", 72, 73],
    // What may be over at any moment: after a second, two, four … a minute.
    ["CAMERA_NAME_UNKNOWN", 300, 440],
    ["CAMERA_UNREACHABLE", 300, 440],
    ["CAMERA_REFUSED", 300, 440],
    ["CAMERA_SILENT", 300, 440],
    ["CAMERA_NOT_RTSP", 300, 440],
    ["CAMERA_NOT_FOUND", 300, 440],
    ["CAMERA_BUSY", 300, 440],
    ["CAMERA_NO_VIDEO", 300, 440],
    ["CAMERA_CODEC_UNSUPPORTED", 300, 440],
    ["CAMERA_STALLED", 300, 440],
    ["CAMERA_DRIPS", 300, 440],
    ["CAMERA_ENDED", 300, 440],
    ["DECODER_EXITED", 300, 440],
  ] as const)("%s: %i to %i", async (code, least, most) => {
    const { length } = await triedMs(code, 6 * hourMs);
    expect(length).toBeGreaterThanOrEqual(least);
    expect(length).toBeLessThanOrEqual(most);
  });
});

test("forty cameras behind one switch that failed do not come back in step", async () => {
  const fifth = await Promise.all(Array.from({ length: 40 }, async () => (await triedMs("CAMERA_REFUSED", hourMs))[4]));
  const sorted = fifth.map((ms) => ms ?? Number.NaN).sort((a, b) => a - b);
  // Fifteen seconds without jitter; each of four pauses is half to one and a half of its length.
  expect(sorted[0]).toBeGreaterThanOrEqual(7_500);
  expect(sorted.at(-1)).toBeLessThanOrEqual(22_500);
  expect((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)).toBeGreaterThan(4_000);
  expect(new Set(sorted.map((ms) => Math.floor(ms / 250))).size).toBeGreaterThan(15);
});
