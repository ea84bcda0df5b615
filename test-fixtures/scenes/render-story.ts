/** Renders stories into clips with truth beside them: node render-story.ts NAME... [--all] [--out DIR] [--stills 0,12,30]. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SceneBrowser } from "./browser.ts";
import { HEIGHT, WIDTH } from "./camera.ts";
import { readStory, type Story } from "./story.ts";

const STORIES = join(import.meta.dirname, "stories");
const CLIPS = join(import.meta.dirname, "..", "clips");

/** Encodes raw RGBA frames to H.264 without B-frames, a key frame every two seconds. */
class ClipWriter {
  readonly #ffmpeg;
  readonly #part: string;
  readonly #path: string;

  constructor(path: string, fps: number) {
    this.#path = path;
    this.#part = `${path}.part.mp4`;
    const gop = String(fps * 2);
    this.#ffmpeg = spawn("ffmpeg", ["-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgba", "-s", `${WIDTH}x${HEIGHT}`, "-r", String(fps), "-i", "-", "-an", "-c:v", "libx264", "-preset", "medium", "-crf", "29", "-maxrate", "700k", "-bufsize", "1400k", "-bf", "0", "-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-pix_fmt", "yuv420p", "-threads", "1", "-movflags", "+faststart", this.#part], { stdio: ["pipe", "inherit", "inherit"] });
  }

  async frame(rgba: Buffer): Promise<void> {
    if (!this.#ffmpeg.stdin.write(rgba)) await once(this.#ffmpeg.stdin, "drain");
  }

  /** Ends the clip; only a whole one gets its name. */
  async finish(): Promise<void> {
    this.#ffmpeg.stdin.end();
    const [code] = (await once(this.#ffmpeg, "exit")) as [number | null];
    if (code !== 0) throw new Error(`ffmpeg ended with ${code ?? "a signal"}`);
    await rename(this.#part, this.#path);
  }
}

async function renderClip(name: string, story: Story, out: string): Promise<void> {
  const began = performance.now();
  const clip = new ClipWriter(join(out, `${name}.mp4`), story.fps);
  const truth = join(out, `${name}.truth.jsonl`);
  await using browser = await SceneBrowser.open("browser/story-page.ts", async (path, _query, body) => {
    if (path === "/frame") await clip.frame(body);
    else if (path === "/truth") await writeFile(`${truth}.part`, body);
  });
  await browser.page.evaluate(`globalThis.renderStory(${JSON.stringify({ name, story })})`);
  await clip.finish();
  await rename(`${truth}.part`, truth);
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`${name}: ${story.seconds} s of film in ${seconds.toFixed(0)} s\n`);
}

async function renderStills(name: string, story: Story, out: string, times: readonly number[]): Promise<void> {
  await using browser = await SceneBrowser.open("browser/story-page.ts", async (_path, query, body, meta) => {
    const file = join(out, `${name}-${query.get("t") ?? ""}`);
    await writeFile(`${file}.png`, body);
    await writeFile(`${file}.json`, meta);
  });
  await browser.page.evaluate(`globalThis.renderStory(${JSON.stringify({ name, story, stillsAtSec: times })})`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { all: { type: "boolean", default: false }, out: { type: "string", default: CLIPS }, stills: { type: "string" } } });
  const known = (await readdir(STORIES)).filter((f) => f.endsWith(".yaml")).map((f) => f.slice(0, -5)).sort();
  const names = values.all ? known : positionals;
  if (names.length === 0) throw new Error(`name stories, or --all; known: ${known.join(", ")}`);
  await mkdir(values.out, { recursive: true });
  for (const name of names) {
    if (!known.includes(name)) throw new Error(`no story ${name}; known: ${known.join(", ")}`);
    const story = await readStory(join(STORIES, `${name}.yaml`));
    if (values.stills === undefined) await renderClip(name, story, values.out);
    else await renderStills(name, story, values.out, values.stills.split(",").map(Number));
  }
}

await main();
