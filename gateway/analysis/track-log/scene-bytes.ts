/** What is measured of a whole picture, in the log's steps. */
import type { Scene } from "../detection/scene.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { lumaSteps, shareSteps } from "./quantise.ts";

/** Bytes of a scene: u16 brightness, contrast, f32 sharpness, u16 black share, change. */
export const sceneBytes = 12;
const noChange = 0xffff;

/** Needs room for `sceneBytes`. */
export function writeScene(to: ByteWriter, { brightness, contrast, sharpness, blackShare, change }: Scene): void {
  to.u16(Math.round(brightness * lumaSteps));
  to.u16(Math.round(contrast * lumaSteps));
  to.f32(sharpness);
  to.u16(Math.round(blackShare * shareSteps));
  to.u16(change === null ? noChange : Math.round(change * lumaSteps));
}

export function readScene(view: DataView, at: number): Scene {
  const change = view.getUint16(at + 10, true);
  return {
    brightness: view.getUint16(at, true) / lumaSteps,
    contrast: view.getUint16(at + 2, true) / lumaSteps,
    sharpness: view.getFloat32(at + 4, true),
    blackShare: view.getUint16(at + 8, true) / shareSteps,
    change: change === noChange ? null : change / lumaSteps,
  };
}
