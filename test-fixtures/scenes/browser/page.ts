/** The browser's half of the renderer: it draws what it is told and posts each picture back to the process that opened the page. */
import { inkOf, writeOverlay } from "./overlay.ts";
import { Renderer } from "./renderer.ts";
import { HEIGHT, WIDTH } from "../camera.ts";
import type { Finish } from "../finish.ts";
import { composeShot, setWorld, SHOTS_PER_WORLD, type SetWish, type SetWorld, type Shot } from "../shot.ts";
import { CLASSES, measure, type SeenObject } from "../truth.ts";
import type { Split } from "../variants.ts";

/** A share of a set: pictures first to end (excluded). */
export interface ShardOrder {
  readonly split: Split;
  readonly seed: number;
  readonly first: number;
  readonly end: number;
  readonly wish: SetWish;
}

const surface = new OffscreenCanvas(WIDTH, HEIGHT);

const renderer = new Renderer(surface);

const paper = new OffscreenCanvas(WIDTH, HEIGHT);

const small = new OffscreenCanvas(WIDTH, HEIGHT);

const ink = inkOf(paper);

const smallInk = inkOf(small);

function drawShot(shot: Shot): void {
  renderer.draw({
    view: shot.view,
    moving: shot.moving,
    strands: shot.strands,
    air: shot.light.air,
    water: shot.water,
    lens: shot.lens,
    defocus: shot.defocus,
    levelY: 0,
    sunDir: shot.light.sunDir,
    shadows: shot.light.shadows,
    focus: shot.view.target,
  });
}

async function develop(finish: Finish): Promise<Blob> {
  ink.save();
  if (finish.mirror) {
    ink.translate(WIDTH, 0);
    ink.scale(-1, 1);
  }
  if (finish.shrink < 1) {
    const w = Math.round(WIDTH * finish.shrink);
    const h = Math.round(HEIGHT * finish.shrink);
    smallInk.drawImage(surface, 0, 0, w, h);
    ink.imageSmoothingEnabled = true;
    ink.drawImage(small, 0, 0, w, h, 0, 0, WIDTH, HEIGHT);
  } else ink.drawImage(surface, 0, 0);
  ink.restore();
  if (finish.textOn) writeOverlay(ink, finish.clock, finish.name, finish.textPx);
  return paper.convertToBlob({ type: "image/jpeg", quality: finish.quality });
}

function label(shot: Shot): readonly SeenObject[] {
  const seen = measure(
    { ids: renderer.ids, width: WIDTH, height: HEIGHT, place: renderer.place },
    shot.objects,
    shot.moving,
    shot.strands,
  );
  return shot.finish.mirror
    ? seen.map((o) => ({ ...o, box: [1 - o.box[0] - o.box[2], o.box[1], o.box[2], o.box[3]] as const }))
    : seen;
}

/** Renders a share of a set; pictures and labels go to the opener as they are made. */
export async function renderShard(order: ShardOrder): Promise<void> {
  let loaded = -1;
  let place: SetWorld | null = null;
  for (let index = order.first; index < order.end; index += 1) {
    const number = Math.floor(index / SHOTS_PER_WORLD);
    if (loaded !== number || !place) {
      place = setWorld(order.split, order.seed, number, order.wish);
      renderer.load(place.world.textures, place.world.still, place.world.far, place.world.extent);
      loaded = number;
    }
    const shot = composeShot(order.split, order.seed, index, place);
    drawShot(shot);
    const picture = await develop(shot.finish);
    const meta = {
      index,
      condition: shot.condition,
      tags: shot.tags,
      variants: shot.variants,
      classes: CLASSES,
      objects: label(shot),
    };
    await fetch(`/picture?index=${index}`, {
      method: "POST",
      body: picture,
      headers: { "x-meta": encodeURIComponent(JSON.stringify(meta)) },
    });
  }
}
Object.assign(globalThis, { renderShard });
