/** The actors of a story, put on the stage at a moment. */
import { groundAt } from "./bank.ts";
import { addBird, birdLookOf } from "./bird.ts";
import { addBoat, boatLookOf } from "./boat.ts";
import { DEBRIS_LAYERS } from "./cast.ts";
import { addDebris, debrisLookOf } from "./debris.ts";
import type { Mesh } from "./mesh.ts";
import { clothColour, lookOf } from "./person-look.ts";
import { addPerson, type PersonParts } from "./person.ts";
import { addBucket, addChair } from "./props.ts";
import { randomOf, wave } from "./random.ts";
import { rodLookOf, rodStrands, type Strand } from "./rod.ts";
import { poleOf } from "./shot-land.ts";
import { onGround, variantFor, type Stage } from "./stage.ts";
import type { Actor } from "./story.ts";
import { CLOTH_LAYERS, LAYER } from "./textures.ts";
import type { ClassName, SceneObject } from "./truth.ts";
import { addUmbrella, umbrellaLookOf } from "./umbrella.ts";
import { addScaled, heading, unit, UP, type Vec3 } from "./vector.ts";
import { between, onWay } from "./way.ts";

type Angler = Extract<Actor, { kind: "angler" }>;

type Walker = Extract<Actor, { kind: "walker" }>;

type Mat = Extract<Actor, { kind: "mat" }>;

/** Who is being put on the stage. */
export interface Casting {
  readonly stage: Stage;
  readonly t: number;
  readonly level: number;
  readonly mesh: Mesh;
  readonly strands: Strand[];
  readonly objects: SceneObject[];
}

function cast(
  c: Casting,
  id: string,
  name: ClassName,
  more: { readonly owner?: string; readonly angling?: boolean } = {},
): number {
  const number = c.objects.length + 1;
  c.objects.push({ number, id, class: name, ...more });
  return number;
}

/** Adds an actor as he is at the moment. */
export function addActor(c: Casting, actor: Actor): void {
  switch (actor.kind) {
    case "tree":
    case "bush":
    case "reeds":
      return;
    case "angler":
      addAngler(c, actor);
      return;
    case "walker":
      addWalker(c, actor);
      return;
    case "mat":
      addMat(c, actor);
      return;
    case "boat":
    case "bird":
    case "debris":
      addAfloat(c, actor);
      return;
    default:
      actor satisfies never;
  }
}

function addBody(c: Casting, actor: Angler | Walker, hands: "rod" | "lap" | "hang" | "hold"): PersonParts | null {
  const place = onWay(actor.way, c.t);
  if (!place.here) return null;
  const walking = place.yaw !== null;
  const at = onGround(c.stage.world.bank, place.x, place.inland);
  const number = cast(c, actor.id, "person", actor.kind === "angler" ? { angling: true } : {});
  const yaw = place.yaw ?? Math.PI + (actor.faceDeg * Math.PI) / 180;
  const look = lookOf(variantFor(c.stage.split, "person", actor.seed), CLOTH_LAYERS);
  const kind = walking ? "walk" : actor.pose;
  if (kind === "sit" && actor.kind === "angler" && actor.chair)
    addChair(
      c.mesh,
      addScaled(at, UP, look.heightM * 0.25 - 0.46),
      yaw,
      clothColour(variantFor(c.stage.split, "prop", actor.seed)),
    );
  return addPerson(
    c.mesh,
    look,
    { at, yaw, kind, phase: c.t + actor.seed, hands: walking && hands !== "hold" ? "hang" : hands },
    number,
  );
}

function addAngler(c: Casting, actor: Angler): void {
  const t = c.t;
  const present = actor.rods.filter((rod) => t >= rod.fromSec && t < (rod.toSec ?? Infinity));
  const place = onWay(actor.way, t);
  const held = present.find((rod) => rod.held && place.yaw === null);
  const parts = addBody(c, actor, held ? "rod" : "lap");
  const home = actor.way[0] ?? [0, 0, 0];
  const spot = onGround(c.stage.world.bank, home[1], home[2]);
  const yaw = Math.PI + (actor.faceDeg * Math.PI) / 180;
  const forward = heading(yaw);
  const right = unit([forward[2], 0, -forward[0]]);
  if (actor.bucket)
    addBucket(
      c.mesh,
      addScaled(addScaled(spot, right, 0.75), forward, -0.2),
      clothColour(variantFor(c.stage.split, "prop", actor.seed + 5)),
    );
  present.forEach((rod) => {
    const drawn = rodLookOf(variantFor(c.stage.split, "rod", rod.seed));
    const look = { ...drawn, lengthM: rod.lengthM ?? drawn.lengthM };
    const index = actor.rods.indexOf(rod);
    const side = (index % 2 === 0 ? 1 : -1) * (0.38 + 0.3 * Math.floor(index / 2));
    const inHand = rod === held && parts !== null;
    const beside = addScaled(addScaled(spot, right, side), forward, 0.45);
    const butt = inHand
      ? addScaled(parts.rightHand, forward, -0.25)
      : addScaled([beside[0], groundAt(c.stage.world.bank, beside[0], beside[2]), beside[2]], UP, 0.55);
    const settle = rod.fromSec === 0 ? 1 : Math.min(1, (t - rod.fromSec) / 1.5);
    const lift = ((75 + (rod.liftDeg - 75) * settle) * Math.PI) / 180;
    const direction = unit(
      addScaled(
        heading(yaw - (rod.turnDeg * Math.PI) / 180 + 0.02 * wave(t * 0.7, rod.seed)),
        UP,
        Math.tan(lift) + 0.02 * wave(t * 1.1, rod.seed + 9),
      ),
    );
    c.strands.push(...rodStrands(look, butt, direction, c.level, cast(c, rod.id, "fishing-rod", { owner: actor.id })));
    if (!inHand)
      c.strands.push({
        points: [addScaled(butt, direction, 0.5), addScaled(addScaled(butt, direction, 0.5), UP, -0.6)],
        thick: [0.016, 0.016],
        colour: [
          [0.3, 0.3, 0.3],
          [0.3, 0.3, 0.3],
        ],
        alpha: 1,
        id: 0,
      });
  });
  if (actor.umbrella)
    addUmbrella(
      c.mesh,
      umbrellaLookOf(variantFor(c.stage.split, "umbrella", actor.seed), true),
      addScaled(addScaled(spot, right, -0.4), forward, -0.35),
      2.1,
      [0.1, 0, 0.05],
      cast(c, `${actor.id}-umbrella`, "umbrella"),
    );
}

function addWalker(c: Casting, actor: Walker): void {
  const parts = addBody(c, actor, actor.carry === "none" || actor.carry === "stick" ? "hang" : "hold");
  if (!parts || actor.carry === "none") return;
  if (actor.carry === "umbrella")
    addUmbrella(
      c.mesh,
      umbrellaLookOf(variantFor(c.stage.split, "umbrella", actor.seed), false),
      parts.rightHand,
      0.7,
      [0.05, 0, 0.05],
      cast(c, `${actor.id}-umbrella`, "umbrella"),
    );
  else
    c.strands.push(poleOf(variantFor(c.stage.split, "prop", actor.seed), actor.carry, parts.rightHand, parts.forward));
}

function addAfloat(c: Casting, actor: Extract<Actor, { kind: "boat" | "bird" | "debris" }>): void {
  const place = onWay(actor.way, c.t);
  if (!place.here) return;
  const at: Vec3 = [place.x, c.level, place.inland];
  const rest = (actor.seed * 1.7) % 6.28;
  if (actor.kind === "boat") {
    const yaw = actor.turnDeg === undefined ? (place.yaw ?? rest) : (actor.turnDeg * Math.PI) / 180;
    const boat = addBoat(
      c.mesh,
      boatLookOf(variantFor(c.stage.split, "boat", actor.seed), LAYER.wood),
      addScaled(at, UP, 0.02 * Math.sin(c.t * 1.3)),
      yaw,
      0.02 * Math.sin(c.t * 1.1),
      cast(c, actor.id, "boat"),
    );
    for (let i = 0; i < actor.crew; i += 1) {
      addPerson(
        c.mesh,
        lookOf(variantFor(c.stage.split, "person", actor.seed * 7 + i), CLOTH_LAYERS),
        {
          at: addScaled(boat.deck, boat.forward, 0.9 * i - 0.4),
          yaw,
          kind: i === 0 ? "sit" : "stand",
          phase: c.t,
          hands: "lap",
        },
        cast(c, `${actor.id}-crew-${i + 1}`, "person"),
      );
    }
  } else if (actor.kind === "bird") {
    const flying = actor.highM > 0;
    addBird(
      c.mesh,
      birdLookOf(variantFor(c.stage.split, "bird", actor.seed)),
      flying ? [at[0], actor.highM + 0.4 * wave(c.t, actor.seed), at[2]] : at,
      place.yaw ?? rest,
      flying ? (c.t * 2.3) % 1 : null,
      cast(c, actor.id, "bird"),
    );
  } else {
    const look = debrisLookOf(variantFor(c.stage.split, "debris", actor.seed), [actor.of]);
    addDebris(
      c.mesh,
      { ...look, sizeM: actor.sizeM ?? look.sizeM },
      at,
      rest + 0.1 * wave(c.t * 0.2, actor.seed),
      c.t,
      cast(c, actor.id, "floating-debris"),
      DEBRIS_LAYERS,
    );
  }
}

/** A field of pieces that fills up and empties again: piece i is there while the amount is above its own share. */
function addMat(c: Casting, actor: Mat): void {
  const amount = between(actor.amount, c.t);
  const chance = randomOf("mat", actor.id, actor.seed);
  for (let i = 0; i < actor.pieces; i += 1) {
    const angle = chance.range(0, 6.28);
    const out = Math.sqrt((i + 0.5) / actor.pieces);
    const kind = chance.pick([
      "leaf-mat",
      "leaf-mat",
      "leaf-mat",
      "chips",
      "bag",
      "bottle",
      "foam-box",
      "branch",
    ] as const);
    const look = debrisLookOf(variantFor(c.stage.split, "debris", actor.seed + i), [kind]);
    const turn = chance.range(0, 6.28);
    const share = (i + 0.5) / actor.pieces;
    if (amount < share) continue;
    const at: Vec3 = [
      actor.centre[0] + Math.cos(angle) * out * actor.spreadM[0] + actor.driftMps * c.t,
      c.level,
      actor.centre[1] + Math.sin(angle) * out * actor.spreadM[1],
    ];
    const grown = Math.min(1, (amount - share) * actor.pieces * 0.5 + 0.3);
    addDebris(
      c.mesh,
      { ...look, sizeM: (kind === "leaf-mat" ? actor.sizeM : look.sizeM) * grown },
      at,
      turn,
      // A carpet lies still: if it rocked like a bottle, half of it would be under water now and then.
      kind === "leaf-mat" || kind === "chips" ? 0 : c.t,
      cast(c, `${actor.id}-${i + 1}`, "floating-debris"),
      DEBRIS_LAYERS,
    );
  }
}
