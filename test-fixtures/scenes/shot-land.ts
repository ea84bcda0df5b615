/** People on the bank of a single picture, with what they hold. */
import { groundAt } from "./bank.ts";
import type { CameraAim } from "./camera.ts";
import type { Cast } from "./cast.ts";
import type { Light } from "./light.ts";
import { upright } from "./mesh.ts";
import { clothColour, lookOf } from "./person-look.ts";
import type { PersonPose } from "./person-pose.ts";
import { addPerson } from "./person.ts";
import { addBucket, addChair } from "./props.ts";
import type { Random } from "./random.ts";
import { rodLookOf, rodStrands, type Strand } from "./rod.ts";
import { CLOTH_LAYERS } from "./textures.ts";
import { addUmbrella, umbrellaLookOf } from "./umbrella.ts";
import { addScaled, heading, unit, UP, type Vec3 } from "./vector.ts";

const towardsWater = (chance: Random, spread: number): number => Math.PI + chance.range(-spread, spread);

/** Puts anglers, or in a hard negative none, and passers-by on the bank. */
export function fillLand(cast: Cast, negative: boolean, aim: CameraAim, light: Light, busy: number): void {
  const { chance } = cast;
  if (!negative && aim !== "street")
    for (let i = chance.int(0, Math.round(3 * busy)) + (chance.chance(0.6) ? 1 : 0); i > 0; i -= 1) addAngler(cast);
  const walkers = aim === "street" ? chance.int(1, 9) : chance.chance(0.55) ? chance.int(1, negative ? 5 : 3) : 0;
  for (let i = 0; i < walkers; i += 1) addWalker(cast, light.rain > 0);
  if (chance.chance(0.2)) {
    const at = cast.landPlace([0.2, 9]);
    if (at)
      addUmbrella(
        cast.moving,
        umbrellaLookOf(cast.variant("umbrella"), true),
        at,
        chance.range(1.5, 2.1),
        [chance.normal() * 0.15, 0, chance.normal() * 0.15],
        cast.object("umbrella").number,
      );
  }
}

function addAngler(cast: Cast): void {
  const { chance } = cast;
  const at = cast.landPlace(cast.bank.standZ);
  if (!at) return;
  const me = cast.object("person", { angling: true });
  const kind = chance.pick(["stand", "stand", "sit", "sit", "sit", "squat"] as const);
  const yaw = towardsWater(chance, 0.7);
  const rods = chance.pick([1, 1, 1, 2, 2, 3, 4]);
  const held = chance.chance(0.72);
  const look = lookOf(cast.variant("person"), CLOTH_LAYERS);
  const parts = addPerson(
    cast.moving,
    look,
    { at, yaw, kind, phase: chance.range(0, 9), hands: held ? "rod" : chance.pick(["lap", "hang"] as const) },
    me.number,
  );
  if (kind === "sit")
    addChair(cast.moving, addScaled(at, UP, look.heightM * 0.25 - 0.46), yaw, clothColour(cast.variant("prop")));
  const right = unit([parts.forward[2], 0, -parts.forward[0]]);
  for (let i = 0; i < rods; i += 1) {
    const rod = rodLookOf(cast.variant("rod"));
    const hand = i === 0 && held;
    const beside = addScaled(
      addScaled(at, right, (i % 2 === 0 ? 1 : -1) * chance.range(0.3, 0.5) * (1 + Math.floor(i / 2))),
      parts.forward,
      chance.range(0.1, 0.6),
    );
    const butt = hand
      ? addScaled(parts.rightHand, parts.forward, -0.2)
      : addScaled([beside[0], groundAt(cast.bank, beside[0], beside[2]), beside[2]], UP, chance.range(0.15, 0.75));
    const direction = unit(addScaled(heading(yaw + chance.normal() * 0.3), UP, chance.range(0.02, hand ? 1.1 : 0.7)));
    cast.strands.push(...rodStrands(rod, butt, direction, 0, cast.object("fishing-rod", { owner: me.id }).number));
    if (!hand)
      cast.strands.push({
        points: [
          addScaled(butt, direction, 0.4),
          [butt[0] + direction[0] * 0.4, butt[1] - 0.5, butt[2] + direction[2] * 0.4],
        ],
        thick: [0.015, 0.015],
        colour: [
          [0.3, 0.3, 0.3],
          [0.3, 0.3, 0.3],
        ],
        alpha: 1,
        id: 0,
      });
  }
  if (chance.chance(0.6))
    addBucket(
      cast.moving,
      addScaled(addScaled(at, right, chance.range(-0.8, 0.8)), parts.forward, -0.3),
      clothColour(cast.variant("prop")),
    );
  if (chance.chance(0.4))
    upright(cast.moving, addScaled(addScaled(at, right, chance.pick([-0.7, 0.75])), UP, 0.16), [0.5, 0.32, 0.35], yaw, {
      colour: clothColour(cast.variant("prop")),
    });
  if (chance.chance(0.28))
    addUmbrella(
      cast.moving,
      umbrellaLookOf(cast.variant("umbrella"), true),
      addScaled(addScaled(at, right, -0.35), parts.forward, -0.3),
      chance.range(1.7, 2.2),
      [chance.normal() * 0.2, 0, chance.normal() * 0.2],
      cast.object("umbrella").number,
    );
}

function addWalker(cast: Cast, rain: boolean): void {
  const { chance } = cast;
  const at = cast.landPlace(chance.chance(0.7) ? cast.bank.walkZ : [cast.bank.standZ[0], cast.bank.walkZ[1]]);
  if (!at) return;
  const me = cast.object("person");
  const carry =
    rain && chance.chance(0.7)
      ? "umbrella"
      : chance.pick(["none", "none", "umbrella", "pole", "stick", "shouldered"] as const);
  const pose: PersonPose = {
    at,
    yaw: chance.range(0, 6.28),
    kind: chance.pick(["walk", "walk", "walk", "stand", "stand", "bend", "squat", "sit"] as const),
    phase: chance.range(0, 9),
    hands: carry === "none" || carry === "stick" ? "hang" : "hold",
  };
  const parts = addPerson(cast.moving, lookOf(cast.variant("person"), CLOTH_LAYERS), pose, me.number);
  const prop = cast.variant("prop");
  if (carry === "umbrella")
    addUmbrella(
      cast.moving,
      umbrellaLookOf(cast.variant("umbrella"), false),
      parts.rightHand,
      prop.range(0.6, 0.85),
      [prop.normal() * 0.15, 0, prop.normal() * 0.15],
      cast.object("umbrella").number,
    );
  if (carry === "pole" || carry === "stick" || carry === "shouldered")
    cast.strands.push(poleOf(prop, carry, parts.rightHand, parts.forward));
}

/** A stick, broom, hoe or carrying pole: long and thin like a rod, but thicker, straight, and not over water. */
export function poleOf(prop: Random, carry: "pole" | "stick" | "shouldered", hand: Vec3, forward: Vec3): Strand {
  const long = carry === "stick" ? prop.range(0.8, 1.3) : prop.range(1.4, 2.8);
  const direction =
    carry === "stick"
      ? unit(addScaled(forward, UP, -3))
      : carry === "pole"
        ? unit(addScaled(forward, UP, prop.range(2, 9)))
        : unit(addScaled(forward, UP, prop.range(-0.5, 0.25)));
  const back = carry === "stick" ? 0.05 : 0.45;
  const colour: Vec3 = prop.chance(0.6) ? [0.45, 0.33, 0.18] : clothColour(prop);
  return {
    points: [addScaled(hand, direction, -long * back), addScaled(hand, direction, long * (1 - back))],
    thick: [prop.range(0.022, 0.045), prop.range(0.02, 0.045)],
    colour: [colour, colour],
    alpha: 1,
    id: 0,
  };
}
