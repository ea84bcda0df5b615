/** Which points of a file count for a rule that only knows who is there: in the log's own steps, exactly as the rule asks (pure). */
import { trackStates } from "../../analysis/track-log/block-format.ts";
import type { Extents, StepBounds } from "../../analysis/track-log/extents.ts";
import { heightAt, scoreAt, stateAt, widthAt, xAt, yAt } from "../../analysis/track-log/points.ts";
import { boxOffset, boxSteps, placeOf, scoreSteps } from "../../analysis/track-log/quantise.ts";
import type { Box } from "../../analysis/geometry.ts";
import type { RuleSettings } from "../../analysis/zones/settings.ts";
import type { Heed, Steady, SteadyCompany } from "../../analysis/zones/rule.ts";
import { inside, type Zone } from "../../analysis/zones/zone.ts";

/** As many sorts of company as the addon knows at once. */
const mostSorts = 7;
const unwantedBit = 1 << mostSorts;
const counting = (1 << trackStates.indexOf("confirmed")) | (1 << trackStates.indexOf("lost"));

/** Bounds in steps of the log, one wider on each side; open towards the picture's edge, where anchors beyond it count. */
export function boundsOf({ x, y, width, height }: Box): StepBounds {
  const low = (value: number): number => (value <= 0 ? -1e9 : Math.floor(value * boxSteps) + boxOffset - 1);
  const high = (value: number): number => (value >= 1 ? 1e9 : Math.ceil(value * boxSteps) + boxOffset + 1);
  return { left: low(x), right: high(x + width), top: low(y), bottom: high(y + height) };
}

/** Whether the anchor of the point at `at` may lie within bounds, or within a rule's reach of them. Hot: a few million times a day. */
export function mayLieIn(
  bytes: Uint8Array,
  at: number,
  bounds: StepBounds,
  { anchor, reach }: Pick<Heed, "anchor" | "reach">,
): boolean {
  const x1 = xAt(bytes, at);
  const x2 = x1 + widthAt(bytes, at);
  const y1 = yAt(bytes, at);
  const y2 = y1 + heightAt(bytes, at);
  let { left, right, top, bottom } = bounds;
  if (reach) {
    const [farX, farY] = [reach.x * (y2 - y1) + 1, reach.y * (y2 - y1) + 1];
    left -= farX;
    right += farX;
    top -= farY;
    bottom += farY;
  }
  if (anchor === "any") return x1 <= right && x2 >= left && y1 <= bottom && y2 >= top;
  // Twice the middle, so that no half is lost.
  const foot = anchor === "bottom" ? 2 * y2 : y1 + y2;
  return x1 + x2 <= 2 * right && x1 + x2 >= 2 * left && foot <= 2 * bottom && foot >= 2 * top;
}

/** Whether a point of a label that counts is one that the rule counts: what `counts` asks of a track. */
export class CountsAt {
  readonly #minArea: number;
  readonly #leastScore: number;
  readonly #leastHeight: number;
  readonly #greatestHeight: number;

  constructor({ minArea, score, minSize, maxSize }: RuleSettings) {
    this.#minArea = minArea ?? 0;
    this.#leastScore = leastSteps(score, scoreSteps);
    this.#leastHeight = leastSteps(minSize, boxSteps);
    this.#greatestHeight = greatestSteps(maxSize, boxSteps);
  }

  /** Least score, least and greatest height in steps, and the least area. */
  get limits(): readonly number[] {
    return [this.#leastScore, this.#leastHeight, this.#greatestHeight, this.#minArea];
  }

  is(bytes: Uint8Array, at: number): boolean {
    const height = heightAt(bytes, at);
    if (((counting >> stateAt(bytes, at)) & 1) === 0 || scoreAt(bytes, at) < this.#leastScore) return false;
    if (height < this.#leastHeight || height > this.#greatestHeight) return false;
    return this.#minArea <= 0 || (widthAt(bytes, at) / boxSteps) * (height / boxSteps) >= this.#minArea;
  }

  /** Whether all points of a group are such, for sure. */
  are(extents: Extents, group: number): boolean {
    if (this.#minArea > 0 || (extents.states(group) & ~counting) !== 0) return false;
    if (extents.leastScore(group) < this.#leastScore || extents.leastHeight(group) < this.#leastHeight) return false;
    return extents.greatestHeight(group) <= this.#greatestHeight;
  }
}

/** The members of one steady rule. Of a point it says what the rule asks of a track. */
export class Membership {
  readonly zone: Zone;
  readonly #labels: readonly string[];
  readonly #counts: CountsAt;
  readonly #bounds: StepBounds;
  readonly #box = { x: 0.5, y: 0.5, width: 0.5, height: 0.5 };
  /** The anchor of whoever may be a member, and how far beside the zone it may lie. */
  readonly #where: Pick<Heed, "anchor" | "reach">;
  /** Set where others decide who is a member: of a point alone it cannot be told then. */
  readonly company: SteadyCompany | undefined;
  /** Set there, and where it matters what was before. */
  readonly membersOf: Steady["membersOf"];
  /** Set where a member, or one of its company, has to have jerked so often. */
  readonly jerksPerMin: number | undefined;

  constructor({ zone, settings, company, membersOf }: Steady, within: Box) {
    this.zone = zone;
    this.#labels = settings.labels;
    this.company = company;
    this.membersOf = membersOf;
    this.jerksPerMin = membersOf && settings.jerksPerMin;
    this.#counts = new CountsAt(settings);
    this.#bounds = boundsOf(within);
    const { rodReach = null, aspect = 1 } = company ?? {};
    const anchor = zone.anchor === "bottom" ? "bottom" : "any";
    this.#where = rodReach === null ? zone : { anchor, reach: { x: rodReach / aspect, y: rodReach } };
  }

  /** The same for the addon, but for the zones: the numbers of `MembersJob.rule`. @param labelBits of the labels that count */
  numbers(labelBits: number): Float64Array {
    return Float64Array.of(labelBits, ...this.#counts.limits, ...this.#companyNumbers);
  }

  get #companyNumbers(): readonly number[] {
    if (!this.company) return [0, 0, 0, 0, 1, 0];
    const { wanted, reach, rodReach, aspect } = this.company;
    return [(1 << wanted.length) - 1, reach, rodReach === null ? 0 : 1, rodReach ?? 0, aspect, 1];
  }

  /** By number of the label, the sorts of company that it is, as `MembersJob.roles`. */
  roles(labels: readonly string[]): Uint8Array {
    const roles = new Uint8Array(256);
    const { wanted = [], unwanted = [] } = this.company ?? {};
    for (const [number, label] of labels.entries())
      roles[number] = wanted.reduce(
        (bits, of, i) => (of.includes(label) ? bits | (1 << i) : bits),
        unwanted.includes(label) ? unwantedBit : 0,
      );
    return roles;
  }

  /** The same of all whose members the addon finds in one go: they differ in their zones alone. null: it cannot tell who is a member. */
  get key(): string | null {
    if (this.jerksPerMin !== undefined || (this.company?.wanted.length ?? 0) > mostSorts) return null;
    return JSON.stringify([this.#labels, this.#counts.limits, this.company]);
  }

  /** Whether a block's points may lie where members are, by the group of them all. */
  mayLieIn(extents: Extents, group: number): boolean {
    return extents.mayLieIn(group, this.#bounds, this.#where);
  }

  /** Whether a point of a label that counts may be a member, whatever its company and whatever was before. */
  mayBe(bytes: Uint8Array, at: number): boolean {
    return this.#counts.is(bytes, at) && mayLieIn(bytes, at, this.#bounds, this.#where);
  }

  /** Whether a point of a label that counts is a member. */
  is(bytes: Uint8Array, at: number): boolean {
    if (!this.#counts.is(bytes, at) || !mayLieIn(bytes, at, this.#bounds, this.zone)) return false;
    const box = this.#box;
    box.x = placeOf(xAt(bytes, at));
    box.y = placeOf(yAt(bytes, at));
    box.width = widthAt(bytes, at) / boxSteps;
    box.height = heightAt(bytes, at) / boxSteps;
    return inside(this.zone, box);
  }
}

/** The least whole number of steps that is no less than `limit`, as the reader divides it. */
function leastSteps(limit: number, perUnit: number): number {
  let count = Math.ceil(limit * perUnit) - 2;
  while (count / perUnit < limit) count += 1;
  return count;
}

/** The greatest whole number of steps that is no more than `limit`. */
export function greatestSteps(limit: number, perUnit: number): number {
  let count = Math.floor(limit * perUnit) + 2;
  while (count / perUnit > limit) count -= 1;
  return count;
}
