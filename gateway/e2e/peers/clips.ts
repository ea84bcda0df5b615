/** Test clips made once a test file with ffmpeg's own pattern source. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** What clips can be made. */
export type ClipKind = "h264" | "h264-b" | "h264-large" | "h264-tall" | "h265" | "mjpeg";

const codings: Readonly<Record<ClipKind, readonly [size: string, rate: number, coder: readonly string[]]>> = {
  h264: ["320x180", 10, ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bf", "0"]],
  "h264-b": ["320x180", 10, ["-c:v", "libx264", "-preset", "veryfast", "-g", "10", "-bf", "2"]],
  "h264-large": ["640x360", 10, ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bf", "0"]],
  "h264-tall": ["240x320", 10, ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bf", "0"]],
  h265: ["320x180", 10, ["-c:v", "libx265", "-preset", "ultrafast", "-g", "10", "-x265-params", "log-level=none"]],
  mjpeg: ["320x176", 10, ["-c:v", "mjpeg", "-huffman", "default", "-q:v", "4"]],
};

/** A folder with clips; gone when disposed. */
export class TestClips {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(kinds: readonly ClipKind[], seconds = 3): Promise<TestClips> {
    const clips = new TestClips(await mkdtemp(join(tmpdir(), "xueliang-clips-")));
    for (const kind of kinds) {
      const [size, rate, coder] = codings[kind];
      const source = ["-f", "lavfi", "-i", `testsrc=size=${size}:rate=${rate}`, "-t", String(seconds)];
      const format = ["-pix_fmt", kind === "mjpeg" ? "yuvj420p" : "yuv420p"];
      await promisify(execFile)("ffmpeg", ["-v", "error", "-y", ...source, ...coder, ...format, clips.path(kind)]);
    }
    return clips;
  }

  path(kind: ClipKind): string {
    return join(this.folder, `${kind}.mp4`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Asks until `found` gives something that is neither null nor false; fails after `timeoutMs` with what was waited for. */
export async function until<T>(
  what: string,
  found: () => T | null | false | Promise<T | null | false>,
  timeoutMs = 60_000,
): Promise<T> {
  const endMs = performance.now() + timeoutMs;
  while (performance.now() < endMs) {
    const value = await found();
    if (value !== null && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}
