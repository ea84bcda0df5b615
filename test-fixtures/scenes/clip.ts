/** Writes a rendered story as a clip with its truth beside it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SceneBrowser } from "./browser.ts";
import type { Story } from "./story.ts";
import type { Split } from "./variants.ts";

/** The sensor's noise of every single frame, apart from the scene's own rate; a frozen picture has none. */
function noiseFilter(story: Story): string {
  const dark = ["night", "lamp-night", "dusk"].includes(story.light.condition);
  const frozen = story.faults.find((f) => f.kind === "frozen");
  const when = frozen ? `:enable='not(between(t,${frozen.fromSec},${frozen.toSec}))'` : "";
  return `fps=${story.fps},noise=alls=${dark ? 9 : 5}:allf=t:all_seed=${story.camera.seed + 1}${when},format=yuv420p`;
}

/** Encodes JPEG frames of the scene's rate to H.264 without B-frames, a key frame every two seconds. */
class ClipWriter {
  readonly #ffmpeg;
  readonly #part: string;
  readonly #path: string;

  constructor(path: string, story: Story) {
    const { fps, kbps, sceneEvery } = story;
    this.#path = path;
    this.#part = `${path}.part.mp4`;
    const gop = String(fps * 2);
    // A frozen picture must stay the same across key frames: one quantiser for all frames keeps it so.
    const frozen = story.faults.some((f) => f.kind === "frozen");
    const rate = frozen
      ? ["-qp", "24", "-x264-params", "ipratio=1:mbtree=0"]
      : ["-crf", "29", "-maxrate", `${kbps}k`, "-bufsize", `${kbps * 4}k`];
    this.#ffmpeg = spawn(
      "ffmpeg",
      [
        "-v",
        "error",
        "-y",
        "-f",
        "image2pipe",
        "-c:v",
        "mjpeg",
        "-framerate",
        `${fps}/${sceneEvery}`,
        "-i",
        "-",
        "-an",
        "-vf",
        noiseFilter(story),
        "-c:v",
        "libx264",
        "-preset",
        "fast",
        ...rate,
        "-bf",
        "0",
        "-g",
        gop,
        "-keyint_min",
        gop,
        "-sc_threshold",
        "0",
        "-pix_fmt",
        "yuv420p",
        "-threads",
        "1",
        "-movflags",
        "+faststart",
        this.#part,
      ],
      { stdio: ["pipe", "inherit", "inherit"] },
    );
  }

  async frame(jpeg: Buffer): Promise<void> {
    if (!this.#ffmpeg.stdin.write(jpeg)) await once(this.#ffmpeg.stdin, "drain");
  }

  /** Ends the clip; only a whole one gets its name. */
  async finish(): Promise<void> {
    this.#ffmpeg.stdin.end();
    const [code] = (await once(this.#ffmpeg, "exit")) as [number | null];
    if (code !== 0) throw new Error(`ffmpeg ended with ${code ?? "a signal"}`);
    await rename(this.#part, this.#path);
  }
}

/** Renders a story into NAME.mp4 and NAME.truth.jsonl of a folder; neither appears before it is whole. */
export async function renderClip(name: string, story: Story, out: string, split: Split = "story"): Promise<void> {
  const began = performance.now();
  const clip = new ClipWriter(join(out, `${name}.mp4`), story);
  const truth = join(out, `${name}.truth.jsonl`);
  await using browser = await SceneBrowser.open("browser/story-page.ts", async (path, _query, body) => {
    if (path === "/frame") await clip.frame(body);
    else if (path === "/truth") await writeFile(`${truth}.part`, body);
  });
  await browser.page.evaluate(`globalThis.renderStory(${JSON.stringify({ name, story, split })})`);
  await clip.finish();
  await rename(`${truth}.part`, truth);
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`${name}: ${story.seconds} s of film in ${seconds.toFixed(0)} s\n`);
}
