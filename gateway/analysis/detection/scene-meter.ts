/** Frame → scene: five measures of the whole picture, no allocation per frame but the result. */
import { measureScene, sceneStateSize } from "../../../native/index.ts";
import { lumaSize } from "../../../native/luma-size.ts";
import type { Frame } from "../capture/frame.ts";
import type { GreyPicture, Scene } from "./scene.ts";

/** The kernel's state begins with so many bytes of its own; the grey picture follows. */
const headerBytes = 16;

/** One camera's meter; it remembers the small grey version of the frame before. */
export class SceneMeter {
  readonly #out = new Float64Array(5);
  #state = new Uint8Array(0);
  #shape = "";
  #grey: GreyPicture = { pixels: this.#state, widthPx: 0, heightPx: 0, factor: 1 };

  /** The small grey version of the newest frame; empty before the first. */
  get grey(): GreyPicture {
    return this.#grey;
  }

  /** Measures `frame`; `change` is null for the first frame and after the picture changed its size. */
  measure(frame: Frame): Scene {
    const { widthPx, heightPx } = frame;
    const shape = `${widthPx}x${heightPx}`;
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#state = new Uint8Array(sceneStateSize(widthPx, heightPx));
      const { width, height, factor } = lumaSize(widthPx, heightPx);
      const pixels = this.#state.subarray(headerBytes, headerBytes + width * height);
      this.#grey = { pixels, widthPx: width, heightPx: height, factor };
    }
    measureScene(frame.pixels, widthPx, heightPx, this.#state, this.#out);
    const [brightness = 0, contrast = 0, sharpness = 0, blackShare = 0, change = NaN] = this.#out;
    return { brightness, contrast, sharpness, blackShare, change: Number.isNaN(change) ? null : change };
  }
}
