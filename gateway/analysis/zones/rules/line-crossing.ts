/** Somebody crosses a line: a finite one, straight or bent, in the direction that counts, believed on both sides of it. */
import type { Box, Point } from "../../geometry.ts";
import type { Track } from "../../tracking/track.ts";
import { Crossings, followedStep } from "../crossings.ts";
import { isCrossedBy, LEFT, lineHeedOf, sideOf, type Line } from "../line.ts";
import { Recent } from "../recent.ts";
import { needsTracks, type Heed, type Look, type Rule, type Verdict } from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import { placeKeyOf } from "../shared-steps.ts";
import { SideMemory, type Change, type Sided } from "../side-memory.ts";
import type { TraceStep } from "../trigger.ts";
import { anchorPoint, counts } from "../zone.ts";

/** Holds in the frame in which a crossing is believed. */
export class LineCrossing implements Rule {
  readonly needs = needsTracks;
  readonly heeds: Heed;
  readonly sided: Sided;
  readonly #settings: RuleSettings;
  readonly #line: Line;
  readonly #sides: SideMemory;
  readonly #crossings: Crossings;
  readonly #notYet: TraceStep;
  /** The newest crossing's reasoning by track, for whoever asks why; as many as there were lately. */
  readonly #judged = new Recent<readonly TraceStep[]>(64);

  constructor(settings: RuleSettings, line: Line, aspect: number) {
    this.#settings = settings;
    this.heeds = lineHeedOf(line, settings.labels);
    this.#line = line;
    this.#sides = new SideMemory(aspect);
    this.#crossings = new Crossings(settings);
    const placeOf = (box: Box): Point => anchorPoint(box, "bottom");
    this.#notYet = { step: "crossed", passed: false, value: 0, limit: ">= 1", setting: placeKeyOf(settings) };
    this.sided = {
      follow: (look) => this.#follow(look),
      judge: (changes, t) => this.#verdict(changes, t),
      memory: this.#sides,
      placeOf,
      sideOf: (box) => sideOf(line, placeOf(box), aspect),
    };
  }

  /** Sides are remembered of who is there; a crossing tells itself in one frame. */
  rests(): boolean {
    return true;
  }

  look(look: Look): Verdict {
    return this.#verdict(this.#follow(look), look.t);
  }

  #follow({ t, beforeT, tracks }: Pick<Look, "t" | "beforeT" | "tracks">): readonly Change[] {
    const sights = [];
    for (const track of tracks) {
      if (!track.seenNow || !counts(track, this.#settings)) continue;
      sights.push({ track, side: this.sided.sideOf(track.box), point: this.sided.placeOf(track.box) });
    }
    return this.#sides.look(sights, { t, beforeT });
  }

  #verdict(changes: readonly Change[], t: number): Verdict {
    let steps: readonly TraceStep[] = [this.#notYet];
    const crossed = [];
    for (const change of changes) {
      steps = this.#judge(change);
      this.#judged.set(change.track.id, steps);
      if (steps.every((s) => s.passed)) crossed.push(change.track);
    }
    return this.#crossings.verdict(crossed, t, steps);
  }

  why(track: Track): readonly TraceStep[] {
    const side = this.#sides.sideOf(track.id);
    const value = side === null ? "not yet believed" : side === LEFT ? "left of it" : "right of it";
    const crossed = { step: "crossed", passed: false, value, limit: "both sides", setting: placeKeyOf(this.#settings) };
    return this.#judged.get(track.id) ?? [crossed];
  }

  #judge(change: Change): readonly TraceStep[] {
    const { path } = this.#settings;
    const way = change.from === LEFT ? "left-to-right" : "right-to-left";
    const wanted = this.#line.direction;
    const heading = headingOf(change.before, change.after);
    const direction = this.#settings.direction ?? "any";
    return [
      {
        step: "crossed",
        passed: isCrossedBy(this.#line, change.before, change.after),
        value: way,
        limit: "between the ends of the line",
        setting: placeKeyOf(this.#settings),
      },
      {
        step: "direction",
        passed: wanted === "both" || wanted === way,
        value: way,
        limit: wanted,
        setting: path.replace(/\/rules\/.*/, "/direction"),
      },
      {
        step: "heading",
        passed: direction === "any" || heading.includes(direction),
        value: heading.join(" "),
        limit: direction,
        setting: `${path}/direction`,
      },
      followedStep(change.followedMs, this.#settings),
    ];
  }
}

function headingOf(a: Point, b: Point): readonly string[] {
  const across = b.x > a.x ? ["right"] : b.x < a.x ? ["left"] : [];
  const along = b.y > a.y ? ["down"] : b.y < a.y ? ["up"] : [];
  return [...across, ...along];
}
