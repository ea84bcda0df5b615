import { join } from "node:path";
import { expect, test } from "vitest";
import { CHROMIUM_PATH, hasBrowser, SceneBrowser } from "./browser.ts";
import { readStory } from "./story.ts";
import type { SeenObject } from "./truth.ts";

const name = `a rendered moment shows what the truth says (needs ${CHROMIUM_PATH})`;

test.skipIf(!hasBrowser())(
  name,
  async () => {
    const seen: (readonly SeenObject[])[] = [];
    const sizes: number[] = [];
    await using browser = await SceneBrowser.open("browser/story-page.ts", (_path, _query, body, meta) => {
      sizes.push(body.length);
      seen.push((JSON.parse(meta) as { objects: readonly SeenObject[] }).objects);
    });
    const story = await readStory(join(import.meta.dirname, "stories", "second-rod.yaml"));
    await browser.page.evaluate(
      `globalThis.renderStory(${JSON.stringify({ name: "second-rod", story, stillsAtSec: [5, 30, 30] })})`,
    );
    expect(seen.map((objects) => objects.map((o) => o.id))).toEqual([
      ["angler-1", "rod-1"],
      ["angler-1", "rod-1", "rod-2"],
      ["angler-1", "rod-1", "rod-2"],
    ]);
    expect(seen[1]).toEqual(seen[2]);
    for (const object of seen[1] ?? []) {
      expect(object.visible).toBeGreaterThan(0.8);
      expect(object.box[2] * object.box[3]).toBeGreaterThan(0.005);
    }
    expect(Math.min(...sizes)).toBeGreaterThan(100_000);
  },
  300_000,
);
