/** Width by height of a camera's picture. */
import type { CameraView } from "../../api.ts";

/** Sixteen to nine before anything is known. */
export function ratioOf(camera: CameraView | undefined): number {
  const [width, height] = [camera?.widthPx ?? null, camera?.heightPx ?? null];
  return width === null || height === null ? 16 / 9 : width / height;
}
