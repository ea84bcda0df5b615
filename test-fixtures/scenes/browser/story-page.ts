/** The browser's half of story rendering: frames go out as raw RGBA, truth as lines of JSON. */
import { inkOf, writeOverlay } from "./overlay.ts";
import { Renderer } from "./renderer.ts";
import { HEIGHT, WIDTH } from "../camera.ts";
import { stageOf, type Stage } from "../stage.ts";
import { momentOf, type Moment } from "../story-scene.ts";
import { clockAt, frameTruth, headerTruth } from "../story-truth.ts";
import { grows } from "../plants.ts";
import type { Story } from "../story.ts";
import { measure, waterPolygon, type SeenObject } from "../truth.ts";
import type { Split } from "../variants.ts";

const surface = new OffscreenCanvas(WIDTH, HEIGHT);

const renderer = new Renderer(surface);

const ink = inkOf(new OffscreenCanvas(WIDTH, HEIGHT));

/** What to render: the story, its name, and optionally single moments as PNG instead of the clip. */
export interface StoryOrder {
  readonly name: string;
  readonly story: Story;
  readonly stillsAtSec?: readonly number[];
  readonly split?: Split;
}

function draw(moment: Moment): readonly SeenObject[] {
  renderer.draw(moment.picture);
  return measure(
    { ids: renderer.ids, width: WIDTH, height: HEIGHT, place: renderer.place },
    moment.objects,
    moment.picture.moving,
    moment.picture.strands,
  );
}

function ink2(stage: Stage, t: number): void {
  ink.drawImage(surface, 0, 0);
  writeOverlay(ink, clockAt(stage.story, t), stage.story.camera.name, 22);
}

/** The water polygon of an empty scene, as the camera stands when all is well. */
function emptyWater(stage: Stage): readonly (readonly [number, number])[] {
  const empty = stageOf({ ...stage.story, actors: stage.story.actors.filter(grows), faults: [] }, stage.split);
  renderer.load(empty.world.textures, empty.world.still, empty.world.far, empty.world.extent);
  renderer.draw(momentOf(empty, 0).picture);
  return waterPolygon({ ids: renderer.ids, width: WIDTH, height: HEIGHT });
}

/** Renders a story or some stills of it. */
export async function renderStory(order: StoryOrder): Promise<void> {
  const { story } = order;
  const stage = stageOf(story, order.split);
  const water = emptyWater(stage);
  renderer.load(stage.world.textures, stage.world.still, stage.world.far, stage.world.extent);
  if (order.stillsAtSec) {
    for (const t of order.stillsAtSec) {
      const objects = draw(momentOf(stage, t));
      ink2(stage, t);
      await fetch(`/still?t=${t}`, {
        method: "POST",
        body: await ink.canvas.convertToBlob({ type: "image/png" }),
        headers: {
          "x-meta": encodeURIComponent(
            JSON.stringify({ water, objects, zones: headerTruth(order.name, stage, water).zones }),
          ),
        },
      });
    }
    return;
  }
  const lines: string[] = [JSON.stringify(headerTruth(order.name, stage, water))];
  const frames = Math.round(story.seconds * story.fps);
  let seen: readonly SeenObject[] = [];
  let moment = momentOf(stage, 0);
  for (let frame = 0; frame < frames; frame += 1) {
    const t = frame / story.fps;
    if (frame % story.sceneEvery === 0) {
      const frozenAlready = moment.fault === "frozen";
      moment = momentOf(stage, t);
      if (!(frozenAlready && moment.fault === "frozen")) {
        seen = draw({
          ...moment,
          picture: { ...moment.picture, lens: { ...moment.picture.lens, uSeed: (frame * 613) % 65521 } },
        });
        ink2(stage, t);
      }
      if (moment.fault !== "lost")
        await fetch(`/frame?n=${frame}`, {
          method: "POST",
          body: await ink.canvas.convertToBlob({ type: "image/jpeg", quality: 0.96 }),
        });
    }
    lines.push(JSON.stringify(frameTruth({ t, moment, seen, water, ids: renderer.ids })));
  }
  await fetch("/truth", { method: "POST", body: lines.join("\n") + "\n" });
}
Object.assign(globalThis, { renderStory });
