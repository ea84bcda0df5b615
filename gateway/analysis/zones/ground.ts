/** Shares of a zone's surface: of its pixels, or, when it is known how large a person is near and far, of its ground. */
import type { Box } from "../geometry.ts";
import { areaInBox, areaOf, coveredArea } from "./coverage.ts";
import type { Zone } from "./zone.ts";

/** Bands across the zone within which a pixel counts alike. */
const bandCount = 16;
/** A far pixel counts for so many near ones at most: close to the horizon a single one would be a field. */
const mostWeight = 200;

interface Band {
  readonly top: number;
  readonly bottom: number;
  readonly area: number;
  readonly weight: number;
}

/** The surface of one zone. */
export class Ground {
  readonly #zone: Zone;
  readonly #area: number;
  readonly #bands: readonly Band[];
  readonly #weighted: number;

  constructor(zone: Zone) {
    this.#zone = zone;
    this.#area = areaOf(zone.polygon);
    this.#bands = bandsOf(zone);
    this.#weighted = this.#bands.reduce((sum, { area, weight }) => sum + area * weight, 0);
  }

  /** Share of the zone that these boxes cover together, 0..1; boxes that overlap count once. */
  share(boxes: readonly Box[]): number {
    if (boxes.length === 0 || this.#area <= 0) return 0;
    if (this.#weighted <= 0) return coveredArea(this.#zone.polygon, boxes) / this.#area;
    let covered = 0;
    for (const { top, bottom, weight } of this.#bands) {
      const inBand = boxes.flatMap((box) => within(box, top, bottom));
      if (inBand.length > 0) covered += weight * coveredArea(this.#zone.polygon, inBand);
    }
    return covered / this.#weighted;
  }
}

/** A person's height in the picture grows in proportion to the distance below the horizon; the ground of a pixel shrinks with its cube. */
function bandsOf({ persons, polygon, bounds }: Zone): readonly Band[] {
  const [one, other] = persons ?? [];
  if (!one || !other || one.height === other.height || one.y === other.y) return [];
  const growth = (one.height - other.height) / (one.y - other.y);
  if (growth <= 0) return []; // Larger further up is no perspective: then every pixel counts alike.
  const horizon = one.y - one.height / growth;
  const nearest = bounds.y + bounds.height;
  return Array.from({ length: bandCount }, (_, i) => {
    const top = bounds.y + (bounds.height * i) / bandCount;
    const bottom = bounds.y + (bounds.height * (i + 1)) / bandCount;
    const below = (top + bottom) / 2 - horizon;
    const weight = below <= 0 ? 0 : Math.min(mostWeight, ((nearest - horizon) / below) ** 3);
    const area = areaInBox(polygon, { x: bounds.x, y: top, width: bounds.width, height: bottom - top });
    return { top, bottom, area, weight };
  });
}

function within(box: Box, top: number, bottom: number): readonly Box[] {
  const y = Math.max(top, box.y);
  const height = Math.min(bottom, box.y + box.height) - y;
  return height > 0 ? [{ ...box, y, height }] : [];
}
