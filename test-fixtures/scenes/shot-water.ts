/** What floats and flies in a single picture, and the clutter of unreal ones. */
import { shoreAt } from "./bank.ts";
import { addBird, birdLookOf } from "./bird.ts";
import { addBoat, boatLookOf } from "./boat.ts";
import { pointAt, type CameraAim } from "./camera.ts";
import type { Cast } from "./cast.ts";
import { DEBRIS_LAYERS } from "./cast.ts";
import { addDebris, debrisLookOf } from "./debris.ts";
import { upright } from "./mesh.ts";
import { clothColour, lookOf } from "./person-look.ts";
import { addPerson } from "./person.ts";
import { CLOTH_LAYERS, LAYER } from "./textures.ts";
import { addScaled, sub, UP, type Vec3 } from "./vector.ts";

/** Puts debris, boats and birds on the water; a hard negative has no debris. */
export function fillWater(cast: Cast, negative: boolean, aim: CameraAim): void {
  const { chance } = cast;
  const open = aim === "water";
  const debris = negative ? 0 : chance.chance(open ? 0.85 : 0.55) ? chance.pick([1, 2, 3, 4, 6, 9, 14, 22]) : 0;
  for (let i = 0; i < debris; i += 1) {
    const at = cast.waterPlace(open ? 60 : 45);
    if (!at) continue;
    const variant = cast.variant("debris");
    const look = debrisLookOf(variant);
    const distance = Math.hypot(...sub(at, cast.view.eye));
    const least = (9 * distance) / cast.view.focalPx;
    addDebris(
      cast.moving,
      { ...look, sizeM: Math.max(look.sizeM, least * variant.range(0.7, 2.4)) },
      at,
      chance.range(0, 6.28),
      chance.range(0, 9),
      cast.object("floating-debris").number,
      DEBRIS_LAYERS,
    );
  }
  if (chance.chance(open ? 0.5 : 0.3)) for (let i = chance.pick([1, 1, 1, 2, 3, 5]); i > 0; i -= 1) placeBoat(cast);
  if (chance.chance(0.3)) for (let i = chance.pick([1, 2, 3, 6]); i > 0; i -= 1) placeBird(cast);
}

function placeBoat(cast: Cast): void {
  const { chance } = cast;
  const at = cast.waterPlace(140);
  if (!at || at[2] > shoreAt(cast.bank, at[0]) - 2.2 || Math.hypot(...sub(at, cast.view.eye)) < 5) return;
  const boat = addBoat(
    cast.moving,
    boatLookOf(cast.variant("boat"), LAYER.wood),
    at,
    chance.range(0, 6.28),
    chance.normal() * 0.03,
    cast.object("boat").number,
  );
  for (let i = chance.pick([0, 1, 1, 2]); i > 0; i -= 1) {
    const me = cast.object("person");
    const spot = addScaled(boat.deck, boat.forward, chance.range(-0.8, 0.8));
    addPerson(
      cast.moving,
      lookOf(cast.variant("person"), CLOTH_LAYERS),
      {
        at: spot,
        yaw: chance.range(0, 6.28),
        kind: chance.pick(["stand", "sit"] as const),
        phase: chance.range(0, 9),
        hands: chance.pick(["hang", "lap"] as const),
      },
      me.number,
    );
  }
}

function placeBird(cast: Cast): void {
  const { chance } = cast;
  const look = birdLookOf(cast.variant("bird"));
  if (chance.chance(0.5)) {
    const at = cast.waterPlace(50);
    if (at) addBird(cast.moving, look, at, chance.range(0, 6.28), null, cast.object("bird").number);
    return;
  }
  const at = pointAt(
    cast.view,
    chance.range(0.03, 0.97),
    chance.range(0.03, 0.9),
    chance.range(0.8, Math.max(1, cast.view.eye[1] - 1)),
    60,
  );
  if (at && (look.sizeM * cast.view.focalPx) / Math.hypot(...sub(at, cast.view.eye)) < 110)
    addBird(cast.moving, look, at, chance.range(0, 6.28), chance.next(), cast.object("bird").number);
}

/** Meaningless blocks on land and lines in the air, so that no single edge means anything by itself. */
export function scatter(cast: Cast): void {
  const { chance } = cast;
  for (let i = chance.int(2, 14); i > 0; i -= 1) {
    const at = cast.landPlace([0.5, 12]);
    if (at)
      upright(
        cast.moving,
        addScaled(at, UP, 0.2),
        [chance.range(0.1, 1.2), chance.range(0.1, 1.4), chance.range(0.1, 1)],
        chance.range(0, 3),
        { colour: clothColour(chance), layer: chance.int(0, 4) },
      );
  }
  for (let i = chance.int(0, 4); i > 0; i -= 1) {
    const y = chance.range(3, 9);
    const colour: Vec3 = [0.05, 0.05, 0.05];
    cast.strands.push({
      points: [
        [-40, y, chance.range(-12, 6)],
        [0, y - 0.6, chance.range(-12, 6)],
        [40, y, chance.range(-12, 6)],
      ],
      thick: [0.02, 0.02],
      colour: [colour, colour],
      alpha: 1,
      id: 0,
    });
  }
}
