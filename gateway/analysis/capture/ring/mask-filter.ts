/** Privacy masks as an ffmpeg filter, for pictures that do not come through the analysis; pure. */
import { boundingBox, type Polygon } from "../../geometry.ts";

/** Boxes of all masks together: each is one step of the filter for every picture. */
const maxBoxes = 256;

/** Black boxes that cover every mask whole, and beside its edge a little more; null when there are no masks. */
export function maskFilter(masks: readonly Polygon[]): string | null {
  if (masks.length === 0) return null;
  const strips = Math.max(4, Math.floor(maxBoxes / masks.length));
  return masks.flatMap((mask) => boxesOver(mask, Math.min(strips, 48)).map(drawn)).join(",");
}

interface Span {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The polygon cut into level strips, each as wide as the polygon is anywhere within it. */
function boxesOver(mask: Polygon, count: number): readonly Span[] {
  const box = boundingBox(mask);
  if (isUpright(mask)) return [{ left: box.x, right: box.x + box.width, top: box.y, bottom: box.y + box.height }];
  return Array.from({ length: count }, (_, i) => {
    const top = box.y + (box.height * i) / count;
    const bottom = box.y + (box.height * (i + 1)) / count;
    const xs = mask.flatMap((from, k) => {
      const to = mask[(k + 1) % mask.length] ?? from;
      return crossing(from, to, top, bottom);
    });
    return { left: Math.min(...xs), right: Math.max(...xs), top, bottom };
  }).filter(({ left, right }) => left <= right);
}

/** x at both ends of the part of an edge that lies between two levels. */
function crossing(from: Polygon[number], to: Polygon[number], top: number, bottom: number): readonly number[] {
  const [low, high] = from.y <= to.y ? [from, to] : [to, from];
  if (high.y < top || low.y > bottom) return [];
  if (high.y === low.y) return [low.x, high.x];
  const xAt = (y: number): number => low.x + ((high.x - low.x) * (y - low.y)) / (high.y - low.y);
  return [xAt(Math.max(top, low.y)), xAt(Math.min(bottom, high.y))];
}

function isUpright(mask: Polygon): boolean {
  return mask.length === 4 && mask.every((point, i) => sharesAxis(point, mask[(i + 1) % 4] ?? point));
}

function sharesAxis(a: Polygon[number], b: Polygon[number]): boolean {
  return a.x === b.x || a.y === b.y;
}

/** Rounded outwards to even pixels, because colour has half the resolution. */
function drawn({ left, right, top, bottom }: Span): string {
  const place = [
    `x=2*floor(iw*${left.toFixed(5)}/2)`,
    `y=2*floor(ih*${top.toFixed(5)}/2)`,
    `w=2*ceil(iw*${(right - left).toFixed(5)}/2)+2`,
    `h=2*ceil(ih*${(bottom - top).toFixed(5)}/2)+2`,
  ];
  return `drawbox=${place.join(":")}:color=black:t=fill`;
}
