/** Lens distortion with one radial term (Brown 1966). Radii are offsets from the middle in units of half the diagonal. */

/** The least and the greatest bend: pincushion below 0, barrel above it. */
export const BENDS = [-0.2, 0.35] as const;

/** How much wider than asked a picture is drawn before it is bent: a barrel's corners show what a straight lens would not. */
export const widening = (bend: number): number => 1 + Math.max(0, bend);

/** Where the straight picture shows what the bent one shows at a radius; the middle keeps its scale once widened. */
export function straightRadius(bend: number, bent: number): number {
  return (bent * (1 + bend * bent * bent)) / widening(bend);
}

/** The inverse of `straightRadius` by Newton's method, which here nears the root from one side; what a pincushion can never show lies far outside. */
export function bentRadius(bend: number, straight: number): number {
  const wanted = straight * widening(bend);
  // Beyond its summit the curve of a pincushion turns back.
  if (bend < 0 && wanted >= (2 / 3) * Math.sqrt(-1 / (3 * bend))) return 10 * straight;
  let r = bend > 0 ? Math.min(wanted, Math.cbrt(wanted / bend)) : wanted;
  for (let i = 0; i < 20; i += 1) r -= (r * (1 + bend * r * r) - wanted) / (1 + 3 * bend * r * r);
  return r;
}

/** For every pixel of the bent picture, row by row, the pixel of the straight one that it shows. */
export function bentPixels(bend: number, width: number, height: number): Uint32Array {
  const from = new Uint32Array(width * height);
  const corner = Math.hypot(width, height) / 2;
  const within = (v: number, size: number): number => Math.min(size - 1, Math.max(0, Math.floor(v + size / 2)));
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 1) {
      const [dx, dy] = [x + 0.5 - width / 2, y + 0.5 - height / 2];
      const r = Math.hypot(dx, dy) / corner;
      const s = r < 1e-9 ? 1 : straightRadius(bend, r) / r;
      from[at] = within(dy * s, height) * width + within(dx * s, width);
    }
  }
  return from;
}
