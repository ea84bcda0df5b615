/** Starts and kills a camera's decoder many times and prints whether anything grows: `node --expose-gc gateway/bench/restarts.ts --count 1000`. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { restartMany } from "./restart-many.ts";

const { values } = parseArgs({
  options: { count: { type: "string", default: "1000" }, at: { type: "string", default: "4" } },
});
const folder = await mkdtemp(join(tmpdir(), "xueliang-restarts-"));
try {
  const clip = join(folder, "clip.mp4");
  const source = ["-f", "lavfi", "-i", "testsrc=size=320x180:rate=10", "-t", "2"];
  await promisify(execFile)("ffmpeg", [
    "-v",
    "error",
    ...source,
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-g",
    "10",
    "-pix_fmt",
    "yuv420p",
    clip,
  ]);
  const samples = await restartMany({
    clip,
    count: Number(values.count),
    atOnce: Number(values.at),
    report: (line) => console.log(line),
  });
  const [first, last] = [samples[Math.min(1, samples.length - 1)], samples.at(-1)];
  if (first && last)
    console.log(
      `after ${last.restarts}: descriptors ${last.descriptors - first.descriptors}, children ${last.children}, held ${(last.heldMb - first.heldMb).toFixed(1)} MB, rss ${last.rssMb - first.rssMb} MB against restart ${first.restarts}`,
    );
} finally {
  await rm(folder, { recursive: true, force: true });
}
