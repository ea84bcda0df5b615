/** What the renderer is asked to draw. */
import type { Mesh } from "./mesh.ts";
import type { Strand } from "./rod.ts";
import type { Vec3 } from "./vector.ts";

/** Numbers and vectors that a shader takes, by their names there. */
export type Settings = Readonly<Record<string, number | readonly number[]>>;

/** Where the camera is and looks. */
export interface View {
  readonly eye: Vec3;
  readonly target: Vec3;
  readonly roll: number;
  /** Focal length in pixels of the native picture, at its middle. */
  readonly focalPx: number;
  /** Lens distortion: below 0 pincushion, 0 straight, above 0 barrel; see lens.ts. */
  readonly bend: number;
}

/** Everything that changes from picture to picture. */
export interface Picture {
  readonly view: View;
  readonly moving: Mesh;
  readonly strands: readonly Strand[];
  /** Light, sky, air. */
  readonly air: Settings;
  readonly water: Settings;
  readonly lens: Settings;
  /** Extra blur passes of a lens out of focus, 0 when sharp. */
  readonly defocus: number;
  readonly levelY: number;
  readonly sunDir: Vec3;
  readonly shadows: boolean;
  readonly focus: Vec3;
}

/** What moves the plants; the passes without air need it too, lest shadows and ids stand still. */
export const windOf = ({ uTime = 0, uWind = 0 }: Settings): Settings => ({ uTime, uWind });
