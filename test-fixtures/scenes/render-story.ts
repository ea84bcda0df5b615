/** Renders stories into clips with truth beside them: node render-story.ts NAME... [--all] [--out DIR] [--stills 0,12,30]. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SceneBrowser } from "./browser.ts";
import { renderClip } from "./clip.ts";
import { readStory, type Story } from "./story.ts";

const STORIES = join(import.meta.dirname, "stories");
const CLIPS = join(import.meta.dirname, "..", "clips");

async function renderStills(name: string, story: Story, out: string, times: readonly number[]): Promise<void> {
  await using browser = await SceneBrowser.open("browser/story-page.ts", async (_path, query, body, meta) => {
    const file = join(out, `${name}-${query.get("t") ?? ""}`);
    await writeFile(`${file}.png`, body);
    await writeFile(`${file}.json`, meta);
  });
  await browser.page.evaluate(`globalThis.renderStory(${JSON.stringify({ name, story, stillsAtSec: times })})`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: "boolean", default: false },
      out: { type: "string", default: CLIPS },
      stills: { type: "string" },
    },
  });
  const known = (await readdir(STORIES))
    .filter((f) => f.endsWith(".yaml"))
    .map((f) => f.slice(0, -5))
    .sort();
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
