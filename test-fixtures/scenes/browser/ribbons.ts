/** Strands become ribbons that face the camera and are never thinner than a pixel or so; faintness makes up for it. */
import type { Mesh } from "../mesh.ts";
import type { Picture } from "../picture.ts";
import type { Strand } from "../rod.ts";
import { add, addScaled, cross, sub, unit, UP, type Vec3 } from "../vector.ts";

/** Ribbons thinner than this many pixels are drawn this wide and fainter instead. */
export const THIN_PX = 1.15;
/** The same in the id picture, where nothing can be faint. */
export const THIN_ID_PX = 1.7;

/** Adds the ribbons of a picture's strands; the id picture takes only strands that can be found. */
export function addRibbons(mesh: Mesh, picture: Picture, thinPx: number): void {
  for (const strand of picture.strands) {
    if (thinPx === THIN_ID_PX && strand.id === 0) continue;
    addRibbon(mesh, strand, picture, thinPx);
  }
}

function addRibbon(mesh: Mesh, strand: Strand, { view }: Picture, thinPx: number): void {
  const first = mesh.vertexCount;
  const last = strand.points.length - 1;
  const [a, b] = strand.colour;
  strand.points.forEach((p, i) => {
    const t = i / last;
    const tangent = sub(strand.points[Math.min(last, i + 1)] ?? p, strand.points[Math.max(0, i - 1)] ?? p);
    const side = unit(cross(tangent, sub(view.eye, p)));
    const distance = Math.hypot(...sub(view.eye, p));
    const thick = strand.thick[0] + (strand.thick[1] - strand.thick[0]) * t;
    const wantedPx = (thick * view.focalPx) / distance;
    const half = ((Math.max(thinPx, wantedPx) / view.focalPx) * distance) / 2;
    const alpha = strand.alpha * Math.min(1, Math.pow(wantedPx / thinPx, 0.45));
    const colour: Vec3 = [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
    const paint = { colour, alpha, id: strand.id };
    const normal = unit(add(UP, unit(sub(view.eye, p))));
    mesh.vertex(addScaled(p, side, half), normal, 0, 0, paint);
    mesh.vertex(addScaled(p, side, -half), normal, 0, 0, paint);
  });
  mesh.skin(first, last + 1, 2);
}
