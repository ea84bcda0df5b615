/** Whether whoever a point shows, or somebody of its company, has jerked often enough (pure). */
import type { Block } from "../../analysis/track-log/block.ts";
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import { pointBytes, slotAt } from "../../analysis/track-log/points.ts";
import type { HeededCompany } from "../../analysis/zones/rule.ts";
import { stepsBeyond } from "./company-at.ts";
import type { JerkCounts } from "./jerk-counts.ts";

/** The labels of one file, as one rule asks for them. */
export class JerkersAt {
  readonly #columns: LogColumns;
  readonly #company: HeededCompany | undefined;
  /** By number of the label: whether it is one that the rule wants near. */
  readonly #isWanted: readonly boolean[];

  constructor(company: HeededCompany | undefined, columns: LogColumns) {
    const wanted = company?.wanted.flat() ?? [];
    this.#columns = columns;
    this.#company = company;
    this.#isWanted = columns.labels.map((label) => wanted.includes(label));
  }

  /** Of the point at `at` of an entry. A step more or less between two is no matter. */
  mayBe(jerks: JerkCounts, block: Block, entry: number, at: number): boolean {
    const { pointsAt, pointCount, labelOf } = this.#columns;
    const { bytes } = block.body;
    if (jerks.hasEnough(block.fromAppearance + slotAt(bytes, at), entry)) return true;
    const company = this.#company;
    if (!company) return false;
    let other = pointsAt[entry] ?? 0;
    for (let left = pointCount[entry] ?? 0; left > 0; left -= 1, other += pointBytes) {
      const appearance = block.fromAppearance + slotAt(bytes, other);
      if (this.#isWanted[labelOf[appearance] ?? 0] !== true || !jerks.hasEnough(appearance, entry)) continue;
      if (stepsBeyond(bytes, at, other, company) <= 1) return true;
    }
    return false;
  }
}
