/** Whether the company of a point may be as a rule wants it, told in the log's own steps (pure). */
import { trackStates } from "../../analysis/track-log/block-format.ts";
import type { Block } from "../../analysis/track-log/block.ts";
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import { heightAt, pointBytes, slotAt, stateAt, widthAt, xAt, yAt } from "../../analysis/track-log/points.ts";
import type { HeededCompany } from "../../analysis/zones/rule.ts";
import { labelBitsOf } from "./heeded.ts";

/** A set of wanted labels has a bit each; the unwanted ones have the next one. */
const mostSets = 30;
const unwantedBit = 1 << mostSets;
const ended = trackStates.indexOf("ended");

/** The labels of one file, as one rule asks for them. */
export class CompanyAt {
  readonly #columns: LogColumns;
  /** For each wanted set its labels, as in `Block.labelBits`. */
  readonly #sets: readonly number[];
  /** By number of the label. */
  readonly #bits: readonly number[];

  constructor({ wanted, unwanted }: HeededCompany, columns: LogColumns) {
    const sets = wanted.slice(0, mostSets);
    this.#columns = columns;
    this.#sets = sets.map((labels) => labelBitsOf(columns, labels));
    this.#bits = columns.labels.map((label) =>
      sets.reduce(
        (bits, labels, i) => bits | (labels.includes(label) ? 1 << i : 0),
        unwanted.includes(label) ? unwantedBit : 0,
      ),
    );
  }

  /** Whether a block has of every wanted set. */
  mayBeIn({ labelBits }: Block): boolean {
    return this.#sets.every((bits) => (labelBits & bits) !== 0);
  }

  /** Whether the point at `at` of an entry may have company as it is wanted. A step more or less is no matter. */
  mayFit(block: Block, entry: number, at: number, company: HeededCompany): boolean {
    const { pointsAt, pointCount, idOf, labelOf } = this.#columns;
    const { bytes } = block.body;
    const id = idOf[block.fromAppearance + slotAt(bytes, at)];
    let missing = (1 << this.#sets.length) - 1;
    let other = pointsAt[entry] ?? 0;
    for (let left = pointCount[entry] ?? 0; left > 0; left -= 1, other += pointBytes) {
      const appearance = block.fromAppearance + slotAt(bytes, other);
      const bits = this.#bits[labelOf[appearance] ?? 0] ?? 0;
      if ((bits & (missing | unwantedBit)) === 0 || idOf[appearance] === id) continue;
      const beyond = stepsBeyond(bytes, at, other, company);
      if ((bits & unwantedBit) !== 0 && beyond < -1 && stateAt(bytes, other) !== ended) return false;
      if (beyond <= 1) missing &= ~bits;
    }
    return missing === 0;
  }
}

/** How far two points are further apart than company may be, in steps; below 0: they are nearer. */
export function stepsBeyond(
  bytes: Uint8Array,
  at: number,
  other: number,
  { reach, aspect }: Pick<HeededCompany, "reach" | "aspect">,
): number {
  const tallest = Math.max(heightAt(bytes, at), heightAt(bytes, other));
  const dx = gap(xAt(bytes, at), widthAt(bytes, at), xAt(bytes, other), widthAt(bytes, other)) * aspect;
  const dy = gap(yAt(bytes, at), heightAt(bytes, at), yAt(bytes, other), heightAt(bytes, other));
  return Math.sqrt(dx * dx + dy * dy) - reach * tallest;
}

/** The gap between two spans; 0 where they touch. */
function gap(a: number, lengthA: number, b: number, lengthB: number): number {
  return Math.max(0, a < b ? b - a - lengthA : a - b - lengthB);
}
