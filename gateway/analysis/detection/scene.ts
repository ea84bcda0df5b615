/** Measures of the whole picture, taken without a model. */

/** Luma statistics of a small grey version (320 px wide) of one frame. */
export interface Scene {
  /** Mean luma, 0..255. */
  readonly brightness: number;
  /** Standard deviation of luma, 0..127.5. */
  readonly contrast: number;
  /** Variance of the Laplacian: falls when the picture blurs. */
  readonly sharpness: number;
  /** Share of pixels darker than a tenth of full scale, 0..1. */
  readonly blackShare: number;
  /** Mean absolute difference to the frame before, 0..255; null for the first frame. */
  readonly change: number | null;
}

/** The small grey version itself, row by row without padding. It belongs to its meter: the next frame overwrites it. */
export interface GreyPicture {
  readonly pixels: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Source pixels a grey pixel is across. */
  readonly factor: number;
}
