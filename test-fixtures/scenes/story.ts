/** A story: a place, a camera, actors with their ways through time, faults, and the events that ought to come of it. */
import { readFile } from "node:fs/promises";
import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import { BANK_KINDS } from "./bank.ts";
import { DEBRIS_KINDS } from "./debris.ts";
import { BENDS } from "./lens.ts";
import { CONDITIONS } from "./light.ts";

const second = z.number().min(0).max(3600);
const metre = z.number().min(-500).max(500);
const point3 = z.tuple([metre, metre, metre]);
const seed = z.int().min(0).max(1_000_000).default(1).describe("which of the story variants is drawn");
const id = z.string().regex(/^[a-z][a-z0-9-]{0,23}$/);
/** A way: [second, along the bank, inland] in metres; negative inland is on the water. */
const way = z
  .array(z.tuple([second, metre, metre]))
  .min(1)
  .max(64);

const rodSchema = z.strictObject({
  id,
  fromSec: second.default(0).describe("when it appears, raised; it touches the water 1.5 s later"),
  toSec: second.optional(),
  held: z.boolean().default(false),
  turnDeg: z.number().min(-80).max(80).default(0),
  liftDeg: z.number().min(-10).max(70).default(14),
  lengthM: z.number().min(2).max(6).optional(),
  seed,
});

const actorSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("angler"),
    id,
    way,
    pose: z.enum(["sit", "stand", "squat"]).default("sit"),
    faceDeg: z.number().min(-180).max(180).default(0),
    rods: z.array(rodSchema).max(5).default([]),
    chair: z.boolean().default(true),
    bucket: z.boolean().default(true),
    umbrella: z.boolean().default(false),
    seed,
  }),
  z.strictObject({
    kind: z.literal("walker"),
    id,
    way,
    pose: z.enum(["stand", "sit", "squat"]).default("stand"),
    faceDeg: z.number().min(-180).max(180).default(0),
    carry: z.enum(["none", "umbrella", "pole", "stick", "shouldered"]).default("none"),
    seed,
  }),
  z.strictObject({
    kind: z.literal("boat"),
    id,
    way,
    crew: z.int().min(0).max(4).default(1),
    turnDeg: z.number().min(-180).max(180).optional(),
    seed,
  }),
  z.strictObject({ kind: z.literal("bird"), id, way, highM: z.number().min(0).max(40).default(0), seed }),
  z.strictObject({
    kind: z.literal("debris"),
    id,
    way,
    of: z.enum(DEBRIS_KINDS),
    sizeM: z.number().min(0.05).max(8).optional(),
    seed,
  }),
  z.strictObject({
    kind: z.literal("mat"),
    id,
    centre: z.tuple([metre, metre]),
    spreadM: z.tuple([metre, metre]),
    amount: z
      .array(z.tuple([second, z.number().min(0).max(1)]))
      .min(1)
      .describe("how much of it is there, 0..1"),
    pieces: z.int().min(1).max(120).default(40),
    sizeM: z.number().min(0.2).max(6).default(1.5),
    driftMps: z.number().min(-2).max(2).default(0),
    seed,
  }),
  z.strictObject({
    kind: z.literal("bush"),
    at: z.tuple([metre, metre]),
    highM: z.number().min(0.3).max(4).default(1.4),
    seed,
  }),
  z.strictObject({
    kind: z.literal("reeds"),
    at: z.tuple([metre, metre]),
    wideM: z.number().min(0.3).max(30).default(4),
    highM: z.number().min(0.3).max(3.5).default(1.6),
    tufts: z.int().min(1).max(400).default(40),
    seed,
  }),
  z.strictObject({
    kind: z.literal("tree"),
    at: z.tuple([metre, metre]),
    highM: z.number().min(2).max(14).default(6),
    seed,
  }),
]);

const faultSchema = z.strictObject({
  kind: z.enum(["covered", "turned", "defocused", "frozen", "dark", "black", "lost"]),
  fromSec: second,
  toSec: second,
});

const ruleSchema = z.union([z.string(), z.looseObject({ type: z.string() })]);
const zoneSchema = z.strictObject({
  id,
  kind: z
    .enum(["no-fishing", "closed-season", "one-rod-water", "shoreline", "water", "restricted", "general"])
    .default("general"),
  area: z
    .union([
      z.literal("water"),
      z.literal("picture"),
      z.strictObject({
        x: z.tuple([metre, metre]),
        inland: z.tuple([metre, metre]),
        highM: z.number().min(0).max(6).default(0),
      }),
    ])
    .describe("the visible water, the whole picture, or a box on the bank"),
  anchor: z.enum(["bottom", "center", "any"]).optional(),
  rules: z.array(ruleSchema).max(8).default([]),
});

const expectedSchema = z.strictObject({
  type: z.string().regex(/^[a-z][a-z0-9-]+$/),
  zone: z.string().optional(),
  startsAtSec: z.tuple([second, second]).describe("the first phase comes within these seconds"),
  phases: z
    .array(z.strictObject({ state: z.enum(["suspected", "detected", "cleared"]), atSec: z.tuple([second, second]) }))
    .default([]),
  severity: z.int().min(1).max(4).optional(),
});

/** A whole story file. */
export const storySchema = z.strictObject({
  title: z.strictObject({ zh: z.string().min(1).max(60), en: z.string().min(1).max(120) }),
  seconds: z.number().min(2).max(900),
  fps: z.int().min(1).max(25).default(10),
  sceneEvery: z
    .int()
    .min(1)
    .max(25)
    .default(2)
    .describe("the scene moves every so many frames; between them only the noise does"),
  kbps: z.int().min(20).max(4000).default(115).describe("highest bit rate of the clip"),
  place: z.strictObject({
    bank: z.enum(BANK_KINDS),
    wideM: z.number().min(8).max(500).default(45),
    railing: z.boolean().default(false),
    trees: z.int().min(0).max(8).default(2),
    seed,
  }),
  camera: z.strictObject({
    name: z.string().min(1).max(24),
    eye: point3,
    target: point3,
    focalPx: z.number().min(300).max(6000),
    bend: z
      .number()
      .min(BENDS[0])
      .max(BENDS[1])
      .default(0)
      .describe("lens distortion: barrel above 0, pincushion below"),
    shakePx: z.number().min(0).max(6).default(0.4),
    seed,
  }),
  light: z.strictObject({
    condition: z.enum(CONDITIONS),
    glint: z.boolean().default(false),
    exposure: z.number().min(0.1).max(5).optional(),
    fog: z.number().min(0).max(0.2).optional(),
    rain: z.number().min(0).max(1).optional(),
    seed,
  }),
  windM: z
    .number()
    .min(0)
    .max(0.8)
    .default(0)
    .describe("how far the wind bends the tops of reeds, bushes and trees, metres"),
  water: z
    .strictObject({
      ripple: z.number().min(0).max(1).optional(),
      flowMps: z.tuple([z.number().min(-3).max(3), z.number().min(-3).max(3)]).optional(),
      foam: z.number().min(0).max(1).default(0),
      weir: z
        .tuple([metre, metre])
        .optional()
        .describe("middle and half width along the bank of the foam below a weir"),
      levelCm: z
        .array(z.tuple([second, z.number().min(-200).max(300)]))
        .default([[0, 0]])
        .describe("water level over the usual one"),
      seed,
    })
    .prefault({}),
  gauge: z
    .strictObject({
      at: z.tuple([metre, metre]),
      bottomCm: z.number(),
      topCm: z.number(),
      wideM: z.number().min(0.05).max(1).default(0.22),
    })
    .optional()
    .describe("a staff gauge; centimetres count from the usual water level plus 100"),
  clock: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/)
    .default("2026-11-08 09:30:00"),
  actors: z.array(actorSchema).max(60).default([]),
  faults: z.array(faultSchema).max(6).default([]),
  zones: z.array(zoneSchema).max(6).default([]),
  expected: z.array(expectedSchema).max(6).default([]),
});

/** A valid story with every default filled in. */
export type Story = z.output<typeof storySchema>;
/** One actor of it. */
export type Actor = Story["actors"][number];
/** One fault of its camera. */
export type Fault = Story["faults"][number];

/** A story file that cannot be used; the message names the place in the file and the remedy. */
export class StoryError extends Error {
  override readonly name = "StoryError";
}

/** Reads and checks a story file. */
export async function readStory(path: string): Promise<Story> {
  return parseStory(await readFile(path, "utf8"), path);
}

/** Checks the text of a story. Throws a StoryError that lists every problem with its place. */
export function parseStory(text: string, name: string): Story {
  let raw: unknown;
  try {
    raw = parse(text);
  } catch (error) {
    if (error instanceof YAMLParseError)
      throw new StoryError(
        `${name}: not readable as YAML at line ${error.linePos?.[0].line ?? 0}: ${error.message.split("\n")[0] ?? ""}`,
        { cause: error },
      );
    throw error;
  }
  const result = storySchema.safeParse(raw);
  if (!result.success)
    throw new StoryError(
      [`${name}: ${result.error.issues.length} problem(s)`, ...result.error.issues.map(problemLine)].join("\n"),
    );
  const story = result.data;
  for (const fault of story.faults) {
    if (fault.toSec <= fault.fromSec)
      throw new StoryError(
        `${name}: faults: ${fault.kind} ends at ${fault.toSec} s before it begins; make toSec greater than fromSec`,
      );
  }
  return story;
}

function problemLine(issue: z.core.$ZodIssue): string {
  const place = issue.path.map(String).join(".") || "the file";
  if (issue.code === "unrecognized_keys")
    return `  ${place}: unknown key ${issue.keys.join(", ")}; remove it or correct its spelling (known keys are in test-fixtures/scenes/README.md)`;
  if (issue.code === "too_big" || issue.code === "too_small")
    return `  ${place}: ${issue.message}; choose a value inside the range`;
  return `  ${place}: ${issue.message}; correct or remove it`;
}
