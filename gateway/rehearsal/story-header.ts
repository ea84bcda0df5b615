/** The first line of a story's truth: its zones, its length and the events that ought to fire. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { eventTypes } from "../config/catalogue/catalogue.ts";
import { checkFile } from "../config/checked-file.ts";
import { hintOf, placeText, sayProblem } from "../config/diagnostic.ts";
import { zonesProblems } from "../config/zones-problems.ts";
import { zonesSchema, type ZonesConfig } from "../config/zones-schema.ts";
import type { Language, Text } from "../runtime/texts/fill.ts";
import type { Expected } from "./story-verdict.ts";

const secondsSpan = z.tuple([z.number(), z.number()]);
const headerSchema = z.object({
  seconds: z.number(),
  zones: z.array(z.looseObject({ id: z.string() })),
  gauge: z
    .object({
      marks: z.array(z.object({ at: z.tuple([z.number(), z.number()]), cm: z.number() })).min(2),
      widthShare: z.number(),
    })
    .nullish(),
  expected: z.array(
    z.object({
      type: z.string(),
      zone: z.string().optional(),
      startsAtSec: secondsSpan,
      phases: z.array(z.object({ state: z.enum(["suspected", "detected", "cleared"]), atSec: secondsSpan })),
      severity: z.number().optional(),
    }),
  ),
});

/** What a story is judged by. */
export interface StoryHeader {
  readonly seconds: number;
  readonly zones: ZonesConfig;
  readonly expected: readonly Expected[];
}

/** A story that nobody can judge by; `detail` says why. */
export class StoryUnusable extends Error {
  readonly path: string;
  readonly detail: Text;

  constructor(path: string, detail: Text) {
    super(`${path}: ${detail.en}`);
    this.path = path;
    this.detail = detail;
  }
}

/**
 * Reads the header of `path`, a `.truth.jsonl` file.
 * @throws StoryUnusable for one that is no story's, or whose zones no camera could have: a rule that does not exist is
 * never wrong.
 */
export async function readStoryHeader(path: string): Promise<StoryHeader> {
  const [first = ""] = (await readFile(path, "utf8")).split("\n", 1);
  const { seconds, zones: drawn, expected, gauge } = headerOf(path, first);
  const file = {
    schema: "xueliang.zones/1",
    camera: "story",
    zones: drawn,
    ...(gauge ? { gauge: gaugeOf(gauge) } : {}),
  };
  const { value, diagnostics } = checkFile({
    file: "story",
    bytes: Buffer.from(JSON.stringify(file)),
    schema: zonesSchema,
    look: (raw) => zonesProblems(raw, { ...surroundings, ruleTypes: new Set(eventTypes.map(({ id }) => id)) }),
  });
  const wrong = diagnostics.find(({ severity }) => severity === "error");
  if (value !== null && !wrong) return { seconds, expected, zones: value };
  const said = (language: Language): string =>
    wrong
      ? `${placeText(wrong.path)}: ${sayProblem(wrong, language)}; ${hintOf(wrong, language)}`.replace(/[.。]$/, "")
      : "";
  throw new StoryUnusable(path, { en: said("en"), zh: said("zh") });
}

/** A story has one camera, of which nothing more is known. */
const surroundings = { fileStem: "story", cameraIds: null, purposes: new Map(), unplaced: new Set<string>() };

function headerOf(path: string, first: string): z.output<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse(first));
  } catch (error) {
    const [issue] = error instanceof z.ZodError ? error.issues : [];
    const en = issue ? `${issue.path.map(String).join(".")}: ${issue.message}` : String(error);
    throw new StoryUnusable(path, { en, zh: en });
  }
}

/** The gauge as a technician draws it: a line over the visible part, a mark at each end and one in between. */
function gaugeOf({ marks, widthShare }: NonNullable<z.output<typeof headerSchema>["gauge"]>): object {
  const seen = marks.filter(({ at: [x, y] }) => x >= 0 && x <= 1 && y >= 0 && y <= 1);
  const bottom = seen[0];
  const middle = seen[seen.length >> 1];
  const top = seen.at(-1);
  return {
    id: "gauge",
    from: top?.at,
    to: bottom?.at,
    width: widthShare,
    marks: [top, middle, bottom].map((mark) => ({ at: mark?.at, m: (mark?.cm ?? 0) / 100 })),
    // A story rises in a minute what a river rises in hours.
    maxRiseMPerMin: 1.5,
  };
}
