/** Size of the small grey picture that motion and scene look at; src/luma.cc says the same. */
import { checkSize } from "./arguments.ts";

/** A grey picture of about 320 pixels across. */
export interface LumaSize {
  /** Source pixels per luma pixel along both axes; up to factor - 1 of them at the right and bottom are left out. */
  readonly factor: number;
  readonly width: number;
  readonly height: number;
}

/** Throws RangeError for sizes that are no picture. */
export function lumaSize(sourceWidth: number, sourceHeight: number): LumaSize {
  checkSize("", sourceWidth, sourceHeight);
  const factor = Math.max(1, Math.min(sourceHeight, Math.floor((sourceWidth + 160) / 320)));
  return { factor, width: Math.floor(sourceWidth / factor), height: Math.floor(sourceHeight / factor) };
}
