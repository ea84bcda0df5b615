/** A story at a moment: where everybody is, what the camera sees, what the faults do to it. */
import { Mesh } from "./mesh.ts";
import type { Picture, Settings, View } from "./picture.ts";
import { rainStrands } from "./rain.ts";
import { randomOf, wave } from "./random.ts";
import type { Stage } from "./stage.ts";
import { addActor, type Casting } from "./story-cast.ts";
import type { Fault, Story } from "./story.ts";
import type { SceneObject } from "./truth.ts";
import { addScaled, sub, UP, type Vec3 } from "./vector.ts";
import { between } from "./way.ts";

/** One moment: what to draw and what is truly there. */
export interface Moment {
  readonly picture: Picture;
  readonly objects: readonly SceneObject[];
  readonly fault: Fault["kind"] | null;
  /** Centimetres on the gauge, null without one. */
  readonly levelCm: number | null;
}

/** The view at a moment: small shake, and the turn of a camera that was pushed aside. */
function viewAt(story: Story, t: number): View {
  const { eye, target, focalPx, bend, shakePx } = story.camera;
  const metres = (shakePx / focalPx) * Math.hypot(...sub(target, eye));
  let aim: Vec3 = addScaled(addScaled(target, [1, 0, 0], metres * wave(t * 1.7, 3)), UP, metres * wave(t * 2.1, 5));
  const turned = story.faults.find((f) => f.kind === "turned" && t >= f.fromSec && t < f.toSec);
  if (turned) {
    const turn = 0.55 * Math.min(1, (t - turned.fromSec) / 2);
    const to = sub(aim, eye);
    aim = addScaled(
      eye,
      [
        to[0] * Math.cos(turn) - to[2] * Math.sin(turn),
        to[1] + 0.6 * turn,
        to[2] * Math.cos(turn) + to[0] * Math.sin(turn),
      ],
      1,
    );
  }
  return { eye, target: aim, roll: 0, focalPx, bend };
}

/** Composes the story at t seconds. */
export function momentOf(stage: Stage, t: number): Moment {
  const { story } = stage;
  const fault = story.faults.find((f) => t >= f.fromSec && t < f.toSec) ?? null;
  const frozen = fault?.kind === "frozen" ? fault.fromSec : null;
  const now = frozen ?? t;
  const levelCm = between(story.water.levelCm, now);
  const c: Casting = { stage, t: now, level: levelCm / 100, mesh: new Mesh(), strands: [], objects: [] };
  for (const actor of story.actors) addActor(c, actor);
  const view = viewAt(story, now);
  const rain = rainStrands(view, stage.light.rain, randomOf("rain", story.light.seed, Math.round(now * 100)));
  const seconds = fault ? t - fault.fromSec : 0;
  return {
    picture: {
      view, moving: c.mesh, strands: [...c.strands, ...rain], levelY: c.level, sunDir: stage.light.sunDir, shadows: stage.light.shadows, focus: story.camera.target,
      air: { ...stage.light.air, uTime: now, ...(fault?.kind === "dark" ? { uExposure: 0.085 * Number(stage.light.air.uExposure) } : {}) }, water: stage.water,
      lens: lensAt(stage, fault, seconds), defocus: fault?.kind === "defocused" ? Math.min(5, 1 + Math.floor(seconds * 1.5)) : 0,
    },
    objects: c.objects, fault: fault?.kind ?? null, levelCm: story.gauge ? 100 + levelCm : null,
  }; // prettier-ignore
}

function lensAt(stage: Stage, fault: Fault | null, seconds: number): Settings {
  if (fault?.kind === "covered")
    return { ...stage.lens, uCover: [0.1, -0.1, Math.min(2.2, seconds * 1.4), 1], uCoverColour: [0.4, 0.31, 0.25] };
  if (fault?.kind === "black") return { ...stage.lens, uBrightness: -2, uNoiseAmount: 0.004, uChroma: 0 };
  return stage.lens;
}
